"""Pre-collections in an office book: rules and weeks in a few calls, and what TSI was told in the words of its files."""

from __future__ import annotations

from typing import Any

from bo_tui.db import outbox
from bo_tui.db.tables import PrecollectFile, PrecollectionRule
from bo_tui.formats import precollect as formats
from bo_tui.rules import ledger, nightly
from tests.support.book import OfficeBook

ADDRESS = {
    "address1": "1 Elm St", "city": "Salem", "state": "OR", "zip": "97301", "phone": "503 555 0100",
    "date_of_birth": 3653, "ssn": "123456789",
}  # fmt: skip

STEPS = [
    step for step in nightly.STEPS if step[0].startswith("precollect")
]  # a night of these alone is a fifth as long


def enrol(book: OfficeBook, *, tsi_ssn: str = "none", **rules: object) -> OfficeBook:
    """Enrol LAKE: accounts above 50.00, lines more than 60 days past due, no 20.00 paid in 35 days; files by themselves."""
    book.practice("LAKE", precollections_enrolled=True, tsi_client_number="C-77", tsi_ssn=tsi_ssn)
    values: dict[str, Any] = {
        "balance_greater_than": 50_00, "days_past_due": 60, "payment_minimum": 20_00, "payment_within_days": 35,
        "auto_create_start": True, "auto_create_stop": True,
    }  # fmt: skip
    with book.office.act("precollection_rules", 1) as draft:
        PrecollectionRule.insert(practice=1, act=draft.id, **values | rules).execute()
        ledger.change(draft, "precollection_rule", 1, "settings", None, str(rules))
        ledger.seal(draft)
    return book


def rules(book: OfficeBook, **fields: object) -> None:
    """Change the rules; those not named stay as they are."""
    with book.office.act("precollection_rules", 1) as draft:
        PrecollectionRule.update(act=draft.id, **fields).where(PrecollectionRule.practice == 1).execute()
        ledger.change(draft, "precollection_rule", 1, "settings", None, str(fields))
        ledger.seal(draft)


def started(book: OfficeBook) -> set[str]:
    """The lines that are in pre-collections, by number."""
    return {
        number
        for (number,) in book.sql(
            "SELECT number FROM service_line l JOIN precollection p ON p.line = l.id WHERE p.ended IS NULL"
        )
    }


def queued(book: OfficeBook) -> set[str]:
    """The lines that wait for a Start file."""
    sql = "SELECT number FROM service_line l JOIN precollect_task t ON t.line = l.id WHERE t.outcome IS NULL"
    return {number for (number,) in book.sql(sql)}


def files(book: OfficeBook, kind: str | None = None) -> list[list[list[str]]]:
    """The data rows of the practice's files, in the order in which they were made."""
    ids = [(row.id, row.kind) for row in PrecollectFile.select(PrecollectFile.id, PrecollectFile.kind)]
    stored = [outbox.stored_precollection(book.office.store, number) for number, one in ids if kind in (None, one)]
    return [formats.parse(file.content) for file in stored if file is not None]


def told(book: OfficeBook) -> list[tuple[str, str, str, str]]:
    """(account, type, amount, new balance) of every record that TSI was told in a file, in order."""
    found = []
    for row in PrecollectFile.select(PrecollectFile.id, PrecollectFile.kind).order_by(PrecollectFile.id):
        file = outbox.stored_precollection(book.office.store, row.id)
        assert file is not None
        for cells in formats.parse(file.content):
            if row.kind == "start":
                due = cells[formats.COLUMNS["start"].index("AMOUNT DUE")]
                found.append((cells[2], "PL", due, due))
            else:
                found.append((cells[1], cells[2], cells[4], cells[5]))
    return found
