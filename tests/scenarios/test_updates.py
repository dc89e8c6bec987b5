"""What agencies are told by the night of debt that is in their files (DESIGN section 3, Files; section 5)."""

from __future__ import annotations

import pytest

from bo_tui import dates
from bo_tui.errors import InputOutput
from bo_tui.rules import holds
from bo_tui.rules.external import updates
from bo_tui.rules.nightly import STEPS
from tests.support.book import OfficeBook

SINCE = "2026-01-01"
NIGHT = "2026-02-20"  # day 50
NEXT = "2026-02-21"
DAY_90 = "2026-04-01"


@pytest.fixture
def two(book: OfficeBook) -> OfficeBook:
    """Agency 1 above 99.00 and 45 days, Agency 2 above 99.00 and 89 days; everything goes by itself."""
    for name, age in (("Agency 1", 45), ("Agency 2", 89)):
        book.agency(name, balance=99_00, age=age, auto_approve=True, auto_create_file=True)
    book.rules(auto_reassign=True)
    return book


def kinds(night) -> list[tuple[str, str, int, int, str]]:
    return [(f["agency"], f["kind"], f["sequence"], f["count"], f["amount"]) for f in night.document["files"]]


def test_updates_come_after_files_and_before_the_check() -> None:
    names = [name for name, _ in STEPS]
    assert names[names.index("files") :][:2] == ["files", "updates"]
    assert names[-1] == "check"


def test_the_night_tells_what_operators_did_by_day(two: OfficeBook) -> None:
    for line in ("ADJUSTED", "BACK", "DEAD"):
        two.line(line, 480_00, SINCE)
    assert two.night(NIGHT).step("updates") == (0, "0.00")
    two.adjust("ADJUSTED", "CHRTY", 80_00, NEXT)
    two.transfer("BACK", NEXT)
    two.hold("A-DEAD", NEXT, kind="deceased")
    two.agency_pays("ADJUSTED", 100_00, NEXT)  # the agency's own: not told

    night = two.night(NEXT)

    assert night.step("files") == (0, "0.00")
    assert night.step("updates") == (3, "1040.00")
    assert kinds(night) == [("Agency 1", "update", 2, 3, "1040.00")]
    copy = (two.office.store.folder / night.document["files"][0]["path"]).read_text()
    assert [row.split(",")[:4] for row in copy.splitlines()[1:]] == [
        ["adjustment_down", NEXT, "80.00", "400.00"],
        ["recall", NEXT, "480.00", "0.00"],
        ["recall", NEXT, "480.00", "0.00"],
    ]
    again = two.night(NEXT)
    assert (again.document["status"], again.step("updates")) == ("unchanged", (3, "1040.00"))
    assert two.night("2026-02-22").step("updates") == (0, "0.00")


def test_a_reassignment_by_the_night_recalls_from_the_old_agency_in_the_same_night(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)

    night = two.night(DAY_90)

    assert kinds(night) == [
        ("Agency 2", "placement", 1, 1, "480.00"),
        ("Agency 1", "update", 2, 1, "480.00"),
    ]


def test_an_agency_whose_files_are_made_by_hand_is_told_by_hand(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    two.reassignment_of("Agency 1", auto_create_file=False)
    two.transfer("L", NEXT)
    assert kinds(two.night(NEXT)) == []
    two.reassignment_of("Agency 1", auto_create_file=True)
    assert kinds(two.night("2026-02-22")) == [("Agency 1", "update", 2, 1, "480.00")]


def test_a_hold_that_begins_later_recalls_on_its_first_day(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    begins = dates.parse("2026-02-23")
    holds.set_hold(two.on(NEXT), 1, "A-L", "bankruptcy", "the court's date", since=begins)
    assert kinds(two.night("2026-02-22")) == []
    assert kinds(two.night("2026-02-23")) == [("Agency 1", "update", 2, 1, "480.00")]


def test_a_dry_run_tells_nobody_but_says_what_it_would(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    two.transfer("L", NEXT)
    assert two.night(NEXT, dry_run=True).step("updates") == (1, "480.00")
    assert two.sql("SELECT count(*) FROM update_row") == [(0,)]
    assert two.night(NEXT).step("updates") == (1, "480.00")


def test_a_night_that_fell_between_two_update_files_ends_like_one_that_did_not(
    two: OfficeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "LARGEST", 1)
    for line in ("L", "M"):
        two.line(line, 480_00, SINCE)
    two.night(NIGHT)
    for line in ("L", "M"):
        two.transfer(line, NEXT)
    whole = two.night(NEXT, dry_run=True).document  # the same night on a copy, not disturbed
    stored, kept = [], updates._store

    def falls(*arguments):
        if stored:
            raise InputOutput("The disk failed.")
        stored.append(kept(*arguments))
        return stored[0]

    monkeypatch.setattr(updates, "_store", falls)
    assert two.any_night(NEXT).document["status"] == "failed"
    monkeypatch.setattr(updates, "_store", kept)
    again = two.night(NEXT)

    assert kinds(again) == [("Agency 1", "update", 2, 1, "480.00"), ("Agency 1", "update", 3, 1, "480.00")]
    assert again.step("updates") == (2, "960.00")
    assert [f["sha256"] for f in again.document["files"]] == [f["sha256"] for f in whole["files"]]
    assert again.document["head"] == whole["head"]
    assert two.sql("SELECT count(*), count(DISTINCT entry) FROM update_row") == [(2, 2)]
