"""Who waits for the write lock is let in before somebody who has just written writes again (DESIGN section 7).

SQLite's lock goes to whoever asks at the right moment, so that a night, which asks again 5 ms after each chunk, can win several
times in a row against eight operators. Those who found the lock taken hold a shared lock on a file beside the store while they
try; whoever wrote a moment ago looks whether anybody holds one, and waits for them, but not for ever. The locks are the system's:
they go with the process.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AGAIN = 0.1  # seconds after an act in which the next one lets others go first
LONGEST = 0.5  # seconds that it waits for them at most, so that a night goes on however busy the day is
_STEP = 0.002


def _opened(path: Path, make: int = 0) -> int | None:
    """The file beside a store, for all who may use the store; None where there is none: then nobody is let in first."""
    try:
        descriptor = os.open(path.with_name(f"{path.name}.turns"), make | os.O_RDWR | os.O_CLOEXEC, 0o660)
    except OSError:
        return None
    if make and os.fstat(descriptor).st_uid == os.geteuid():
        os.fchmod(descriptor, 0o660)  # whatever the umask: the group's members wait there too
    return descriptor


@contextmanager
def waiting(path: Path) -> Iterator[None]:
    """Be seen to wait for the write lock of the store at a path."""
    descriptor = _opened(path, os.O_CREAT)
    if descriptor is None:
        yield
        return
    try:
        _lock(descriptor, fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def let_others(path: Path, longest: float = LONGEST) -> None:
    """Wait until nobody is seen to wait for the write lock any more, at most so many seconds."""
    descriptor = _opened(path)
    if descriptor is None:
        return
    try:
        deadline = time.monotonic() + longest
        while not _lock(descriptor, fcntl.LOCK_EX) and time.monotonic() < deadline:
            time.sleep(_STEP)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        return True
    except OSError:
        return False
