"""Migration 0007: of a message that waits, an RI may become a PL as its file is made; nothing else of it ever changes."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from peewee import IntegrityError, SqliteDatabase

from bo_tui.db import schema


@pytest.fixture
def db(tmp_path: Path) -> SqliteDatabase:
    """A store of the migrations before, with an RI and a PP that wait, brought up by this one."""
    db = SqliteDatabase(str(tmp_path / "old.db"), pragmas={"foreign_keys": 0})
    for name in schema.known():
        if name < "0008":
            with db.atomic():
                importlib.import_module(f"bo_tui.db.migrations.{name}").up(None, db)
        if name.startswith("0006"):
            columns = "id, practice, account, type, date, amount, balance, left_out, made_act, act"
            for row, kind in ((1, "RI"), (2, "PP")):
                db.execute_sql(
                    f"INSERT INTO precollect_message ({columns}) VALUES (?, 1, 1, ?, 9, 5, 5, 0, 1, 1)", (row, kind)
                )
    return db


def test_an_ri_becomes_a_pl_with_its_file(db: SqliteDatabase) -> None:
    db.execute_sql("UPDATE precollect_message SET type = 'PL', date = 10, file = 1, act = 2 WHERE id = 1")
    with pytest.raises(IntegrityError, match="never changed"):
        db.execute_sql("UPDATE precollect_message SET type = 'RI' WHERE id = 1")


@pytest.mark.parametrize(
    "changed",
    ["type = 'PL' WHERE id = 1", "type = 'SS', file = 1 WHERE id = 1", "type = 'PL', file = 1 WHERE id = 2",
     "date = 10 WHERE id = 2", "type = 'PL', file = 1, amount = 6 WHERE id = 1"],
)  # fmt: skip
def test_nothing_else_changes(db: SqliteDatabase, changed: str) -> None:
    with pytest.raises(IntegrityError, match="never changed"):
        db.execute_sql(f"UPDATE precollect_message SET {changed}")
