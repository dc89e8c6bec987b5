"""The kinds of columns that an office CSV file has, and how each reads a cell (CONTRACT, Office CSV).

A reader takes a cell's text without surrounding spaces, never empty, and returns what is kept: text, cents, a day number, a
whole number, or 1 and 0 for a flag. ValueError says in words what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from bo_tui import dates, money

Value = str | int | None
_WHOLE = re.compile(r"[0-9]{1,9}")
_kept = lru_cache(maxsize=50_000)  # a million rows share a few thousand dates, and amounts
_day = _kept(dates.parse)


@dataclass(frozen=True)
class Column:
    """One column: its name, how a cell is read, what an empty cell means, whether it may be empty at all; `kind` in words."""

    name: str
    read: Callable[[str], Value]
    number: bool = False
    required: bool = False
    default: Value = None
    kind: str = "text"


def text(name: str, *, required: bool = False) -> Column:
    """A column of free text."""
    return Column(name, str, required=required)


def day(name: str, *, required: bool = False) -> Column:
    """A column of ISO dates, kept as day numbers."""
    return Column(name, _day, number=True, required=required, kind="date")


def amount(name: str, *, required: bool = False) -> Column:
    """A column of amounts that are not below zero, in cents."""
    return Column(name, _not_negative, number=True, required=required, kind="amount")


def amount_above_zero(name: str) -> Column:
    """A column of amounts above zero, in cents; always required."""
    return Column(name, _above_zero, number=True, required=True, kind="amount")


def percent(name: str) -> Column:
    """A column of percentages, in hundredths of a percent."""
    return Column(name, _percent, number=True, kind="percentage")


def whole(name: str) -> Column:
    """A column of whole numbers, zero or more."""
    return Column(name, _whole, number=True, kind="whole number")


def flag(name: str, default: bool = False) -> Column:
    """A column of `yes` and `no`, kept as 1 and 0."""
    return Column(name, _flag, number=True, default=int(default), kind="yes or no")


def choice(name: str, *values: str, required: bool = False, default: str | None = None) -> Column:
    """A column that holds one of a few words."""

    def read(cell: str) -> str:
        if cell not in values:
            raise ValueError(f"is none of {', '.join(values)}")
        return cell

    return Column(name, read, required=required, default=default, kind=", ".join(values))


def state(name: str) -> Column:
    """A column of two-letter codes; which ones there are is not asked, because accounts of other countries have theirs."""
    return Column(name, _two_letters, kind="two letters")


def _two_letters(cell: str) -> str:
    if len(cell) != 2 or not (cell.isascii() and cell.isalpha()):
        raise ValueError("is not a two-letter code such as WI")
    return cell


@_kept
def _not_negative(cell: str) -> int:
    cents = money.parse(cell)
    if cents < 0:
        raise ValueError("is below zero")
    return cents


@_kept
def _above_zero(cell: str) -> int:
    cents = money.parse(cell)
    if cents <= 0:
        raise ValueError("is not above zero")
    return cents


def _percent(cell: str) -> int:
    hundredths = money.parse_percent(cell)
    if hundredths > 10_000:
        raise ValueError("is above 100")
    return hundredths


def _whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise ValueError("is not a whole number such as 45")
    return int(cell)


def _flag(cell: str) -> int:
    if cell not in ("yes", "no"):
        raise ValueError("is neither yes nor no")
    return int(cell == "yes")
