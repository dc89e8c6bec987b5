"""An agency's money by keys: batch, payment, sheet, post, what then stands, and its reversal."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Act, Distribution, Entry, Payment, PaymentBatch
from bo_tui.office import Actor
from bo_tui.rules.batches import batches, distributions, payments
from bo_tui.rules.batches.model import Header, Share
from bo_tui.widgets.dialog import Lines
from tests import making
from tests.screens.piloting import Sitting, sitting
from tests.support.paying import Desk


def line(one: Sitting, name: str) -> str:
    """The text of one of the lines in front."""
    return one.screen.query_one(f"#{name}", Lines).text


async def test_a_check_is_keyed_posted_and_reversed(desk: Desk) -> None:
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p")
        assert one.rows == []
        await one.press("alt+c", "=1", "enter", "=150", "f2")
        assert one.said == "Created batch 1."
        assert "OUT of balance: 0 of 1 payment entered, 0.00 of 150.00 entered" in line(one, "batch-head")
        await one.press("alt+p")
        assert one.said.startswith("Batch 1 is OUT of balance")
        await one.press("alt+o", "=first", "enter", "enter", "=4471", "enter", "=150", "f2")
        assert [row["balance"] for row in one.rows] == ["100.00", "200.00", "300.00"]  # First Bay's alone
        # find, gross, net, commission; the balance is the limit, and a net as high as the gross has no commission
        await one.press("=P2", "enter", "=200.01", "enter")
        assert "Gross 200.01 is more than the balance of placement" in line(one, "sheet-error")
        await one.press("ctrl+u", "=100", "enter", "=80", "enter", "enter")
        assert "The commission is compulsory: gross less net is 20.00." in line(one, "sheet-error")
        assert "Remaining 150.00   with this row 70.00" in line(one, "sheet-sums")
        await one.press("=20", "enter")
        assert "Distributed 80.00   Remaining 70.00 (to distribute)" in line(one, "sheet-sums")
        await one.press("=P1", "enter", "=70", "enter", "enter")
        assert (one.value("net"), one.value("commission")) == ("70.00", "0.00")
        await one.press("enter")
        assert "Remaining 0.00 (balanced)" in line(one, "sheet-sums")
        await one.press("escape", "escape")
        assert one.said == "Kept 2 rows; remaining 0.00 (balanced)."
        assert [(row["gross"], row["net"], row["commission"], row["state"]) for row in one.rows] == [
            ("100.00", "80.00", "20.00", "pending"), ("70.00", "70.00", "0.00", "pending"),
        ]  # fmt: skip
        await one.press("alt+s")
        assert one.said == "Check 4471 of First Bay is saved; remaining 0.00 (balanced)."
        await one.press("alt+p", "f2", "y")
        assert one.said == "Posted 1 payment of batch 1: 2 distributions, 150.00."
        assert [(row["number"], row["state"]) for row in one.rows] == [("4471", "posted")]
        assert desk.books()["COMMISSION"] == 20_00
        assert [(code, cents) for code, _, _, cents in desk.moved(Act.select().order_by(Act.id.desc()).get().id)] == [
            ("EPYMT", 100_00), ("EPYMT", 70_00), ("ECOMM", 20_00),
        ]  # fmt: skip
        await one.press("alt+r")
        assert one.said == "It has posted money; reverse it instead (Alt+E)."
        # half of one distribution, then all that is left of the check
        await one.press("enter", "alt+e", "=other patient", "enter", "ctrl+u", "=50")
        assert "50.00 is reversed, with 10.00 of the commission" in one.dialog
        await one.press("f2")
        assert one.said == "Reversed 50.00 by 2 entries."
        assert [row["state"] for row in one.rows] == ["part rev.", "posted"]
        await one.press("escape", "alt+e", "=bounced", "f2")
        assert one.said == "Reversed 120.00 by 3 entries."
        assert [row["state"] for row in one.rows] == ["reversed"]
        assert "COMMISSION" not in desk.books()
        await one.press("escape", "alt+d")
        assert one.said == "Batch 1 has posted payments; posted money is reversed, not deleted."


async def test_ten_rows_in_one_burst(desk: Desk) -> None:
    """What a stalled line delivers at once acts as if typed slowly; each row is changed or added by its own Enter."""
    batch = desk.batch(100_00)
    desk.enter(batch, desk.header("agency", 100_00, agency="First Bay", number=77))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "enter", "enter", "alt+n")
        keys: list[str] = []
        for cents in range(1, 11):  # the same placement again is a change of its row
            keys += [f"={'P1' if cents % 2 else 'P2'}", "enter", f"={cents}", "enter", "enter", "enter"]
        for key in keys:
            for name in [*key[1:]] if key.startswith("=") else [key]:
                one._send(name)
        await one.rest()
        assert "Distributed 19.00   Remaining 81.00" in line(one, "sheet-sums")
    found = Distribution.select().where(Distribution.state == "unposted")
    assert sorted(row.gross for row in found) == [9_00, 10_00]


async def test_other_agencies_zero_balances_and_takebacks(desk: Desk) -> None:
    paid = desk.batch(100_00)
    desk.enter(
        paid, desk.header("agency", 100_00, agency="First Bay"),
        Share("placement", placement=desk.book.placement("P1").id, gross=100_00, net=100_00, commission=0),
    )  # fmt: skip
    desk.post(paid)
    batch = desk.batch(50_00)
    desk.enter(batch, desk.header("agency", 50_00, agency="First Bay"))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "end", "enter", "enter", "alt+n", "=Q", "enter")
        assert "Nothing fits Q." in line(one, "sheet-error")
        await one.press("alt+a")
        assert [row["agency"] for row in one.rows] == ["Gross Co"]
        await one.press("alt+a", "ctrl+u", "=P1", "alt+z", "enter", "=-100", "enter", "enter", "enter")
        assert "Distributed -100.00   Remaining 150.00" in line(one, "sheet-sums")
        await one.press("=P3", "enter", "=150", "enter", "enter", "enter")
        assert "(balanced)" in line(one, "sheet-sums")
        await one.press("escape", "escape", "alt+p", "f2", "y")
        assert one.said.startswith("Posted 1 payment of batch 2")
    assert desk.book.placement("P1").balance == 100_00
    assert Entry.select().where(Entry.code == "RVPAY").count() == 1


async def test_a_check_entered_twice_is_refused_unless_a_supervisor_says_otherwise(desk: Desk) -> None:
    batch = desk.batch(10_00, 10_00)
    desk.enter(batch, desk.header("agency", 10_00, agency="Gross Co", number="88"))
    typed = ("alt+m", "p", "enter", "alt+o", "=gross", "enter", "enter", "=88", "enter", "=10", "f2")
    async with sitting(desk.office, "pending") as one:
        await one.press(*typed)
        assert "Check 88 of Gross Co, 10.00 of 2026-11-20, is in batch 1 already" in one.dialog
        await one.press("alt+h", "space", "f2")
        assert Payment.select().where(Payment.another_check == True).count() == 1  # noqa: E712
        one.app.office = desk.office.by(Actor("cy", "operator"))
        await one.press("escape", "alt+s", "escape", *typed[2:])
        assert "is in batch 1 already" in one.dialog
        assert not one.screen.fields["another_check"].display


async def test_what_somebody_else_changed_is_said_and_what_was_typed_stays(desk: Desk) -> None:
    batch = desk.batch(100_00)
    payment = desk.enter(batch, desk.header("agency", 100_00, agency="First Bay"))
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "enter", "enter", "alt+n", "=P1", "enter", "=30", "enter", "enter")
        share = Share("placement", placement=desk.book.placement("P2").id, gross=5_00, net=5_00, commission=0)
        distributions.add(desk.office.by(Actor("bo", "operator")), payment, [share])
        await one.press("enter")
        assert "was changed meanwhile by bo" in line(one, "sheet-error")
        assert one.value("gross") == "30"
        assert "Remaining 95.00" in line(one, "sheet-sums")
        await one.press("f2")
        assert "Remaining 65.00" in line(one, "sheet-sums")


async def test_money_for_a_debt_that_moved_asks_for_consent(desk: Desk) -> None:
    batch = desk.batch(40_00)
    placed = desk.book.placement("P1").id
    desk.enter(
        batch, desk.header("agency", 40_00, agency="First Bay"),
        Share("placement", placement=placed, gross=40_00, net=40_00, commission=0),
    )  # fmt: skip
    desk.book.transfer("P1", "2026-11-19")
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "alt+p", "f2", "y")
        assert "1 debt moved since" in one.screen.heading
        assert "First Bay" in one.dialog
        await one.press("y")
        assert one.said == "Posted 1 payment of batch 1: 1 distribution, 40.00."
    assert desk.book.balance("P1") == 60_00


async def test_a_batch_changed_by_another_names_them(desk: Desk) -> None:
    desk.batch(1_00)
    async with sitting(desk.office, "pending") as one:
        await one.press("alt+m", "p", "alt+e", "ctrl+u", "=3")
        batches.update(desk.office.by(Actor("bo", "operator")), 1, 2, 9_00)
        await one.press("f2")
        assert "was changed meanwhile by bo" in one.dialog
        assert one.value("expected_count") == "3"
        await one.press("f2")
        assert one.said == "Saved batch 1."
    assert PaymentBatch.get().expected_count == 3


@pytest.mark.parametrize("role", ["viewer"])
async def test_a_viewer_looks_only(desk: Desk, role: str) -> None:
    batch = desk.batch(5_00)
    payments.create(desk.office, batch, Header("guarantor", "CASH", 5_00, making.DAY, "cash", payer="Someone"))
    async with sitting(desk.office.by(Actor("vi", role)), "pending") as one:
        await one.press("alt+m", "p", "alt+c")
        assert "takes the role" in one.said
        await one.press("enter", "enter", "alt+n")
        assert "takes the role" in one.said
