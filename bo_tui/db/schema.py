"""Versions of the store: which migrations it has had, and bringing it up to this program's.

Only `init` and `upgrade` migrate; every other command compares and refuses with 78 (DESIGN section 7). The history table
is called `migration_run` because it holds clock times, and what may differ between two equal stores stands in `run` tables.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from peewee import SqliteDatabase

from bo_tui.db.connection import Store
from bo_tui.errors import BadConfiguration, StoreUnavailable

FOLDER = Path(__file__).parent / "migrations"
HISTORY = "migration_run"
# Of what the migrations make: making them all anew costs a night's check thirty milliseconds. A test keeps it true.
DIGEST = "357a499fd234f73a3a18e52c4057bd846618d7ae6ff54bf12e8fe637bb3b428e"


def known() -> list[str]:
    """The names of this program's migrations, in order."""
    return sorted(path.stem for path in FOLDER.glob("[0-9]*.py"))


def applied(store: Store) -> list[str]:
    """The names of the migrations that a store has had."""
    with store.reading() as db:
        if not db.table_exists(HISTORY):
            return []
        return sorted(name for (name,) in db.execute_sql(f"SELECT name FROM {HISTORY}").fetchall())


def require_current(store: Store) -> None:
    """BadConfiguration (78) unless the store has exactly this program's migrations."""
    ours, theirs = set(known()), set(applied(store))
    if not theirs:
        raise StoreUnavailable(f"{store.path} is not a bo_tui store.")
    if theirs - ours:
        raise BadConfiguration(f"{store.path.name} was written by a newer program; use that one.")
    if ours - theirs:
        raise BadConfiguration(f"{store.path.name} is older than this program; run `bo-tui upgrade`.")


def migrate(store: Store) -> list[str]:
    """Apply what is missing and return the names; the caller holds the office's lock and has made a backup."""
    from playhouse.migrations import Runner

    db = store.use()
    return list(Runner(db, str(FOLDER), table_name=HISTORY).up())


@cache
def expected() -> dict[str, str]:
    """Name -> SQL of every table, index and trigger that the migrations make, from a store made in memory for the purpose."""
    from playhouse.migrations import Runner

    scratch = SqliteDatabase(":memory:")  # its own database: the tables' proxy stays where it is
    try:
        Runner(scratch, str(FOLDER), table_name=HISTORY).up()
        return _objects(scratch)
    finally:
        scratch.close()


def digest_of(objects: dict[str, str]) -> str:
    """SHA-256, in hex, of names and SQL in the names' order."""
    return hashlib.sha256("\n".join(f"{name}\0{objects[name]}" for name in sorted(objects)).encode()).hexdigest()


def schema_of(store: Store) -> dict[str, str]:
    """Name -> SQL of every table, index and trigger that a store has; SQLite's own are left out."""
    with store.reading() as db:
        return _objects(db)


def _objects(db: SqliteDatabase) -> dict[str, str]:
    rows = db.execute_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
    return {name: " ".join(sql.split()) for name, sql in rows.fetchall()}
