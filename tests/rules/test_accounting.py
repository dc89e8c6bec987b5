"""The accounting date of an act: required or absent by the practice's switch, and where its edges lie."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Practice
from bo_tui.errors import RuleRefusal
from bo_tui.rules import accounting

D = 20_000


def practice(on: bool = True, closed_through: int | None = None) -> Practice:
    return Practice(name="Lakeside", uses_accounting_dates=on, closed_through=closed_through)


def test_switched_off_takes_none():
    assert accounting.resolve(practice(on=False), None, D) is None
    with pytest.raises(RuleRefusal, match="does not use accounting dates") as error:
        accounting.resolve(practice(on=False), D, D)
    assert error.value.field == "accounting_date"


def test_switched_on_requires_one():
    assert accounting.resolve(practice(), D, D) == D
    with pytest.raises(RuleRefusal, match="give one"):
        accounting.resolve(practice(), None, D)


def test_must_be_after_the_closed_books():
    assert accounting.resolve(practice(closed_through=D - 1), D, D) == D
    with pytest.raises(RuleRefusal, match="closed through"):
        accounting.resolve(practice(closed_through=D), D, D)


def test_at_most_fourteen_days_ahead():
    assert accounting.resolve(practice(), D + 14, D) == D + 14
    with pytest.raises(RuleRefusal, match="too far ahead"):
        accounting.resolve(practice(), D + 15, D)


@pytest.mark.parametrize(("closed", "expected"), [(None, D), (D - 1, D), (D, D + 1), (D + 9, D + 10)])
def test_the_night_takes_the_first_open_day(closed, expected):
    assert accounting.resolve(practice(closed_through=closed), None, D, night=True) == expected


def test_the_night_of_a_practice_without_accounting_dates():
    assert accounting.resolve(practice(on=False, closed_through=D), None, D, night=True) is None
