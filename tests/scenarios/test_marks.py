"""What keeps a line out: holds, and the mark of a line that was brought back; and ageing anew (DESIGN section 3)."""

from __future__ import annotations

import pytest

from bo_tui.errors import RuleRefusal
from tests.support.book import OfficeBook, excluded, queued

SINCE = "2026-01-01"


@pytest.fixture
def bay(book: OfficeBook) -> OfficeBook:
    """First Bay takes what is above 99.00 and older than 45 days."""
    book.agency("First Bay", balance=99_00, age=45)
    return book


def test_a_hold_until_a_day_holds_up_to_the_day_before(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.hold("A-L", "2026-02-01", until="2026-03-10")

    assert bay.night("2026-03-09")["L"] == excluded("on_hold")
    assert bay.night("2026-03-10")["L"] == queued("First Bay")


def test_a_hold_begins_on_its_day(bay: OfficeBook) -> None:
    bay.line("BEFORE", 480_00, SINCE)
    bay.line("ON", 480_00, SINCE)
    bay.hold("A-BEFORE", "2026-03-02")
    bay.hold("A-ON", "2026-03-01")

    night = bay.night("2026-03-01")

    assert night["BEFORE"] == queued("First Bay")
    assert night["ON"] == excluded("on_hold")


@pytest.mark.parametrize("kind", ["manual", "payment_plan", "dispute", "bankruptcy", "deceased", "do_not_collect"])
def test_every_kind_of_hold_holds(bay: OfficeBook, kind: str) -> None:
    bay.line("L", 480_00, SINCE)
    bay.hold("A-L", SINCE, kind=kind)

    assert bay.night("2026-03-01")["L"] == excluded("on_hold")
    bay.lift("A-L", "2026-03-02", kind=kind)
    assert bay.night("2026-03-02")["L"] == queued("First Bay")


def test_a_hold_on_a_line_holds_that_line_and_one_on_the_account_all(bay: OfficeBook) -> None:
    for line in ("HELD", "FREE"):
        bay.line(line, 480_00, SINCE, account="A")
    bay.line("OTHER", 480_00, SINCE, account="B")
    bay.hold("A", SINCE, line="HELD")
    bay.hold("B", SINCE)

    night = bay.night("2026-03-01")

    assert night["HELD"] == excluded("on_hold")
    assert night["FREE"] == queued("First Bay")
    assert night["OTHER"] == excluded("on_hold")


def test_a_pending_line_that_is_held_is_withdrawn_however_it_came(bay: OfficeBook) -> None:
    bay.line("NIGHT", 480_00, SINCE)
    bay.night("2026-03-01")
    bay.line("BY HAND", 480_00, SINCE)
    bay.add(["BY HAND"], "First Bay", "2026-03-01")
    bay.hold("A-NIGHT", "2026-03-02")
    bay.hold("A-BY HAND", "2026-03-02")

    night = bay.night("2026-03-02")

    assert night.withdrawn == {"NIGHT": "on_hold", "BY HAND": "on_hold"}
    assert night["NIGHT"] == excluded("on_hold")
    assert bay.sql("SELECT DISTINCT reason FROM pending") == [("the line or its account is on hold",)]
    assert bay.sql("SELECT DISTINCT aging_date, brought_back FROM service_line") == [(20454, 0)]  # no re-age, no mark


def test_denied_without_re_age_a_line_is_left_alone_until_the_mark_is_lifted(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.night("2026-03-01")
    bay.deny("L", "2026-03-01")

    assert bay.night("2026-03-02")["L"] == excluded("brought_back")
    assert bay.night("2026-12-31")["L"] == excluded("brought_back")
    bay.lift_mark("L", "2027-01-01")
    assert bay.night("2027-01-01")["L"] == queued("First Bay")


def test_denied_with_re_age_a_line_starts_at_day_0(bay: OfficeBook) -> None:
    bay.rules(re_age_if_denied=True)
    bay.line("L", 480_00, SINCE)
    bay.night("2026-03-01")
    bay.deny("L", "2026-03-01")  # day 0

    assert bay.night("2026-03-02")["L"] == excluded("too_young")
    assert bay.night("2026-04-15")["L"] == excluded("too_young")  # day 45
    assert bay.night("2026-04-16")["L"] == queued("First Bay")  # day 46


def test_the_night_of_the_denial_finds_day_0(bay: OfficeBook) -> None:
    bay.rules(re_age_if_denied=True)
    bay.line("L", 480_00, SINCE)
    bay.add(["L"], "First Bay", "2026-03-01")
    bay.deny("L", "2026-03-01")

    night = bay.night("2026-03-01")

    assert night["L"] == excluded("too_young")
    assert night.rows[0]["age"] == 0


def test_a_re_aged_line_that_is_paid_meanwhile_does_not_come_back(bay: OfficeBook) -> None:
    bay.rules(re_age_if_denied=True, payment_within_days=35, payment_minimum=20_00)
    bay.line("L", 480_00, SINCE)
    bay.night("2026-03-01")
    bay.deny("L", "2026-03-01")
    bay.pay("L", 20_00, "2026-04-10")

    assert bay.night("2026-04-16")["L"] == excluded("recent_payment")


@pytest.mark.parametrize("way", ["reverse", "transfer"])
def test_a_placement_taken_back_is_left_alone(bay: OfficeBook, way: str) -> None:
    bay.line("L", 480_00, SINCE)
    bay.night("2026-03-01")
    bay.post(["L"], "2026-03-01")
    if way == "reverse":
        bay.reverse(bay.placement("L").id, "2026-03-02")
    else:
        bay.transfer("L", "2026-03-02")

    assert bay.balance("L") == 480_00
    assert bay.night("2026-03-02")["L"] == excluded("brought_back")
    bay.add(["L"], "First Bay", "2026-03-03")  # an operator may; that lifts the mark
    assert bay.night("2026-03-03").withdrawn == {}
    assert bay.waiting() == {"L": "First Bay"}


def test_a_transfer_with_re_age_makes_an_ordinary_candidate(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.night("2026-03-01")
    bay.post(["L"], "2026-03-01")
    bay.transfer("L", "2026-03-02", re_age=True)  # day 0

    assert bay.night("2026-04-16")["L"] == excluded("too_young")  # day 45
    assert bay.night("2026-04-17")["L"] == queued("First Bay")  # day 46


def test_a_transfer_to_the_insurer_is_no_candidate_until_it_comes_back(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.night("2026-03-01")
    bay.post(["L"], "2026-03-01")
    bay.transfer("L", "2026-03-02", "insurance")

    assert bay.night("2026-04-17")["L"] is None
    bay.becomes("L", "guarantor", "2026-05-01")
    assert bay.night("2026-06-15")["L"] == excluded("too_young")  # day 45
    assert bay.night("2026-06-16")["L"] == queued("First Bay")


def test_a_held_line_cannot_be_added(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.hold("A-L", "2026-03-01", until="2026-03-02")

    with pytest.raises(RuleRefusal, match="on hold"):
        bay.add(["L"], "First Bay", "2026-03-01")
    bay.add(["L"], "First Bay", "2026-03-02")
    assert bay.waiting() == {"L": "First Bay"}
