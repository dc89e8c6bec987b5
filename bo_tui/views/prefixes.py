"""Type-ahead: what begins with a text, as ranges that an index answers.

Names are kept as typed, and an index knows upper from lower case. So the first letters are looked for in each way of
writing them, and what follows by comparing in lower case within those few rows.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import product
from typing import Any

from peewee import Field, fn

from bo_tui import dates

MOST_WAYS = 16  # of writing the beginning, each one a range of the index
MOST_BEGINNINGS = 4
LAST = "\U0010ffff"
_DATE = re.compile(r"(\d{1,4})(?:-(\d{0,2})(?:-(\d{0,2}))?)?")

Range = tuple[Any, Any]  # from, up to but without


def text_ranges(prefix: str) -> list[Range]:
    """The ranges of a text column that hold what begins with `prefix`, whatever the case of its letters; in order, disjoint."""
    ways = [_ways(letter) for letter in prefix[: _looked_at(prefix)]]
    starts = sorted({"".join(way) for way in product(*ways)})
    return [(start, start + LAST) for start in starts]


def the_rest(column: Field, prefix: str) -> Any:
    """The condition on the letters beyond those that the ranges look at, or None when there are none."""
    wanted = beginnings(prefix)
    return begins(column, len(prefix), wanted) if wanted else None


def beginnings(prefix: str) -> list[str]:
    """What a value may begin with, in lower case, where the ranges do not look at all letters; at most MOST_BEGINNINGS."""
    if len(prefix) <= _looked_at(prefix):
        return []
    return sorted({ascii_lower(way) for way in (prefix, prefix.upper(), prefix.lower(), prefix.title())})


def begins(column: Any, size: Any, wanted: Any) -> Any:
    """The condition that the first `size` characters, in lower case, are one of some texts."""
    return fn.LOWER(fn.SUBSTR(column, 1, size)).in_(wanted)


def _looked_at(prefix: str) -> int:
    """How many characters the ranges look at: four letters, and any number of digits, which have only one way."""
    found = 1
    for at, letter in enumerate(prefix):
        found *= len(_ways(letter))
        if found > MOST_WAYS:
            return at
    return len(prefix)


def _ways(letter: str) -> list[str]:
    """The ways to write a character."""
    return sorted({letter, letter.upper(), letter.lower()})


def date_ranges(prefix: str) -> list[Range]:
    """The range of day numbers whose ISO dates begin with a text such as `2026`, `2026-1` or `2026-07-2`; none if it is no date."""
    match = _DATE.fullmatch(prefix)
    if match is None:
        return []
    year, month, day = match.groups()
    years = [number for number in (int(year.ljust(4, "0")), int(year.ljust(4, "9"))) if 1 <= number <= 9998]
    months = [number for number in range(1, 13) if f"{number:02d}".startswith(month or "")]
    days = [number for number in range(1, 32) if f"{number:02d}".startswith(day or "")]
    if not years or not months or not days:
        return []
    first = _day(years[0], months[0], days[0])
    last = _day(years[-1], months[-1], days[-1])
    return [(first, last + 1)] if first <= last else []


def _day(year: int, month: int, day: int) -> int:
    """The day number, or that of the month's last day where there is no such day."""
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return dates.parse(dt.date(year, month, min(day, (following - dt.timedelta(days=1)).day)).isoformat())


def ascii_lower(text: str) -> str:
    """As SQLite's lower() writes it: only A to Z."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
