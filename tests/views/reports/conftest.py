"""One office with every kind of payment in its books, made once for all tests of reports; they only read it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Agency, Entry
from bo_tui.office import Actor, Office
from bo_tui.rules import checking, ledger
from bo_tui.rules.batches import held, invoices, reversing
from bo_tui.rules.batches.model import Reason, Share
from bo_tui.rules.codes import AR, CASH
from bo_tui.rules.external import reverse
from bo_tui.views.reports import REPORTS, Asked
from tests import making
from tests.support.book import OfficeBook, day
from tests.support.paying import Desk, gross, to_line

LAST = "2026-08-15"


class Raw(NamedTuple):
    """An entry with what plain Python needs to know of it; days are numbers, agencies names."""

    id: int
    code: str
    debit: str
    credit: str
    amount: int
    posted: int
    accounting: int
    entered: int
    actor: str
    placement: int | None
    debtor: str | None  # the agency that had the debt
    payer: str | None  # the agency that sent the money
    placed: int | None
    payment: int | None
    kind: str


class Books:
    """The office, its entries, and its reports."""

    def __init__(self, office: Office) -> None:
        self.office = office
        office.store.use()
        self.entries = [Raw(*row) for row in office.store.db.execute_sql(_RAW).fetchall()]
        self.agencies = dict(Agency.select(Agency.name, Agency.id).tuples())

    def report(self, name: str, since: str | None = None, until: str = LAST, **asked: Any) -> list[dict[str, Any]]:
        """A report's rows by column; `agency` is a name."""
        report = REPORTS[name]
        if "agency" in asked:
            asked["agency"] = self.agencies[asked["agency"]]
        first = None if since is None else day(since)
        with self.office.reading():
            rows = list(report.rows(Asked(self.office, 1, first, day(until), **asked)))
        return [dict(zip([column.name for column in report.columns], row, strict=True)) for row in rows]


_RAW = """
SELECT e.id, e.code, e.debit, e.credit, e.amount, e.posted, coalesce(e.accounting_date, e.posted), a.business_date, a.actor,
    e.placement, d.name, coalesce(g.name, d.name), x.placed, e.payment, a.kind
FROM entry e JOIN act a ON a.id = e.act LEFT JOIN placement x ON x.id = e.placement LEFT JOIN agency d ON d.id = x.agency
    LEFT JOIN payment p ON p.id = e.payment LEFT JOIN agency g ON g.id = p.agency WHERE e.practice = 1 ORDER BY e.id
"""


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Iterator[Books]:
    """A year in which money came from everybody, went everywhere, and partly back."""
    path = tmp_path_factory.mktemp("books") / "office.db"
    shutil.copy(empty_store, path)
    office = Office(open_store(path), Actor(making.USER, "administrator"), day(LAST))
    _history(OfficeBook(office))
    assert checking.check(office.store) == []
    yield Books(office)
    office.close()


def _history(book: OfficeBook) -> None:
    for name, remits in (("First Bay", "net"), ("Gross Co", "gross"), ("Third", "net")):
        book.agency(name, remits=remits)
    for number, (line, agency, placed) in enumerate(_PLACED, 1):
        book.line(line, number * 100_00, account=f"A{number}")
        book.add([line], agency, placed)
        book.post([line], placed)
    for line in ("X", "Y", "Z"):
        book.line(line, 200_00, account="AX")
    at: Callable[[str], Desk] = lambda when: Desk(book, when)  # noqa: E731
    of = {line: book.placement(line).id for line, _, _ in _PLACED}

    march = at("2026-03-20")
    march.agency("First Bay", 75_00, gross(of["A"], 50_00, 40_00), gross(of["B"], 40_00, 35_00))
    march.agency("Gross Co", 100_00, gross(of["E"], 100_00, 80_00))
    march.agency("First Bay", 30_00, gross(of["C"], 30_00, 20_00), received_from_patient=True)
    march.guarantor("AX", 120_00, to_line("X", 50_00), Share("on_account", 40_00), Share("suspense", 30_00))
    bounced = at("2026-04-02")
    bounced.guarantor("AX", 20_00, to_line("X", 20_00))
    insurer = (Reason("CO", "45", 10_00),)
    bounced.insurer(60_00, to_line("Y", 50_00, reasons=insurer), Share("misc", 6_00), Share("refund", 4_00, note="Bo"))
    book.adjust("D", "STLMT", 15_00, "2026-04-03")
    book.adjust("E", "NSFEE", 2_50, "2026-04-03")

    book.reassign("A", "Third", "2026-04-10")  # its money comes on: from the former agency, then from the new one
    april = at("2026-04-20")
    april.agency("First Bay", 16_00, gross(of["A"], 20_00, 16_00), repoint=True)
    april.agency("Third", 5_00, gross(book.placement("A").id, 7_00, 5_00))
    book.transfer("C", "2026-04-21")  # and for a debt that is back in active AR
    april.agency("First Bay", 9_00, gross(of["C"], 10_00, 9_00), repoint=True)
    april.agency("First Bay", 5_00, gross(of["B"], -40_00, -35_00), gross(of["D"], 45_00, 40_00))

    may = at("2026-05-05")
    office = may.office
    reversing.reverse_payment(office, _payment(book, "20.00"), "bounced")
    (first,) = book.sql("SELECT min(id) FROM entry WHERE code = 'EPYMT' AND placement = ?", of["A"])[0]
    reverse.reverse(office, first, "bounced", 25_00)  # after the debt has moved on
    held.apply_on_account(office, 1, "AX", amount=15_00)
    held.from_suspense(office, _payment(book, "120.00"), "line", 12_00, line="Z")
    held.refund(office, 1, 5_00, "Ana", account="AX")
    invoices.pay_agency(office, 1, "Gross Co", 12_00, "9001", may.day)
    book.reverse(of["F"], "2026-06-01")  # an error: the whole debt comes back
    _dated(office, book, "Z", 33_00, posted="2026-01-31", booked="2026-02-03")
    at("2026-07-31").agency("Gross Co", 12_00, gross(of["E"], 12_00))


_PLACED = (
    ("A", "First Bay", "2026-01-10"), ("B", "First Bay", "2026-01-31"), ("C", "First Bay", "2026-02-01"),
    ("D", "First Bay", "2026-03-05"), ("E", "Gross Co", "2026-02-10"), ("F", "Gross Co", "2026-02-28"),
)  # fmt: skip


def _payment(book: OfficeBook, amount: str) -> int:
    cents = round(float(amount) * 100)
    return book.sql("SELECT id FROM payment WHERE amount = ? AND kind = 'guarantor'", cents)[0][0]


def _dated(office: Office, book: OfficeBook, line: str, cents: int, posted: str, booked: str) -> None:
    """A payment entered later than its own day, as imports do, with an accounting date of its own."""
    row = book.the_line(line)
    fee = Entry.select(Entry.id).where((Entry.line == row.id) & (Entry.code == "SVCFE")).scalar()
    with office.act("import", 1) as draft:
        Entry.insert(
            id=draft.take_entry_ids(1), act=draft.id, practice=1, line=row.id, parent=fee, code="GPYMT", debit=CASH,
            credit=AR, amount=cents, posted=dates.parse(posted), accounting_date=dates.parse(booked),
        ).execute()  # fmt: skip
        ledger.settle(draft)
        ledger.seal(draft)
