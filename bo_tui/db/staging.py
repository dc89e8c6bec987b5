"""A temporary database beside the store, in which an import is read and checked before anything is written (DESIGN section 7).

It is SQLite's own nameless file: private to the process, on disk when it grows, and gone with the connection, even after a
kill. SQLite's sorter then also works on disk, so that a million rows take bounded memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from peewee import SqliteDatabase

from bo_tui.db.connection import PRAGMAS, Store

SCHEMA = "staged"
CHUNK = 2_000
_OURS = {"temp_store": 1, "cache_size": -48_000}  # files, and 48 MB


@contextmanager
def staging(store: Store) -> Iterator[SqliteDatabase]:
    """Attach the temporary database to this thread's connection; nobody else may be in a transaction on it."""
    db = store.use()
    with store.translated():
        for pragma, value in _OURS.items():
            db.execute_sql(
                f"PRAGMA main.{pragma} = {value}" if pragma == "cache_size" else f"PRAGMA {pragma} = {value}"
            )
        db.attach("", SCHEMA)
        try:
            db.execute_sql(f"PRAGMA {SCHEMA}.synchronous = off")
            db.execute_sql(f"PRAGMA {SCHEMA}.cache_size = -24000")
            yield db
        finally:
            _end(db)


def _end(db: SqliteDatabase) -> None:
    if db.connection().in_transaction:
        db.connection().rollback()
    db.detach(SCHEMA)
    for pragma in _OURS:
        db.execute_sql(f"PRAGMA {pragma} = {PRAGMAS[pragma]}")


@contextmanager
def filling(db: SqliteDatabase) -> Iterator[None]:
    """One transaction of the temporary database alone; the store is not locked by it."""
    db.execute_sql("BEGIN DEFERRED")
    try:
        yield
        db.execute_sql("COMMIT")
    finally:
        if db.connection().in_transaction:
            db.connection().rollback()


def fill(db: SqliteDatabase, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[int]:
    """Insert rows chunk by chunk, yielding how many there are so far."""
    names = ", ".join(f'"{name}"' for name in columns)
    sql = f'INSERT INTO {SCHEMA}."{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'
    cursor = db.connection().cursor()
    waiting, done = iter(rows), 0
    while chunk := list(islice(waiting, CHUNK)):
        cursor.executemany(sql, chunk)
        done += len(chunk)
        yield done


def index(db: SqliteDatabase, table: str, columns: Sequence[str]) -> None:
    """An index on a filled table."""
    names = ", ".join(f'"{name}"' for name in columns)
    db.execute_sql(f'CREATE INDEX {SCHEMA}."{table}_{"_".join(columns)}" ON "{table}" ({names})')
