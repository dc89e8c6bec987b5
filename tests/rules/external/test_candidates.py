"""Which lines can be added by hand, both sides of each criterion, and what is said of each."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import ExternalRule, Hold, ServiceLine
from bo_tui.rules.external import candidates, pending
from tests import making
from tests.acting import a_line, placed
from tests.making import DAY, PRACTICE


@pytest.fixture(autouse=True)
def bay(office):
    return making.make_agency(office, "First Bay")


def found(office, **wanted):
    return [row.line for row in candidates.candidates(office, PRACTICE, **wanted).rows]


def test_only_active_lines_of_the_guarantor_above_zero(office, bay):
    a_line(office, "GOOD", 1, age=0)
    a_line(office, "INSURER", responsibility="insurance", aging_date=None)
    making.pay(office, a_line(office, "PAID", 5_00), 5_00)
    making.pay(office, a_line(office, "CREDIT", 5_00), 6_00)
    placed(office, bay, "PLACED")
    a_line(office, "WAITS")
    pending.add(office, PRACTICE, ["WAITS"], "First Bay")
    assert found(office) == ["GOOD"]
    assert candidates.candidates(office, PRACTICE).more is False


def test_the_criteria_are_strictly_greater(office):
    a_line(office, "L1", 99_00, age=45)
    a_line(office, "L2", 99_01, age=46)
    assert found(office, above=99_00) == ["L2"]
    assert found(office, above=98_99) == ["L1", "L2"]
    assert found(office, older=45) == ["L2"]
    assert found(office, older=44) == ["L1", "L2"]
    assert found(office, above=99_00, older=46) == []


def test_the_prefix_is_the_guarantors_or_the_accounts(office):
    making.make_line(office, making.make_account(office, "77", guarantor="Olsen, Kari"), "L1")
    making.make_line(office, making.make_account(office, "88", guarantor="Ng, Wei"), "L2")
    assert found(office) == ["L2", "L1"]  # by guarantor
    assert found(office, prefix="ols") == ["L1"]
    assert found(office, prefix="88") == ["L2"]
    assert found(office, prefix="7%") == []


def test_what_is_said_of_a_line(office, bay):
    held = a_line(office, "HELD")
    row = ServiceLine.get_by_id(held)
    Hold.insert(practice=PRACTICE, account=row.account, kind="manual", since=DAY, reason="x", act=row.act).execute()
    a_line(office, "BACK", brought_back=True)
    ExternalRule.insert(practice=PRACTICE, payment_within_days=30, payment_minimum=10_00, act=row.act).execute()
    making.pay(office, a_line(office, "PAYS"), 10_00, days_ago=30)
    making.pay(office, a_line(office, "PAID"), 10_00, days_ago=31)
    said = {
        one.line: (one.held, one.brought_back, one.recently_paid)
        for one in candidates.candidates(office, PRACTICE).rows
    }
    assert said == {
        "HELD": (True, False, False), "BACK": (False, True, False), "PAYS": (False, False, True),
        "PAID": (False, False, False),
    }  # fmt: skip


def test_a_long_list_says_that_there_is_more(office, monkeypatch):
    monkeypatch.setattr(candidates, "MOST", 1)
    a_line(office, "L1")
    assert candidates.candidates(office, PRACTICE).more is False
    a_line(office, "L2")
    result = candidates.candidates(office, PRACTICE)
    assert ([row.line for row in result.rows], result.more) == (["L1"], True)
