"""What the night takes out of Pending again, and what it leaves (DESIGN section 5, Withdraw)."""

from __future__ import annotations

import pytest

from tests.support.book import OfficeBook, excluded, queued

SINCE = "2026-01-01"
NIGHT = "2026-03-01"
NEXT = "2026-03-02"


@pytest.fixture
def bay(book: OfficeBook) -> OfficeBook:
    """First Bay takes above 99.00 and 45 days unless 20.00 was paid in 35 days."""
    book.agency("First Bay", balance=99_00, age=45)
    book.rules(payment_within_days=35, payment_minimum=20_00)
    return book


def test_paid_off(bay: OfficeBook) -> None:
    bay.line("PAID", 480_00, SINCE)
    bay.line("OVERPAID", 480_00, SINCE)
    bay.night(NIGHT)
    bay.pay("PAID", 480_00, NEXT)
    bay.pay("OVERPAID", 480_01, NEXT)

    night = bay.night(NEXT)

    assert night.withdrawn == {"PAID": "no_balance", "OVERPAID": "no_balance"}
    assert night["PAID"] is None
    assert night.step("withdraw")[0] == 2


def test_the_insurers_again(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.night(NIGHT)
    bay.becomes("L", "insurance", NEXT)

    night = bay.night(NEXT)

    assert night.withdrawn == {"L": "not_guarantor"}
    assert night["L"] is None


def test_below_the_threshold(bay: OfficeBook) -> None:
    bay.line("AT", 480_00, SINCE)
    bay.line("ABOVE", 480_00, SINCE)
    bay.night(NIGHT)
    bay.pay("AT", 381_00, NEXT, "IPYMT")
    bay.pay("ABOVE", 380_99, NEXT, "IPYMT")

    night = bay.night(NEXT)

    assert night.withdrawn == {"AT": "below_balance"}
    assert night["AT"] == excluded("below_balance")
    assert bay.waiting() == {"ABOVE": "First Bay"}


def test_a_recent_payment(bay: OfficeBook) -> None:
    bay.line("BAR", 480_00, SINCE)
    bay.line("LESS", 480_00, SINCE)
    bay.night(NIGHT)
    bay.pay("BAR", 20_00, NEXT)
    bay.pay("LESS", 19_99, NEXT)

    assert bay.night(NEXT).withdrawn == {"BAR": "recent_payment"}
    assert bay.night("2026-04-06")["BAR"] == excluded("recent_payment")  # the window's first day
    assert bay.night("2026-04-07")["BAR"] == queued("First Bay")


def test_thresholds_that_were_raised_or_taken_away(bay: OfficeBook) -> None:
    bay.line("L", 480_00, SINCE)
    bay.night(NIGHT)
    bay.reassignment_of("First Bay", age_greater_than=60)
    assert bay.night(NEXT).withdrawn == {"L": "too_young"}

    assert bay.night("2026-03-03")["L"] == queued("First Bay")  # day 61
    bay.reassignment_of("First Bay", age_greater_than=None, balance_greater_than=None)
    assert bay.night("2026-03-04").withdrawn == {"L": "no_assignment"}


def test_what_was_added_by_hand_needs_no_ground(bay: OfficeBook) -> None:
    bay.line("YOUNG", 480_00, NIGHT)
    bay.line("SMALL", 1_00, SINCE)
    bay.line("PAID", 480_00, SINCE)
    bay.pay("PAID", 100_00, NIGHT)
    bay.add(["YOUNG", "SMALL", "PAID"], "First Bay", NIGHT)

    assert bay.night(NIGHT).withdrawn == {}
    assert set(bay.waiting()) == {"YOUNG", "SMALL", "PAID"}


def test_what_was_added_by_hand_and_paid_off_goes_too(bay: OfficeBook) -> None:
    bay.line("L", 1_00, SINCE)
    bay.add(["L"], "First Bay", NIGHT)
    bay.pay("L", 1_00, NIGHT)

    assert bay.night(NIGHT).withdrawn == {"L": "no_balance"}


def test_withdrawing_neither_re_ages_nor_marks(bay: OfficeBook) -> None:
    bay.rules(re_age_if_denied=True)
    bay.line("L", 480_00, SINCE)
    bay.night(NIGHT)
    bay.hold("A-L", NEXT, until="2026-03-03")
    before = bay.the_line("L")

    bay.night(NEXT)

    after = bay.the_line("L")
    assert (after.aging_date, after.brought_back) == (before.aging_date, False)
    assert bay.night("2026-03-03")["L"] == queued("First Bay")
    assert bay.sql("SELECT outcome, because FROM pending ORDER BY id") == [
        ("withdrawn", "threshold"),
        (None, "threshold"),
    ]


def test_a_night_in_a_supervisors_hands(bay: OfficeBook) -> None:
    """Withdraw of a whole night: its rows alone, and the next night finds the same lines again."""
    from bo_tui.rules.external import pending

    bay.line("MARCH 1", 480_00, SINCE)
    bay.night(NIGHT)
    bay.line("MARCH 2", 480_00, SINCE)
    bay.night(NEXT)

    done = pending.withdraw(bay.on(NEXT), 1, bay.on(NEXT).business_date)

    assert (done.count, done.amount) == (1, 480_00)
    assert bay.waiting() == {"MARCH 1": "First Bay"}
    assert bay.night("2026-03-03")["MARCH 2"] == queued("First Bay")
