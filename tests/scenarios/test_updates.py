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


def test_a_bankruptcy_recalls_debt_in_a_file_once_and_lifting_it_tells_nothing(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.line("BESIDE", 200_00, SINCE, account="A-L")
    two.line("OTHER", 300_00, SINCE)
    two.night(NIGHT)
    two.hold("A-L", NEXT, kind="bankruptcy", line="L")

    first = two.night(NEXT)

    assert kinds(first) == [("Agency 1", "update", 2, 1, "480.00")]  # the line's own, not its neighbour's
    copy = (two.office.store.folder / first.document["files"][0]["path"]).read_text()
    assert copy.splitlines()[1].split(",")[:4] == ["recall", NEXT, "480.00", "0.00"]
    assert "bankruptcy" in copy
    assert kinds(two.night("2026-02-22")) == []
    two.lift("A-L", "2026-02-23", kind="bankruptcy", line="L")
    two.hold("A-L", "2026-02-24", kind="deceased")  # another reason: the line was recalled, its neighbour not yet
    assert kinds(two.night("2026-02-24")) == [("Agency 1", "update", 3, 1, "200.00")]
    two.adjust("L", "CHRTY", 10_00, "2026-02-25")  # of recalled debt nothing more is told
    assert kinds(two.night("2026-02-25")) == []
    assert two.placed()["L"] == ("Agency 1", 470_00)  # a recall is a message: the debt moves only by an act


def test_a_hold_that_only_pauses_recalls_nothing(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    for kind in ("manual", "payment_plan", "dispute"):
        two.hold("A-L", NEXT, kind=kind)
    assert kinds(two.night(NEXT)) == []


def test_each_agency_is_recalled_from_what_it_was_told_across_two_reassignments(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    two.reassign("L", "Agency 2", NEXT)
    two.reassign("L", "Agency 1", NEXT)  # back before Agency 2 ever had a file: it is told nothing

    night = two.night("2026-02-22")

    assert kinds(night) == [
        ("Agency 1", "placement", 2, 1, "480.00"),
        ("Agency 1", "update", 3, 1, "480.00"),
    ]
    told = two.sql(
        "SELECT u.record_type, p.closed, p.came_from IS NULL FROM update_row u JOIN placement p ON p.id = u.placement"
    )
    assert told == [("recall", "AGTFR", 1)]  # the first placement's, not the one that Agency 1 has now
    two.agency_pays("L", 100_00, "2026-02-23")
    two.reassign("L", "Agency 2", "2026-02-23")
    assert kinds(two.night("2026-02-24")) == [
        ("Agency 2", "placement", 1, 1, "380.00"),
        ("Agency 1", "update", 4, 1, "380.00"),
    ]
