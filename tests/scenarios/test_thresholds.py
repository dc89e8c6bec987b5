"""Which lines are old and large enough, and for whom (DESIGN section 3, Selection; seed 001)."""

from __future__ import annotations

import pytest

from tests.support.book import OfficeBook, excluded, queued


def test_the_balance_must_be_greater_than_the_threshold(book: OfficeBook) -> None:
    book.agency("First Bay", balance=99_00, age=45)
    book.line("AT", 99_00, "2026-01-01")
    book.line("ABOVE", 99_01, "2026-01-01")

    night = book.night("2026-06-01")

    assert night["AT"] == excluded("below_balance")
    assert night["ABOVE"] == queued("First Bay")
    assert night.step("select") == (1, "99.01")
    assert book.waiting() == {"ABOVE": "First Bay"}
    assert book.balance("ABOVE") == 99_01  # it does not move while it waits


def test_the_line_must_be_older_than_the_threshold(book: OfficeBook) -> None:
    book.agency("First Bay", balance=99_00, age=45)
    book.line("L", 480_00, "2026-01-01")

    assert book.night("2026-02-15")["L"] == excluded("too_young")  # day 45
    assert book.night("2026-02-16")["L"] == queued("First Bay")  # day 46


def test_the_manuals_two_agencies(book: OfficeBook) -> None:
    """Seed 001: both above 99.00; Agency 1 from day 46 to 89, on the 90th day Agency 2, in its next file."""
    both = {"balance": 99_00, "auto_approve": True, "auto_create_file": True}
    book.agency("Agency 1", age=45, **both)
    book.agency("Agency 2", age=89, **both)
    book.rules(auto_reassign=True)
    book.line("L", 100_00, "2026-01-01")
    book.line("SMALL", 99_00, "2026-01-01")

    assert book.night("2026-02-15")["L"] == excluded("too_young")  # day 45

    first = book.night("2026-02-16")  # day 46
    assert first["L"] == queued("Agency 1")
    assert first.step("approve") == (1, "100.00")
    assert first.files == [("Agency 1", 1, 1, "100.00")]

    assert book.night("2026-03-31").reassigned == {}  # day 89
    assert book.placed() == {"L": ("Agency 1", 100_00)}
    old = book.placement("L")

    move = book.night("2026-04-01")  # day 90
    assert move.reassigned == {"L": "Agency 2"}
    assert move.step("reassign") == (1, "100.00")
    assert move.files == [("Agency 2", 1, 1, "100.00")]
    assert book.placed() == {"L": ("Agency 2", 100_00)}
    assert book.placement("L").came_from == old.id
    assert book.sql("SELECT closed, balance, file FROM placement WHERE id = ?", old.id) == [("AGTFR", 0, 1)]
    assert move["SMALL"] == excluded("below_balance")


def test_a_line_first_seen_between_the_thresholds(book: OfficeBook) -> None:
    """The office starts on day 89 or on day 90 of a line."""
    book.agency("Agency 1", balance=99_00, age=45)
    book.agency("Agency 2", balance=99_00, age=89)
    book.line("DAY 89", 100_00, "2026-01-02")
    book.line("DAY 90", 100_00, "2026-01-01")

    night = book.night("2026-04-01")

    assert night["DAY 89"] == queued("Agency 1")
    assert night["DAY 90"] == queued("Agency 2")


def test_the_manuals_thirty_and_ninety_days_with_five_dollars(book: OfficeBook) -> None:
    """Seed 001 says day 31, and "on day 90" for a threshold of 90: strictly greater is day 91 (DESIGN section 3)."""
    book.agency("Agency 1", balance=5_00, age=30, auto_approve=True)
    book.agency("Agency 2", balance=5_00, age=90, auto_approve=True)
    book.rules(auto_reassign=True)
    book.line("L", 5_01, "2026-01-01")
    book.line("FIVE", 5_00, "2026-01-01")

    assert book.night("2026-01-31")["L"] == excluded("too_young")  # day 30
    night = book.night("2026-02-01")  # day 31
    assert (night["L"], night["FIVE"]) == (queued("Agency 1"), excluded("below_balance"))
    assert book.night("2026-04-01").reassigned == {}  # day 90
    assert book.night("2026-04-02").reassigned == {"L": "Agency 2"}  # day 91


def test_age_alone_takes_every_balance(book: OfficeBook) -> None:
    """An age without a balance is stored with balance 0.00: every outstanding cent counts."""
    book.agency("First Bay", balance=0, age=45)
    book.line("CENT", 1, "2026-01-01")
    book.line("FREE", 0, "2026-01-01")
    book.line("CREDIT", 50_00, "2026-01-01")
    book.pay("CREDIT", 60_00, "2026-01-05", "IPYMT")

    night = book.night("2026-02-16")

    assert night["CENT"] == queued("First Bay")
    assert night["FREE"] is None  # a fee of 0.00 has nothing to collect
    assert night["CREDIT"] is None  # a credit balance is never placed
    assert book.balance("CREDIT") == -10_00


def test_an_age_threshold_of_zero_starts_on_the_next_day(book: OfficeBook) -> None:
    book.agency("First Bay", balance=0, age=0)
    book.line("L", 1_00, "2026-01-01")

    assert book.night("2026-01-01")["L"] == excluded("too_young")
    assert book.night("2026-01-02")["L"] == queued("First Bay")


def test_of_several_that_match_the_highest_age_then_balance_then_the_oldest(book: OfficeBook) -> None:
    book.agency("Young", balance=500_00, age=30)
    book.agency("Old small", balance=50_00, age=60)
    book.agency("Old large", balance=100_00, age=60)
    book.agency("Old large too", balance=100_00, age=60)
    book.line("BOTH", 600_00, "2026-01-01")
    book.line("SMALL", 60_00, "2026-01-01")
    book.line("YOUNG", 600_00, "2026-02-15")

    night = book.night("2026-03-20")

    assert night["BOTH"] == queued("Old large")  # age 60 before 30, 100.00 before 50.00, the older assignment
    assert night["SMALL"] == queued("Old small")
    assert night["YOUNG"] == queued("Young")


def test_a_line_counts_under_the_criterion_that_brought_it_nearest(book: OfficeBook) -> None:
    book.agency("Small and old", balance=10_00, age=90)
    book.agency("Large and young", balance=500_00, age=10)
    book.line("L", 100_00, "2026-01-01")  # too young for one, too small for the other
    book.line("TINY", 10_00, "2026-01-01")

    night = book.night("2026-02-01")

    assert night["L"] == excluded("too_young")
    assert night["TINY"] == excluded("below_balance")


def test_an_insurers_line_is_not_taken_until_it_is_the_guarantors(book: OfficeBook) -> None:
    book.agency("First Bay", balance=99_00, age=45)
    book.line("L", 480_00, responsibility="insurance", served="2025-06-01")

    assert book.night("2026-01-01")["L"] is None
    book.becomes("L", "guarantor", "2026-01-02")
    assert book.night("2026-02-16")["L"] == excluded("too_young")  # day 45 of that date, whatever the date of service
    assert book.night("2026-02-17")["L"] == queued("First Bay")


@pytest.mark.parametrize("assigned", [False, True])
def test_without_thresholds_nothing_is_selected(book: OfficeBook, assigned: bool) -> None:
    if assigned:
        book.agency("Manual only")
    book.line("L", 480_00, "2026-01-01")
    book.line("HELD", 480_00, "2026-01-01")
    book.hold("A-HELD", "2026-01-01")

    night = book.night("2026-06-01")

    assert night["L"] == excluded("no_assignment")
    assert night["HELD"] == excluded("on_hold")


def test_a_removed_assignment_selects_nothing_more(book: OfficeBook) -> None:
    book.agency("First Bay", balance=99_00, age=45)
    book.reassignment_of("First Bay", removed=True)
    book.line("L", 480_00, "2026-01-01")

    assert book.night("2026-06-01")["L"] == excluded("no_assignment")
