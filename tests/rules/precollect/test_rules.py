"""Saving the rules of pre-collections, and the preview before: what tonight would queue under them (seed 002)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bo_tui.errors import Conflict, NotAllowed, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules.precollect.preview import preview
from bo_tui.rules.settings import precollection_rules
from bo_tui.rules.settings.precollection_rules import Rules
from tests import acting
from tests.support.book import OfficeBook

GOOD = Rules(balance_greater_than=50_00, days_past_due=60, payment_minimum=20_00, payment_within_days=35)
DAY_61 = "2026-03-03"


@pytest.fixture
def book(office: Office) -> OfficeBook:
    made = OfficeBook(office)
    made.practice("LAKE", precollections_enrolled=True)
    return made


def test_rules_are_kept_with_their_history_and_nobody_is_overwritten(book: OfficeBook) -> None:
    office = book.office
    assert precollection_rules.current(office, 1) == (Rules(), 0)
    act = precollection_rules.save(office, 1, GOOD, seen=0)
    assert precollection_rules.current(office, 1) == (GOOD, act)
    changed = precollection_rules.save(office, 1, replace(GOOD, thank_you=True, days_past_due=75), seen=act)
    assert acting.changes(changed) == [
        ("precollection_rule", "days_past_due", "60", "75"),
        ("precollection_rule", "thank_you", "no", "yes"),
    ]
    with pytest.raises(
        Conflict, match=r"changed meanwhile by ana .*: it now says: an account above 50\.00, 75 days past due"
    ):
        precollection_rules.save(office, 1, GOOD, seen=act)
    with pytest.raises(NotAllowed):
        precollection_rules.save(office.by(Actor("bob", "operator")), 1, GOOD)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"balance_greater_than": None}, "balance_greater_than"),
        ({"days_past_due": None}, "days_past_due"),
        ({"payment_within_days": None}, "payment_within_days"),
        ({"payment_within_days": 0}, "payment_within_days"),
        ({"payment_minimum": None}, "payment_minimum"),
        ({"payment_minimum": 0}, "payment_minimum"),
        ({"payment_percent": 100_01}, "payment_percent"),
        ({"balance_greater_than": -1}, "balance_greater_than"),
    ],
)
def test_what_the_seed_requires_is_required(book: OfficeBook, wrong: dict, field: str) -> None:
    with pytest.raises(RuleRefusal) as refused:
        precollection_rules.save(book.office, 1, replace(GOOD, **wrong))
    assert refused.value.field == field


def test_an_unenrolled_practice_is_offered_nothing(office: Office) -> None:
    with pytest.raises(RuleRefusal, match="not enrolled") as refused:
        precollection_rules.save(office, 1, GOOD)
    assert refused.value.field == "practice"


def test_the_preview_decides_as_the_night_would(book: OfficeBook) -> None:
    precollection_rules.save(book.office, 1, GOOD)
    for number, since in (("L1", "2026-01-01"), ("L2", "2026-01-01"), ("YOUNG", "2026-01-20")):
        book.line(number, 100_00, since)
    book.line("SMALL", 30_00, "2026-01-01")
    office = book.on(DAY_61)
    wider = replace(GOOD, balance_greater_than=0, days_past_due=30)
    seen = preview(office, 1, wider, chunk=1)
    assert seen is not None
    assert (seen.old.queued, seen.old.excluded) == (
        (2, 200_00),
        {"too_young": (1, 100_00), "below_balance": (1, 30_00)},
    )
    assert (seen.new.queued, seen.new.excluded, seen.same) == ((4, 330_00), {}, False)
    assert book.any_night(DAY_61).step("precollect_start") == (2, "200.00")
    later = preview(office, 1, replace(GOOD, days_past_due=90))
    assert later is not None
    assert (later.old.withdrawn, later.new.withdrawn) == ((0, 0), (2, 200_00))
    assert preview(office, 1, GOOD, cancelled=lambda: True) is None
