"""Money that moves after the debt has moved, each case of DESIGN section 2 by keys; the fixture's check is silent afterwards."""

from __future__ import annotations

from bo_tui.db.tables import Act
from bo_tui.office import Actor
from bo_tui.rules.batches import reversing
from tests.screens.piloting import sitting
from tests.support.paying import Desk, gross


def last(desk: Desk) -> list[tuple[str, str, str, int]]:
    """What the latest act moved."""
    return desk.moved(Act.select().order_by(Act.id.desc()).get().id)


async def test_every_case_from_the_screens(desk: Desk) -> None:
    one_, two = desk.book.placement("P1").id, desk.book.placement("P2").id
    desk.agency("First Bay", 70_00, gross(one_, 40_00, 30_00), gross(two, 50_00, 40_00), number="70")
    desk.book.reassign("P1", "Gross Co", "2026-11-20")
    desk.book.transfer("P2", "2026-11-20")
    async with sitting(desk.office, "transactions") as one:
        # a bounced payment on a placement since reassigned: to the agency that has the debt now
        await one.press("alt+m", "p", "enter", "alt+e")
        assert "- Line P1: 40.00 goes to Gross Co, with whom the debt was reassigned since." in one.dialog
        assert "- Line P2: 50.00 goes to active AR, where the debt is now." in one.dialog
        await one.press("escape", "enter", "alt+e", "=bounced")
        assert "Line P1: 40.00 goes to Gross Co" in one.dialog
        share = (
            desk.last().id - 1
        )  # another reverses a part meanwhile: refused with the state of now, what was typed stays
        reversing.reverse_distribution(desk.office.by(Actor("bo", "supervisor")), share, "a part", 10_00)
        await one.press("f2")
        assert "was changed meanwhile by bo (reverse)" in one.dialog
        assert (one.value("reason"), one.value("amount")) == ("bounced", "40.00")
        assert "EPYMT of 40.00, 30.00 left" in one.dialog
        await one.press("f2")
        assert "40.00 is more than is left to reverse, 30.00" in one.dialog
        await one.press("ctrl+u", "=30")
        assert "Line P1: 30.00 goes to Gross Co" in one.dialog
        await one.press("f2")
        assert one.said == "Reversed 30.00 by 4 entries."
        assert last(desk) == [
            ("RVPAY", "EXT", "CASH", 30_00), ("RVCOMM", "CASH", "COMMISSION", 7_50),
            ("AGTFR", "EXT_TRANSIT", "EXT", 30_00), ("EXCOL", "EXT", "EXT_TRANSIT", 30_00),
        ]  # fmt: skip
        assert desk.book.placement("P1").balance == 100_00
        # a part of one on a placement since brought back, from Transactions: to active AR
        await one.press("alt+m", "x", "alt+2", "alt+z", "=a-p2", "enter", "=+", "down", "alt+r", "=stopped", "enter")
        assert "- Line P2: 50.00 goes to active AR, where the debt is now." in one.dialog
        await one.press("ctrl+u", "=20", "f2")
        assert one.said.startswith("RVPAY of 20.00 with 4.00 commission written; the balance in active AR is 170.00")
        assert [row[:3] for row in last(desk)] == [
            ("RVPAY", "EXT", "CASH"), ("RVCOMM", "CASH", "COMMISSION"), ("RVCOL", "AR", "EXT"),
        ]  # fmt: skip
        # an insurer's payment on a placed line: the debt comes back, the rest waits for the same agency
        await one.press("alt+m", "p", "alt+c", "=1", "enter", "=120", "f2")
        await one.press(
            "alt+i", "=Acme", "tab", "tab", "tab", "=99", "enter", "=120", "f2", "=P3", "enter", "=120", "f2"
        )
        await one.press("escape", "escape", "alt+s", "alt+p", "f2", "y")
        assert one.said == "Posted 1 payment of batch 2: 1 distribution, 120.00, recalled 300.00 of 1 placement."
        assert last(desk) == [("RVCOL", "AR", "EXT", 300_00), ("IPYMT", "CASH", "AR", 120_00)]
        assert (desk.book.balance("P3"), desk.book.waiting()["P3"]) == (180_00, "First Bay")
        # an agency's money for debts that it no longer has: where they are now, keeping who paid; asked before
        await one.press("escape", "alt+c", "=1", "enter", "=60", "f2")
        await one.press("alt+o", "=first", "enter", "enter", "=71", "enter", "=60", "f2", "alt+z")
        for line, figures in (("P1", ("=50", "=40", "=10")), ("P2", ("=25", "=20", "=5"))):
            await one.press(f"={line}", "enter", *(key for figure in figures for key in (figure, "enter")))
        await one.press("escape", "escape", "alt+p", "f2", "y")
        assert "2 debts moved since" in one.screen.heading
        await one.press("y")
        assert one.said == "Posted 1 payment of batch 3: 2 distributions, 60.00."
        assert sorted(last(desk)) == [
            ("ECOMM", "COMMISSION", "CASH", 5_00), ("ECOMM", "COMMISSION", "CASH", 10_00),
            ("EPYMT", "CASH", "EXT", 50_00), ("GPYMT", "CASH", "AR", 25_00),
        ]  # fmt: skip
        assert (desk.book.placement("P1").balance, desk.book.balance("P2")) == (50_00, 145_00)
        # and off the line again in active AR, its money kept on account
        one.app.show_account(desk.book.the_line("P2").account, "account_ar")
        await one.rest()
        await one.press("=+")
        at = next(at for at, row in enumerate(one.rows) if row["code"] == "GPYMT" and row["amount"] == "-25.00")
        await one.press(*["down"] * at, "alt+r", "=another's", "enter", "enter", "=on acc", "enter")
        assert "the money is kept on account" in one.dialog
        await one.press("f2")
        assert one.said.startswith("RVPAY of 25.00 written; the balance in active AR is 170.00")
    assert desk.stands("ON_ACCOUNT") == -20_00
