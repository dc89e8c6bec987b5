"""One night, restore or upgrade at a time: a lock beside the store, with a note of who holds it (DESIGN sections 5 and 7)."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bo_tui import dates
from bo_tui.db.connection import Store
from bo_tui.errors import CannotCreate, Locked


@contextmanager
def night_lock(store: Store, holder: str, purpose: str = "the night") -> Iterator[None]:
    """Hold the store's lock for `purpose`; Locked (75) names who holds it: user, process, since when.

    The lock is the operating system's: it goes with the process, however that ends. The note may outlive it and is only words.
    """
    path = store.folder / f"{store.path.name}.night.lock"
    note = store.folder / f"{store.path.name}.night.holder"
    lock = FileLock(path, timeout=0, mode=0o660)
    try:
        lock.acquire()
    except Timeout:
        raise Locked(f"{_who(note)} holds the lock of {store.path.name}; try again later.") from None
    except OSError as error:
        raise CannotCreate(f"{path} cannot be created: {error.strerror}.") from error
    try:
        _leave_note(note, holder, purpose)
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()
        lock.release()


def _leave_note(note: Path, holder: str, purpose: str) -> None:
    facts = {"user": holder, "purpose": purpose, "pid": os.getpid(), "since": dates.utc_stamp()}
    with contextlib.suppress(OSError):
        note.unlink(missing_ok=True)  # another member of the group may have left it
        descriptor = os.open(note, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o660)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(facts, out)


def _who(note: Path) -> str:
    try:
        facts = json.loads(note.read_text(encoding="utf-8"))
        return f"{facts['user']} (process {facts['pid']}, {facts['purpose']}, since {facts['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "Somebody"
