"""The queries of the Transactions tab, each composed once for its shape: a key has no time for Peewee to write it anew.

A shape is an order, a direction, a step and a filter's form; what the operator typed and where a page begins are values. All
take `practice`; those of a filter take the lists `low` and `high`, one of each for a range, and `size` and `begins` where
letters beyond the ranges are looked at (`prefixes`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.compiled import counting, once, slot, slots
from bo_tui.db.tables import AgencyFile, Placement
from bo_tui.views import prefixes, ranges
from bo_tui.views.ranges import Part, Step
from bo_tui.views.transactionrows import columns, in_file

INDEXED: dict[str, Any] = {
    "guarantor": Placement.guarantor,
    "account": Placement.account_number,
    "agency": Placement.agency_name,
    "description": Placement.description,
    "date": Placement.date_of_service,
}
SLOW: dict[str, Any] = {
    "amount": Placement.amount,
    "balance": Placement.balance,
    "file": fn.COALESCE(AgencyFile.sequence, -1),
}
SORTS = INDEXED | SLOW


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter's form: its column, how many ranges of it, and whether letters beyond them are looked at; no ranges, no filter."""

    column: str = ""
    ranges: int = 0
    rest: bool = False


# --- the index ---------------------------------------------------------------------------------------------------


@once
def step(sort: str, falling: bool, which: Step, of: Filter) -> Any:
    """The rows of a step of `ranges.steps` in one half of an index. Values: balance, limit, day; key and last of the row before."""
    part, column = _part(of), INDEXED[sort]
    where = ranges.condition(part, which, column, Placement.id, falling, (slot("key"), slot("last")))
    order = ranges.ordering(which, column, Placement.id, falling)
    return columns(column).where(where).order_by(*order).limit(slot("limit"))


@once
def probes(column: str, count: int) -> Any:
    """Whether each of so many ranges holds a row of one half, in one row. Values: balance."""
    both = list(zip(slots("low", count), slots("high", count), strict=True))
    return ranges.probes(Placement, _half(), INDEXED[column], both)


@once
def number(of: Filter) -> Any:
    """How many rows there are in a range of one half, or in all of it. Values: balance, limit."""
    return counting(Placement.select(Placement.id).where(_part(of).rows).limit(slot("limit")))


def _half() -> Any:
    return (Placement.practice == slot("practice")) & (Placement.has_balance == slot("balance"))


def _part(of: Filter) -> Part:
    if not of.ranges:
        return Part(_half())
    column = INDEXED[of.column]
    return Part(_half() & _rest(of) if of.rest else _half(), column, *slots("low", 1), *slots("high", 1))


# --- a row, and other orders ---------------------------------------------------------------------------------------


@once
def one(sort: str, zero: bool, of: Filter) -> Any:
    """A row by its id, if it is wanted. Values: id, day."""
    return columns(SORTS[sort]).where((Placement.id == slot("id")) & _wanted(zero, of)).limit(1)


@once
def keys(sort: str, falling: bool, beyond: bool, zero: bool, of: Filter) -> Any:
    """Keys and ids alone, in an order that no index has: nothing else is read of the many rows that are only compared.

    Values: limit; key and last of the row before, where it is `beyond` one.
    """
    column = SORTS[sort]
    query: Any = in_file(Placement.select(column, Placement.id)).where(_wanted(zero, of))
    if beyond:
        key, last = slot("key"), slot("last")
        further = Placement.id < last if falling else Placement.id > last
        query = query.where((column < key if falling else column > key) | ((column == key) & further))
    return query.order_by(*ranges.order(column, Placement.id, falling)).limit(slot("limit"))


@once
def these(sort: str, count: int) -> Any:
    """The rows of up to so many ids, in no order. Values: ids, day."""
    return columns(SORTS[sort]).where(Placement.id.in_(slots("ids", count)))


def _wanted(zero: bool, of: Filter) -> Any:
    mine = (Placement.practice == slot("practice")) & Placement.has_balance.in_([1, 0] if zero else [1])
    if not of.ranges:
        return mine
    column = INDEXED[of.column]
    condition = None
    for low, high in zip(slots("low", of.ranges), slots("high", of.ranges), strict=True):
        within = (column >= low) & (column < high)
        condition = within if condition is None else condition | within
    return mine & condition & _rest(of) if of.rest else mine & condition


def _rest(of: Filter) -> Any:
    return prefixes.begins(INDEXED[of.column], slot("size"), slots("begins", prefixes.MOST_BEGINNINGS))
