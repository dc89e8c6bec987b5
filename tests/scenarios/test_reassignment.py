"""Placements that move on to the next agency, and agency files: what goes in, once (DESIGN section 3, Files)."""

from __future__ import annotations

import pytest

from tests.support.book import OfficeBook

SINCE = "2026-01-01"
NIGHT = "2026-02-20"  # day 50
DAY_89 = "2026-03-31"
DAY_90 = "2026-04-01"


@pytest.fixture
def two(book: OfficeBook) -> OfficeBook:
    """Agency 1 above 99.00 and 45 days, Agency 2 above 99.00 and 89 days; everything goes by itself."""
    for name, age in (("Agency 1", 45), ("Agency 2", 89)):
        book.agency(name, balance=99_00, age=age, auto_approve=True, auto_create_file=True)
    book.rules(auto_reassign=True)
    return book


def test_the_balance_is_the_placements_own(two: OfficeBook) -> None:
    two.line("AT", 480_00, SINCE)
    two.line("ABOVE", 480_00, SINCE)
    two.night(NIGHT)
    two.agency_pays("AT", 381_00, "2026-03-01")
    two.agency_pays("ABOVE", 380_99, "2026-03-01")

    night = two.night(DAY_90)

    assert night.reassigned == {"ABOVE": "Agency 2"}
    assert night.step("reassign") == (1, "99.01")
    assert two.placed() == {"AT": ("Agency 1", 99_00), "ABOVE": ("Agency 2", 99_01)}


def test_each_cent_that_moves_stands_in_both_trees(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    old = two.placement("L").id
    two.agency_pays("L", 80_00, "2026-03-01")
    two.night(DAY_90)
    new = two.placement("L").id

    rows = two.sql(
        "SELECT code, debit, credit, amount, placement, parent FROM entry WHERE placement IS NOT NULL ORDER BY id"
    )
    assert rows == [
        ("EXCOL", "EXT", "AR", 480_00, old, None),
        ("EPYMT", "CASH", "EXT", 80_00, old, old),
        ("AGTFR", "EXT_TRANSIT", "EXT", 400_00, old, old),
        ("EXCOL", "EXT", "EXT_TRANSIT", 400_00, new, None),
    ]
    said = "SELECT subject_id, field, before, after FROM change WHERE subject = 'placement'"
    assert two.sql(said) == [(new, "agency", "Agency 1", "Agency 2")]  # entries name no agency


def test_with_the_rule_off_it_stays(two: OfficeBook) -> None:
    two.rules(auto_reassign=False)
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)

    assert two.night(DAY_90).reassigned == {}


def test_a_held_placement_stays_until_the_hold_ends(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    two.hold("A-L", "2026-03-01", until="2026-04-03")

    assert two.night(DAY_90).reassigned == {}
    assert two.night("2026-04-02").reassigned == {}
    assert two.night("2026-04-03").reassigned == {"L": "Agency 2"}


@pytest.mark.parametrize("way", ["reassign", "post", "add"])
def test_where_an_operator_chose_the_agency_no_night_moves_it(two: OfficeBook, way: str) -> None:
    two.agency("Agency 0", balance=99_00, age=20)
    two.line("L", 480_00, SINCE)
    if way == "reassign":
        two.night(NIGHT)
        two.reassign("L", "Agency 0", NIGHT)
    else:
        two.add(["L"], "Agency 1", NIGHT)
        two.post(["L"], NIGHT, "Agency 0" if way == "post" else None)

    assert two.night(DAY_90).reassigned == {}


def test_never_to_a_lower_age_threshold(two: OfficeBook) -> None:
    """Only Agency 1 matches a debt of 100.00, but it is below the agency that has it."""
    two.reassignment_of("Agency 2", balance_greater_than=400_00)
    two.line("L", 480_00, SINCE)
    two.night(DAY_90)
    assert two.placed() == {"L": ("Agency 2", 480_00)}
    two.agency_pays("L", 380_00, DAY_90)

    assert two.night("2026-04-02").reassigned == {}


def test_an_agency_without_thresholds_ranks_below_all(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    two.reassignment_of(
        "Agency 1", auto_approve=False, auto_create_file=False, balance_greater_than=None, age_greater_than=None
    )
    two.agency("Young", balance=0, age=0)

    assert two.night(DAY_89).reassigned == {"L": "Young"}


def test_a_reassignment_pulls_no_siblings_and_a_paid_one_stays(two: OfficeBook) -> None:
    two.rules(move_all_by_dos=True)
    visit = {"account": "A", "case": "C1"}
    two.line("OLD", 480_00, SINCE, **visit)
    two.line("YOUNGER", 480_00, "2026-01-02", **visit)
    two.line("PAID", 480_00, SINCE, **visit)
    two.night(NIGHT)
    two.agency_pays("PAID", 480_00, "2026-03-01")

    assert two.night(DAY_90).reassigned == {"OLD": "Agency 2"}
    assert two.placed()["PAID"] == ("Agency 1", 0)


def test_two_steps_in_one_night_are_one_move(two: OfficeBook) -> None:
    two.agency("Agency 3", balance=99_00, age=120)
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)

    assert two.night("2026-06-30").reassigned == {"L": "Agency 3"}
    assert two.sql("SELECT count(*) FROM placement") == [(2,)]


def test_a_file_holds_each_placement_once_and_the_new_agencys_next_file_the_moved_one(two: OfficeBook) -> None:
    two.line("L", 480_00, SINCE)
    assert two.night(NIGHT).files == [("Agency 1", 1, 1, "480.00")]
    assert two.night("2026-02-21").files == []
    first = two.placement("L")
    two.line("M", 200_00, "2026-02-01")

    night = two.night(DAY_90)

    assert night.files == [("Agency 1", 2, 1, "200.00"), ("Agency 2", 1, 1, "480.00")]
    assert two.placement("L").came_from == first.id
    assert two.sql("SELECT file FROM placement WHERE id = ?", first.id) == [(1,)]  # it keeps its file for ever


def test_a_placement_that_moved_before_its_file_is_in_one_file_only(two: OfficeBook) -> None:
    two.reassignment_of("Agency 1", auto_create_file=False)
    two.line("L", 480_00, SINCE)
    two.night(NIGHT)
    two.night(DAY_90)

    assert two.sql("SELECT count(*), sum(total) FROM agency_file") == [(1, 480_00)]


def test_what_is_held_paid_or_taken_back_is_in_no_file(two: OfficeBook) -> None:
    two.reassignment_of("Agency 1", auto_create_file=False)
    for line in ("HELD", "PAID", "BACK", "GOOD"):
        two.line(line, 480_00, SINCE)
    two.night(NIGHT)
    two.hold("A-HELD", NIGHT, until="2026-02-22")
    two.agency_pays("PAID", 480_00, NIGHT)
    two.transfer("BACK", NIGHT)
    two.reassignment_of("Agency 1", auto_create_file=True)

    assert two.night("2026-02-21").files == [("Agency 1", 1, 1, "480.00")]
    assert two.night("2026-02-22").files == [("Agency 1", 2, 1, "480.00")]  # the hold has ended
    assert two.sql("SELECT count(*) FROM placement WHERE file IS NULL") == [(2,)]


@pytest.mark.parametrize(("signed", "files"), [(None, 0), ("2026-02-21", 0), ("2026-02-20", 1)])
def test_no_file_without_an_agreement(book: OfficeBook, signed: str | None, files: int) -> None:
    from bo_tui import dates

    baa = None if signed is None else dates.parse(signed)
    book.agency("First Bay", balance=99_00, age=45, auto_approve=True, auto_create_file=True, baa_date=baa)
    book.line("L", 480_00, SINCE)

    night = book.night(NIGHT)

    assert len(night.files) == files
    assert book.placed() == {"L": ("First Bay", 480_00)}  # placed all the same


def test_the_copy_lies_in_the_outbox_with_the_bytes_of_the_report(two: OfficeBook) -> None:
    import hashlib

    two.line("L", 480_00, SINCE)
    (file,) = two.night(NIGHT).document["files"]

    copy = two.office.store.folder / file["path"]
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == file["sha256"]
    copy.unlink()
    two.office.store.use().execute_sql("UPDATE agency_file SET written_at = NULL")
    assert two.night(NIGHT).document["status"] == "unchanged"  # a finished night still writes what is missing
    assert copy.exists()
