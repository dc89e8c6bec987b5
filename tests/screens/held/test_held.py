"""Money held by keys: each of the four tabs, what may be done there and what is dimmed, and what lies behind an amount."""

from __future__ import annotations

import pytest

from bo_tui.office import Actor, Office
from bo_tui.rules import checking
from bo_tui.rules.batches import held, invoices, reversing
from bo_tui.rules.batches.model import Share
from bo_tui.widgets.tabs import TabStrip
from tests import acting, making
from tests.screens.piloting import Sitting, sitting
from tests.support.book import OfficeBook
from tests.support.paying import Desk, gross, to_line


@pytest.fixture
def desk(office: Office):
    """A owes L1 and L2; an agency's check in suspense, an insurer's in income, and P placed with Gross Co."""
    book = OfficeBook(office)
    book.agency("Gross Co", remits="gross")
    book.line("P", 150_00)
    book.add(["P"], "Gross Co", "2026-09-01")
    book.post(["P"], "2026-09-01")
    for line, since in (("L1", "2026-08-01"), ("L2", "2026-07-01")):
        book.line(line, 100_00, since, account="A")
    yield Desk(book, making.DAY)
    assert checking.check(office.store) == []


async def at_held(one: Sitting, tab: int = 1) -> None:
    await one.press("alt+m", "p", "alt+h", *([f"alt+{tab}"] if tab > 1 else []))


async def test_on_account_to_lines_to_suspense_and_refunded(desk: Desk) -> None:
    acting.practice_setting(desk.office, uses_accounting_dates=True, closed_through=making.DAY - 30)
    desk.guarantor("A", 170_00, Share("on_account", 170_00), number="31", accounting_date=making.DAY)
    desk.enter(desk.batch(5_00), desk.header("guarantor", 5_00, account="A", accounting_date=making.DAY),
               Share("on_account", 5_00))  # fmt: skip
    async with sitting(desk.office, "pending") as one:
        await at_held(one)
        assert [(row["account"], row["since"], row["amount"], row["owed"]) for row in one.rows] == [
            ("A", "2026-11-20", "170.00", "200.00"), ("A", "pending", "5.00", ""),
        ]  # fmt: skip
        await one.press("alt+i")
        assert one.said == "That is for Suspense (Alt+2)."
        await one.press("alt+o", "ctrl+u", "=120")
        assert "line L2 100.00 of 100.00, line L1 20.00 of 100.00" in one.dialog
        held.apply_on_account(desk.office.by(Actor("bo", "operator")), 1, "A", amount=60_00, accounting_date=making.DAY)
        await one.press("f2")  # less is there than was seen: what was typed stays, what is there is shown
        assert (
            "Money on account of account A was changed meanwhile by bo (apply on account): it is 110.00 now."
            in one.dialog
        )
        assert "110.00 on account\n" in one.dialog + "\n"
        assert one.value("amount") == "120"
        await one.press("ctrl+u", "=60", "f2")
        assert one.said == "60.00 went to lines, by 2 entries."
        await one.press("alt+l", "=L1", "f2")
        assert one.said == "50.00 went to the line, by 1 entry."
        assert (desk.book.balance("L1"), desk.book.balance("L2")) == (30_00, 0)
        assert [row["since"] for row in one.rows] == ["pending"]
        await one.press("alt+o")
        assert one.said == "It is not posted yet; it is changed and posted in batch 2."
        await one.press("alt+z", "home", "alt+r")
        assert one.said == "Nothing of it is left; Alt+E reverses what moved it."
        # the last payment off the line again: its money came from on account and goes back there
        await one.press("alt+e", "enter", "=wrong line", "f2")
        assert one.said == "Reversed 50.00 by 1 entry."
        await one.press("alt+u", "ctrl+u", "=20", "f2")
        assert one.said == "20.00 went to suspense, by 1 entry."
        await one.press("alt+r", "ctrl+u", "=30", "enter", "enter", "f2")
        assert "Reason is needed" in one.dialog
        await one.press("=paid twice", "alt+n", "=5512", "f2")
        assert one.said == "30.00 went as a refund, by 1 entry."
        await one.press("alt+h")
        assert one.screen.query_one("TextView").text.startswith("# 2026-11-20  REFND -30.00, then 0.00  by")
        await one.press("escape", "alt+c")
        assert one.app.session.account is not None
        await one.press("escape", "escape")
        assert one.app.name_of(one.screen) == "payment_batches"
    assert desk.books()["REFUND"] == -30_00


async def test_suspense_to_a_line_on_account_income_and_back(desk: Desk) -> None:
    desk.agency("Gross Co", 100_00, Share("suspense", 100_00), number="77")
    async with sitting(desk.office, "pending") as one:
        await at_held(one, 2)
        assert [(row["payer"], row["number"], row["came"], row["amount"]) for row in one.rows] == [
            ("Gross Co", "77", "100.00", "100.00")
        ]
        await one.press("alt+o")
        assert one.said == "That is for On Account (Alt+1)."
        await one.press("alt+l", "=P")
        assert "P, Ana, account A-P: 150.00, with Gross Co" in one.dialog
        await one.press("enter", "=200", "f2")
        assert "200.00 is too much: Check 77 of Gross Co has 100.00 there." in one.dialog
        await one.press("ctrl+u", "=40", "f2")
        assert one.said == "40.00 went to the line, by 1 entry."
        await one.press("alt+a", "=A", "enter", "ctrl+u", "=10", "f2")
        assert one.said == "10.00 went on account, by 1 entry."
        await one.press("alt+i", "ctrl+u", "=30", "f2")
        assert one.said == "30.00 went to miscellaneous income, by 1 entry."
        assert one.rows[0]["amount"] == "20.00"
        await one.press("alt+3", "alt+u", "ctrl+u", "=25", "f2")
        assert one.said == "25.00 went to suspense, by 1 entry."
        await one.press("alt+r", "tab", "tab", "=overpaid", "f2")
        assert one.said == "5.00 went as a refund, by 1 entry."
        assert one.rows == []
        await one.press("alt+2", "f8")
        told = one.screen.query_one("TextView").text
        assert [line.split()[2] for line in told.split("\n") if line.startswith("#")] == [
            "RVMIS", "SMISC", "ONACCT", "EPYMT", "EPYMT",
        ]  # fmt: skip
    assert desk.books()["SUSPENSE"] == -45_00
    assert desk.book.placement("P").balance == 110_00


async def test_a_lines_credit_is_refunded_and_another_who_was_quicker_is_named(desk: Desk) -> None:
    desk.guarantor("A", 130_00, to_line("L1", 130_00), number="31")
    async with sitting(desk.office, "pending") as one:
        await at_held(one)
        await one.press("alt+k", "=L2", "enter", "enter", "enter", "=paid twice")
        assert "line L2 has no credit, its balance is 100.00." in one.dialog
        await one.press("f2")
        assert "That line has no credit to refund." in one.dialog
        await one.press("ctrl+u", "=L1", "enter")
        assert "account A: line L1 has a credit of 30.00." in one.dialog
        held.refund(desk.office.by(Actor("bo", "operator")), 1, 10_00, "Ana", line="L1")
        await one.press("f2")
        assert "Line L1 was changed meanwhile by bo (refund): it has a balance of -20.00 in active AR." in one.dialog
        assert one.value("reason") == "paid twice"
        await one.press("f2")
        assert one.said == "20.00 of the line's credit went as a refund."
        one.app.show_account(desk.book.the_line("L1").account, "account_ar")
        await one.rest()
        await one.press("=+")
        assert [row["amount"] for row in one.rows if row["code"] == "REFND"] == ["10.00", "20.00"]


async def test_what_an_agency_was_paid_too_much_lessens_no_other_agencys_due(desk: Desk) -> None:
    """20.00 of commission paid, then the check that earned it reversed; First Bay is owed 3.00."""
    desk.agency("Gross Co", 100_00, gross(desk.book.placement("P").id, 100_00, 80_00))
    invoices.pay_agency(desk.office, 1, "Gross Co", 20_00, "900", desk.day)
    reversing.reverse_payment(desk.office, desk.last().payment, "bounced")
    desk.book.agency("First Bay")
    desk.book.line("F", 50_00)
    desk.book.add(["F"], "First Bay", "2026-09-01")
    desk.book.post(["F"], "2026-09-01")
    placement = desk.book.placement("F").id
    desk.agency("First Bay", 10_00, gross(placement, 10_00, 7_00), received_from_patient=True)
    async with sitting(desk.office, "pending") as one:
        await at_held(one, 4)
        assert [(row["agency"], row["amount"]) for row in one.rows] == [
            ("First Bay", "3.00"),
            ("Gross Co", "20.00 paid too much"),
        ]
        assert one.screen.query_one(TabStrip).counts["owed"] == "3.00, 20.00 paid too much"
        await one.press("end", "alt+p")
        assert one.said.startswith("Nothing of it is left")


async def test_an_agencys_invoice_is_paid_and_taken_back(desk: Desk) -> None:
    desk.agency("Gross Co", 100_00, gross(desk.book.placement("P").id, 100_00, 80_00))
    async with sitting(desk.office, "pending") as one:
        await at_held(one, 4)
        assert [(row["agency"], row["earned"], row["amount"]) for row in one.rows] == [("Gross Co", "20.00", "20.00")]
        await one.press("alt+p", "enter", "=881", "enter", "enter", "ctrl+u", "=21", "f2")
        assert "Gross Co is owed 20.00." in one.dialog
        await one.press("ctrl+u", "=15", "f2")
        assert one.said == "15.00 went to Gross Co, by 1 entry."
        assert invoices.owed(desk.office, 1) == {"Gross Co": 5_00}
        await one.press("alt+e", "enter", "=stopped", "f2")
        assert one.said == "Reversed 15.00 by 1 entry."
        assert [(row["paid"], row["amount"]) for row in one.rows] == [("0.00", "20.00")]
    async with sitting(desk.office.by(Actor("vi", "viewer")), "pending") as one:
        await at_held(one, 4)
        await one.press("alt+p")
        assert "takes the role" in one.said
        await one.press("enter")
        assert "RVAGP 15.00, then 20.00" in one.screen.query_one("TextView").text
