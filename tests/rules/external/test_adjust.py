"""Adjusting a placement."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Entry, Placement, TransactionCode
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.rules.external.adjust import adjust, preview_adjust, transaction_codes
from bo_tui.rules.external.reverse import reverse
from tests import making
from tests.acting import acts, assert_sound, entries, placed, practice_setting, refusal, viewer
from tests.making import DAY, PRACTICE


@pytest.fixture(autouse=True)
def _sound(office):
    yield
    assert_sound(office)


@pytest.fixture
def placement(office) -> int:
    return placed(office, making.make_agency(office))


def test_down_and_up_by_the_transaction_codes_direction(office, placement):
    down = adjust(office, placement, "CHRTY", 80_00, "hardship")
    assert (down.code, down.amount, down.balance) == ("MADJN", 80_00, 400_00)
    assert entries(down.act) == [("MADJN", "ADJUSTMENT", "EXT", 80_00)]
    up = adjust(office, placement, "NSFEE", 25_00, "bounced")
    assert (up.code, up.balance) == ("MADJP", 425_00)
    row = Entry.get_by_id(up.entry)
    assert (row.parent, row.placement, row.transaction_code, row.note) == (placement, placement, "NSFEE", "bounced")
    assert (Placement.get_by_id(placement).balance, Placement.get_by_id(placement).act) == (425_00, up.act)


def test_to_zero_but_never_below(office, placement):
    with pytest.raises(RuleRefusal) as error:
        adjust(office, placement, "BADDB", 480_01, "all of it")
    assert refusal(error) == (
        "480.01 is more than the balance of 480.00; an adjustment never goes below zero.",
        "amount",
    )
    assert adjust(office, placement, "BADDB", 480_00, "all of it").balance == 0
    assert Placement.get_by_id(placement).closed is None  # paid in full is only how it looks
    assert adjust(office, placement, "CORRP", 1, "a cent").balance == 1


def test_the_live_result():
    assert [preview_adjust(100, way, 40) for way in ("up", "down")] == [140, 60]
    assert preview_adjust(100, "down", 101) == -1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"note": " "}, "note"),
        ({"code": "XXXXX"}, "code"),
        ({"accounting_date": DAY}, "accounting_date"),
        ({"placement": 999}, "placement"),
        ({"practice": 2}, "placement"),
    ],
)
def test_what_is_refused(office, placement, given, field):
    before = acts()
    asked = {"placement": placement, "code": "CHRTY", "amount": 1, "note": "why"} | given
    with pytest.raises(RuleRefusal) as error:
        adjust(office, **asked)
    assert error.value.field == field
    assert acts() == before


def test_a_practices_own_code_goes_before_the_common_one(office, placement):
    for code, description, direction, active in (("OWN", "Ours", "up", True), ("CHRTY", "-", "down", False)):
        making.keep(
            office,
            TransactionCode,
            practice=PRACTICE,
            code=code,
            description=description,
            direction=direction,
            active=active,
        )
    assert ("OWN", "Ours", "up") in transaction_codes(PRACTICE)
    assert adjust(office, placement, "OWN", 5, "why").code == "MADJP"
    with pytest.raises(NotFound, match="no active transaction code CHRTY"):
        adjust(office, placement, "CHRTY", 5, "why")


def test_with_an_accounting_date(office, placement):
    practice_setting(office, uses_accounting_dates=True)
    done = adjust(office, placement, "CHRTY", 5, "why", DAY + 1)
    assert Entry.get_by_id(done.entry).accounting_date == DAY + 1


def test_a_closed_placement_says_where_the_debt_is(office, placement):
    reverse(office, placement, "wrong line")
    with pytest.raises(RuleRefusal) as error:
        adjust(office, placement, "CHRTY", 5, "why")
    assert refusal(error) == (
        f"Placement {placement} of line L1 was closed by RVCOL on 2026-11-20; the debt is back in active AR.",
        "placement",
    )


def test_somebody_else_was_faster(office, placement):
    seen = Placement.get_by_id(placement).act
    adjust(office, placement, "CHRTY", 80_00, "hardship", seen=seen)
    with pytest.raises(Conflict) as error:
        adjust(office, placement, "CHRTY", 80_00, "hardship", seen=seen)
    assert refusal(error)[0] == (
        f"Placement {placement} of line L1 was changed meanwhile by ana (adjust): it is with First Bay and its balance is 400.00."
    )


def test_a_viewer_may_not(office, placement):
    with pytest.raises(NotAllowed):
        adjust(viewer(office), placement, "CHRTY", 1, "why")
