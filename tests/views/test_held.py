"""What the page Money held reads, against the rules' own figures and by hand."""

from __future__ import annotations

import pytest

from bo_tui.office import Office
from bo_tui.rules.batches import held, invoices, reversing
from bo_tui.rules.batches.model import Share
from bo_tui.views import held as view
from tests import making
from tests.support.book import OfficeBook
from tests.support.paying import Desk, gross


@pytest.fixture
def desk(office: Office) -> Desk:
    book = OfficeBook(office)
    book.agency("Gross Co", remits="gross")
    book.line("Q", 150_00)
    book.add(["Q"], "Gross Co", "2026-09-01")
    book.post(["Q"], "2026-09-01")
    for line in ("L1", "L2"):
        book.line(line, 100_00, account="A")
    return Desk(book, making.DAY)


def test_money_on_account_with_the_day_on_which_it_last_began(desk: Desk) -> None:
    for cents, back in ((50_00, 9), (30_00, 5), (20_00, 3)):
        earlier = Desk(desk.book, making.DAY - back)
        earlier.guarantor("A", cents, Share("on_account", cents))
        if back == 9:
            held.apply_on_account(desk.office.on(making.DAY - 7), 1, "A", None)
    (row,) = view.on_account(desk.office, 1)
    assert (row.number, row.amount, row.since, row.owed) == ("A", 50_00, making.DAY - 5, 150_00)
    assert row.amount == held.on_account(desk.office, 1, "A")
    rows = view.entries(desk.office, 1, view.ON_ACCOUNT, account=row.id)
    assert [(one.code, one.moved, one.balance) for one in rows] == [
        ("ONACCT", 50_00, 50_00), ("GPYMT", -50_00, 0), ("ONACCT", 30_00, 30_00), ("ONACCT", 20_00, 50_00),
    ]  # fmt: skip
    assert [payer for _, _, _, payer, _ in view.brought(desk.office, 1, row.id)] == ["A, Ana"] * 3
    held.apply_on_account(desk.office, 1, "A")
    assert view.on_account(desk.office, 1) == []
    assert [one.amount for one in view.on_account(desk.office, 1, everything=True)] == [0]


def test_what_payments_hold_is_what_the_rules_say_also_after_a_recoupment(desk: Desk) -> None:
    desk.insurer(90_00, Share("suspense", 60_00), Share("misc", 30_00))
    desk.insurer(40_00, Share("suspense", 40_00))
    first, second = (row.payment for row in held.held(desk.office, 1))
    held.from_suspense(desk.office, first, "line", 25_00, line="L1")
    held.from_suspense(desk.office, second, "misc")
    into = view.entries(desk.office, 1, view.SUSPENSE, payment=first)[0].id
    desk.insurer(10_00, Share("suspense", 20_00), Share("recoup", 10_00, of_entry=into))
    for book in (view.SUSPENSE, view.MISC_INCOME):
        rows = view.payments(desk.office, 1, book)
        assert [(row.id, row.payer, row.number, row.posted, row.came, row.amount) for row in rows] == [
            (row.payment, row.payer, row.number, row.posted, row.amount, row.left)
            for row in held.held(desk.office, 1, book)
        ]
    assert [row.amount for row in view.payments(desk.office, 1, view.SUSPENSE, everything=True)] == [25_00, 0, 20_00]
    behind = view.entries(desk.office, 1, view.SUSPENSE, payment=first)
    assert [(one.code, one.moved, one.line) for one in behind] == [
        ("IPYMT", 60_00, None), ("IPYMT", -25_00, "L1"), ("RSCND", -10_00, None),
    ]  # fmt: skip
    assert behind[-1].balance == view.payments(desk.office, 1, view.SUSPENSE)[0].amount
    assert [one.left for one in behind][:2] == [60_00, 25_00]  # what a payer rescinded is no reversal


def test_what_agencies_are_owed_earned_and_were_paid(desk: Desk) -> None:
    placed = desk.book.placement("Q").id
    desk.agency("Gross Co", 100_00, gross(placed, 100_00, 80_00))
    paid = invoices.pay_agency(desk.office, 1, "Gross Co", 15_00, "881", making.DAY)
    (row,) = view.owed(desk.office, 1)
    assert (row.earned, row.paid, row.amount, row.last_paid) == (20_00, 15_00, 5_00, making.DAY)
    assert {row.name: row.amount} == invoices.owed(desk.office, 1)
    reversing.reverse_entry(desk.office, paid.entries[0], "stopped")
    rows = view.entries(desk.office, 1, view.AGENCY_PAYABLE, agency=row.id)
    assert [(one.code, one.moved, one.balance, one.left) for one in rows] == [
        ("ECOMM", 20_00, 20_00, 20_00), ("AGPAY", -15_00, 5_00, 0), ("RVAGP", 15_00, 20_00, 15_00),
    ]  # fmt: skip
    invoices.pay_agency(desk.office, 1, "Gross Co", 20_00, "882", making.DAY)
    assert (view.owed(desk.office, 1), len(view.owed(desk.office, 1, everything=True))) == ([], 1)
