"""Migration 0005 on a store with rows: the widened CHECKs hold from then on, and what stood there still verifies."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from peewee import IntegrityError, SqliteDatabase

from bo_tui.db import schema


@pytest.fixture
def old(tmp_path: Path) -> SqliteDatabase:
    """A store of the migrations before, with an entry and an attachment."""
    db = SqliteDatabase(str(tmp_path / "old.db"), pragmas={"foreign_keys": 1})
    for name in schema.known():
        if name < "0005":
            importlib.import_module(f"bo_tui.db.migrations.{name}").up(None, db)
    act = "INSERT INTO act VALUES (1, 1, 'ana', 'x', NULL, 1, 0, 0, 1, 'x', 'x')"
    with db.atomic():
        db.execute_sql("INSERT INTO practice (id, code, name, act) VALUES (1, 'LAKE', 'Lake', 1)")
        db.execute_sql("INSERT INTO account (id, practice, number, guarantor, act) VALUES (1, 1, 'A', 'Ana', 1)")
        db.execute_sql(_entry(1, "account", 1))
        columns = "practice, account, name, kind, size, sha256, act"
        db.execute_sql(f"INSERT INTO attachment ({columns}) VALUES (1, 1, 'a.png', 'image/png', 1, ?, 1)", ("0" * 64,))
        db.execute_sql(act)
    return db


def _entry(row: int, owner: str, value: int) -> str:
    columns = f"id, act, practice, {owner}, code, debit, credit, amount, posted"
    return f"INSERT INTO entry ({columns}) VALUES ({row}, {1 if row == 1 else 2}, 1, {value}, 'GPYMT', 'CASH', 'SUSPENSE', 5, 1)"


def test_money_of_a_payment_alone_is_taken_and_money_of_nobody_is_not(old: SqliteDatabase) -> None:
    with pytest.raises(IntegrityError, match="CHECK"):
        old.execute_sql(_entry(2, "payment", 1))
    with old.atomic():
        importlib.import_module("bo_tui.db.migrations.0005_payments").up(None, old)
    other = SqliteDatabase(old.database)  # another connection reads the schema anew
    old.close()
    assert other.execute_sql("SELECT count(*), sum(amount) FROM entry").fetchall() == [(1, 5)]
    assert other.execute_sql("SELECT name, payment FROM attachment").fetchall() == [("a.png", None)]
    assert other.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    other.execute_sql(_entry(2, "payment", 1))
    with pytest.raises(IntegrityError, match="CHECK"):
        other.execute_sql(_entry(3, "placement", 1))
    with pytest.raises(IntegrityError, match="append-only"):
        other.execute_sql("DELETE FROM entry")
    assert other.execute_sql("SELECT sql FROM sqlite_master WHERE name = 'entry'").fetchone()[0].endswith("STRICT")
