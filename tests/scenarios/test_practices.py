"""Several practices in one office: each night its own, and one's failure is not the other's (DESIGN section 5)."""

from __future__ import annotations

import pytest

from bo_tui.errors import InputOutput
from bo_tui.rules.night import steps
from tests.support.book import OfficeBook, excluded, prove_control, queued

SINCE = "2026-01-01"
NIGHT = "2026-03-01"


@pytest.fixture
def two(book: OfficeBook) -> OfficeBook:
    """LAKE and HILL, both with First Bay, at thresholds of their own."""
    book.practice("HILL")
    book.agency("First Bay", balance=99_00, age=45, auto_approve=True, auto_create_file=True)
    book.agency("First Bay", balance=200_00, age=45, auto_approve=True, auto_create_file=True, to="HILL")
    book.line("LAKE 1", 150_00, SINCE)
    book.line("HILL 1", 150_00, SINCE, to="HILL")
    book.line("HILL 2", 250_00, SINCE, to="HILL")
    return book


def test_each_practice_by_its_own_rules_with_its_own_files(two: OfficeBook) -> None:
    hill, lake = two.nights(NIGHT)  # in the order of their codes

    assert (hill.document["practice"], lake.document["practice"]) == ("HILL", "LAKE")
    assert hill.verdicts == {"HILL 1": excluded("below_balance"), "HILL 2": queued("First Bay")}
    assert lake.verdicts == {"LAKE 1": queued("First Bay")}
    assert hill.files == [("First Bay", 1, 1, "250.00")]
    assert lake.files == [("First Bay", 1, 1, "150.00")]  # the sequence is the practice's own


def test_one_practice_alone(two: OfficeBook) -> None:
    two.night(NIGHT, "HILL")

    assert set(two.placed()) == {"HILL 2"}


def test_a_failing_practice_does_not_stop_the_next(two: OfficeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = steps.selection.decide
    hill = two.practices["HILL"]

    def fail(terms, accounts):
        if terms.practice.id == hill:
            raise InputOutput("The disk failed.")
        decide(terms, accounts)

    monkeypatch.setattr(steps.selection, "decide", fail)
    failed, lake = two.nights(NIGHT)

    assert failed.document["status"] == "failed"
    assert failed.report.exit_code == 74
    assert failed.document["message"] == "The disk failed."
    assert failed.document["control"]["failed"] == {"count": 2, "amount": "400.00"}
    assert failed.document["control"]["candidates"] == {"count": 2, "amount": "400.00"}
    assert lake.document["status"] == "done"
    assert lake.report.exit_code == 0
    assert set(two.placed()) == {"LAKE 1"}

    monkeypatch.undo()
    again, unchanged = two.nights(NIGHT)
    assert (again.document["status"], unchanged.document["status"]) == ("done", "unchanged")
    assert set(two.placed()) == {"LAKE 1", "HILL 2"}


def test_a_chunk_that_fails_leaves_those_before_it_done(book: OfficeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    book.agency("First Bay", balance=99_00, age=45)
    for number in range(1, 5):
        book.line(f"L{number}", 100_00, SINCE)
    monkeypatch.setattr(steps, "CANDIDATES", 1)
    decide, third = steps.selection.decide, book.the_line("L3").account

    def fail(terms, accounts):
        if accounts[1] == third:
            raise ValueError("what nobody expected")
        decide(terms, accounts)

    monkeypatch.setattr(steps.selection, "decide", fail)
    night = book.any_night(NIGHT)

    assert night.document["status"] == "failed"
    assert night.report.exit_code == 70
    assert night["L2"] == queued("First Bay")
    assert night["L3"] == night["L4"] == ("failed", None, "failed")
    prove_control(night, {f"L{number}": 100_00 for number in range(1, 5)})
    control = night.document["control"]
    assert control["queued"] == {"count": 2, "amount": "200.00"}
    assert control["failed"] == {"count": 2, "amount": "200.00"}
    assert control["candidates"] == {"count": 4, "amount": "400.00"}

    monkeypatch.setattr(steps.selection, "decide", decide)
    done = book.any_night(NIGHT)
    assert done.document["status"] == "done"
    assert done.document["control"]["queued"] == {"count": 4, "amount": "400.00"}
    assert set(done.verdicts.values()) == {queued("First Bay")}  # the run has forgotten what failed


def test_when_not_even_the_failure_can_be_written_the_next_practice_still_runs(
    two: OfficeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bo_tui.rules import nightly

    close, hill = nightly._close, two.practices["HILL"]

    def fail(night, *rest):
        if night.practice.id == hill:
            raise InputOutput("The disk is full.")
        close(night, *rest)

    monkeypatch.setattr(nightly, "_close", fail)
    failed, lake = two.nights(NIGHT)

    assert (failed.document["status"], failed.report.exit_code) == ("failed", 74)
    assert lake.document["status"] == "done"


def test_a_date_is_too_late_for_the_practice_that_finished_a_later_one_only(two: OfficeBook) -> None:
    two.night("2026-03-02", "HILL")

    hill, lake = two.nights(NIGHT)

    assert (hill.document["status"], hill.report.exit_code) == ("failed", 65)
    assert lake.document["status"] == "done"
