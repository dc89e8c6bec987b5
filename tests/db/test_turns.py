"""Whoever waits for the write lock is let in before somebody who has just written, for a while."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from bo_tui.db import turns
from bo_tui.office import Office
from bo_tui.rules import ledger
from tests import making


def test_others_go_first_while_they_wait_and_not_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "office.db"
    started = time.monotonic()
    turns.let_others(path)
    assert time.monotonic() - started < 0.05  # nobody waits
    with turns.waiting(path), turns.waiting(path):
        started = time.monotonic()
        turns.let_others(path, longest=0.05)
        assert 0.05 <= time.monotonic() - started < 0.4
    assert path.with_name("office.db.turns").stat().st_mode & 0o777 == 0o660


def test_where_no_file_can_be_made_nobody_waits(tmp_path: Path) -> None:
    nowhere = tmp_path / "gone" / "office.db"
    with turns.waiting(nowhere):
        turns.let_others(nowhere)


def test_a_writer_in_a_loop_lets_in_who_waits(office: Office) -> None:
    """Without the turn the loop would win again and again: it asks at the moment in which it lets go."""
    done = threading.Event()

    def other() -> None:
        with office.act("other") as draft:
            ledger.change(draft, "practice", making.PRACTICE, "name", "a", "b")
            ledger.seal(draft)
        done.set()
        office.close()

    thread = threading.Thread(target=other)
    rounds = 0
    deadline = time.monotonic() + 5
    while not done.is_set() and time.monotonic() < deadline:
        with office.store.act() as writing:
            if not rounds:
                thread.start()
            time.sleep(0.03)
            writing.sealed = True
        rounds += 1
    thread.join()
    assert rounds <= 3
