"""Ending a child process with SIGKILL at a chosen moment of its work, and telling which step it was at.

A moment is a kind and a number: `time` (seconds after the start, killed from outside), `statement` (before the n-th SQL
statement, COMMITs among them), `commit` (right after the n-th COMMIT), `tick` (inside a statement: every TICKS steps of SQLite's
machine count one), `call` (before the n-th call of the system that changes a file or a folder). All but `time` fall at the same
place whenever they are repeated. Children are forked, so that imports are paid once; the parent never opens a store itself.
"""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import signal
import struct
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase

TICKS = 2_000
KINDS = ("time", "statement", "commit", "tick", "call")
CALLS = ("open", "link", "rename", "replace", "unlink", "mkdir", "rmdir", "fsync", "chmod", "fchmod", "fdopen")
_COUNTERS = struct.Struct("=5d")


@dataclass(frozen=True)
class Moment:
    """When a child is killed: a kind, and how many of its counts (seconds for `time`)."""

    kind: str
    number: float


@dataclass
class Ended:
    """How a child ended: killed or not, at which step, how long it took, and what it left (None unless it came to its end)."""

    killed: bool
    step: str
    seconds: float
    left: Any = None


@dataclass
class Course:
    """What an uninterrupted run counted: for each step in order, the counts of every kind at its beginning; and at the end."""

    begins: list[tuple[str, dict[str, float]]] = field(default_factory=list)
    end: dict[str, float] = field(default_factory=dict)

    def ranges(self) -> dict[str, dict[str, tuple[float, float]]]:
        """By step, the first and last count of each kind; a step that comes twice is one."""
        found: dict[str, dict[str, tuple[float, float]]] = {}
        after = [counts for _, counts in self.begins[1:]] + [self.end]
        for (step, first), last in zip(self.begins, after, strict=True):
            before = found.setdefault(step, {})
            for kind in KINDS:
                before[kind] = (before[kind][0] if kind in before else first[kind], last[kind])
        return found


class ChildFailed(AssertionError):
    """The work itself raised: a finding, with the child's traceback."""


class Watch:
    """What a child counts of itself and shares with its parent: counts by kind, and the step it is at."""

    def __init__(self) -> None:
        self.shared = mmap.mmap(-1, 256)
        self.course = Course()
        self.counts = dict.fromkeys(KINDS, 0.0)
        self.moment = Moment("time", float("inf"))
        self.started = 0.0

    def mark(self, step: str) -> None:
        """The work has come to a step."""
        name = step.encode()[:64]
        self.shared[:65] = name.ljust(65, b"\0")
        self.counts["time"] = time.perf_counter() - self.started
        self.course.begins.append((step, dict(self.counts)))

    def step(self) -> str:
        """The step that the child was at."""
        return self.shared[:65].rstrip(b"\0").decode()

    def count(self, kind: str) -> None:
        """One more; the end of the process when it is the one."""
        self.counts[kind] += 1
        if kind == self.moment.kind and self.counts[kind] >= self.moment.number:
            os.kill(os.getpid(), signal.SIGKILL)


def run(work: Callable[[Watch], Any], moment: Moment | None = None, *, patience: float = 600) -> Ended:
    """Do the work in a forked child, killed at a moment or left alone; ChildFailed when it raises or hangs.

    What the work returns comes back through JSON. A child that came to its end before its moment is not `killed`.
    """
    watch = Watch()
    reads, writes = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reads)
        _child(work, moment, watch, writes)
    os.close(writes)
    if moment is not None and moment.kind == "time":
        _wait(reads, moment.number)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reads, "rb") as pipe:
        left = pipe.read()
    _, status = os.waitpid(child, 0)
    seconds = time.perf_counter() - started
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and not left
    if not killed and os.waitstatus_to_exitcode(status) not in (0, -signal.SIGKILL):
        raise ChildFailed(left.decode(errors="replace") or f"the child ended with {status}")
    return Ended(killed, watch.step(), seconds, json.loads(left) if left else None)


def _wait(pipe: int, seconds: float) -> None:
    """Wait so long, or until the child has something to say."""
    import select

    select.select([pipe], [], [], seconds)


def _child(work: Callable[[Watch], Any], moment: Moment | None, watch: Watch, out: int) -> None:
    """The child's whole life; never returns."""
    code = 0
    try:
        watch.moment = moment or watch.moment
        watch.started = time.perf_counter()
        with counting(watch):
            left = work(watch)
        text = json.dumps(left)
    except BaseException:
        code, text = 70, traceback.format_exc()
    with os.fdopen(out, "w") as pipe:
        pipe.write(text)
    os._exit(code)


@contextlib.contextmanager
def counting(watch: Watch) -> Iterator[None]:
    """Count statements, commits, ticks and calls while the work goes on."""
    execute, connect = SqliteDatabase.execute_sql, SqliteDatabase._connect

    def counted(self: Any, sql: Any, *arguments: Any, **named: Any) -> Any:
        watch.count("statement")
        done = execute(self, sql, *arguments, **named)
        if sql == "COMMIT":
            watch.count("commit")
        return done

    def connected(self: Any) -> Any:
        connection = connect(self)
        connection.set_progress_handler(lambda: watch.count("tick"), TICKS)
        return connection

    SqliteDatabase.execute_sql, SqliteDatabase._connect = counted, connected
    kept = {name: getattr(os, name) for name in CALLS}
    for name, call in kept.items():
        setattr(os, name, _counted_call(watch, call))
    try:
        yield
    finally:
        SqliteDatabase.execute_sql, SqliteDatabase._connect = execute, connect
        for name, call in kept.items():
            setattr(os, name, call)
        watch.counts["time"] = time.perf_counter() - watch.started
        watch.course.end = dict(watch.counts)


def _counted_call(watch: Watch, call: Callable[..., Any]) -> Callable[..., Any]:
    def counted(*arguments: Any, **named: Any) -> Any:
        watch.count("call")
        return call(*arguments, **named)

    return counted


def course(work: Callable[[Watch], Any]) -> tuple[Course, Any]:
    """An uninterrupted run: what it counted, and what it left."""

    def whole(watch: Watch) -> Any:
        left = work(watch)
        watch.counts["time"] = time.perf_counter() - watch.started
        return {"begins": watch.course.begins, "end": watch.counts, "left": left}

    found = run(whole).left
    return Course([(step, counts) for step, counts in found["begins"]], found["end"]), found["left"]


def fast_folder() -> Path | None:
    """A file system in memory where there is one: what is proved here is what the program leaves, not how fast a disk is."""
    shared = Path("/dev/shm")
    return shared if os.access(shared, os.W_OK) else None
