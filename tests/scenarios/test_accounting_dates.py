"""A month's end: accounting dates by operators and by the night, and books that close forward (DESIGN section 2; section 5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bo_tui import dates
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import payments
from bo_tui.rules.external import adjust, pending, reassign, reverse, transfer
from bo_tui.rules.settings import practices
from tests.support.book import OfficeBook, day

SINCE = "2026-01-01"
TODAY = "2026-03-31"


@pytest.fixture
def closing(book: OfficeBook) -> OfficeBook:
    """Lakeside keeps accounting dates and has closed February; two agencies, a line with each of them and one that waits."""
    for name, age in (("First Bay", 45), ("Bay West", 900)):
        book.agency(name, balance=99_00, age=age)
    for line in ("ADJUSTED", "REVERSED", "MOVED", "BACK", "WAITS"):
        book.line(line, 480_00, SINCE)
    book.night("2026-03-01")
    book.post(["ADJUSTED", "REVERSED", "MOVED", "BACK"], "2026-03-01")
    book.practice("LAKE", uses_accounting_dates=True, closed_through=day("2026-02-28"))
    return book


def close(book: OfficeBook, through: str | None, when: str = TODAY) -> None:
    ends = None if through is None else day(through)
    wanted = practices.PracticeSettings("Lakeside Anesthesia", uses_accounting_dates=True, closed_through=ends)
    practices.save(book.on(when), 1, wanted)


def acts(book: OfficeBook) -> dict[str, Callable[[Office, int | None], object]]:
    """Every act of an operator that moves money, with the accounting date it is given."""
    placed = {line: book.placement(line).id for line in ("ADJUSTED", "REVERSED", "MOVED", "BACK")}
    return {
        "post": lambda office, booked: pending.post(office, 1, ["WAITS"], accounting_date=booked),
        "adjust": lambda office, booked: adjust.adjust(office, placed["ADJUSTED"], "CHRTY", 1_00, "why", booked),
        "reverse": lambda office, booked: reverse.reverse(office, placed["REVERSED"], "an error", None, booked),
        "reassign": lambda office, booked: reassign.reassign(office, placed["MOVED"], "Bay West", booked),
        "transfer": lambda office, booked: transfer.transfer(office, [placed["BACK"]], "guarantor", False, booked),
        "payment": lambda office, booked: payments.receive(office, 1, "WAITS", "GPYMT", 1_00, accounting_date=booked),
    }


@pytest.mark.parametrize("name", ["post", "adjust", "reverse", "reassign", "transfer", "payment"])
def test_every_act_that_moves_money_needs_one_between_the_closed_books_and_a_fortnight_ahead(
    closing: OfficeBook, name: str
) -> None:
    office, act = closing.on(TODAY), acts(closing)[name]
    before = closing.sql("SELECT count(*) FROM act")
    for booked, words in (
        (None, "Lakeside Anesthesia uses accounting dates; give one."),
        ("2026-02-28", "The books are closed through 2026-02-28; the accounting date must be later."),
        ("2026-04-15", "The accounting date 2026-04-15 is too far ahead; 2026-04-14 is the last."),
    ):
        with pytest.raises(RuleRefusal) as refused:
            act(office, None if booked is None else day(booked))
        assert (refused.value.sentence, refused.value.field) == (words, "accounting_date")
    assert closing.sql("SELECT count(*) FROM act") == before
    last = closing.sql("SELECT max(id) FROM entry")[0][0]
    act(office, day("2026-04-14" if name in ("post", "reverse", "transfer") else "2026-03-01"))  # the edges themselves
    rows = closing.sql("SELECT DISTINCT accounting_date, posted FROM entry WHERE id > ?", last)
    assert [(dates.iso(booked), dates.iso(posted)) for booked, posted in rows] == [
        ("2026-04-14" if name in ("post", "reverse", "transfer") else "2026-03-01", TODAY)
    ]


def test_the_books_close_forward_only_and_never_beyond_today(closing: OfficeBook) -> None:
    for through, words in (
        ("2026-02-27", "The books are closed through 2026-02-28 and are never opened again."),
        (None, "The books are closed through 2026-02-28 and are never opened again."),
        ("2026-04-01", "The books cannot be closed beyond today, 2026-03-31."),
    ):
        with pytest.raises(RuleRefusal) as refused:
            close(closing, through)
        assert (refused.value.sentence, refused.value.field) == (words, "closed_through")
    close(closing, TODAY)
    placed = closing.placement("ADJUSTED").id
    with pytest.raises(RuleRefusal, match="closed through 2026-03-31"):
        adjust.adjust(closing.on(TODAY), placed, "CHRTY", 1_00, "why", day(TODAY))
    adjust.adjust(closing.on(TODAY), placed, "CHRTY", 1_00, "why", day("2026-04-01"))  # tomorrow is open


def test_the_night_books_on_the_first_open_day(closing: OfficeBook) -> None:
    closing.reassignment_of("First Bay", auto_approve=True)
    close(closing, TODAY)
    closing.night(TODAY)
    assert closing.sql(
        "SELECT accounting_date FROM entry WHERE id = ?", closing.placement("WAITS").id
    ) == [(day("2026-04-01"),)]  # fmt: skip
    closing.line("NEXT", 480_00, SINCE)
    closing.night("2026-04-02")
    assert closing.sql(
        "SELECT accounting_date FROM entry WHERE id = ?", closing.placement("NEXT").id
    ) == [(day("2026-04-02"),)]  # fmt: skip


def test_a_practice_that_stops_keeping_them_takes_none(closing: OfficeBook) -> None:
    closing.practice("LAKE", uses_accounting_dates=False)
    placed = closing.placement("ADJUSTED").id
    with pytest.raises(RuleRefusal, match="does not use accounting dates; leave it out"):
        adjust.adjust(closing.on(TODAY), placed, "CHRTY", 1_00, "why", day(TODAY))
    adjust.adjust(closing.on(TODAY), placed, "CHRTY", 1_00, "why")
