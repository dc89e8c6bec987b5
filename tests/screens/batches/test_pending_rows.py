"""What a batch has not posted yet stands as `pending` in every ledger view, outside the balance, and takes no act there."""

from __future__ import annotations

from tests.screens.piloting import Sitting, sitting
from tests.support.paying import Desk, gross, to_line


def told(one: Sitting, *keys: str) -> list[tuple[str, ...]]:
    """Some cells of the rows of the ledger that have a code of payments."""
    return [tuple(row[key] for key in keys) for row in one.rows if row["code"].endswith(("PYMT", "PAY"))]


async def test_pending_rows_in_transactions_and_in_both_tabs_of_the_account(desk: Desk) -> None:
    p1 = desk.book.placement("P1").id
    desk.agency("First Bay", 30_00, gross(p1, 30_00), number="70")
    batch = desk.batch(20_00, 10_00)
    desk.enter(batch, desk.header("agency", 20_00, agency="First Bay", number="71"), gross(p1, 40_00, 30_00),
               gross(p1, -10_00))  # fmt: skip
    desk.enter(batch, desk.header("guarantor", 10_00, account="A", number="72"), to_line("L1", 10_00))
    async with sitting(desk.office, "transactions") as one:
        await one.press("=a-p1", "enter", "=+")
        assert told(one, "date", "description", "amount") == [
            ("2026-11-20", "Check 70", "-30.00"),
            ("pending", "Check 71, kept 10.00, batch 2", "-40.00"),
            ("pending", "Check 71, batch 2", "10.00"),
        ]
        assert one.rows[0]["balance"] == "70.00"
        await one.press("end")
        assert one.said.startswith("Pending: RVPAY 10.00 waits in payment batch 2")
        for key, what in (("alt+r", "change it in"), ("alt+v", "look at its payment, in"), ("alt+p", "attach to its")):
            await one.press(key)
            assert one.said.startswith(f"It is not posted yet; {what}")
            assert one.said.endswith("payment batch 2.")
        await one.press("alt+b", "alt+3", "=+")  # Account, its tab External
        assert told(one, "date", "amount") == [("2026-11-20", "-30.00"), ("pending", "-40.00"), ("pending", "10.00")]
        await one.press("escape", "escape", "escape")
        assert one.app.name_of(one.screen) in ("transactions", "home")
        one.app.show_account(desk.book.the_line("L1").account, "account_ar")
        await one.rest()
        await one.press("=+")
        assert told(one, "date", "description", "amount") == [("pending", "batch 2", "-10.00")]
        assert one.rows[-1]["balance"] in ("", "100.00")
