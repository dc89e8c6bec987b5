"""The Pending tab as an operator works it: what stands on it, each dialog, refusals, conflicts, roles."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Agency, Assignment, CollectionTask, ExternalRule, Hold, Pending, Placement, ServiceLine
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger
from bo_tui.rules.external import pending as rules
from bo_tui.rules.settings.assignments import Thresholds
from bo_tui.screens.admin.assignmentform import AssignmentForm
from bo_tui.views import practices
from bo_tui.widgets.textpage import TextView
from tests import acting, making
from tests.making import DAY, PRACTICE
from tests.screens.piloting import sitting

NAMES = ("Abara, Chi", "Ng, Wei", "Olsen, Kari", "[/b]\x1b[31m, Smith")


@pytest.fixture
def busy(office: Office) -> Office:
    """Four rows that the night queued, 100.00 to 400.00, two each for First Bay and West; and a line to add."""
    bay = making.make_agency(office, "First Bay", balance_greater_than=99_00, age_greater_than=45)
    west = making.make_agency(office, "West")
    for at, name in enumerate(NAMES):
        account = making.make_account(office, f"10{at}", guarantor=name)
        line = making.make_line(office, account, f"L{at}", (at + 1) * 100_00)
        queue(office, line, west if at % 2 else bay)
    making.make_line(office, making.make_account(office, "200", guarantor="Young, Al"), "FREE", 50_00, age=10)
    return office


def queue(office: Office, line: int, agency: int) -> None:
    row = ServiceLine.get_by_id(line)
    with office.act("select", PRACTICE) as draft:
        Pending.insert(
            practice=PRACTICE, account=row.account, line=line, agency=agency, amount=row.ar, age=60, source="night",
            because="threshold", queued=DAY, queued_act=draft.id, act=draft.id,
        ).execute()  # fmt: skip
        ledger.change(draft, "service_line", line, "pending", None, Agency.get_by_id(agency).name)
        ledger.seal(draft)


def hold(number: str) -> None:
    row = acting.line(number)
    Hold.insert(practice=PRACTICE, account=row.account, kind="dispute", since=DAY, reason="x", act=row.act).execute()


def waiting() -> list[str]:
    query = Pending.select(ServiceLine.number).join(ServiceLine, on=(ServiceLine.id == Pending.line))
    return sorted(number for (number,) in query.where(Pending.outcome.is_null()).tuples())


async def test_what_stands_on_the_page(busy: Office) -> None:
    making.pay(busy, acting.line("L1").id, 80_00)
    async with sitting(busy, "pending", (160, 24)) as one:
        assert [row["guarantor"] for row in one.rows] == list(NAMES)
        row = one.rows[1]
        assert (row["date"], row["code"], row["source"], row["queued"]) == ("pending", "EXCOL", "night", "2026-11-20")
        assert (row["amount"], row["balance"], row["changed"]) == ("200.00", "120.00", "paid 80.00")
        await one.press("home")
        assert one.said == (
            "Line L0: First Bay has no auto approve; queued 2026-11-20 by the night (age 60 > 45, 100.00 > 99.00)"
        )
        await one.press("=ol", "enter")
        assert [row["account"] for row in one.rows] == ["102"]
        await one.press("escape", "=103", "enter")
        assert [row["account"] for row in one.rows] == ["103"]


async def test_a_filter_that_finds_nothing_says_so(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("=zz", "enter")
        assert one.rows == []
        assert one.screen.grid._note() == " Nothing begins with zz; Esc shows all."
        await one.press("escape")
        assert len(one.rows) == 4


async def test_posting_the_current_row(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("home", "f5")
        assert "1 line, 100.00, will be placed: First Bay 1, 100.00." in one.dialog
        await one.press("f2")
        placement = Placement.get()
        assert one.said == f"Posted line L0, 100.00, with First Bay as placement {placement.id}."
        assert waiting() == ["L1", "L2", "L3"]
        assert len(one.rows) == 3
        await one.rest()
        assert one.said.startswith("Posted")  # a later reading of the same row does not take it away
    acting.assert_sound(busy)


async def test_posting_all_leaves_what_cannot_go_and_says_why(busy: Office) -> None:
    hold("L2")
    making.pay(busy, acting.line("L3").id, 400_00)
    async with sitting(busy, "pending") as one:
        await one.press("f5", "=all", "enter")
        assert "2 lines, 300.00, will be placed: First Bay 1, 100.00; West 1, 200.00." in one.dialog
        assert (
            "2 lines cannot be posted and will stay: L2 on hold (dispute since 2026-11-20); L3 no balance."
            in one.dialog
        )
        await one.press("=West", "enter")
        assert "2 lines, 300.00, will be placed: West 2, 300.00." in one.dialog
        await one.press("f2")
        assert one.said == "Posted 2 lines, 300.00: West 2."
    assert waiting() == ["L2", "L3"]
    assert all(row.pinned for row in Placement.select())


async def test_posting_says_which_accounts_hold_money_on_account(busy: Office) -> None:
    held = {"L0": 45_00, "L1": 5_00, "L2": 3_00}
    with busy.act("payment", PRACTICE) as draft:
        for number, amount in held.items():
            account = acting.line(number).account
            ledger.write(draft, "ONACCT", ("CASH", "ON_ACCOUNT"), amount, account=account)
            if number == "L2":  # taken off again: it holds none
                ledger.write(draft, "GSUSP", ("ON_ACCOUNT", "SUSPENSE"), amount, account=account)
        ledger.seal(draft)
    async with sitting(busy, "pending") as one:
        await one.press("home", "f5")
        assert "The account holds 45.00 on account." in one.dialog
        await one.press("=all", "enter")
        assert "2 of these accounts hold 50.00 on account." in one.dialog


async def test_posting_only_what_cannot_go_is_refused_in_the_dialog(busy: Office) -> None:
    hold("L0")
    async with sitting(busy, "pending") as one:
        await one.press("home", "f5", "f2")
        assert "Nothing can be posted: L0 on hold (dispute since 2026-11-20)." in one.dialog
        assert waiting() == ["L0", "L1", "L2", "L3"]


async def test_marked_rows_and_their_agency(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("home", "insert", "space", "f7")
        assert "Now: First Bay 1, 100.00; West 1, 200.00." in one.dialog
        await one.press("enter", "=fi", "enter")
        assert "1 line, 200.00, will wait for First Bay" in one.dialog
        await one.press("f2")
        assert one.said == "Line L1, 200.00: pending for First Bay now."
        assert not one.screen.grid.selected_ids
        assert [row["changed"] for row in one.rows if row["account"] == "101"] == ["agency was West"]
        await one.press("=1", "alt+a")
        assert len(one.screen.grid.selected_ids) == 4
        await one.press("alt+a")
        assert not one.screen.grid.selected_ids


async def test_f2_takes_what_an_open_list_marks(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("home", "f7", "enter", "down", "down")
        assert one.screen.fields["agency"].opened
        await one.press("f2")
        assert one.said == "Line L0, 100.00: pending for West now."


async def test_a_conflict_says_who_and_shows_the_new_state(busy: Office) -> None:
    bob = busy.by(Actor("bob", "operator"))
    async with sitting(busy, "pending") as one:
        await one.press("home", "f5")
        rules.change_agency(bob, PRACTICE, ["L0"], "West")
        await one.press("f2")
        assert "Line L0 was changed meanwhile by bob (pending agency)" in one.dialog
        assert "will be placed: West 1, 100.00." in one.dialog
        assert waiting() == ["L0", "L1", "L2", "L3"]
        await one.press("f2")
        assert "with West as placement" in one.said


async def test_denying_needs_a_note_and_keeps_it_through_a_conflict(busy: Office) -> None:
    bob = busy.by(Actor("bob", "operator"))
    async with sitting(busy, "pending") as one:
        await one.press("home", "f4")
        assert "Rule Re-Age if Denied is off: it is marked as brought back" in one.dialog
        await one.press("f2")
        assert "Note is needed." in one.dialog
        await one.press("=paid cash")
        rules.change_agency(bob, PRACTICE, ["L0"], "West")
        await one.press("f2")
        assert "changed meanwhile by bob" in one.dialog
        assert one.value("note") == "paid cash"
        await one.press("f2")
        assert one.said == "Denied line L0, 100.00 in active AR; marked as brought back."
    assert Pending.get(Pending.outcome == "denied").reason == "paid cash"
    assert CollectionTask.select().count() == 0


async def test_a_collection_task_is_kept_with_the_denial(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("home", "f4", "=no", "enter")
        assert not one.screen.fields["follow_up"].display
        await one.press("space", "enter", "=call", "alt+f", *["backspace"] * 10, "=t-1", "f2")
        assert "The follow-up date is before today" in one.dialog
        await one.press("backspace", "backspace", "backspace", "=t+7", "enter", "=an", "f2")
        assert one.said == ("Denied line L0, 100.00 in active AR; marked as brought back. Task 1 for 2026-11-27.")
        await one.press("home", "f4", "=no way", "alt+t", "space", "alt+f", "=x", "alt+t", "space", "f2")
        assert one.said == "Denied line L1, 200.00 in active AR; marked as brought back."  # what is hidden is not asked
        await one.press("home", "f4", "=write to her", "alt+t", "space", "f2")
    task, second = CollectionTask.select().order_by(CollectionTask.id)
    assert (task.note, task.follow_up, task.assigned_to, task.line) == ("call", DAY + 7, "ana", acting.line("L0").id)
    assert (second.note, second.follow_up, second.assigned_to) == ("write to her", DAY, None)
    assert task.act == Pending.get(Pending.line == acting.line("L0").id).act  # one act did both


async def test_denying_by_the_re_age_rule_and_one_at_a_time(busy: Office) -> None:
    ExternalRule.insert(practice=PRACTICE, re_age_if_denied=True, act=1).execute()
    async with sitting(busy, "pending") as one:
        await one.press("home", "insert", "space", "alt+n")
        assert one.said == "One line is denied at a time; take the other marks away."
        await one.press("space", "end", "alt+n")
        assert "Abara, Chi, account 100" in one.dialog  # the marked one, not the one under the cursor
        assert "its age starts at 0 today, 2026-11-20" in one.dialog
        await one.press("=x", "f2")
        assert one.said == "Denied line L0, 100.00 in active AR; its age starts at 0."
        assert acting.line("L0").aging_date == DAY


async def test_withdrawing_a_night_asks_once_more(busy: Office) -> None:
    rules.add(busy, PRACTICE, ["FREE"], "West")
    async with sitting(busy, "pending") as one:
        await one.press("f6")
        assert "4 lines, 1,000.00, queued by the night of 2026-11-20 and still pending" in one.dialog
        await one.press("f2", "n")
        assert len(waiting()) == 5
        await one.press("f2", "y")
        assert one.said == "Withdrew the night of 2026-11-20: 4 lines, 1,000.00, taken out."
        assert waiting() == ["FREE"]
        await one.press("f6")
        assert one.said == "No row of any night is pending; there is nothing to withdraw."


async def test_what_a_role_may_not_is_dimmed_and_says_who_may(busy: Office) -> None:
    async with sitting(busy.by(Actor("bob", "operator")), "pending") as one:
        await one.press("f6")
        assert one.said == "bob is operator here; to withdraw a night takes the role supervisor or administrator."
    async with sitting(acting.viewer(busy), "pending") as one:
        for key in ("f3", "f4", "f5", "f7"):
            await one.press(key)
            assert "vic is viewer here" in one.said
        await one.press("f8")
        assert "meets every criterion" in one.screen.text
        await one.press("escape", "alt+h")
        assert "select by ana" in one.screen.text


async def test_adding_lines_by_hand(busy: Office) -> None:
    acting.a_line(busy, "HELD", 70_00)
    hold("HELD")
    async with sitting(busy, "pending") as one:
        await one.press("f3", "=sixty", "f2")
        assert "Balance greater than is not an amount" in one.dialog
        await one.press("backspace", "backspace", "backspace", "backspace", "backspace", "=49.99", "enter", "=9", "f2")
        assert [(row["line"], row["status"]) for row in one.rows] == [("HELD", "on hold"), ("FREE", "")]
        await one.press("space", "alt+g", "=west", "f2")
        assert "Line HELD is on hold; lift the hold first." in one.dialog
        await one.press("up", "alt+n", "alt+a")
        assert "Marked 1 of 2: 50.00." in one.dialog
        await one.press("f2")
        assert one.said == "Added line FREE, 50.00, pending for West."
        assert [row["source"] for row in one.rows if row["account"] == "200"] == ["added"]
        await one.press("f3", "=9999", "f2", "f2")
        assert "Agency is needed." in one.dialog
        await one.press("alt+g", "=west", "f2")
        assert "Mark at least one line with Space." in one.dialog


async def test_adding_what_somebody_just_added_shows_the_list_of_now(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("f3", "f2", "space", "alt+g", "=west", "enter")
        rules.add(busy.by(Actor("bob", "operator")), PRACTICE, ["FREE"], "First Bay")
        await one.press("f2")
        assert "Line FREE was changed meanwhile by bob (add)" in one.dialog or "already pending" in one.dialog
        assert Pending.select().where(Pending.source == "add").count() == 1


async def test_an_accounting_date_is_asked_for_only_where_it_is_used(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("f5")
        assert "accounting_date" not in one.screen.fields
    acting.practice_setting(busy, uses_accounting_dates=True, closed_through=DAY + 3)
    async with sitting(busy, "pending") as one:
        await one.press("f5")
        assert one.value("accounting_date") == "2026-11-24"
        await one.press("alt+d", "=t", "f2")
        assert "The books are closed through 2026-11-23" in one.dialog
        await one.press("backspace", "=t+4", "f2")
        assert one.said.startswith("Posted")


async def test_a_hold_set_here_shows_and_stops_posting_until_it_is_lifted(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("home", "alt+o", "=line", "enter", "=disp", "enter", "=says so", "f2")
        assert one.said.startswith("Dispute set")
        assert one.rows[0]["changed"] == "on hold (dispute since 2026-11-20)"
        await one.press("f5", "f2")
        assert "Nothing can be posted: L0 on hold" in one.dialog
        await one.press("escape", "alt+k", "enter", "=t+5", "enter", "=longer", "f2")
        assert one.said == "Dispute extended until 2026-11-25."
        await one.press("alt+y")
        assert "dispute, line L0, since 2026-11-20 until 2026-11-25: in force" in one.screen.query_one(TextView).text
        await one.press("escape", "alt+l", "enter", "=clear now", "f2")
        assert one.said == "Dispute lifted."
        assert one.rows[0]["changed"] == ""
        await one.press("alt+l")
        assert one.said == "There is no hold on this account or line."


async def test_others_acts_show_without_moving_the_cursor(busy: Office) -> None:
    async with sitting(busy, "pending") as one:
        await one.press("end")
        rules.deny(busy.by(Actor("bob", "operator")), PRACTICE, "L0", "no")
        one.screen.grid.look()
        await one.rest()
        assert len(one.rows) == 3
        assert one.screen.current.line == "L3"


async def test_why_says_first_what_keeps_the_row_from_the_night_and_from_post(busy: Office) -> None:
    Assignment.update(auto_approve=True, balance_greater_than=99_00, age_greater_than=45).execute()
    acting.practice_setting(busy, four_eyes_limit=300_00)
    making.make_line(busy, acting.line("L1").account, "CREDIT", 20_00)
    making.pay(busy, acting.line("CREDIT").id, 30_00)
    hold("L2")
    async with sitting(busy, "pending", (120, 40)) as one:
        await one.press("home")
        assert one.said.startswith("Line L0: the next night posts it; queued 2026-11-20")
        await one.press("down")
        assert one.said.startswith("Line L1: the account holds credit, 10.00; queued")
        await one.press("down")
        assert one.said.startswith("Line L2: on hold (dispute since 2026-11-20); queued")
        await one.press("f8")
        assert "Can it be posted? No: on hold" in one.screen.text
        await one.press("escape", "down")
        assert one.said.startswith("Line L3: over the four-eyes limit 300.00: needs two persons; queued")
        await one.press("f8")
        top = one.screen.text.splitlines()[1:3]
        assert top == [
            "Can it be posted? Yes, but it waits for a second person: over the four-eyes limit 300.00.",
            "Does the night post it? No: over the four-eyes limit 300.00: needs two persons.",
        ]


async def test_above_the_four_eyes_limit_a_posting_waits_for_a_second_person(busy: Office) -> None:
    acting.practice_setting(busy, four_eyes_limit=300_00)
    async with sitting(busy, "pending") as one:
        await one.press("f5", "=all", "enter")
        assert "3 lines, 600.00, will be placed" in one.dialog
        assert "1 line, 400.00, above the limit of 300.00, will wait for a second person." in one.dialog
        await one.press("f2")
        assert one.said.startswith("Posted 3 lines, 600.00: First Bay 2, West 1. Line L3: 400.00 is above the limit")
        assert [row["changed"] for row in one.rows] == ["waits for a second person (proposal 1 by ana)"]
        await one.press("f5", "f2")
        assert "Nothing can be posted: L3 waits for a second person (proposal 1 by ana)." in one.dialog
    assert waiting() == ["L3"]


async def test_after_a_posting_what_was_not_posted_stays_marked(busy: Office) -> None:
    acting.practice_setting(busy, four_eyes_limit=300_00)
    hold("L2")
    async with sitting(busy, "pending") as one:
        await one.press("alt+a", "f5", "f2")
        assert one.said.startswith("Posted 2 lines, 300.00")
        ids = {row.id for row in Pending.select().where(Pending.outcome.is_null())}
        assert one.screen.grid.selected_ids == ids
        assert waiting() == ["L2", "L3"]


def test_auto_approve_is_said_with_the_limit(busy: Office) -> None:
    form = AssignmentForm(busy, practices.all_practices(busy)[0])
    wanted = Thresholds(balance_greater_than=10_00, age_greater_than=30, auto_approve=True)
    assert form._words("West", wanted).endswith("posted the same night, without anyone looking.")
    acting.practice_setting(busy, four_eyes_limit=300_00)
    assert form._words("West", wanted).endswith(
        "without anyone looking; a line over the limit of 300.00 waits for a second person."
    )
