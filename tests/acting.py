"""What the tests of the operators' acts share: agency payments, settings, and the books added up directly."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bo_tui.db.tables import Act, Change, Entry, Placement, Practice, ServiceLine
from bo_tui.errors import Refusal
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger
from bo_tui.rules.codes import CASH, COMMISSION, EXT
from tests import making

FEE = 480_00


def refusal(error: pytest.ExceptionInfo[Refusal]) -> tuple[str, str | None]:
    """A refusal's sentence and form field."""
    return error.value.sentence, error.value.field


def a_line(office: Office, number: str = "L1", fee: int = FEE, **fields: object) -> int:
    """A line on an account of its own (A + number)."""
    return making.make_line(office, making.make_account(office, f"A{number}"), number, fee, **fields)  # type: ignore[arg-type]


def placed(office: Office, agency: int, number: str = "L1", fee: int = FEE, **fields: object) -> int:
    """A placement of a new line's whole balance; its id."""
    return making.place(office, a_line(office, number, fee, **fields), agency)


def agency_payment(office: Office, placement: int, gross: int, commission: int = 0) -> tuple[int, int | None]:
    """An EPYMT of so many cents with its ECOMM, as a payment batch posts them; their ids."""
    office.store.use()
    row = Placement.get_by_id(placement)
    with office.act("payment", row.practice) as draft:
        paid = ledger.write(
            draft, "EPYMT", (CASH, EXT), gross, line=row.line, placement=row.id, parent=row.id, number="7"
        )
        kept = None
        if commission:
            kept = ledger.write(
                draft, "ECOMM", (COMMISSION, CASH), commission, line=row.line, placement=row.id, parent=paid
            )
        ledger.settle(draft)
        ledger.seal(draft)
    return paid, kept


def practice_setting(office: Office, **fields: object) -> None:
    """Change the practice's settings by an act, past what the rules refuse."""
    office.store.use()
    making.change(office, Practice, Practice.id == making.PRACTICE, **fields)


def line(number: str = "L1") -> ServiceLine:
    """A line by number."""
    return ServiceLine.get(ServiceLine.number == number)


def changes(act: int) -> list[tuple[str, str, str | None, str | None]]:
    """What an act changed: subject, field, before, after."""
    rows = Change.select(Change.subject, Change.field, Change.before, Change.after).where(Change.act == act)
    return list(rows.order_by(Change.id).tuples())


def entries(act: int) -> list[tuple[str, str, str, int]]:
    """What an act moved: code, debit, credit, cents."""
    rows = Entry.select(Entry.code, Entry.debit, Entry.credit, Entry.amount).where(Entry.act == act)
    return list(rows.order_by(Entry.id).tuples())


def acts() -> int:
    """How many acts there are."""
    return Act.select().count()


def viewer(office: Office) -> Office:
    """The same office in the hands of someone who may only look."""
    return office.by(Actor("vic", "viewer"))


def assert_sound(office: Office) -> None:
    """The invariants of DESIGN section 2, added up in plain Python, and then as `bo-tui check` sees them."""
    office.store.use()
    ar, ext, owed, transit = defaultdict(int), defaultdict(int), defaultdict(int), defaultdict(int)
    up, down = ("SVCFE", "RVPAY", "MADJP"), ("RVFEE", "IPYMT", "GPYMT", "EPYMT", "MADJN")
    for row in Entry.select():
        for book, sign in ((row.debit, 1), (row.credit, -1)):
            ar[row.line] += sign * row.amount * (book == "AR")
            ext[row.placement] += sign * row.amount * (book == "EXT")
            transit[row.act] += sign * row.amount * (book == "EXT_TRANSIT")
        owed[row.line] += row.amount * ((row.code in up) - (row.code in down))
    assert not any(transit.values())
    balances, open_ones = defaultdict(int), defaultdict(int)
    for row in Placement.select():
        assert row.balance == ext[row.id] >= 0
        assert row.closed is None or row.balance == 0
        balances[row.line] += row.balance
        open_ones[row.line] += row.closed is None
    assert all(count <= 1 for count in open_ones.values())
    for row in ServiceLine.select():
        assert row.ar == ar[row.id]
        assert row.ar + balances[row.id] == owed[row.id]
    findings = making.verify(office)
    assert not findings, findings
