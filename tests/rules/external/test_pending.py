"""The Pending tab's acts: add, post, deny, and withdrawing a night."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Agency, Assignment, Entry, ExternalRule, Hold, Pending, Placement, ServiceLine
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Actor
from bo_tui.rules import ledger
from bo_tui.rules.external import pending
from tests import making
from tests.acting import (
    a_line,
    acts,
    assert_sound,
    changes,
    entries,
    line,
    placed,
    practice_setting,
    refusal,
    viewer,
)  # fmt: skip
from tests.making import DAY, PRACTICE


@pytest.fixture(autouse=True)
def bay(office):
    agency = making.make_agency(office, "First Bay", balance_greater_than=0, age_greater_than=45)
    yield agency
    assert_sound(office)


def queued(number: str = "L1") -> Pending:
    return (
        Pending.select().join(ServiceLine, on=ServiceLine.id == Pending.line).where(ServiceLine.number == number).get()
    )


def hold(office, line: int, **fields: object) -> None:
    row = ServiceLine.get_by_id(line)
    values = {"kind": "manual", "since": DAY - 1, "reason": "wait"} | fields
    making.keep(office, Hold, practice=PRACTICE, account=row.account, **values)


# --- add ------------------------------------------------------------------------------------------------------------


def test_add_queues_whatever_age_and_balance(office, bay):
    a_line(office, "L1", 1, age=0)
    made = a_line(office, "L2", 480_00, age=60)
    done = pending.add(office, PRACTICE, ["L2", "L1", "L2"], "First Bay")
    assert done.lines == (pending.LineDone("L2", 480_00, "First Bay"), pending.LineDone("L1", 1, "First Bay"))
    assert done.amount == 480_01
    row = queued("L2")
    assert (row.agency, row.amount, row.age, row.source, row.because) == (bay, 480_00, 60, "add", "operator")
    assert (row.queued, row.queued_act, row.act, row.outcome) == (DAY, done.act, done.act, None)
    assert ("service_line", "pending", None, "First Bay") in changes(done.act)
    assert ServiceLine.get_by_id(made).ar == 480_00  # the balance does not move while it waits


def test_add_lifts_the_mark(office):
    a_line(office, brought_back=True)
    done = pending.add(office, PRACTICE, ["L1"], "First Bay")
    assert ("service_line", "brought_back", "yes", "no") in changes(done.act)
    assert (line().brought_back, line().act) == (False, done.act)


def test_add_refuses_by_balance_and_party(office):
    a_line(office, "ZERO", 0)
    making.pay(office, a_line(office, "CREDIT", 100_00), 100_01)
    a_line(office, "INSURER", responsibility="insurance")
    a_line(office, "GOOD")
    before = acts()
    for number, says in (
        ("ZERO", "Line ZERO has no balance"),
        ("CREDIT", "Line CREDIT is in credit (-0.01)"),
        ("INSURER", "Line INSURER is the insurer's responsibility"),
    ):
        with pytest.raises(RuleRefusal) as error:
            pending.add(office, PRACTICE, ["GOOD", number], "First Bay")
        assert refusal(error)[0].startswith(says)
        assert refusal(error)[1] == "line"
    assert (Pending.select().count(), acts()) == (0, before)  # all or none


def test_add_says_where_a_placed_debt_is(office, bay):
    placement = placed(office, bay)
    with pytest.raises(RuleRefusal) as error:
        pending.add(office, PRACTICE, ["L1"], "First Bay")
    assert refusal(error)[0] == f"Line L1 is already with First Bay as placement {placement}, balance 480.00."


def test_add_refuses_what_waits_already(office):
    a_line(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    with pytest.raises(RuleRefusal, match="already pending for First Bay"):
        pending.add(office, PRACTICE, ["L1"], "First Bay")


@pytest.mark.parametrize(
    ("days", "held"),
    [
        ({"since": DAY}, True),
        ({"since": DAY + 1}, False),
        ({"until": DAY}, False),
        ({"until": DAY + 1}, True),
    ],
)
def test_add_refuses_what_is_held_today(office, days, held):
    hold(office, a_line(office), **days)
    if held:
        with pytest.raises(RuleRefusal, match="Line L1 is on hold"):
            pending.add(office, PRACTICE, ["L1"], "First Bay")
    else:
        assert pending.add(office, PRACTICE, ["L1"], "First Bay").amount == 480_00


def test_add_needs_lines_and_an_assigned_agency(office, bay):
    a_line(office)
    for lines, agency, kind, field in (
        ([], "First Bay", RuleRefusal, "line"),
        (["L1", "L9"], "First Bay", NotFound, "line"),
        (["L1"], "Nobody", NotFound, "agency"),
    ):
        with pytest.raises(kind) as error:
            pending.add(office, PRACTICE, lines, agency)
        assert error.value.field == field
    making.change(office, Assignment, removed=True)
    with pytest.raises(RuleRefusal, match="First Bay is not assigned to Lakeside"):
        pending.add(office, PRACTICE, ["L1"], "First Bay")


def test_add_compares_what_was_seen(office):
    a_line(office)
    seen = line().act
    making.pay(office, line().id, 80_00)
    with pytest.raises(Conflict) as error:
        pending.add(office, PRACTICE, ["L1"], "First Bay", seen={"L1": seen})
    assert (
        refusal(error)[0] == "Line L1 was changed meanwhile by ana (payment): it has a balance of 400.00 in active AR."
    )
    assert pending.add(office, PRACTICE, ["L1"], "First Bay", seen={"L1": line().act}).amount == 400_00


def test_add_and_post_many_ask_the_same_number_of_questions(office, monkeypatch):
    account = making.make_account(office)
    with office.act("lines", PRACTICE) as draft:  # 1,200 lines are three chunks
        fields = {"practice": PRACTICE, "account": account, "date_of_service": DAY - 90, "fee": 1_00, "posted": DAY}
        fields |= {"responsibility": "guarantor", "aging_date": DAY - 60, "act": draft.id}
        numbers = [f"M{count:04d}" for count in range(1200)]
        ServiceLine.insert_many([{"number": number, **fields} for number in numbers]).execute()
        for row in ServiceLine.select(ServiceLine.id):
            ledger.write(draft, "SVCFE", ("AR", "REVENUE"), 1_00, line=row.id)
        ledger.settle(draft)
        ledger.seal(draft)
    asked = []
    run = office.store.db.execute_sql
    monkeypatch.setattr(
        office.store.db, "execute_sql", lambda sql, *rest, **more: asked.append(sql) or run(sql, *rest, **more)
    )
    pending.add(office, PRACTICE, numbers, "First Bay")
    assert len(asked) < 40
    asked.clear()
    done = pending.post(office, PRACTICE, numbers)
    assert len(asked) < 60
    assert (len(done.lines), done.amount, done.lines[0].line) == (1200, 1200_00, "M0000")


# --- post -----------------------------------------------------------------------------------------------------------


def test_post_takes_the_balance_of_this_moment(office, bay):
    made = a_line(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    making.pay(office, made, 80_00)
    done = pending.post(office, PRACTICE, ["L1"])
    placement = Placement.get(Placement.line == made)
    assert done.lines == (pending.LineDone("L1", 400_00, "First Bay", placement.id),)
    assert entries(done.act) == [("EXCOL", "EXT", "AR", 400_00)]
    assert (line().ar, placement.balance, placement.agency, placement.act) == (0, 400_00, bay, done.act)
    assert (queued().outcome, queued().resolved, queued().act) == ("posted", DAY, done.act)
    assert placement.pinned  # an operator chose the agency at Add


def test_post_of_the_nights_rows_leaves_them_to_automatic_reassignment(office, bay):
    night_row(office, a_line(office), bay)
    pending.post(office, PRACTICE, ["L1"])
    assert not Placement.get().pinned


def test_post_with_another_agency(office, bay):
    west = making.make_agency(office, "Bay West")
    night_row(office, a_line(office), bay)
    night_row(office, a_line(office, "L2"), west)
    done = pending.post(office, PRACTICE, ["L1", "L2"], agency="Bay West")
    assert [(row.line, row.agency) for row in done.lines] == [("L1", "Bay West"), ("L2", "Bay West")]
    assert {row.agency for row in Placement.select()} == {west}
    assert [row for row in changes(done.act) if row[0] == "pending"] == [("pending", "agency", "First Bay", "Bay West")]
    assert all(row.pinned for row in Placement.select())


def test_post_refuses(office, bay):
    for number in ("HELD", "PAID", "INSURER", "GOOD", "FREE"):
        a_line(office, number)
    pending.add(office, PRACTICE, ["HELD", "PAID", "INSURER", "GOOD"], "First Bay")
    hold(office, line("HELD").id)
    making.pay(office, line("PAID").id, 480_00)
    ServiceLine.update(responsibility="insurance").where(ServiceLine.number == "INSURER").execute()
    for number, says in (
        ("HELD", "is on hold"),
        ("PAID", "has no balance"),
        ("INSURER", "is the insurer's"),
        ("FREE", "is not pending"),
    ):
        with pytest.raises(RuleRefusal, match=f"Line {number} {says}"):
            pending.post(office, PRACTICE, ["GOOD", number])
    assert Placement.select().count() == 0
    pending.post(office, PRACTICE, ["GOOD"])
    with pytest.raises(RuleRefusal, match="Line GOOD is not pending; it is with First Bay as placement"):
        pending.post(office, PRACTICE, ["GOOD"])


def test_post_needs_an_agency_that_is_still_assigned(office, bay):
    making.make_agency(office, "Bay West")
    a_line(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    making.change(office, Assignment, Assignment.agency == bay, removed=True)
    with pytest.raises(RuleRefusal, match="First Bay is no longer assigned to Lakeside Anesthesia"):
        pending.post(office, PRACTICE, ["L1"])
    assert pending.post(office, PRACTICE, ["L1"], agency="Bay West").amount == 480_00


def test_post_with_an_accounting_date(office):
    practice_setting(office, uses_accounting_dates=True, closed_through=DAY - 1)
    a_line(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    for given in (None, DAY - 1, DAY + 15):
        with pytest.raises(RuleRefusal) as error:
            pending.post(office, PRACTICE, ["L1"], accounting_date=given)
        assert error.value.field == "accounting_date"
    done = pending.post(office, PRACTICE, ["L1"], accounting_date=DAY)
    assert Entry.get(Entry.act == done.act).accounting_date == DAY


def test_post_compares_what_was_seen(office, bay):
    a_line(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    seen = queued().act
    pending.deny(office, PRACTICE, "L1", "not yet")
    pending.add(office.by(Actor("bob", "operator")), PRACTICE, ["L1"], "First Bay")
    with pytest.raises(Conflict, match=r"by bob \(add\)"):
        pending.post(office, PRACTICE, ["L1"], seen={"L1": seen})


# --- deny -----------------------------------------------------------------------------------------------------------


def test_deny_marks_the_line_brought_back(office):
    a_line(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    done = pending.deny(office, PRACTICE, "L1", " they called ")
    assert done == pending.Denied(done.act, "L1", 480_00, False)
    row = queued()
    assert (row.outcome, row.reason, row.resolved, row.act) == ("denied", "they called", DAY, done.act)
    assert (line().brought_back, line().aging_date, line().act) == (True, DAY - 60, done.act)
    assert changes(done.act) == [
        ("service_line", "pending", "waiting", "denied"),
        ("service_line", "brought_back", "no", "yes"),
    ]
    with pytest.raises(RuleRefusal, match="is not pending"):
        pending.deny(office, PRACTICE, "L1", "again")


def test_deny_re_ages_by_the_practices_rule(office):
    a_line(office)
    making.keep(office, ExternalRule, practice=PRACTICE, re_age_if_denied=True)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    done = pending.deny(office, PRACTICE, "L1", "they called")
    assert done.re_aged
    assert (line().brought_back, line().aging_date) == (False, DAY)
    assert ("service_line", "aging_date", "2026-09-21", "2026-11-20") in changes(done.act)


def test_deny_needs_a_note_and_compares_what_was_seen(office):
    a_line(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    with pytest.raises(RuleRefusal) as error:
        pending.deny(office, PRACTICE, "L1", "   ")
    assert error.value.field == "note"
    with pytest.raises(Conflict):
        pending.deny(office, PRACTICE, "L1", "they called", seen=queued().act - 1)
    assert queued().outcome is None


# --- withdraw -------------------------------------------------------------------------------------------------------


def night_row(office, line: int, agency: int, day: int = DAY, source: str = "night") -> None:
    row = ServiceLine.get_by_id(line)
    with office.on(day).act("select", PRACTICE) as draft:
        Pending.insert(
            practice=PRACTICE, account=row.account, line=line, agency=agency, amount=row.ar, age=60, source=source,
            because="threshold", queued=day, queued_act=draft.id, act=draft.id,
        ).execute()  # fmt: skip
        ledger.change(draft, "service_line", line, "pending", None, f"{Agency.get_by_id(agency).name} (threshold)")
        ledger.seal(draft)


def test_withdraw_takes_out_what_one_night_queued_and_nothing_else(office, bay):
    night_row(office, a_line(office, "N1", 10_00), bay)
    night_row(office, a_line(office, "N2", 20_00), bay)
    night_row(office, a_line(office, "EARLIER"), bay, DAY - 1)
    night_row(office, a_line(office, "POSTED"), bay)
    a_line(office, "BYHAND")
    pending.add(office, PRACTICE, ["BYHAND"], "First Bay")
    pending.post(office, PRACTICE, ["POSTED"])
    done = pending.withdraw(office, PRACTICE, DAY)
    assert (done.count, done.amount) == (2, 30_00)
    assert [queued(number).outcome for number in ("N1", "N2", "EARLIER", "POSTED", "BYHAND")] == [
        "withdrawn", "withdrawn", None, "posted", None,
    ]  # fmt: skip
    assert queued("N1").reason == "The night of 2026-11-20 was withdrawn by ana."
    assert (line("N1").brought_back, line("N1").aging_date) == (False, DAY - 60)
    assert changes(done.act) == [("service_line", "pending", "waiting", "withdrawn")] * 2
    with pytest.raises(RuleRefusal) as error:
        pending.withdraw(office, PRACTICE, DAY)
    assert refusal(error) == ("Nothing that the night of 2026-11-20 queued is still pending.", "run")


def test_withdrawing_is_a_supervisors(office, bay):
    night_row(office, a_line(office), bay)
    with pytest.raises(NotAllowed):
        pending.withdraw(office.by(Actor("bob", "operator")), PRACTICE, DAY)
    assert pending.withdraw(office.by(Actor("sue", "supervisor")), PRACTICE, DAY).count == 1


def test_a_viewer_may_not(office):
    looking = viewer(office)
    with pytest.raises(NotAllowed):
        pending.add(looking, PRACTICE, ["L1"], "First Bay")
    with pytest.raises(NotAllowed):
        pending.post(looking, PRACTICE, ["L1"])
    with pytest.raises(NotAllowed):
        pending.deny(looking, PRACTICE, "L1", "no")
