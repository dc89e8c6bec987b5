"""Setting, extending and lifting holds."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Hold, ServiceLine
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.rules import holds
from bo_tui.rules.external.holds import in_force
from tests.acting import a_line, changes, viewer
from tests.making import DAY, PRACTICE


@pytest.fixture(autouse=True)
def _line(office):
    a_line(office, "L1")
    a_line(office, "L2")


def held(number: str, day: int) -> bool:
    row = ServiceLine.select(in_force(ServiceLine.account, ServiceLine.id, day)).where(ServiceLine.number == number)
    return bool(row.scalar())


def test_a_hold_holds_from_its_first_day_to_the_day_before_its_end(office):
    done = holds.set_hold(office, PRACTICE, "AL1", "dispute", "asked for records", until=DAY + 3)
    assert [held("L1", day) for day in (DAY - 1, DAY, DAY + 2, DAY + 3)] == [False, True, True, False]
    assert not held("L2", DAY)
    assert ("hold", "kind", None, "dispute of account AL1") in changes(done.act)


def test_a_line_of_the_account_alone(office):
    done = holds.set_hold(office, PRACTICE, "AL1", "manual", "wait", line="L1", since=DAY + 1)
    assert (done.since, done.until) == (DAY + 1, None)
    assert [held("L1", day) for day in (DAY, DAY + 1)] == [False, True]
    with pytest.raises(NotFound, match="Account AL1 has no service fee line L2"):
        holds.set_hold(office, PRACTICE, "AL1", "manual", "wait", line="L2")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "sabbatical"}, "kind"),
        ({"reason": "  "}, "reason"),
        ({"reason": "a\x07b"}, "reason"),
        ({"until": DAY - 1}, "until"),
        ({"account": "A9"}, "account"),
    ],
)
def test_what_is_refused(office, given, field):
    asked = {"account": "AL1", "kind": "manual", "reason": "wait"} | given
    with pytest.raises(RuleRefusal) as error:
        holds.set_hold(office, PRACTICE, **asked)
    assert error.value.field == field
    assert Hold.select().count() == 0


def test_the_same_days_twice_are_refused(office):
    holds.set_hold(office, PRACTICE, "AL1", "manual", "wait", until=DAY + 5)
    for since in (DAY, DAY + 4):
        with pytest.raises(RuleRefusal, match="already has a manual hold since 2026-11-20"):
            holds.set_hold(office, PRACTICE, "AL1", "manual", "again", since=since)
    holds.set_hold(office, PRACTICE, "AL1", "dispute", "another kind")
    holds.set_hold(office, PRACTICE, "AL1", "manual", "the line too", line="L1")
    holds.set_hold(office, PRACTICE, "AL1", "manual", "afterwards", since=DAY + 5)
    assert Hold.select().count() == 4


def test_lifting_ends_it_today(office):
    holds.set_hold(office.on(DAY - 10), PRACTICE, "AL1", "manual", "wait")
    done = holds.lift(office, PRACTICE, "AL1", "manual", "paid")
    assert done.until == DAY
    assert [held("L1", day) for day in (DAY - 1, DAY)] == [True, False]
    assert changes(done.act) == [("hold", "until", None, "2026-11-20")]
    with pytest.raises(RuleRefusal, match="There is no manual hold on account AL1"):
        holds.lift(office, PRACTICE, "AL1", "manual", "again")


def test_one_that_has_not_begun_ends_where_it_begins(office):
    holds.set_hold(office, PRACTICE, "AL1", "manual", "wait", since=DAY + 7)
    assert holds.lift(office, PRACTICE, "AL1", "manual", "no need").until == DAY + 7
    assert not held("L1", DAY + 7)


def test_lifted_by_mistake_and_set_again_on_the_same_day(office):
    first = holds.set_hold(office, PRACTICE, "AL1", "manual", "wait")
    holds.lift(office, PRACTICE, "AL1", "manual", "oops")
    again = holds.set_hold(office, PRACTICE, "AL1", "manual", "wait after all", until=DAY + 9)
    assert again.hold == first.hold
    assert Hold.select().count() == 1
    assert held("L1", DAY + 8)


def test_extending(office):
    holds.set_hold(office, PRACTICE, "AL1", "payment_plan", "plan", until=DAY + 30)
    done = holds.extend(office, PRACTICE, "AL1", "payment_plan", DAY + 60, "two more months")
    assert done.until == DAY + 60
    assert changes(done.act) == [("hold", "until", "2026-12-20", "2027-01-19")]
    for until in (DAY - 1, DAY + 60):
        with pytest.raises(RuleRefusal) as error:
            holds.extend(office, PRACTICE, "AL1", "payment_plan", until, "?")
        assert error.value.field == "until"


def test_extending_into_the_next_one_is_refused(office):
    holds.set_hold(office, PRACTICE, "AL1", "manual", "wait", until=DAY + 5)
    holds.set_hold(office, PRACTICE, "AL1", "manual", "again", since=DAY + 8)
    with pytest.raises(RuleRefusal, match="already has"):
        holds.extend(office, PRACTICE, "AL1", "manual", DAY + 9, "longer")
    assert holds.extend(office, PRACTICE, "AL1", "manual", DAY + 8, "up to it").until == DAY + 8


def test_somebody_else_was_faster(office):
    first = holds.set_hold(office, PRACTICE, "AL1", "manual", "wait")
    holds.extend(office, PRACTICE, "AL1", "manual", DAY + 5, "a week")
    with pytest.raises(Conflict, match=r"changed meanwhile by ana \(hold extend\): it ends 2026-11-25"):
        holds.lift(office, PRACTICE, "AL1", "manual", "paid", seen=first.act)


def test_a_viewer_may_not(office):
    for act in (holds.set_hold, holds.lift):
        with pytest.raises(NotAllowed):
            act(viewer(office), PRACTICE, "AL1", "manual", "wait")
