"""The Transactions tab: placements by keyset paging on the columns they keep for it, and the entries below them (seed 003).

Placements with and without a balance are two streams of the same index, merged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bo_tui.db.compiled import room
from bo_tui.office import Office
from bo_tui.views import prefixes, ranges
from bo_tui.views import transactionqueries as queries
from bo_tui.views.prefixes import Range
from bo_tui.views.ranges import Part
from bo_tui.views.transactionqueries import INDEXED, SLOW, Filter
from bo_tui.views.transactionrows import EntryRow, Key, PlacementRow, children, code_texts, keyed

__all__ = [
    "INDEXED",
    "SLOW",
    "EntryRow",
    "PlacementRow",
    "Wanted",
    "at",
    "children",
    "code_texts",
    "count",
    "is_slow",
    "page",
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which placements: of a practice, those with a balance or (`zero`) all, whose column begins with `prefix` ('' = any)."""

    practice: int
    zero: bool = False
    column: str = "guarantor"
    prefix: str = ""


def is_slow(wanted: Wanted, sort: str) -> bool:
    """Whether an order cannot come from an index: a column without one, or another than the filtered one."""
    return sort not in INDEXED or bool(wanted.prefix and sort != wanted.column)


def page(
    office: Office, wanted: Wanted, sort: tuple[str, bool], after: Key | None, count: int, backward: bool = False
) -> list[tuple[Key, PlacementRow]]:
    """Up to `count` placements next to the key `after`, in the order shown, each with its own key.

    `sort` is a name of INDEXED or SLOW and whether it descends; the id breaks ties in the same direction.
    """
    name, descending = sort
    falling = descending != backward
    with office.reading():
        if is_slow(wanted, name):
            found = _slow_page(office, wanted, name, falling, after, count)
        else:
            streams = [_stream(office, wanted, balance, name, falling, after, count) for balance in _balances(wanted)]
            found = sorted(islice(_both(streams), 2 * count), key=lambda pair: pair[0], reverse=falling)[:count]
    return found[::-1] if backward else found


def at(office: Office, wanted: Wanted, sort: str, placement: int) -> tuple[Key, PlacementRow] | None:
    """A placement as it is now with its key for a sort; None when it is gone from what is wanted."""
    within = _ranges(wanted)
    if within is None:
        return None
    query = queries.one(sort, wanted.zero, _filter(wanted, len(within)))
    with office.reading():
        found = keyed(query.run(id=placement, day=office.business_date, **_values(wanted, within)))
    return found[0] if found else None


def count(office: Office, wanted: Wanted, limit: int) -> int:
    """How many placements are wanted, counting no further than `limit`."""
    total = 0
    query = queries.number(_filter(wanted, 1))
    with office.reading():
        for balance in _balances(wanted):
            for part in _parts(wanted, balance):
                values = _values(wanted, [(part.low, part.high)])
                total += query.one(balance=balance, limit=limit - total, **values)[0]
                if total >= limit:
                    return limit
    return total


# --- the index ---------------------------------------------------------------------------------------------------


def _balances(wanted: Wanted) -> tuple[int, ...]:
    return (1, 0) if wanted.zero else (1,)


def _stream(
    office: Office, wanted: Wanted, balance: int, sort: str, falling: bool, after: Key | None, count: int
) -> list[tuple[Key, PlacementRow]]:
    """The next rows of one half of the index."""
    found: list[tuple[Key, PlacementRow]] = []
    key, last = after or (None, None)
    shape, day = _filter(wanted, 1), office.business_date
    for part, step in ranges.steps(_parts(wanted, balance), falling, after):
        if len(found) >= count:
            break
        query, values = queries.step(sort, falling, step, shape), _values(wanted, [(part.low, part.high)])
        found += keyed(query.run(balance=balance, key=key, last=last, limit=count - len(found), day=day, **values))
    return found


def _both(streams: list[list[tuple[Key, PlacementRow]]]) -> Iterator[tuple[Key, PlacementRow]]:
    for stream in streams:
        yield from stream


def _parts(wanted: Wanted, balance: int) -> list[Part]:
    """The index ranges to walk that hold a row at all, in the column's order; one without a filter."""
    found = _ranges(wanted)
    if found is None:
        return []
    if len(found) > 1:
        query = queries.probes(wanted.column, len(found))
        held = query.one(balance=balance, **_values(wanted, found))
        found = [one for one, holds in zip(found, held, strict=True) if holds]
    return [Part(None, None, low, high) for low, high in found] if wanted.prefix else [Part(None)]


# --- other orders: in a worker -----------------------------------------------------------------------------------


def _slow_page(
    office: Office, wanted: Wanted, sort: str, falling: bool, after: Key | None, count: int
) -> list[tuple[Key, PlacementRow]]:
    """Which rows, and then what they say."""
    within = _ranges(wanted)
    if within is None:
        return []
    key, last = after or (None, None)
    query = queries.keys(sort, falling, after is not None, wanted.zero, _filter(wanted, len(within)))
    keys = query.run(key=key, last=last, limit=count, **_values(wanted, within)).fetchall()
    if not keys:
        return []
    ids = [row_id for _, row_id in keys]
    found = dict(keyed(queries.these(sort, room(count)).run(ids=ids, day=office.business_date)))
    return [(key, found[key]) for key in keys]


# --- the filter --------------------------------------------------------------------------------------------------


def _ranges(wanted: Wanted) -> list[Range] | None:
    """Where in the column lies what begins with the prefix; nowhere without one, None where nothing can begin so."""
    if not wanted.prefix:
        return []
    make = prefixes.date_ranges if wanted.column == "date" else prefixes.text_ranges
    return make(wanted.prefix) or None


def _filter(wanted: Wanted, count: int) -> Filter:
    """The form of the filter over so many of its ranges."""
    return Filter(wanted.column, count, bool(prefixes.beginnings(wanted.prefix))) if wanted.prefix else Filter()


def _values(wanted: Wanted, within: Sequence[Range]) -> dict[str, Any]:
    """What a query of a filter asks about: the practice, these ranges, and the letters beyond them."""
    values: dict[str, Any] = {"practice": wanted.practice}
    if wanted.prefix:
        values |= {"low": [low for low, _ in within], "high": [high for _, high in within]}
        values |= {"size": len(wanted.prefix), "begins": prefixes.beginnings(wanted.prefix)}
    return values
