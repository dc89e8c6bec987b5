"""Migration 0008 on a store of 0007 with rows: it upgrades, and what a practice holds and owes is summed from the new index."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import SqliteDatabase

from bo_tui.db import schema
from bo_tui.office import Office
from bo_tui.rules.batches import holding, invoices
from bo_tui.views import held


def test_a_store_of_0007_upgrades_and_keeps_its_rows(tmp_path: Path) -> None:
    db = SqliteDatabase(str(tmp_path / "old.db"), pragmas={"foreign_keys": 1})
    for name in schema.known():
        if name < "0008":
            importlib.import_module(f"bo_tui.db.migrations.{name}").up(None, db)
    with db.atomic():
        db.execute_sql("INSERT INTO practice (id, code, name, act) VALUES (1, 'LAKE', 'Lake', 1)")
        db.execute_sql("INSERT INTO account (id, practice, number, guarantor, act) VALUES (1, 1, 'A', 'Ana', 1)")
        for row, credit in enumerate(("ON_ACCOUNT", "SUSPENSE", "AR"), 1):
            columns = "id, act, practice, account, code, debit, credit, amount, posted"
            db.execute_sql(f"INSERT INTO entry ({columns}) VALUES (?, 1, 1, 1, 'X', 'CASH', ?, 5, 1)", (row, credit))
        db.execute_sql("INSERT INTO act VALUES (1, 1, 'ana', 'x', NULL, 1, 0, 0, 1, 'x', 'x')")
    with db.atomic():
        importlib.import_module("bo_tui.db.migrations.0008_money_held").up(None, db)
    books = "('ON_ACCOUNT', 'SUSPENSE', 'MISC_INCOME', 'AGENCY_PAYABLE')"
    indexed = f"SELECT id FROM entry INDEXED BY entry_money_held WHERE practice = 1 AND (credit IN {books} OR debit IN {books})"
    assert db.execute_sql(indexed).fetchall() == [(1,), (2,)]
    assert db.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute_sql("SELECT count(*) FROM entry").fetchone() == (3,)


SUMS: dict[str, Callable[[Office], Any]] = {
    "on account": lambda office: held.on_account(office, 1),
    "owed": lambda office: held.owed(office, 1),
    "owed, as the rules take it": lambda office: invoices.owed(office, 1),
    "suspense, as the rules take it": lambda office: holding.held(office, 1),
    "behind a payment's": lambda office: held.entries(office, 1, "SUSPENSE", payment=1),
    "behind an agency's": lambda office: held.entries(office, 1, "AGENCY_PAYABLE", agency=1),
    "what will be": lambda office: held.waiting(office, 1, "suspense"),
}


@pytest.mark.parametrize("read", SUMS.values(), ids=SUMS)
def test_sums_of_a_practice_read_no_other_entries(office: Office, read: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    db = office.store.db
    run, plans = db.execute_sql, []

    def explained(sql: str, params: Any = None, *rest: Any) -> Any:
        if sql.startswith(("SELECT", "WITH")):
            plans.append([row[3] for row in run(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()])
        return run(sql, params, *rest)

    monkeypatch.setattr(db, "execute_sql", explained)
    read(office)
    used = [step for plan in plans for step in plan]
    assert any(
        "INDEX entry_money_held (practice=?)" in step or "INDEX distribution_waiting" in step for step in used
    ), used
