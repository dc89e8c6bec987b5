"""Payments that keep a line out of collections: the window, the bar, the account (DESIGN section 3; seed 001)."""

from __future__ import annotations

import pytest

from tests.support.book import OfficeBook, excluded, queued

NIGHT = "2026-06-30"
SINCE = "2026-01-01"
FIRST_DAY = "2026-05-26"  # 35 days before the night
DAY_BEFORE = "2026-05-25"


@pytest.fixture
def bay(book: OfficeBook) -> OfficeBook:
    """First Bay takes what is above 99.00 and older than 75 days; payments count for 35 days."""
    book.agency("First Bay", balance=99_00, age=75)
    book.rules(payment_within_days=35, payment_minimum=20_00)
    return book


def test_a_payment_at_the_bar_keeps_the_line_out_and_a_cent_less_does_not(bay: OfficeBook) -> None:
    for line, paid in (("AT", 20_00), ("BELOW", 19_99), ("NONE", 0)):
        bay.line(line, 400_00, SINCE)
        if paid:
            bay.pay(line, paid, "2026-06-20")

    night = bay.night(NIGHT)

    assert night["AT"] == excluded("recent_payment")
    assert night["BELOW"] == queued("First Bay")
    assert night["NONE"] == queued("First Bay")


def test_the_windows_first_day_counts_and_the_day_before_does_not(bay: OfficeBook) -> None:
    for line, paid_on in (("FIRST", FIRST_DAY), ("BEFORE", DAY_BEFORE), ("LAST", NIGHT)):
        bay.line(line, 400_00, SINCE)
        bay.pay(line, 20_00, paid_on)

    night = bay.night(NIGHT)

    assert night["FIRST"] == excluded("recent_payment")
    assert night["LAST"] == excluded("recent_payment")
    assert night["BEFORE"] == queued("First Bay")


def test_payments_in_the_window_add_up(bay: OfficeBook) -> None:
    bay.line("TWO", 400_00, SINCE)
    bay.pay("TWO", 10_00, "2026-06-01")
    bay.pay("TWO", 10_00, "2026-06-02")
    bay.line("ONE OUTSIDE", 400_00, SINCE)
    bay.pay("ONE OUTSIDE", 10_00, DAY_BEFORE)
    bay.pay("ONE OUTSIDE", 10_00, "2026-06-02")

    night = bay.night(NIGHT)

    assert night["TWO"] == excluded("recent_payment")
    assert night["ONE OUTSIDE"] == queued("First Bay")


def test_only_the_guarantors_money_counts(bay: OfficeBook) -> None:
    bay.line("L", 400_00, SINCE)
    bay.pay("L", 200_00, "2026-06-20", "IPYMT")

    assert bay.night(NIGHT)["L"] == queued("First Bay")


def test_a_reversed_payment_does_not_count(bay: OfficeBook) -> None:
    bay.line("WHOLE", 400_00, SINCE)
    bay.reverse(bay.pay("WHOLE", 20_00, "2026-06-01"), "2026-06-10")
    bay.line("A CENT", 400_00, SINCE)
    bay.reverse(bay.pay("A CENT", 20_00, "2026-06-01"), "2026-06-10", 1)
    bay.line("STILL", 400_00, SINCE)
    bay.reverse(bay.pay("STILL", 20_01, "2026-06-01"), "2026-06-10", 1)
    bay.line("OLD ONE", 400_00, SINCE)
    bay.pay("OLD ONE", 20_00, "2026-06-02")
    bay.reverse(bay.pay("OLD ONE", 50_00, DAY_BEFORE), "2026-06-10")  # takes nothing from what was paid in the window

    night = bay.night(NIGHT)

    assert night["WHOLE"] == queued("First Bay")
    assert night["A CENT"] == queued("First Bay")
    assert night["STILL"] == excluded("recent_payment")
    assert night["OLD ONE"] == excluded("recent_payment")


def test_the_larger_of_dollars_and_percentage_is_the_bar(bay: OfficeBook) -> None:
    bay.rules(payment_minimum=20_00, payment_percent=10_00)
    # What is left of 400.00 after 38.00 is 362.00, a tenth of it 36.20: both reach it or miss it by their own payments.
    for line, fee, paid in (("TENTH", 400_00, 36_37), ("LESS", 400_00, 36_36), ("DOLLARS", 150_00, 20_00)):
        bay.line(line, fee, SINCE)
        bay.pay(line, paid, "2026-06-20")

    night = bay.night(NIGHT)

    assert bay.balance("LESS") == 363_64  # a tenth: 36.36
    assert night["LESS"] == excluded("recent_payment")
    assert bay.balance("TENTH") == 363_63
    assert night["TENTH"] == excluded("recent_payment")
    assert night["DOLLARS"] == excluded("recent_payment")  # 13.00 would be a tenth, 20.00 is larger and reached


@pytest.mark.parametrize(("paid", "kept"), [(36_36, True), (36_35, False)])
def test_a_percentage_alone(bay: OfficeBook, paid: int, kept: bool) -> None:
    bay.rules(payment_minimum=None, payment_percent=10_00)
    bay.line("L", 363_60 + paid, SINCE)
    bay.pay("L", paid, "2026-06-20")  # leaves 363.60, a tenth is 36.36

    assert bay.night(NIGHT)["L"] == (excluded("recent_payment") if kept else queued("First Bay"))


@pytest.mark.parametrize(
    ("left", "bar"),
    [(100_45, 10_05), (100_44, 10_04)],  # 10.045 goes up, 10.044 down
)
def test_percentages_are_rounded_half_up(bay: OfficeBook, left: int, bar: int) -> None:
    bay.rules(payment_minimum=None, payment_percent=10_00)
    for line, paid in (("AT", bar), ("BELOW", bar - 1)):
        bay.line(line, left + paid, SINCE)
        bay.pay(line, paid, "2026-06-20")

    night = bay.night(NIGHT)

    assert night["AT"] == excluded("recent_payment")
    assert night["BELOW"] == queued("First Bay")


def test_a_percentage_is_at_least_a_cent(book: OfficeBook) -> None:
    book.agency("First Bay", balance=0, age=75)
    book.rules(payment_within_days=35, payment_percent=1)  # a hundredth of a percent of 1.00 rounds to nothing
    book.line("PAID", 1_01, SINCE)
    book.pay("PAID", 1, "2026-06-20")
    book.line("NOT", 1_00, SINCE)

    night = book.night(NIGHT)

    assert night["PAID"] == excluded("recent_payment")
    assert night["NOT"] == queued("First Bay")


def test_without_a_rule_payments_exclude_nothing(bay: OfficeBook) -> None:
    bay.rules(payment_within_days=None, payment_minimum=None)
    bay.line("L", 400_00, SINCE)
    bay.pay("L", 200_00, NIGHT)

    assert bay.night(NIGHT)["L"] == queued("First Bay")


def test_by_default_a_payment_on_another_line_does_not_help(bay: OfficeBook) -> None:
    bay.line("PAID", 400_00, SINCE, account="A")
    bay.line("OTHER", 400_00, SINCE, account="A")
    bay.pay("PAID", 20_00, "2026-06-20")

    night = bay.night(NIGHT)

    assert night["PAID"] == excluded("recent_payment")
    assert night["OTHER"] == queued("First Bay")


def test_at_account_level_a_payment_on_any_line_of_the_account_counts(bay: OfficeBook) -> None:
    bay.rules(account_level=True)
    bay.line("PAID OFF", 20_00, SINCE, account="A")
    bay.pay("PAID OFF", 20_00, "2026-06-20")
    bay.line("OTHER", 400_00, SINCE, account="A")
    bay.line("NEIGHBOUR", 400_00, SINCE, account="B")

    night = bay.night(NIGHT)

    assert night["OTHER"] == excluded("recent_payment")
    assert night["NEIGHBOUR"] == queued("First Bay")


@pytest.mark.parametrize(("paid", "kept"), [(100_00, True), (99_99, False)])
def test_the_accounts_balance_includes_pending_and_held_lines(bay: OfficeBook, paid: int, kept: bool) -> None:
    """The account owes 1,000.00: 300.00 pending, 300.00 held, 400.00 open; a credit and the insurer's do not count."""
    bay.rules(account_level=True, payment_minimum=None, payment_percent=10_00)
    bay.line("PENDING", 300_00, NIGHT, account="A")
    bay.add(["PENDING"], "First Bay", NIGHT)
    bay.line("HELD", 300_00, SINCE, account="A")
    bay.hold("A", SINCE, line="HELD")
    bay.line("OPEN", 400_00, SINCE, account="A")
    bay.line("INSURER", 999_00, account="A", responsibility="insurance")
    bay.line("CREDIT", 50_00, SINCE, account="A")
    bay.pay("CREDIT", 70_00, SINCE, "IPYMT")
    bay.line("PAID OFF", paid, SINCE, account="A")
    bay.pay("PAID OFF", paid, "2026-06-20")

    night = bay.night(NIGHT)

    assert night["OPEN"] == (excluded("recent_payment") if kept else queued("First Bay"))
    assert night["HELD"] == excluded("on_hold")
    assert night["PENDING"] is None


def test_what_an_agency_was_paid_is_no_guarantors_payment(bay: OfficeBook) -> None:
    bay.rules(account_level=True)
    bay.line("PLACED", 400_00, SINCE, account="A")
    bay.add(["PLACED"], "First Bay", "2026-05-01")
    bay.post(["PLACED"], "2026-05-01")
    bay.agency_pays("PLACED", 100_00, "2026-06-20")
    bay.line("OTHER", 400_00, SINCE, account="A")

    assert bay.night(NIGHT)["OTHER"] == queued("First Bay")
