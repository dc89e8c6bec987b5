"""Copies of the store: a consistent one while it is in use, a private one to look at, and one brought back into the live file.

They use SQLite's own backup API. Replacing the file under an open reader would mix old and new (DESIGN section 7).
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import hashlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from peewee import SqliteDatabase

from bo_tui.db.connection import PRAGMAS, Store, explain
from bo_tui.errors import CannotCreate, Locked, NoInput, StoreUnavailable

PAGES = 2000  # at a time, about 8 MB; between two such pieces a waiting program gets its turn
MODE = 0o600
GROUP_MODE = 0o640  # of a finished backup whose group is the office's: an administrator restores what the night made
SCRATCH = ".restore-"
Tell = Callable[[int, int], object]  # pages left, pages in all


def make_backup(
    store: Store,
    target: Path,
    tell: Tell = lambda left, pages: None,
    complete: Callable[[], object] = lambda: None,
) -> str:
    """Write a consistent copy of the store and return its SHA-256; the office's group may read it, where its group is that one.

    It gets its name only when it is complete and verified, and `complete` was called and raised nothing. Raises CannotCreate
    (73) when the name is taken or the folder cannot be written to, InputOutput (74) when the disk is full.
    """
    _require_free(target)
    for left in target.parent.glob(f"{glob.escape(target.name)}.*.part"):
        _remove_abandoned(left)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    held = -1
    try:
        with _explained(target):
            held = _create(part)
            with closing(sqlite3.connect(f"{store.path.absolute().as_uri()}?mode=ro", uri=True)) as source:
                _copy(source, part, tell)
            sha256 = sha256_of(part, sync=True)
            complete()
            _let_the_office_read(held, store)
            _name(part, target)
        return sha256
    finally:
        if held >= 0:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            os.close(held)


def _require_free(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise CannotCreate(f"{target} already exists; nothing was written.")
    if not target.parent.is_dir():
        raise CannotCreate(f"{target.parent} is not a folder; nothing was written.")


def _create(part: Path) -> int:
    """A new file, held by a lock of the system's for as long as its descriptor is open."""
    held = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE)
    fcntl.flock(held, fcntl.LOCK_EX)
    return held


def _let_the_office_read(held: int, store: Store) -> None:
    """Within the office's folder a new file has the folder's group; elsewhere it has its maker's, whom it need not concern."""
    if os.fstat(held).st_gid == store.folder.stat().st_gid:
        os.fchmod(held, GROUP_MODE)


def require_file(file: Path) -> None:
    """NoInput (66) when there is no such file or this user may not read it."""
    try:
        if not file.is_file():
            raise NoInput(f"There is no file {file}.")
        file.open("rb").close()
    except PermissionError:
        raise NoInput(f"{file} cannot be read by this user.") from None


def _remove_abandoned(left: Path) -> None:
    """Take away what a killed process left - a whole copy of the office - unless somebody still holds it."""
    with contextlib.suppress(OSError):
        held = os.open(left, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()
        finally:
            os.close(held)


def _copy(source: sqlite3.Connection, part: Path, tell: Tell) -> None:
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # one snapshot: a writer cannot make it start again
    with closing(sqlite3.connect(part)) as copy:
        source.backup(copy, pages=PAGES, progress=lambda status, left, pages: tell(left, pages), sleep=0.001)
        copy.execute("PRAGMA journal_mode = DELETE")  # a backup is one file
        _verify(copy, part)


def _verify(copy: sqlite3.Connection, path: Path) -> None:
    (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StoreUnavailable(f"The copy {path.name} is damaged: {verdict}.")


def sha256_of(file: Path, *, sync: bool = False) -> str:
    """SHA-256 of a file's bytes in hexadecimal; with `sync` they are on the disk for good first."""
    running = hashlib.sha256()
    with file.open("rb") as written:
        if sync:
            os.fsync(written.fileno())
        while piece := written.read(1 << 20):
            running.update(piece)
    return running.hexdigest()


def _name(part: Path, target: Path) -> None:
    """Give the copy its name without ever overwriting: a link fails where a rename would not."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise CannotCreate(f"{target} already exists; nothing was written.") from None
    except OSError:
        _require_free(target)  # a file system without hard links
        os.rename(part, target)
    descriptor = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def private_copy(file: Path, folder: Path) -> Iterator[Store]:
    """A copy of a backup in a folder of its own below `folder`, opened as a store and thrown away after.

    What is checked is then what is brought back, whatever happens to the backup meanwhile. Raises NoInput (66) when there is
    no such file, StoreUnavailable (69) when it is not a database.
    """
    require_file(file)
    with _explained(file):
        for left in folder.glob(f"{SCRATCH}*"):
            _remove_abandoned(left)
        scratch = tempfile.mkdtemp(prefix=SCRATCH, dir=folder)
    path = Path(scratch) / "copy.db"
    store = Store(path)
    held = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        with _explained(file), closing(_open_backup(file)) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
        yield store
    finally:
        store.close()
        for left in Path(scratch).iterdir():  # the copy, and what stands beside a store in use
            left.unlink(missing_ok=True)
        os.rmdir(scratch)
        os.close(held)


@contextmanager
def as_it_lies(file: Path) -> Iterator[Store]:
    """A finished backup opened as a store where it lies, read only, so that not a byte of it changes and nothing stands beside it.

    The caller points the tables at the live store again (`Store.use`). Raises NoInput (66), StoreUnavailable (69).
    """
    require_file(file)
    store = Store(file)
    pragmas = {name: value for name, value in PRAGMAS.items() if name not in ("journal_mode", "synchronous")}
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    store.db = SqliteDatabase(address, pragmas=pragmas, timeout=0, uri=True)
    try:
        with _explained(file):
            yield store
    finally:
        store.close()


def _open_backup(file: Path) -> sqlite3.Connection:
    journal = Path(f"{file}-wal")
    # a finished backup is one file and may lie where nothing can be written beside it
    mode = "mode=ro" if journal.exists() and journal.stat().st_size else "mode=ro&immutable=1"
    return sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True)


def bring_back(copy: Store, store: Store) -> None:
    """Copy a store into the live file in one transaction; readers keep what they see until they look again.

    Raises Locked (75) when somebody writes for longer than the store's patience.
    """
    copy.close()
    deadline = time.monotonic() + store.patience
    with store.translated(), closing(sqlite3.connect(copy.path)) as source:
        live = store.use().connection()
        while True:
            try:
                source.backup(live)
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) and "busy" not in str(error):
                    raise
            if time.monotonic() > deadline:
                raise Locked(f"{store.path.name} is being written to by somebody else; try again in a moment.")
            time.sleep(0.002)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What SQLite says, as a refusal about this file; what the disk says goes on as it is, with its own exit code."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        refusal = explain(error, path)
        if refusal is None:
            raise
        raise refusal from error
