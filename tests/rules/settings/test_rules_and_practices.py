"""Exclusions with their worked example, the four rules, and a practice's own settings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bo_tui import dates
from bo_tui.db.tables import ExternalRule, Practice, ServiceLine
from bo_tui.errors import Conflict, NotAllowed, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules.external import criteria
from bo_tui.rules.external.terms import make_terms
from bo_tui.rules.settings import external_rules, practices
from bo_tui.rules.settings.external_rules import Rules, bar, worked_example
from bo_tui.rules.settings.practices import PracticeSettings
from bo_tui.views import admin
from tests import acting, making

PRACTICE = making.PRACTICE
TEN_PERCENT = Rules(35, None, 10_00)


@pytest.mark.parametrize(
    ("wanted", "field", "sentence"),
    [
        (Rules(None, 1), "payment_within_days", "Payment made within days is required when Payment made dollar minimum is given."),
        (Rules(0, 1), "payment_within_days", "Payment made within days is not above zero."),
        (
            Rules(1, 0, 0),
            "payment_minimum",
            "Payment made dollar minimum or Payment made percentage minimum above zero is required when days are given.",
        ),
        (Rules(1, None, 100_01), "payment_percent", "Payment made percentage minimum is above 100."),
        (Rules(1, -1), "payment_minimum", "Payment made dollar minimum is below zero."),
    ],
)  # fmt: skip
def test_an_exclusion_needs_days_and_a_bar(office: Office, wanted: Rules, field: str, sentence: str) -> None:
    with pytest.raises(RuleRefusal) as error:
        external_rules.save(office, PRACTICE, wanted)
    assert acting.refusal(error) == (sentence, field)


def test_rules_are_kept_with_their_history(office: Office) -> None:
    assert admin.rules(office, PRACTICE).act == 0
    first = external_rules.save(office, PRACTICE, Rules(1, 1, 100_00), seen=0)
    assert ("external_rule", "payment_minimum", None, "0.01") in acting.changes(first)
    second = external_rules.save(office, PRACTICE, replace(TEN_PERCENT, move_all_by_dos=True), seen=first)
    assert acting.changes(second) == [
        ("external_rule", "payment_within_days", "1", "35"),
        ("external_rule", "payment_minimum", "0.01", None),
        ("external_rule", "payment_percent", "10000", "1000"),
        ("external_rule", "move_all_by_dos", "no", "yes"),
    ]
    shown = admin.rules(office, PRACTICE)
    assert (shown.act, shown.payment_percent, shown.move_all_by_dos) == (second, 10_00, True)
    with pytest.raises(
        Conflict, match=r"changed meanwhile by ana \(external rules\): it now says: On 100.00: a payment of 10.00"
    ):
        external_rules.save(office, PRACTICE, Rules(), seen=first)
    with pytest.raises(Conflict):
        external_rules.save(office, PRACTICE, Rules(), seen=0)
    with pytest.raises(RuleRefusal, match="nothing to save"):
        external_rules.save(office, PRACTICE, replace(TEN_PERCENT, move_all_by_dos=True))
    with pytest.raises(NotAllowed):
        external_rules.save(office.by(Actor("sue", "supervisor")), PRACTICE, Rules())
    assert making.verify(office) == []


def test_the_worked_example_in_words() -> None:
    balance = 480_00
    assert worked_example(TEN_PERCENT, balance) == (
        "On 480.00: a payment of 48.00 or more in the last 35 days keeps the line out."
    )
    assert "a payment of 50.00 or more" in worked_example(Rules(35, 50_00, 10_00), balance)
    assert "a payment of 48.00 or more" in worked_example(Rules(35, 47_99, 10_00), balance)
    assert worked_example(replace(TEN_PERCENT, account_level=True), balance) == (
        "On an account owing 480.00: 48.00 or more in the last 35 days keeps it out."
    )
    assert worked_example(Rules(), balance) == (
        "On 480.00: no payment keeps a line out; nothing is excluded for payments."
    )
    assert "today or yesterday" in worked_example(Rules(1, 1), balance)


@pytest.mark.parametrize("balance", [1, 4, 5, 14, 15, 480_00, 99_999_99])
def test_the_example_is_the_nights_own_bar(office: Office, balance: int) -> None:
    making.make_line(office, making.make_account(office), fee=balance)
    office.store.use()
    for minimum in (None, 0, 1, 25_00):
        for percent in (None, 0, 1, 10_00, 33_33, 100_00):
            rules = Rules(35, minimum, percent)
            row = ExternalRule(payment_within_days=35, payment_minimum=minimum, payment_percent=percent)
            terms = make_terms(Practice.get_by_id(PRACTICE), making.DAY, row, [])
            nights = ServiceLine.select(criteria.payment_bar(terms)).scalar() if terms.window else None
            assert bar(rules, balance) == nights


def test_a_practices_settings(office: Office) -> None:
    was = admin.settings(office, PRACTICE)
    yesterday = making.DAY - 1
    wanted = PracticeSettings(" Lakeside ", True, yesterday, 500_00)
    act = practices.save(office, PRACTICE, wanted, seen=was.act)
    assert acting.changes(act) == [
        ("practice", "name", "Lakeside Anesthesia", "Lakeside"),
        ("practice", "uses_accounting_dates", "no", "yes"),
        ("practice", "closed_through", None, dates.iso(yesterday)),
        ("practice", "four_eyes_limit", None, "500.00"),
    ]
    with pytest.raises(Conflict, match=r"Lakeside was changed meanwhile by ana \(practice settings\)"):
        practices.save(office, PRACTICE, wanted, seen=was.act)
    practices.save(office, PRACTICE, replace(wanted, four_eyes_limit=None), seen=act)
    assert admin.settings(office, PRACTICE).four_eyes_limit is None
    assert making.verify(office) == []


def test_the_books_close_forward_only_and_not_beyond_today(office: Office) -> None:
    name, today = "Lakeside", making.DAY
    with pytest.raises(RuleRefusal) as error:
        practices.save(office, PRACTICE, PracticeSettings(name, True, today + 1))
    assert acting.refusal(error) == ("The books cannot be closed beyond today, 2026-11-20.", "closed_through")
    practices.save(office, PRACTICE, PracticeSettings(name, True, today))
    for earlier in (today - 1, None):
        with pytest.raises(RuleRefusal) as error:
            practices.save(office, PRACTICE, PracticeSettings(name, True, earlier))
        assert acting.refusal(error) == (
            "The books are closed through 2026-11-20 and are never opened again.",
            "closed_through",
        )
    practices.save(office.on(today + 1), PRACTICE, PracticeSettings(name, True, today + 1))
    with pytest.raises(RuleRefusal) as error:
        practices.save(office, PRACTICE, PracticeSettings("  "))
    assert acting.refusal(error) == ("A practice needs a name.", "name")
    with pytest.raises(RuleRefusal, match="Four-eyes limit is below zero"):
        practices.save(office, PRACTICE, PracticeSettings(name, four_eyes_limit=-1))
