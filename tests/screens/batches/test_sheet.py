"""What a sheet says of the row being typed: whose it is, what is too much, and what posting it will do."""

from __future__ import annotations

from rich.cells import cell_len

from bo_tui.db.tables import Distribution, ServiceLine
from bo_tui.rules.batches.model import Reason
from bo_tui.screens.batches import agencysheet, batchrows, linesheet, sharerows
from bo_tui.views.batches import candidates
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.griddraw import place
from tests.screens.piloting import Sitting, sitting
from tests.support.paying import Desk, to_line


def line(one: Sitting, name: str) -> str:
    """The text of one of the lines of the sheet."""
    return one.screen.query_one(f"#sheet-{name}", Lines).text


def kept() -> list[tuple[int, int]]:
    """(line or placement, cents) of what is distributed."""
    found = Distribution.select().where(Distribution.state == "unposted").order_by(Distribution.id)
    return [(row.placement or row.line, row.amount) for row in found]


async def test_what_is_typed_belongs_to_its_row(desk: Desk) -> None:
    batch, p1 = desk.batch(100_00), desk.book.placement("P1").id
    desk.enter(batch, desk.header("agency", 100_00, agency="First Bay"))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "enter", "enter", "alt+n", "=P1", "enter", "=40", "enter", "=30", "enter", "=10")
        whose = line(one, "row").split(": ")[0]
        assert line(one, "row").endswith(f"placement {p1}, line P1, balance 100.00")
        await one.press("pagedown", "escape", "ctrl+u", "=P2", "down")
        typed = f"What is typed for {whose}, line P1 is not kept: F2 keeps it, Esc drops it."
        assert [row["balance"] for row in one.rows] == ["200.00"]
        assert line(one, "row") == typed
        await one.press("enter", "=9")  # the other row's fields are not to be had, and nothing is lost
        assert line(one, "error").endswith(
            f"line P2 waits: F2 keeps or Esc drops what is typed for {whose}, line P1 first."
        )
        assert (one.value("gross"), one.value("net"), one.value("commission")) == ("40", "30", "10")
        await one.press("backspace", "f2")
        assert kept() == [(p1, 30_00)]
        assert line(one, "row") == f"Kept what was typed for {whose}, line P1."
        # Esc in Find drops it, and says so; the sheet stays
        await one.press("=P2", "enter", "=7", "escape", "escape")
        assert line(one, "row") == f"What was typed for {whose.replace('P1', 'P2')}, line P2 is dropped."
        assert (one.value("gross"), kept()) == ("", [(p1, 30_00)])
        # what was offered and not typed goes with its row: no figures of one beside another's name
        await one.press("ctrl+u", "=P1", "enter")
        assert one.value("gross") == "40.00"
        assert line(one, "row").endswith("; already in this payment: typing replaces it")
        await one.press("escape", "=P2", "down")
        assert (one.value("gross"), "line P2" in line(one, "row")) == ("", True)
        # more than the check is asked, by the field that the check counts: a takeback listed last makes room for it
        await one.press("enter", "=1x", "enter")
        assert line(one, "error").startswith("Gross is not an amount")
        await one.press("ctrl+u", "=80", "enter", "=70.01", "enter", "=9.99", "enter")
        assert line(one, "error").startswith("Net 70.01 is more than what remains of the payment, 70.00. F2 again")
        assert kept() == [(p1, 30_00)]
        await one.press("f2")
        assert len(kept()) == 2
        assert "Remaining -0.01" in line(one, "sums")
        await one.press("=P2", "enter", "ctrl+u", "=80", "enter", "ctrl+u", "=70", "enter", "ctrl+u", "=10", "enter")
        assert "(balanced)" in line(one, "sums")


async def test_a_guarantors_sheet_asks_before_a_credit_and_takes_oldest_first(desk: Desk) -> None:
    lines = {number: desk.book.the_line(number).id for number in ("L1", "L2", "L3")}
    batch = desk.batch(350_00, 50_00)
    desk.enter(batch, desk.header("guarantor", 350_00, account="A"))
    desk.enter(batch, desk.header("guarantor", 50_00, payer="Somebody"))
    async with sitting(desk.office, "pending") as one:
        # what the program put into Find is replaced by the first letter; where nothing fits, Enter stays and says so
        await one.press("alt+m", "p", "enter", "enter", "alt+n", "=L9", "enter")
        assert line(one, "error").startswith("Nothing fits L9. Type an account")
        await one.press("ctrl+u", "=P1", "enter")
        assert "Line P1 is with First Bay; record it on the placement: Create Coll in the batch (Alt+O)" in line(
            one, "error"
        )
        await one.press("ctrl+u", "=L1", "enter", "=350.01", "enter")
        assert line(one, "error") == "Amount 350.01 is more than what remains of the payment, 350.00."
        await one.press("ctrl+u", "=99999999999")
        assert one.screen.fields["amount"].input.size.width > len("99,999,999,999.00")
        await one.press("ctrl+u", "=150", "alt+o")
        assert line(one, "error").endswith("line L1 first.")
        await one.press("enter", "enter")
        asked = "50.00 more than the line owes: it would be a credit on the line; F2 again keeps it, or put 50.00 on account"
        assert line(one, "error") == f"{asked} (Alt+A)."
        assert line(one, "follows") == "With this row: line left -50.00, a credit."
        await one.press("enter")  # not a second Enter: F2
        assert kept() == []
        await one.press("f2")
        assert kept() == [(lines["L1"], 150_00)]
        await one.press("=L2", "enter", "=100", "f2")  # just what it owes is not asked
        await one.press("alt+o")
        assert "- line L3: 100.00 of 100.00" in one.dialog
        await one.press("n", "alt+a", "tab", "=60", "f2")
        assert line(one, "row") == "Added 1 distribution; remaining 40.00 (to distribute)."
        await one.press("alt+o", "y")
        assert line(one, "row") == "Added 1 distribution; remaining 0.00 (balanced)."
        assert kept()[1:] == [(lines["L2"], 100_00), (None, 60_00), (lines["L3"], 40_00)]
        await one.press("alt+a")
        assert line(one, "error") == "Nothing of this payment remains to be distributed."
        await one.press("escape", "escape")
        assert one.said == "Kept 4 rows; remaining 0.00 (balanced)."
        # an account whose only debt an agency has
        await one.press("alt+s", "end", "enter", "alt+n", "=P1", "alt+o")
        assert one.screen.heading == "Put 50.00 on account of A-P1?"
        assert "No line of the account takes it: each is paid, the insurer's, or with an agency." in one.dialog


async def test_an_insurers_sheet_foretells_adjustments_and_a_recall(desk: Desk) -> None:
    desk.book.line("I", 153_50, account="A", responsibility="insurance")
    batch = desk.batch(200_00)
    desk.enter(batch, desk.header("insurance", 200_00, payer="Acme"))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "enter", "enter", "alt+n", "=I", "enter", "=50", "enter", "=103.51", "enter")
        assert line(one, "error").startswith(
            "Adjustments of 103.51 are more than what its payment leaves of line I, 103.50;"
        )
        await one.press("ctrl+u", "=50", "enter", "enter", "=co-45 50", "f2")
        assert line(one, "error").startswith("CO-45 stands in its own field, CO-45 adj.; twice it would adjust twice.")
        await one.press("ctrl+u", "=CO-97 50, PR-1 3.5")
        assert line(one, "follows") == "With this row: adjusted in all 100.00, line left 3.50."
        await one.press("f2")
        assert [row["balance"] for row in one.rows] == ["3.50"]  # what waits to be adjusted is not owed either
        # a placed line: what posting will bring back stands there before anything is kept
        await one.press("=P1", "enter")
        assert (
            line(one, "follows")
            == "Posting recalls 100.00 from First Bay; what is left then waits for First Bay again."
        )
        await one.press("=150", "f2")
        assert "Posting recalls 100.00 from First Bay." in line(one, "follows")
        assert "put 50.00 in suspense (Alt+2 on the payment)" in line(one, "error")
        await one.press("f2", "escape", "escape", "alt+s", "alt+p", "f2")
        assert "It recalls 100.00 of 1 placement from agencies." in one.dialog
        await one.press("y")
        assert one.said == "Posted 1 payment of batch 1: 2 distributions, 200.00, recalled 100.00 of 1 placement."
    assert (desk.book.balance("I"), desk.book.balance("P1")) == (3_50, -50_00)
    assert ServiceLine.get(ServiceLine.number == "P1").responsibility == "guarantor"


def test_a_pending_adjustment_of_another_payment_is_not_owed_a_second_time(desk: Desk) -> None:
    reasons = (Reason("CO", "45", 20_00), Reason("PR", "1", 5_00))
    desk.enter(desk.batch(10_00), desk.header("insurance", 10_00, payer="Acme"), to_line("L1", 10_00, reasons=reasons))
    (found,) = candidates.lines(desk.office, 1, 0, "L1")
    assert (found.balance, found.left, found.placed, found.own) == (100_00, 70_00, 0, None)


def test_no_word_of_a_title_or_state_is_cut_at_80_cells() -> None:
    sheets = {"agency": (agencysheet.COLUMNS, 76), "line": (linesheet.COLUMNS, 76)}
    pages = {
        "batch": (batchrows.PAYMENTS, 80),
        "placements": (sharerows.PLACEMENTS, 80),
        "lines": (sharerows.LINES, 80),
    }
    for name, (columns, width) in (sheets | pages).items():
        needs = {at: 30 if column.grow else column.width for at, column in enumerate(columns)}
        for one in place(columns, width, 0, needs).placed:
            assert one.width >= cell_len(one.column.title), (name, one.column.title)
            assert one.column.key != "state" or one.width >= len("part rev."), name
