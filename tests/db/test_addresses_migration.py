"""0004 on a store that 0001 made and an office has used: its rows stay, and the new column says no."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from peewee import IntegrityError, SqliteDatabase

from bo_tui.db import schema


def _migration(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, schema.FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_an_old_store_gets_the_tables_and_keeps_its_rows() -> None:
    db = SqliteDatabase(":memory:", pragmas={"foreign_keys": 1, "recursive_triggers": 1})
    _migration("0001_initial").up(None, db)
    with db.atomic():
        db.execute_sql("INSERT INTO practice (id, code, name, act) VALUES (1, 'LAKE', 'Lakeside', 1)")
        db.execute_sql(
            "INSERT INTO account (id, practice, number, guarantor, act) VALUES (1, 1, 'A1', 'Smith, Ana', 1)"
        )
        db.execute_sql(
            "INSERT INTO act VALUES (1, 1, 'ana', 'init', NULL, 20000, 0, 0, 1, 'd', '2026-01-01T00:00:00Z')"
        )
    with db.atomic():
        _migration("0004_addresses").up(None, db)
    assert db.execute_sql("SELECT code, automatic_addresses FROM practice").fetchall() == [("LAKE", 0)]
    file = (
        f"INSERT INTO address_file (practice, name, sha256, received, rows, act) VALUES (1, 'x', '{'a' * 64}', 1, 1, 1)"
    )
    db.execute_sql(file)
    with pytest.raises(IntegrityError, match="UNIQUE"):
        db.execute_sql(file)
    for statement in ("UPDATE address_file SET rows = 2", "DELETE FROM address_file"):
        with pytest.raises(IntegrityError, match="never"):
            db.execute_sql(statement)
    row = (
        "INSERT INTO address_correction (practice, file, row, account, received, act, {}) VALUES (1, 1, 2, 1, 1, 1, {})"
    )
    db.execute_sql(row.format("new_city", "'Rome'"))
    for columns, values in (
        ("outcome", "'approved'"),  # by nobody
        ("error", "'x'"),  # in no state
        ("outcome, decided_by, error, error_state", "'approved', 'ana', 'x', 'open'"),
        ("error, error_state, ended_by", "'x', 'open', 'ana'"),
    ):
        with pytest.raises(IntegrityError, match="CHECK"):
            db.execute_sql(row.format(columns, values))
    with pytest.raises(IntegrityError, match="never deleted"):
        db.execute_sql("DELETE FROM address_correction")
