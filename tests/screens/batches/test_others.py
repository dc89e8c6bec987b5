"""Guarantors' and insurers' money by keys, what goes to no line, remittances, images, the list and its search."""

from __future__ import annotations

from pathlib import Path

from bo_tui.db.tables import Attachment, DistributionReason, Payment, ServiceLine
from bo_tui.rules.batches.model import Share
from bo_tui.widgets.dialog import Lines
from tests import making
from tests.pictures import png
from tests.screens.piloting import Sitting, sitting
from tests.support.paying import Desk, to_line

REMIT = """account,placement,date,type,gross,net,commission,reference
,{placement},2026-11-10,payment,60.00,45.00,15.00,R1
A-NOBODY,,2026-11-10,payment,10.00,10.00,0.00,R2
"""


def line(one: Sitting, name: str) -> str:
    """The text of one of the lines in front."""
    return one.screen.query_one(f"#{name}", Lines).text


async def test_a_guarantors_money_oldest_first_by_hand_and_on_account(desk: Desk, tmp_path: Path) -> None:
    desk.batch(180_00)
    (tmp_path / "p.png").write_bytes(png())
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "enter", "alt+g", "=A", "enter", "enter", "enter", "=CASH", "enter", "=180")
        await one.press("alt+i")
        await one.paste(str(tmp_path / "q.png"))
        await one.press("f2")
        assert "q.png" in one.dialog  # before a payment is kept for it
        assert Payment.select().count() == 0
        await one.press("backspace", "backspace", "backspace", "backspace", "backspace", "=p.png", "f2")
        assert Attachment.get().payment == Payment.get().id
        # the sheet stands at the remitter's account; what a line owes is offered
        assert [row["line"] for row in one.rows if row["account"] == "A"] == ["L1", "L2", "L3"]
        await one.press("ctrl+u", "=L3", "enter")
        assert one.value("amount") == "100.00"
        await one.press("=30", "enter", "enter")
        assert "Remaining 150.00" in line(one, "sheet-sums")
        await one.press("escape", "escape", "alt+o")
        assert "- line L2: 100.00 of 100.00" in one.dialog
        assert "- line L1: 50.00 of 100.00" in one.dialog
        await one.press("y")
        assert one.said == "Added 2 distributions; remaining 0.00 (balanced)."
        await one.press("alt+o")
        assert one.said == "Nothing of this payment remains to be distributed."
        await one.press("end", "alt+r", "y")
        assert one.said == "Removed; 50.00 (to distribute)."
        await one.press("alt+a", "f2")
        assert [(row["line"], row["where"], row["amount"]) for row in one.rows] == [
            ("L3", "line", "30.00"), ("L2", "line", "100.00"), ("", "on account", "50.00"),
        ]  # fmt: skip
        await one.press("alt+3", "alt+n")
        assert one.said == "A guarantor recoups nothing; reverse the payment instead."
        await one.press("alt+p", "f2", "y")
        assert "Posted 1 payment" in one.said
    assert desk.books()["ON_ACCOUNT"] == -50_00


async def test_an_insurers_line_with_adjustment_codes_and_roll(desk: Desk) -> None:
    desk.book.line("I", 200_00, account="A", responsibility="insurance")
    desk.batch(80_00)
    desk.batch(10_00)
    async with sitting(desk.office, "pending") as one:
        await one.press(
            "alt+m", "p", "enter", "alt+i", "=Acme Health", "tab", "tab", "tab", "=991", "enter", "=80", "f2"
        )
        assert one.rows == []
        await one.press("=I", "enter", "=50", "enter", "=20", "enter", "=x", "enter", "=PR1", "f2")
        assert "Roll to is guarantor or insurer: g or i." in line(one, "sheet-error")
        await one.press("ctrl+u", "=g", "enter", "f2")
        assert "PR1: a code is written as PR-1 25.00" in line(one, "sheet-error")
        await one.press("ctrl+u", "=PR-1 130", "f2")
        assert "Remaining 30.00" in line(one, "sheet-sums")
        await one.press("escape", "escape", "alt+2", "alt+d")
        assert one.value("amount") == "30.00"
        await one.press("alt+n", "=whose?", "f2")
        assert one.said == "Saved; remaining 0.00 (balanced)."
        # the sheet shows again what was entered, and a change replaces it
        await one.press("alt+1", "enter")
        assert (one.value("contractual"), one.value("roll"), one.value("codes")) == (
            "20.00",
            "guarantor",
            "PR-1 130.00",
        )
        await one.press("=50", "enter", "=25", "f2", "escape", "escape")
        assert [row["adjusted"] for row in one.rows] == ["25.00"]
        await one.press("alt+s", "alt+p", "f2", "y")
        assert "2 distributions, 80.00" in one.said
        assert ServiceLine.get(ServiceLine.number == "I").responsibility == "guarantor"
        assert desk.book.balance("I") == 125_00
        assert DistributionReason.select().count() == 2
        # the insurer takes back what nobody claimed
        await one.press(
            "escape", "end", "enter", "alt+i", "=Acme Health", "tab", "tab", "tab", "=992", "enter", "=10", "f2"
        )
        await one.press("escape", "alt+3", "alt+n", "=suspense", "enter", "=20", "f2")
        assert one.said == "Saved; remaining 30.00 (to distribute)."
        await one.press("alt+4", "alt+d", "f2")
        assert one.said == "Saved; remaining 0.00 (balanced)."
        await one.press("alt+p", "f2", "y")
    assert desk.books()["SUSPENSE"] == -10_00


async def test_a_remittance_fills_a_batch_and_its_exception_is_settled(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "remit.csv"
    path.write_text(REMIT.format(placement=desk.book.placement("P1").id))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "alt+i")
        await one.paste(str(tmp_path / "none.csv"))
        await one.press("enter", "=first", "f2")
        assert "none.csv" in one.dialog
        await one.press("alt+f", "ctrl+u")
        await one.paste(str(path))
        await one.press("f2")
        assert one.said == "Loaded 1 row into batch 1; 1 exception to settle (Alt+2); 10.00 (to distribute)."
        await one.press("enter", "alt+2", "alt+d", "f2", "alt+p", "f2")
        assert "1 exception of the remittance is open (Alt+2 on the batch)." in one.dialog
        await one.press("n", "end", "alt+r", "y", "alt+s")
        await one.press("alt+2")
        assert [(row["account"], row["gross"], row["state"]) for row in one.rows] == [("A-NOBODY", "10.00", "open")]
        await one.press("alt+s", "=put in suspense", "f2")
        assert one.said == "Row 3 is settled."
        await one.press("enter")
        assert one.said == "It was settled: put in suspense."
        await one.press("alt+1", "enter", "alt+2", "alt+d", "f2", "alt+s", "alt+p", "f2", "y")
        assert one.said == "Posted 1 payment of batch 1: 2 distributions, 55.00."
        picture = tmp_path / "check.png"
        picture.write_bytes(png())
        await one.press("alt+v")
        assert one.said.startswith("Nothing is attached to this payment")
        await one.press("alt+t")
        await one.paste(str(picture))
        await one.press("f2")
        assert one.said == "Attached check.png to Check remit of First Bay; Alt+V shows it."
        assert one.rows[0]["number"] == "@ remit"
        await one.press("alt+v")
        assert "Attached to: payment remit" in one.screen.query_one("TextView").text
        await one.press("escape")
    assert Attachment.get().payment == Payment.get().id


async def test_the_list_shows_five_days_and_search_finds_the_rest(desk: Desk) -> None:
    old = Desk(desk.book, making.DAY - 5)
    old.batch(5_00)
    Desk(desk.book, making.DAY - 4).batch(7_00)
    balanced = desk.batch(9_00)
    desk.enter(balanced, desk.header("guarantor", 9_00, account="A"), to_line("L1", 9_00))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p")
        assert [(row["batch"], row["balance"]) for row in one.rows] == [("2", "OUT"), ("3", "in")]
        assert "last 5 days" in one.app.screen.query_one("TabStrip").heading
        await one.press("alt+s", "alt+c", "=all", "enter", "f2")
        assert [row["batch"] for row in one.rows] == ["1", "2", "3"]
        await one.press("alt+s", "alt+s", "=in bal", "enter", "f2")
        assert [row["batch"] for row in one.rows] == ["3"]
        await one.press("alt+s", "alt+s", "=all", "tab", "alt+b", "=1", "f2")
        assert [row["batch"] for row in one.rows] == ["1"]
        await one.press("alt+d")
        await one.press("y")
        assert one.said == "Deleted batch 1."
        # a payment in it: its number, payer, amount and date; the creator by how the name begins
        await one.press("alt+s", "alt+b", "ctrl+u", "alt+y", "=a, an", "alt+a", "=9", "f2")
        assert [row["batch"] for row in one.rows] == ["3"]
        await one.press("alt+s", "alt+h", "=none", "f2")
        assert one.rows == []
        await one.press("alt+s", "alt+h", "ctrl+u", "alt+y", "ctrl+u", "alt+a", "ctrl+u", "alt+t", "=nobody", "f2")
        assert one.rows == []
        await one.press("alt+s", "alt+t", "ctrl+u", "f2", "end", "alt+p", "f2", "y")
        assert one.said == "Posted 1 payment of batch 3: 1 distribution, 9.00."
        assert [(row["posted_count"], row["posted_total"], row["balance"]) for row in one.rows][-1] == (
            "1",
            "9.00",
            "posted",
        )


async def test_a_payment_that_another_batch_made_impossible_stays_pending_with_the_reason(desk: Desk) -> None:
    batch = desk.batch(100_00)
    share = Share("placement", placement=desk.book.placement("P1").id, gross=100_00, net=100_00, commission=0)
    desk.enter(batch, desk.header("agency", 100_00, agency="First Bay"), share)
    desk.book.agency_pays("P1", 50_00, "2026-11-19")
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "alt+p", "f2", "y")
        assert "Gross 100.00 is more than the balance of placement" in one.screen.text
        await one.press("escape")
        assert one.rows[0]["posted_count"] == "0"
