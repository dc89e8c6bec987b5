"""One run per practice and business date; what comes before a finished one is too late (DESIGN section 5)."""

from __future__ import annotations

import pytest

from bo_tui.db.lock import night_lock
from bo_tui.errors import InputOutput, Locked, NotAllowed, NotFound
from bo_tui.office import Actor
from bo_tui.rules.external import files as agency_files
from tests.support.book import OfficeBook, queued

SINCE = "2026-01-01"


@pytest.fixture
def bay(book: OfficeBook) -> OfficeBook:
    """One line for First Bay, approved and put into a file by the night."""
    book.agency("First Bay", balance=99_00, age=45, auto_approve=True, auto_create_file=True)
    book.line("L", 480_00, SINCE)
    return book


def statuses(book: OfficeBook) -> list[str]:
    return [status for (status,) in book.sql("SELECT status FROM run ORDER BY business_date")]


def test_a_date_before_the_last_finished_run_is_refused(bay: OfficeBook) -> None:
    bay.night("2026-03-02")
    acts = bay.sql("SELECT count(*) FROM act")

    night = bay.any_night("2026-03-01")

    assert (night.document["status"], night.report.exit_code) == ("failed", 65)
    assert "2026-03-02" in night.document["message"]
    assert night.document["control"]["candidates"] == {"count": 0, "amount": "0.00"}
    assert statuses(bay) == ["done"]
    assert bay.sql("SELECT count(*) FROM act") == acts


def failing(*_: object) -> None:
    raise InputOutput("The disk is full.")


def test_an_older_unfinished_run_is_closed_and_its_placements_go_into_the_next_file(
    bay: OfficeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agency_files, "make_night_files", failing)
    assert bay.any_night("2026-03-01").report.exit_code == 74
    monkeypatch.undo()
    bay.line("M", 200_00, SINCE)

    night = bay.night("2026-03-02")

    assert statuses(bay) == ["superseded", "done"]
    assert night.files == [("First Bay", 1, 2, "680.00")]
    assert bay.any_night("2026-03-01").report.exit_code == 65


def test_the_same_date_again_finishes_what_is_missing(bay: OfficeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agency_files, "make_night_files", failing)
    failed = bay.any_night("2026-03-01")
    assert failed.document["message"] == "The disk is full."
    assert failed.document["control"]["failed"] == {"count": 0, "amount": "0.00"}  # every candidate was decided
    monkeypatch.undo()

    night = bay.any_night("2026-03-01")

    assert night.document["status"] == "done"
    assert "message" not in night.document
    assert night["L"] == queued("First Bay")
    assert night.files == [("First Bay", 1, 1, "480.00")]
    assert statuses(bay) == ["done"]


def test_a_night_of_nothing_is_a_success(book: OfficeBook) -> None:
    night = book.night("2026-03-01")

    assert night.document["status"] == "done"
    assert night.document["files"] == []
    assert night.rows == []


def test_two_at_once_the_second_hears_who_is_at_work(bay: OfficeBook) -> None:
    with night_lock(bay.office.store, "timer"), pytest.raises(Locked, match=r"timer \(process \d+") as refused:
        bay.any_night("2026-03-01")
    assert refused.value.exit_code == 75
    assert bay.sql("SELECT count(*) FROM run") == [(0,)]
    assert bay.any_night("2026-03-01").report.exit_code == 0  # the lock is free again


def test_who_may(bay: OfficeBook) -> None:
    bay.office = bay.office.by(Actor("timer", "service"))
    bay.any_night("2026-03-01")
    assert bay.sql("SELECT DISTINCT actor FROM act WHERE kind IN ('select', 'approve', 'file')") == [("night",)]
    for role in ("viewer", "operator"):
        bay.office = bay.office.by(Actor("somebody", role))
        with pytest.raises(NotAllowed) as refused:
            bay.any_night("2026-03-02")
        assert refused.value.exit_code == 77


def test_a_practice_that_is_not_there(bay: OfficeBook) -> None:
    with pytest.raises(NotFound):
        bay.any_night("2026-03-01", "NOWHERE")


def test_the_nights_check_fails_the_night(bay: OfficeBook) -> None:
    """What somebody changed behind the program's back: found, named, exit code 1, and found again the next time."""
    bay.office.store.use().execute_sql("UPDATE service_line SET ar = ar - 1")
    night = bay.any_night("2026-03-01")
    assert (night.document["status"], night.report.exit_code) == ("failed", 1)
    assert "check found" in night.document["message"]
    assert bay.any_night("2026-03-01").report.exit_code == 1
