"""Opening the store, and the only two ways to a transaction: `reading()` one snapshot, and `act()`, which rolls back unless sealed.

SQLite's own busy handler backs off and starves operators while a night commits chunk after chunk (DESIGN section 7), so the
write lock is asked for by a loop of our own every 1-2 ms.
"""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peewee import DatabaseError, OperationalError, SqliteDatabase

from bo_tui.db import turns
from bo_tui.db.tables.base import database
from bo_tui.errors import CannotCreate, InputOutput, Locked, Refusal, StoreUnavailable

OLDEST_SQLITE = (3, 37, 0)
NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "fuse.sshfs",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
}
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "full",
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "temp_store": "memory",
    "cache_size": -32000,
    "busy_timeout": 0,
    "trusted_schema": 0,
}


@dataclass
class Writing:
    """One write transaction: `sealed` says that it may be committed; nothing else does."""

    store: Store
    sealed: bool = False
    notes: dict[str, Any] = field(default_factory=dict)


class Store:
    """The office's file. Connections are one per thread; the tables' proxy follows whichever store was used last."""

    def __init__(self, path: Path, *, patience: float = 5.0) -> None:
        self.path = path
        self.patience = patience  # seconds to wait for the write lock
        self.written = 0.0  # when it last wrote, on the monotonic clock
        self.db = SqliteDatabase(str(path), pragmas=dict(PRAGMAS), timeout=0)

    @property
    def folder(self) -> Path:
        """The folder that holds everything of this office: outbox, attachments, backups."""
        return self.path.parent

    def use(self) -> SqliteDatabase:
        """Point the tables at this store and see that this thread has a connection."""
        if database.obj is not self.db:
            database.initialize(self.db)
        if self.db.is_closed():
            with self.translated():
                self.db.connect()
        return self.db

    def close(self) -> None:
        """Close this thread's connection."""
        if not self.db.is_closed():
            self.db.close()

    @contextmanager
    def reading(self) -> Iterator[SqliteDatabase]:
        """One consistent snapshot; inside another transaction of this thread it is that one."""
        db = self.use()
        if db.connection().in_transaction:
            yield db
            return
        with self.translated():
            db.execute_sql("BEGIN DEFERRED")
            try:
                yield db
            finally:
                _rollback(db)

    @contextmanager
    def act(self) -> Iterator[Writing]:
        """The write lock from the start; committed only when `sealed`, otherwise, and after any exception, rolled back."""
        db = self.use()
        with self.translated():
            self._begin_immediate(db)
            writing = Writing(self)
            try:
                yield writing
                if writing.sealed:
                    db.execute_sql("COMMIT")
                    self.written = time.monotonic()
            finally:
                _rollback(db)

    def _begin_immediate(self, db: SqliteDatabase) -> None:
        if time.monotonic() - self.written < turns.AGAIN:
            turns.let_others(self.path)
        asked = time.monotonic()
        deadline = asked + self.patience
        if self._begun(db, deadline):
            return
        with turns.waiting(self.path):
            while not self._begun(db, deadline):  # more seldom after a while: those who ask take the writer's time
                time.sleep(random.uniform(0.5, 1) * min(0.002 + (time.monotonic() - asked) / 20, 0.006))

    def _begun(self, db: SqliteDatabase, deadline: float) -> bool:
        try:
            db.execute_sql("BEGIN IMMEDIATE")
            return True
        except OperationalError as error:
            if not _is_busy(error) or time.monotonic() > deadline:
                raise
            return False

    @contextmanager
    def translated(self) -> Iterator[None]:
        """What SQLite and the disk say, as refusals with a sentence and an exit code."""
        try:
            yield
        except Refusal:
            raise
        except (DatabaseError, sqlite3.DatabaseError) as error:
            refusal = explain(error, self.path)
            if refusal is None:
                raise
            raise refusal from error


def _rollback(db: SqliteDatabase) -> None:
    if db.connection().in_transaction:
        db.connection().rollback()


def _is_busy(error: BaseException) -> bool:
    text = str(error)
    return "locked" in text or "busy" in text


def explain(error: BaseException, path: Path) -> Refusal | None:
    """The refusal that a database error means to a person, or None when it is a defect of ours."""
    text = str(error)
    if _is_busy(error):
        return Locked(f"{path.name} is being written to by somebody else; try again in a moment.")
    if "disk is full" in text or "database or disk is full" in text:
        return InputOutput(f"The disk is full; nothing was written to {path.name}.")
    if "disk I/O error" in text:
        return InputOutput(f"The disk failed while {path.name} was in use: {text}.")
    if "readonly" in text or "read-only" in text:
        return CannotCreate(f"{path.name} or its folder cannot be written to.")
    if "unable to open" in text and path.exists() and not os.access(path.parent, os.W_OK):
        return CannotCreate(f"{path.parent} cannot be written to, and the store needs its side files there.")
    if "unable to open" in text:
        return StoreUnavailable(f"{path} cannot be opened.")
    if "malformed" in text or "not a database" in text:
        return StoreUnavailable(f"{path} is damaged or is not a bo_tui store: {text}.")
    return None


def open_store(path: Path, *, patience: float = 5.0) -> Store:
    """The store at a path that exists and may be used; StoreUnavailable says why not. Its version is not compared here."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreUnavailable(f"SQLite {sqlite3.sqlite_version} is too old; 3.37 or newer is needed.")
    if path.is_dir():
        raise StoreUnavailable(f"{path} is a folder, not a store.")
    if not path.exists():
        raise StoreUnavailable(f"There is no store at {path}; `bo-tui init` makes one.")
    refuse_network(path.parent)
    store = Store(path, patience=patience)
    with store.translated():
        store.use().execute_sql("SELECT count(*) FROM sqlite_master")
    return store


def create_store(path: Path) -> Store:
    """A new, empty store file, private to its owner and group; refused when something is already there."""
    if path.exists():
        raise CannotCreate(f"{path} already exists; nothing was changed.")
    refuse_network(path.parent)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o770)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o660)
    except OSError as error:
        raise CannotCreate(f"{path} cannot be created: {error.strerror}.") from error
    os.fchmod(descriptor, stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IWGRP)
    os.close(descriptor)
    return Store(path)


def refuse_network(folder: Path) -> None:
    """StoreUnavailable when a folder lies on a network file system, where SQLite's locks cannot be trusted."""
    kind = _file_system(folder)
    if kind in NETWORK_FILE_SYSTEMS:
        raise StoreUnavailable(
            f"{folder} is on a network file system ({kind}); locks there cannot be trusted. Use a local disk."
        )


def _file_system(folder: Path) -> str:
    """The type of the file system that a folder lies on, as Linux's mount table says; empty where there is none."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    where = os.path.realpath(folder)
    best, kind = "", ""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    for mount in mounts:
        _, point, this_kind, *_ = mount.split(" ")
        point = point.replace("\\040", " ")
        inside = point == "/" or where == point or where.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, this_kind
    return kind


__all__ = ["Store", "Writing", "create_store", "explain", "open_store", "refuse_network"]
