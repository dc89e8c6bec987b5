"""Waiting for a second person as two operators work it: reached from Home, Pending and Transactions; approve, refuse, withdraw."""

from __future__ import annotations

import pytest

from bo_tui import dates
from bo_tui.db.tables import Pending, Placement, Proposal
from bo_tui.office import Actor, Office
from bo_tui.rules.external import adjust, foureyes
from bo_tui.rules.external import pending as rules
from bo_tui.views import practices
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.textpage import TextView
from tests import acting, making
from tests.making import PRACTICE
from tests.screens.piloting import sitting


@pytest.fixture
def ana(office: Office) -> Office:
    """A posting of 480.00 by ana, an adjustment of 350.00 by bob on a placement; the limit is 300.00."""
    bay = making.make_agency(office)
    acting.a_line(office, "L1")
    placement = acting.placed(office, bay, "L2")
    acting.practice_setting(office, four_eyes_limit=300_00)
    rules.add(office, PRACTICE, ["L1"], "First Bay")
    rules.post(office, PRACTICE, ["L1"])
    adjust.adjust(office.by(Actor("bob", "operator")), placement, "CHRTY", 350_00, "hardship")
    return office


async def test_both_stand_there_and_each_says_what_may_be_done(ana: Office) -> None:
    async with sitting(ana, "pending") as one:
        await one.press("alt+c")
        assert [(row["what"], row["line"], row["amount"], row["by"], row["state"]) for row in one.rows] == [
            ("post", "L1", "480.00", "ana", "yours"),
            ("adjust", "L2", "350.00", "bob", ""),
        ]
        assert one.said == "Post line L1 to First Bay, 480.00"
        await one.press("alt+a")
        assert one.said.startswith("You asked for this yourself; another operator must approve it.")
        await one.press("alt+r")
        assert one.said == "You asked for this yourself; Alt+W takes it back."
        await one.press("down", "alt+w")
        assert one.said == "Only bob, who asked for it, can take it back; Alt+R refuses."
        await one.press("f8")
        assert "hardship" in one.screen.query_one(TextView).text
        await one.press("escape", "alt+h")
        assert "proposal: state open" in one.screen.query_one(TextView).text
        await one.press("escape", "escape")
        assert one.screen.tab == "pending"


async def test_approving_does_it(ana: Office) -> None:
    async with sitting(ana, "transactions") as one:
        await one.press("alt+c", "down", "alt+a")
        assert "on placement" in one.dialog
        await one.press("f2")
        assert one.said == "Proposal 2 approved: MADJN of 350.00; the balance is 130.00."
        assert [row["number"] for row in one.rows] == ["1"]
        await one.press("alt+d")
        assert [(row["number"], row["state"]) for row in one.rows] == [("2", "approved by ana")]
        await one.press("alt+a")
        assert one.said == "Proposal 2 was approved by ana on 2026-11-20."
        await one.press("escape")
        assert one.screen.tab == "transactions"
    assert Placement.get().balance == 130_00
    acting.assert_sound(ana)


async def test_refusing_and_withdrawing_need_a_reason(ana: Office) -> None:
    async with sitting(ana, "pending") as one:
        await one.press("alt+c", "alt+w", "f2")
        assert "needed" in one.dialog
        await one.press("=a slip", "f2")
        assert one.said == "Proposal 1 is withdrawn."
        await one.press("alt+r", "=too much", "f2")
        assert one.said == "Proposal 2 is refused."
        assert one.rows == []
    assert [(row.state, row.reason) for row in Proposal.select().order_by(Proposal.id)] == [
        ("withdrawn", "a slip"),
        ("refused", "too much"),
    ]
    assert Pending.get().outcome is None


async def test_a_conflict_says_who_and_nothing_typed_is_lost(ana: Office) -> None:
    async with sitting(ana, "pending") as one:
        await one.press("alt+c", "down", "alt+r", "=too much")
        foureyes.refuse(ana.by(Actor("bob", "operator")), 2, "my slip")
        await one.press("f2")
        assert "Proposal 2 was withdrawn by bob on 2026-11-20." in one.dialog
        assert one.value("reason") == "too much"


async def test_home_counts_them_and_leads_there(ana: Office) -> None:
    async with sitting(ana, "pending") as one:
        await one.press("escape")
        await one.press("7")
        assert len(one.rows) == 2
        await one.press("escape")
        assert type(one.screen).__name__ == "HomePage"


async def test_a_viewer_looks_and_may_not_decide(ana: Office) -> None:
    async with sitting(acting.viewer(ana), "pending") as one:
        await one.press("alt+c", "alt+a")
        assert one.said == (
            "vic is viewer here; to decide what waits for a second person takes the role operator, supervisor or administrator."
        )


async def test_an_accounting_date_is_offered_where_one_is_used(ana: Office) -> None:
    acting.practice_setting(ana, uses_accounting_dates=True, closed_through=making.DAY + 1)
    async with sitting(ana, "transactions") as one:
        await one.press("alt+c", "down", "alt+a")
        assert one.value("accounting_date") == "2026-11-22"
        await one.press("f2")
        assert one.said.startswith("Proposal 2 approved")


async def test_the_date_that_was_asked_for_is_kept_while_it_is_open(office: Office) -> None:
    acting.practice_setting(office, uses_accounting_dates=True)
    bay = making.make_agency(office)
    placement = acting.placed(office, bay, "L2")
    acting.practice_setting(office, four_eyes_limit=300_00)
    bob = office.by(Actor("bob", "operator"))
    asked = making.DAY - 1
    adjust.adjust(bob, placement, "CHRTY", 350_00, "hardship", accounting_date=asked)
    async with sitting(office, "transactions") as one:
        await one.press("alt+c", "alt+a")
        for words in ("CHRTY", "hardship", "350.00", f"accounting date {dates.iso(asked)}"):
            assert words in one.dialog
        assert one.value("accounting_date") == dates.iso(asked)
        await one.press("escape")
        acting.practice_setting(office, closed_through=asked)
        one.app.session.practice = practices.all_practices(office)[0]
        await one.press("escape", "alt+c", "alt+a")
        assert "It cannot be booked on the date asked for: The books are closed through" in one.dialog
        assert one.value("accounting_date") == dates.iso(making.DAY)
        await one.press("escape")
        acting.practice_setting(office, uses_accounting_dates=False)
        one.app.session.practice = practices.all_practices(office)[0]
        await one.press("escape", "alt+c", "alt+a")
        assert "uses no accounting dates any more: it is done without the one asked for" in one.dialog
        await one.press("escape")
    foureyes.approve(office, 1)


async def test_what_was_decided_begins_with_the_newest_and_says_by_whom(ana: Office) -> None:
    foureyes.refuse(ana, 1, "a slip")
    foureyes.approve(ana, 2)
    async with sitting(ana, "pending") as one:
        await one.press("alt+c", "alt+d")
        assert [row["number"] for row in one.rows] == ["2", "1"]
        assert "approved by ana" in one.screen.grid.render_line(1).text  # uncut on 80 cells
        await one.press("alt+d")
        assert one.rows == []


async def test_what_was_refused_since_yesterday_is_told_to_the_one_who_asked(ana: Office) -> None:
    foureyes.refuse(ana.by(Actor("bob", "operator")), 1, "too much")
    async with sitting(ana, "pending") as one:
        await one.press("alt+c")
        assert (
            "Yours refused since yesterday: 1 by bob (too much)."
            in one.screen.query_one("#approvals-title", Lines).text
        )
    async with sitting(ana.by(Actor("bob", "operator")), "pending") as one:
        await one.press("alt+c")
        assert "refused" not in one.screen.query_one("#approvals-title", Lines).text
