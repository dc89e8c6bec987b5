"""Where the cursor stands after coming back, and what a form shows once somebody else changed what it is about."""

from __future__ import annotations

from dataclasses import replace

from bo_tui.db.tables import Payment, PaymentBatch
from bo_tui.office import Actor
from bo_tui.rules.batches import batches, payments
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip
from tests.screens.piloting import Sitting, sitting
from tests.support.paying import Desk


def under(one: Sitting, column: str) -> str:
    """The current row's cell in a column."""
    grid = one.screen.query_one(LedgerGrid)
    at = [column.key for column in grid.columns].index(column)
    return grid.current.cells[at]


async def test_the_cursor_stands_on_what_was_worked_on(desk: Desk) -> None:
    for _ in range(3):
        desk.batch(10_00, 20_00)
    second = PaymentBatch.get(PaymentBatch.number == 2).id
    desk.enter(second, desk.header("guarantor", 10_00, account="A", number="old"))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "down", "enter")
        await one.press(
            "alt+g", "=A", "enter", "enter", "enter", "=new", "enter", "=20", "f2", "escape", "escape", "alt+s"
        )
        assert (one.said, under(one, "number")) == (
            "Check new of A, Ana is saved; remaining 20.00 (to distribute).",
            "new",
        )
        await one.press("alt+r")
        assert "20.00 and 0 distributions go with it." in one.dialog
        await one.press("n", "home", "enter", "escape")
        assert under(one, "number") == "old"
        # the other tab, a payment opened from the first, and back
        await one.press("alt+2", "alt+1", "end", "enter", "escape")
        assert (one.screen.query_one(TabStrip).active, under(one, "number")) == ("payments", "new")
        await one.press("escape")
        assert under(one, "batch") == "2"
        await one.press("down", "enter", "escape")
        assert under(one, "batch") == "3"
        await one.press("alt+m", "a", "end", "enter", "escape")
        last = under(one, "account")
        await one.press("home")
        assert under(one, "account") != last


async def test_every_field_that_somebody_changed_is_named_and_taken_where_nothing_was_typed(desk: Desk) -> None:
    batch = desk.batch(10_00)
    header = desk.header("guarantor", 10_00, account="A", number="71")
    payment = desk.enter(batch, header)
    bo = desk.office.by(Actor("bo", "operator"))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "alt+e", "alt+e", "=mine")
        batches.update(bo, batch, 5, 1_250_00, None, "theirs")
        await one.press("f2")
        assert (
            "was changed meanwhile by bo (batch update): expected count is 5, expected total is 1,250.00, "
            in one.dialog
        )
        assert "description is theirs (yours is kept)." in one.dialog
        assert [one.value(key) for key in ("expected_count", "expected_total", "description")] == [
            "5",
            "1,250.00",
            "mine",
        ]
        await one.press("f2")
        row = PaymentBatch.get_by_id(batch)
        assert (row.expected_count, row.expected_total, row.description) == (5, 1_250_00, "mine")

        await one.press("enter", "alt+h", "alt+a", "ctrl+u", "=11")
        payments.update(bo, payment, replace(header, number="72", amount=12_00, note="counted again"))
        await one.press("f2")
        assert "number is 72, amount is 12.00 (yours is kept), note is counted again." in one.dialog
        await one.press("f2")
        found = Payment.get_by_id(payment)
        assert (found.number, found.amount, found.note) == ("72", 11_00, "counted again")


async def test_a_payment_of_an_agency_without_any_debt_is_asked_about_once(desk: Desk) -> None:
    desk.book.agency("Third", remits="gross")
    desk.batch(10_00)
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "enter", "alt+o", "=third", "enter", "enter", "=4471", "enter", "=10", "f2")
        assert "Third never had a debt of this practice; F2 again" in one.dialog
        assert (one.value("agency"), Payment.select().count()) == ("Third, gross", 0)
        await one.press("f2")
        assert Payment.select().count() == 1
