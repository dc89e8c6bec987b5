"""Business dates: day numbers, what an operator may type, and calendar steps."""

from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_tui import dates

DAY = dates.parse("2026-11-20")


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_what_is_written_is_read_back(day: datetime.date) -> None:
    number = dates.parse(day.isoformat())
    assert dates.iso(number) == day.isoformat()
    assert number == (day - datetime.date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2026-02-29", "20261120", "2026-1-1", "11/20/2026", "2026-11-20T00:00", "２０２６-11-20"]
)
def test_dates_that_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        dates.parse(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("t", "2026-11-20"), ("T", "2026-11-20"), ("t-1", "2026-11-19"), ("t+2w", "2026-12-04"), ("t-3m", "2026-08-20"),
        ("t+1y", "2027-11-20"), ("t+0", "2026-11-20"), ("t-20d", "2026-10-31"), ("2026-01-31", "2026-01-31"),
    ],
)  # fmt: skip
def test_what_an_operator_types(text: str, day: str) -> None:
    assert dates.iso(dates.understand(text, DAY)) == day


@pytest.mark.parametrize("text", ["t-", "t1", "t+1x", "tomorrow", "t-99999"])
def test_what_is_not_understood(text: str) -> None:
    with pytest.raises(ValueError):
        dates.understand(text, DAY)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
    ],
)
def test_months_end_where_the_month_ends(start: str, months: int, end: str) -> None:
    assert dates.iso(dates.shift(dates.parse(start), months, "m")) == end


def test_the_rest() -> None:
    assert dates.iso(None) == ""
    assert dates.iso(dates.month_start(DAY)) == "2026-11-01"
    assert dates.weekday(DAY) == "Fri"
    assert dates.compact(DAY) == "20261120"
    assert dates.compact(DAY, "%m%d%Y") == "11202026"
    assert dates.compact(None) == ""
    assert dates.today() == (datetime.date.today() - datetime.date(1970, 1, 1)).days
    assert dates.utc_stamp().endswith("Z")
    assert len(dates.utc_stamp()) == 20


def test_a_kept_moment_is_told_in_the_machines_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert dates.local("2026-11-21T03:04:05Z") == "2026-11-20 22:04"
        assert dates.written("2026-11-21T03:04:05Z", dates.parse("2026-11-20")) == "2026-11-20 22:04"
        assert dates.written("2026-11-21T03:04:05Z", dates.parse("2026-11-19")) == "2026-11-20 22:04 for 2026-11-19"
    finally:
        monkeypatch.undo()
        time.tzset()
