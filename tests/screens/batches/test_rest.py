"""A bounced check that is posted in part: the dialog says before what is taken away besides, the batch what never came."""

from __future__ import annotations

from bo_tui.rules.batches import reversing
from bo_tui.screens.batches import words
from bo_tui.views.batches import payments
from bo_tui.widgets.dialog import Lines
from tests.screens.piloting import sitting
from tests.support.paying import Desk, to_line


def partly(desk: Desk) -> int:
    """A payment of 30.00 of which 20.00 is posted, because L1 was placed meanwhile; its id."""
    batch = desk.batch(30_00)
    header = desk.header("guarantor", 30_00, account="A", number="77")
    payment = desk.enter(batch, header, to_line("L1", 10_00), to_line("L2", 20_00))
    desk.book.add(["L1"], "First Bay", desk.day)
    desk.book.post(["L1"], desk.day)
    assert desk.post(batch).partly == 1
    return payment


def test_what_waits_is_not_called_reversed(desk: Desk) -> None:
    payment = partly(desk)
    reversing.reverse_distribution(desk.office, desk.last().id, "not this line")
    row = payments.one(desk.office, payment)
    assert row is not None
    assert words.state(row) == "part rev."


async def test_what_is_not_posted_is_told_and_taken_away(desk: Desk) -> None:
    partly(desk)
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "enter", "alt+s")
        assert one.said == (
            "No exception waits to be settled here. Payments are searched from the list of batches: Esc, then Alt+S."
        )
        await one.press("alt+e")
        assert "- 10.00 of it is not posted (1 row waiting): where the money goes back" in " ".join(one.dialog.split())
        await one.press("=bounced", "f2")
        assert one.said.endswith("10.00 of it was not posted (1 row waiting) and is taken away.")
        assert [(row["remaining"], row["state"]) for row in one.rows] == [("10.00", "reversed")]
        await one.press("enter")
        head = one.screen.query_one("#payment-head", Lines).text
        assert head.endswith("Distributed 20.00   10.00 never posted, the payment was reversed")
    assert desk.stands("CASH") == 0
