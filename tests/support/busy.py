"""An office whose next night has work in every step, and what must be the same however often that night was killed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from bo_tui.db.connection import open_store
from bo_tui.office import Actor, Office
from bo_tui.rules.night import steps
from tests import making
from tests.support.book import OfficeBook

NIGHT = "2026-04-01"
BEFORE = "2026-03-01"
SINCE = "2026-01-01"


def build(office: Office) -> OfficeBook:
    """LAKE before its night of April 1: placements to move on, rows to withdraw, flags, siblings, brakes, two files."""
    book = OfficeBook(office)
    book.agency("Oldest")
    book.agency("One", balance=99_00, age=45, auto_approve=True, auto_create_file=True, max_lines=7)
    book.agency("Two", balance=99_00, age=89, auto_approve=True, auto_create_file=True, file_type="tsi")
    book.rules(
        auto_reassign=True, move_all_by_dos=True, roll_returned_mail=True, payment_within_days=35, payment_minimum=20_00
    )
    for number in range(1, 6):
        book.line(f"PLACED {number}", 200_00 + number, SINCE)
    book.night(BEFORE, why=False)

    book.reassignment_of("One", auto_approve=False)
    for number in range(1, 7):
        visit = {"account": f"LEAD {number}", "case": "C1"}
        book.line(f"LEAD {number}", 300_00 + number, "2026-01-10", **visit)
        book.line(f"SIBLING {number}", 10_00 + number, "2026-01-10", **visit)
    book.night("2026-03-02", why=False)  # pending, not approved
    book.reassignment_of("One", auto_approve=True)
    book.deny("LEAD 1", "2026-03-03")
    book.pay("LEAD 2", 250_00, "2026-03-30")
    book.hold("LEAD 3", "2026-03-03")
    for number in range(1, 4):
        for part in ("a", "b"):
            book.line(f"MAIL {number}{part}", 150_00 + number, NIGHT, account=f"MAIL {number}")
        book.flag(f"MAIL {number}", True, NIGHT)
    for number in range(1, 8):
        book.line(f"NEW {number}", 99_00 + number, ("2026-01-01", "2026-01-20", "2026-03-20")[number % 3])
    return book


def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So few rows a chunk that every step takes several."""
    monkeypatch.setattr(steps, "CANDIDATES", 4)
    monkeypatch.setattr(steps, "FLAGGED", 2)
    monkeypatch.setattr(steps, "ROWS", 3)


def opened(path: Path) -> Office:
    """The office at a path, in the hands of its administrator."""
    return Office(open_store(path), Actor(making.USER, "administrator"), making.DAY)


def everything(office: Office) -> dict[str, Any]:
    """Every row of every table but the runs', without wall-clock columns, and the bytes of every file in the outbox."""
    db = office.store.use()
    tables = [name for (name,) in db.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    found: dict[str, Any] = {}
    for table in tables:
        if "run" in table:
            continue
        columns = [row[1] for row in db.execute_sql(f'PRAGMA table_info("{table}")').fetchall()]
        kept = ", ".join(f'"{name}"' for name in columns if not name.endswith("_at"))
        found[table] = db.execute_sql(f'SELECT rowid, {kept} FROM "{table}" ORDER BY rowid').fetchall()
    outbox = office.store.folder / "outbox"
    for path in sorted(outbox.rglob("*")):
        if path.is_file() and path.name != "lock" and "lock" not in path.parts:
            found[str(path.relative_to(outbox))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
