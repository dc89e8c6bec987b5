"""Accounts flagged for returned mail: everything that waits on them goes to Pending, and no further (DESIGN section 3)."""

from __future__ import annotations

import pytest

from tests.support.book import OfficeBook, excluded, queued

SINCE = "2026-01-01"
NIGHT = "2026-03-01"


@pytest.fixture
def bay(book: OfficeBook) -> OfficeBook:
    """The oldest assignment has no thresholds; First Bay takes above 99.00 and 45 days, approved by itself."""
    book.agency("Oldest")
    book.agency("First Bay", balance=99_00, age=45, auto_approve=True)
    book.rules(roll_returned_mail=True, payment_within_days=35, payment_minimum=20_00)
    return book


def test_every_candidate_goes_whatever_thresholds_and_payments_say(bay: OfficeBook) -> None:
    bay.line("OLD", 480_00, SINCE, account="A")
    bay.line("YOUNG", 480_00, NIGHT, account="A")
    bay.line("CENT", 1, SINCE, account="A")
    bay.line("PAID", 480_00, SINCE, account="A")
    bay.pay("PAID", 100_00, "2026-02-28")
    bay.line("INSURER", 480_00, responsibility="insurance", account="A")
    bay.line("NEIGHBOUR", 1, SINCE)
    bay.flag("A", True, NIGHT)

    night = bay.night(NIGHT)

    assert night["OLD"] == queued("First Bay", "returned_mail")  # the agency that balance and age choose
    assert night["YOUNG"] == queued("Oldest", "returned_mail")  # or else the oldest assignment's
    assert night["CENT"] == queued("Oldest", "returned_mail")
    assert night["PAID"] == queued("First Bay", "returned_mail")  # payments choose no agency
    assert night["INSURER"] is None
    assert night["NEIGHBOUR"] == excluded("below_balance")
    assert night.step("returned_mail") == (4, "1340.01")
    assert night.step("approve") == (0, "0.00")  # never approved by the night
    assert len(bay.waiting()) == 4


def test_it_waits_for_an_operator_night_after_night(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.flag("A-L", True, NIGHT)
    bay.night(NIGHT)

    assert bay.night("2026-03-02").withdrawn == {}
    bay.post(["L"], "2026-03-03")
    assert bay.placed() == {"L": ("First Bay", 480_00)}


def test_held_and_brought_back_lines_are_not_rolled(bay: OfficeBook) -> None:
    for line in ("HELD", "BACK"):
        bay.line(line, 480_00, SINCE, account="A")
    bay.hold("A", SINCE, line="HELD")
    bay.add(["BACK"], "First Bay", "2026-02-01")
    bay.deny("BACK", "2026-02-01")
    bay.flag("A", True, NIGHT)

    night = bay.night(NIGHT)

    assert night["HELD"] == excluded("on_hold")
    assert night["BACK"] == excluded("brought_back")


def test_clearing_the_flag_withdraws(bay: OfficeBook) -> None:
    bay.line("YOUNG", 480_00, NIGHT)
    bay.line("OLD", 480_00, SINCE)
    for line in ("YOUNG", "OLD"):
        bay.flag(f"A-{line}", True, NIGHT)
    bay.night(NIGHT)
    for line in ("YOUNG", "OLD"):
        bay.flag(f"A-{line}", False, "2026-03-02")

    night = bay.night("2026-03-02")

    assert night.withdrawn == {"YOUNG": "flag_cleared", "OLD": "flag_cleared"}
    assert night["YOUNG"] == excluded("too_young")
    assert night["OLD"] == queued("First Bay")  # by its own age and balance now
    assert bay.placed() == {"OLD": ("First Bay", 480_00)}


def test_denied_with_re_age_it_rolls_again_only_when_the_flag_is_set_anew(bay: OfficeBook) -> None:
    bay.rules(re_age_if_denied=True)
    bay.line("L", 480_00, SINCE)
    bay.flag("A-L", True, NIGHT)
    bay.night(NIGHT)
    bay.deny("L", NIGHT)

    assert bay.night("2026-03-02")["L"] == excluded("too_young")
    bay.flag("A-L", False, "2026-03-03")
    assert bay.night("2026-03-03")["L"] == excluded("too_young")
    bay.flag("A-L", True, "2026-03-04")
    assert bay.night("2026-03-04")["L"] == queued("Oldest", "returned_mail")


def test_denied_with_re_age_it_is_selected_by_age_like_any_other(bay: OfficeBook) -> None:
    bay.rules(re_age_if_denied=True)
    bay.line("L", 480_00, SINCE)
    bay.flag("A-L", True, NIGHT)
    bay.night(NIGHT)
    bay.deny("L", NIGHT)

    assert bay.night("2026-04-15")["L"] == excluded("too_young")  # day 45
    assert bay.night("2026-04-16")["L"] == queued("First Bay")  # day 46


def test_denied_without_re_age_it_is_brought_back_until_the_mark_is_lifted(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.flag("A-L", True, NIGHT)
    bay.night(NIGHT)
    bay.deny("L", NIGHT)

    assert bay.night("2026-03-02")["L"] == excluded("brought_back")
    bay.lift_mark("L", "2026-03-03")
    assert bay.night("2026-03-03")["L"] == queued("First Bay", "returned_mail")


def test_with_the_rule_off_or_without_assignments_nothing_is_rolled(book: OfficeBook) -> None:
    book.rules(roll_returned_mail=True)
    book.line("L", 480_00, SINCE)
    book.flag("A-L", True, NIGHT)
    assert book.night(NIGHT)["L"] == excluded("no_assignment")

    book.agency("Oldest")
    book.rules(roll_returned_mail=False)
    assert book.night("2026-03-02")["L"] == excluded("no_assignment")

    book.rules(roll_returned_mail=True)
    assert book.night("2026-03-03")["L"] == queued("Oldest", "returned_mail")


def test_a_line_that_both_would_take_is_returned_mails(bay: OfficeBook) -> None:
    """So no sibling is pulled by it either: nothing of the visit is there by threshold."""
    bay.rules(move_all_by_dos=True, re_age_if_denied=True)
    visit = {"account": "A", "case": "C1"}
    bay.line("DENIED", 480_00, SINCE, **visit)
    bay.flag("A", True, NIGHT)
    bay.night(NIGHT)
    bay.deny("DENIED", NIGHT)
    bay.line("LATER", 480_00, SINCE, **visit)

    night = bay.night("2026-03-02")

    assert night["LATER"] == queued("First Bay", "returned_mail")
    assert night["DENIED"] == excluded("too_young")
