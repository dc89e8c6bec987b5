"""Changing the agency of lines while they wait, and what posting makes of it."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Assignment, Pending, Placement
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.rules.external import pending
from tests import making
from tests.acting import a_line, acts, assert_sound, changes, refusal, viewer
from tests.making import PRACTICE
from tests.rules.external.test_pending import night_row, queued


@pytest.fixture(autouse=True)
def bay(office):
    agency = making.make_agency(office, "First Bay", balance_greater_than=0, age_greater_than=45)
    yield agency
    assert_sound(office)


@pytest.fixture
def west(office):
    return making.make_agency(office, "West")


def test_the_lines_wait_for_another_agency(office, bay, west):
    night_row(office, a_line(office, "L1", 10_00), bay)
    night_row(office, a_line(office, "L2", 20_00), west)
    done = pending.change_agency(office, PRACTICE, ["L1", "L2"], "West")
    assert (done.lines, done.amount) == ((pending.LineDone("L1", 10_00, "West"),), 10_00)
    assert [(row.agency, row.outcome) for row in (queued("L1"), queued("L2"))] == [(west, None)] * 2
    assert (queued("L1").act, queued("L2").act == done.act) == (done.act, False)
    assert changes(done.act) == [("pending", "agency", "First Bay", "West")]


def test_the_choice_is_pinned_when_posted(office, bay, west):
    night_row(office, a_line(office, "L1"), bay)
    night_row(office, a_line(office, "L2"), bay)
    pending.change_agency(office, PRACTICE, ["L1"], "West")
    pending.post(office, PRACTICE, ["L1", "L2"])
    assert sorted((row.agency, row.pinned) for row in Placement.select()) == [(bay, False), (west, True)]


def test_refusals_leave_everything_as_it_was(office, bay, west):
    night_row(office, a_line(office, "L1"), bay)
    a_line(office, "L2")
    before = acts()
    for agency, lines, kind, expected in [
        ("First Bay", ["L1"], RuleRefusal, ("Already pending for First Bay; choose another agency.", "agency")),
        ("West", ["L1", "L2"], RuleRefusal, ("Line L2 is not pending.", "line")),
        ("Nobody", ["L1"], NotFound, ("There is no agency Nobody.", "agency")),
    ]:
        with pytest.raises(kind) as error:
            pending.change_agency(office, PRACTICE, lines, agency)
        assert refusal(error) == expected
    making.change(office, Assignment, Assignment.agency == west, removed=True)
    with pytest.raises(RuleRefusal) as error:
        pending.change_agency(office, PRACTICE, ["L1"], "West")
    assert refusal(error) == ("West is not assigned to Lakeside Anesthesia.", "agency")
    with pytest.raises(NotAllowed):
        pending.change_agency(viewer(office), PRACTICE, ["L1"], "West")
    assert acts() == before + 1  # the one that removed the assignment
    assert Pending.get().agency == bay


def test_it_compares_what_was_seen(office, bay, west):
    night_row(office, a_line(office, "L1"), bay)
    seen = queued().act
    pending.change_agency(office, PRACTICE, ["L1"], "West", seen={"L1": seen})
    with pytest.raises(Conflict) as error:
        pending.change_agency(office, PRACTICE, ["L1"], "First Bay", seen={"L1": seen})
    assert "changed meanwhile by ana (pending agency)" in error.value.sentence
