"""Reads of a grid's source in workers: the one under way can be ended, one that has ended already harms nobody."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bo_tui.screens.ownreads import OwnReads


class Connection:
    """Notes that it was interrupted; a closed one says what SQLite says."""

    def __init__(self, closed: bool = False) -> None:
        self.closed = closed
        self.interrupted = 0

    def interrupt(self) -> None:
        if self.closed:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        self.interrupted += 1


class Reading:
    """An office whose every reading has a connection of its own."""

    def __init__(self) -> None:
        self.given: list[Connection] = []

    @contextmanager
    def reading(self) -> Iterator[Any]:
        connection = Connection()
        self.given.append(connection)
        yield type("Db", (), {"connection": lambda self: connection})()

    def close(self) -> None:
        pass


def in_worker(source: OwnReads, work: Any) -> threading.Thread:
    thread = threading.Thread(target=lambda: source._read(work))
    thread.start()
    return thread


def test_the_end_of_an_earlier_read_leaves_the_later_one_to_be_ended() -> None:
    source, office = OwnReads(), Reading()
    source.office = office  # type: ignore[assignment]
    first, second, begun = threading.Event(), threading.Event(), [threading.Event(), threading.Event()]
    threads = []
    for at, event in enumerate((first, second)):

        def work(at: int = at, event: threading.Event = event) -> None:
            begun[at].set()
            event.wait(5)

        threads.append(in_worker(source, work))
        assert begun[at].wait(5)
    first.set()
    threads[0].join(5)
    source.interrupt()
    second.set()
    threads[1].join(5)
    assert [one.interrupted for one in office.given] == [0, 1]
    source.interrupt()
    assert [one.interrupted for one in office.given] == [0, 1]


def test_a_connection_that_was_closed_in_this_moment_ends_nothing() -> None:
    source = OwnReads()
    source._reading = Connection(closed=True)
    source.interrupt()
