"""Reassigning a placement by hand."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Assignment, Change, Entry, Placement
from bo_tui.errors import Conflict, NotAllowed, RuleRefusal
from bo_tui.rules.external.adjust import adjust
from bo_tui.rules.external.reassign import reassign
from tests import making
from tests.acting import acts, assert_sound, entries, line, placed, practice_setting, refusal, viewer
from tests.making import DAY


@pytest.fixture(autouse=True)
def _sound(office):
    yield
    assert_sound(office)


@pytest.fixture
def bay(office) -> int:
    return making.make_agency(office, "First Bay")


@pytest.fixture
def west(office) -> int:
    return making.make_agency(office, "Bay West")


@pytest.fixture
def placement(office, bay, west) -> int:
    return placed(office, bay)


def test_the_whole_balance_moves(office, bay, west, placement):
    making.make_file(office, bay)
    adjust(office, placement, "CHRTY", 80_00, "hardship")
    done = reassign(office.on(DAY + 1), placement, "Bay West")
    assert (done.old, done.agency, done.balance) == (placement, "Bay West", 400_00)
    assert entries(done.act) == [("AGTFR", "EXT_TRANSIT", "EXT", 400_00), ("EXCOL", "EXT", "EXT_TRANSIT", 400_00)]
    old, new = Placement.get_by_id(placement), Placement.get_by_id(done.new)
    assert (old.balance, old.closed, old.closed_on, old.file) == (0, "AGTFR", DAY + 1, 1)
    assert (new.balance, new.amount, new.agency, new.agency_name) == (400_00, 400_00, west, "Bay West")
    assert (new.came_from, new.file, new.pinned, new.closed, new.placed) == (placement, None, True, None, DAY + 1)
    assert (new.guarantor, new.account_number, new.description, new.date_of_service) == (
        old.guarantor, old.account_number, old.description, old.date_of_service,
    )  # fmt: skip
    root = Entry.get_by_id(done.new)
    assert (root.parent, root.placement) == (None, done.new)
    assert Entry.get((Entry.act == done.act) & (Entry.code == "AGTFR")).parent == placement
    assert line().ar == 0
    said = Change.select(Change.subject, Change.subject_id, Change.field, Change.before, Change.after)
    assert list(said.where(Change.act == done.act).tuples()) == [
        ("placement", done.new, "agency", "First Bay", "Bay West")
    ]


def test_there_and_back_again(office, placement):
    second = reassign(office, placement, "Bay West").new
    third = reassign(office, second, "First Bay").new
    assert Placement.get_by_id(third).came_from == second
    with pytest.raises(RuleRefusal) as error:
        reassign(office, placement, "Bay West")
    assert refusal(error)[0] == (
        f"Placement {placement} of line L1 was closed by AGTFR on 2026-11-20; "
        f"the debt is now with First Bay as placement {third}, balance 480.00."
    )


def test_what_is_refused(office, west, placement):
    making.make_agency(office, "Gone")
    making.change(office, Assignment, Assignment.id == 3, removed=True)
    before = acts()
    for agency, says in (
        ("First Bay", "is already with First Bay"),
        ("Gone", "Gone is not assigned"),
        ("Nobody", "There is no agency"),
    ):
        with pytest.raises(RuleRefusal, match=says) as error:
            reassign(office, placement, agency)
        assert error.value.field == "agency"
    assert acts() == before
    adjust(office, placement, "BADDB", 480_00, "all")
    with pytest.raises(RuleRefusal, match="stands at zero; there is nothing to reassign"):
        reassign(office, placement, "Bay West")


def test_with_an_accounting_date(office, placement):
    practice_setting(office, uses_accounting_dates=True)
    with pytest.raises(RuleRefusal, match="give one"):
        reassign(office, placement, "Bay West")
    done = reassign(office, placement, "Bay West", DAY)
    assert {row.accounting_date for row in Entry.select().where(Entry.act == done.act)} == {DAY}


def test_somebody_else_was_faster(office, placement):
    seen = Placement.get_by_id(placement).act
    reassign(office, placement, "Bay West", seen=seen)
    with pytest.raises(Conflict, match=r"by ana \(reassign\): it was closed by AGTFR"):
        reassign(office, placement, "Bay West", seen=seen)


def test_a_viewer_may_not(office, placement):
    with pytest.raises(NotAllowed):
        reassign(viewer(office), placement, "Bay West")
