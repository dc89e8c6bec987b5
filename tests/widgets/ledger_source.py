"""A SQLite ledger to look at: EXCOL roots with EPYMT and ECOMM below, read by two-step keyset as the real views are."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from bo_tui.money import shown
from bo_tui.widgets.gridmodel import Column, Row, Sort

COLUMNS = (
    Column("date", "Date", 10, priority=5),
    Column("agency", "Agency", 11, min_width=9, priority=3),
    Column("account", "Acct", 6, priority=4),
    Column("guarantor", "Guarantor", 13, grow=True, min_width=10, priority=8),
    Column("code", "Code", 10, priority=9, sortable=False),
    Column("description", "Description", 12, grow=True, min_width=10, priority=2, sortable=False),
    Column("amount", "Amount", 9, align="right", priority=7),
    Column("balance", "Balance", 9, align="right", priority=6, sortable=False),
    Column("file", "File", 4, align="right", priority=1, sortable=False),
)
NAMES = (
    "Smith, Ana",
    "Smithers, Jo",
    "Olsen, Kari",
    "Ng, Wei",
    "Abara, Chi",
    "[/b] \x1b[31mred",
    "王小明",
    "Nuñez, Inés",
)
AGENCIES = ("First Bay", "Bay West", "TSI")


def store(rows: int, path: str = ":memory:") -> sqlite3.Connection:
    """A store with so many roots; every fourth has a payment with its commission below."""
    db = sqlite3.connect(path, check_same_thread=False)
    db.executescript(
        "pragma journal_mode=off; pragma synchronous=off;"
        "create table tree (id integer primary key, parent integer not null default 0, date text, agency text,"
        " account text, guarantor text, code text, description text, amount integer, balance integer, kids integer)"
    )
    sql = "insert into tree values (?,?,?,?,?,?,?,?,?,?,?)"
    db.executemany(sql, (_root(n) for n in range(1, rows + 1)))
    kids = []
    for n in range(4, min(rows, 40_000) + 1, 4):
        base = 10_000_000 + 10 * n
        kids.append((base, n, "2026-10-01", "First Bay", "", "", "EPYMT", f"Check {n}", -12500, None, 1))
        kids.append((base + 1, base, "2026-10-01", "", "", "", "ECOMM", "kept", 3125, None, 0))
        kids.append((base + 2, n, "2026-10-05", "First Bay", "", "", "MADJN", "Small balance", -5, None, 0))
    db.executemany(sql, kids)
    for column in ("date", "agency", "account", "guarantor", "amount"):
        db.execute(f"create index tree_{column} on tree (parent, {column}, id)")
    db.execute("create index tree_id on tree (parent, id)")
    db.commit()
    return db


def _root(n: int) -> tuple[Any, ...]:
    day = f"2026-{1 + n % 12:02d}-{1 + n % 28:02d}"
    name = NAMES[n % len(NAMES)]
    amount = 1000 + (n * 7919) % 90000
    kids = int(n % 4 == 0 and n <= 40_000)
    return (n, 0, day, AGENCIES[n % 3], str(100_000 + n), name, "EXCOL", "Anesthesia", amount, amount, kids)


class LedgerSource:
    """A `GridSource` over that store; `prefix` filters by guarantor."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.prefix = ""
        self.reads = 0
        self.changed = 0
        self.slow_reads = False

    def _rows(self, where: str, values: Sequence[Any], order: str, key: str, count: int) -> list[Row]:
        self.reads += 1
        sql = (
            "select id, date, agency, account, guarantor, code, description, amount, balance, kids, parent,"
            f" {key} from tree where {where} order by {order} limit {count}"
        )
        return [_row(found) for found in self.db.execute(sql, values)]

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        column, down = sort.column, sort.descending != backward
        direction, beyond = ("desc", "<") if down else ("asc", ">")
        where, values = "parent = 0", []
        if self.prefix:
            where += " and guarantor >= ? and guarantor < ?"
            values += [self.prefix, self.prefix + "\U0010ffff"]
        order = f"{column} {direction}, id {direction}"
        rows: list[Row] = []
        if after is not None:
            same = f"{where} and {column} = ? and id {beyond} ?"
            rows = self._rows(same, [*values, after.key, after.id], f"id {direction}", column, count)
            where += f" and {column} {beyond} ?"
            values.append(after.key)
        if len(rows) < count:
            rows += self._rows(where, values, order, column, count - len(rows))
        return rows[::-1] if backward else rows

    def at(self, sort: Sort, row_id: int) -> Row | None:
        where, values = "id = ? and guarantor >= ? and guarantor < ?", [row_id, self.prefix, self.prefix + "\U0010ffff"]
        return next(iter(self._rows(where, values, "id", sort.column, 1)), None)

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = {}
        marks = ",".join("?" * len(parent_ids))
        for row in self._rows(f"parent in ({marks})", parent_ids, "parent, id", "id", 10_000):
            found.setdefault(row.parent or 0, []).append(row)
        return found

    def count(self, limit: int) -> int:
        sql = "select count(*) from (select 1 from tree where parent = 0 and guarantor >= ? and guarantor < ? limit ?)"
        return int(self.db.execute(sql, (self.prefix, self.prefix + "\U0010ffff", limit)).fetchone()[0])

    def version(self) -> Any:
        return self.changed

    def slow(self, sort: Sort) -> bool:
        return self.slow_reads


def _row(found: Sequence[Any]) -> Row:
    number, date, agency, account, guarantor, code, description, amount, balance, kids, parent, key = found
    cells = (date, agency, account, guarantor, code, description, shown(amount), shown(balance), "")
    kind = {"ECOMM": "memo", "EXCOL": ""}.get(code, "child")
    return Row(number, cells, key, kind, bool(kids), parent or None)
