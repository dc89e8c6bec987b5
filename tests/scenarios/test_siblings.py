"""Move all procedures by date of service: who is pulled along, to whom, and when it is let go (DESIGN sections 3 and 5)."""

from __future__ import annotations

import pytest

from tests.support.book import OfficeBook, excluded, queued

SINCE = "2026-01-01"
NIGHT = "2026-03-01"
SERVED = "2025-12-01"


@pytest.fixture
def bay(book: OfficeBook) -> OfficeBook:
    """Above 99.00 and 45 days; a payment of 20.00 in 35 days keeps a line out; whole dates of service go."""
    book.agency("First Bay", balance=99_00, age=45)
    book.rules(move_all_by_dos=True, payment_within_days=35, payment_minimum=20_00)
    return book


def visit(book: OfficeBook, number: str, fee: int = 400_00, since: str = SINCE, **fields: object) -> None:
    """A line of the one visit of account A."""
    book.line(number, fee, since, **{"account": "A", "served": SERVED, "case": "C1"} | fields)


def test_siblings_go_whatever_their_age_balance_and_payments(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "YOUNG", since="2026-02-28")
    visit(bay, "SMALL", 1)
    visit(bay, "PAID")
    bay.pay("PAID", 100_00, "2026-02-20")

    night = bay.night(NIGHT)

    assert night["LEAD"] == queued("First Bay")
    for line in ("YOUNG", "SMALL", "PAID"):
        assert night[line] == queued("First Bay", "dos")
    assert night.step("select") == (4, "1100.01")


def test_siblings_are_of_the_same_account_date_and_case(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "OTHER DAY", 1, served="2025-12-02")
    visit(bay, "OTHER CASE", 1, case="C2")
    visit(bay, "NO CASE", 1, case=None)
    visit(bay, "NEIGHBOUR", 1, account="B")

    night = bay.night(NIGHT)

    assert {night[line] for line in ("OTHER DAY", "OTHER CASE", "NO CASE", "NEIGHBOUR")} == {excluded("below_balance")}


def test_a_line_without_a_case_has_no_siblings(bay: OfficeBook) -> None:
    visit(bay, "LEAD", case=None)
    visit(bay, "SMALL", 1, case=None)

    night = bay.night(NIGHT)

    assert night["LEAD"] == queued("First Bay")
    assert night["SMALL"] == excluded("below_balance")


def test_held_and_brought_back_lines_stay_and_a_hold_on_the_lead_keeps_all(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "HELD", 1)
    bay.hold("A", SINCE, line="HELD")
    visit(bay, "BACK", 1)
    bay.add(["BACK"], "First Bay", "2026-02-01")
    bay.deny("BACK", "2026-02-02")  # without re-age
    visit(bay, "LEAD 2", account="B")
    visit(bay, "SMALL 2", 1, account="B")
    bay.hold("B", SINCE, line="LEAD 2")

    night = bay.night(NIGHT)

    assert night["LEAD"] == queued("First Bay")
    assert night["HELD"] == excluded("on_hold")
    assert night["BACK"] == excluded("brought_back")
    assert night["LEAD 2"] == excluded("on_hold")
    assert night["SMALL 2"] == excluded("below_balance")


def test_an_insurers_line_of_the_visit_stays(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "INSURER", responsibility="insurance")

    assert bay.night(NIGHT)["INSURER"] is None


def test_each_that_qualifies_keeps_its_agency_and_the_others_follow_the_best_ranked(bay: OfficeBook) -> None:
    bay.agency("Bay West", balance=300_00, age=50)
    visit(bay, "FIRST", 200_00)  # only First Bay's thresholds
    visit(bay, "WEST", 400_00)
    visit(bay, "SMALL", 1)

    night = bay.night(NIGHT)

    assert night["FIRST"] == queued("First Bay")
    assert night["WEST"] == queued("Bay West")  # age 50 before 45
    assert night["SMALL"] == queued("Bay West", "dos")


def test_with_the_rule_off_nobody_is_pulled(bay: OfficeBook) -> None:
    bay.rules(move_all_by_dos=False)
    visit(bay, "LEAD")
    visit(bay, "SMALL", 1)

    assert bay.night(NIGHT)["SMALL"] == excluded("below_balance")


def test_siblings_are_let_go_when_their_lead_is_denied(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "SMALL", 1)
    bay.night(NIGHT)
    bay.deny("LEAD", NIGHT)

    night = bay.night("2026-03-02")

    assert night.withdrawn == {"SMALL": "no_threshold_row"}
    assert night["SMALL"] == excluded("below_balance")  # withdrawn, then decided as the candidate it is again
    assert night["LEAD"] == excluded("brought_back")
    assert bay.waiting() == {}


def test_siblings_are_let_go_in_the_night_that_withdraws_their_lead(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "SMALL", 1)
    bay.night(NIGHT)
    bay.pay("LEAD", 301_00, "2026-03-02", "IPYMT")  # 99.00 left

    night = bay.night("2026-03-02")

    assert night.withdrawn == {"LEAD": "below_balance", "SMALL": "no_threshold_row"}


def test_siblings_stay_while_any_line_of_the_visit_is_pending_or_placed_by_threshold(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "SECOND")
    visit(bay, "SMALL", 1)
    bay.night(NIGHT)

    bay.post(["LEAD"], NIGHT)
    bay.deny("SECOND", NIGHT)
    assert bay.night("2026-03-02").withdrawn == {}  # the lead is placed

    bay.transfer("LEAD", "2026-03-03")
    assert bay.night("2026-03-03").withdrawn == {"SMALL": "no_threshold_row"}


def test_a_sibling_added_by_hand_stays_when_the_lead_goes(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "SMALL", 1)
    bay.add(["SMALL"], "First Bay", "2026-02-28")
    bay.night(NIGHT)
    bay.deny("LEAD", NIGHT)

    assert bay.night("2026-03-02").withdrawn == {}
    assert bay.waiting() == {"SMALL": "First Bay"}


def test_a_lead_taken_back_and_placed_again_by_hand_is_no_threshold_row_any_more(bay: OfficeBook) -> None:
    visit(bay, "LEAD")
    visit(bay, "SMALL", 1)
    bay.night(NIGHT)
    bay.post(["LEAD"], NIGHT)
    bay.transfer("LEAD", NIGHT)
    bay.add(["LEAD"], "First Bay", NIGHT)
    bay.post(["LEAD"], NIGHT)

    assert bay.night("2026-03-02").withdrawn == {"SMALL": "no_threshold_row"}


def test_a_lead_that_was_reassigned_still_leads(bay: OfficeBook) -> None:
    bay.agency("Bay West", balance=99_00, age=60)
    visit(bay, "LEAD", since="2026-01-10")
    visit(bay, "SMALL", 1)
    bay.night(NIGHT)
    bay.post(["LEAD"], NIGHT)
    bay.reassign("LEAD", "Bay West", NIGHT)

    assert bay.night("2026-03-02").withdrawn == {}
