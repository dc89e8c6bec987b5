"""The Transactions tab: placements by keyset paging on the columns they keep for it, and the entries below them (seed 003).

Placements with and without a balance are two streams of the same index, merged here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from peewee import fn

from bo_tui.db.tables import AgencyFile, Placement
from bo_tui.office import Office
from bo_tui.views import prefixes, ranges
from bo_tui.views.prefixes import Range
from bo_tui.views.ranges import Part
from bo_tui.views.transactionrows import EntryRow, Key, PlacementRow, children, code_texts, placements

__all__ = ["EntryRow", "PlacementRow", "Wanted", "at", "children", "code_texts", "count", "is_slow", "page"]

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
_SORTS = INDEXED | SLOW


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
            found = _slow_page(wanted, name, falling, after, count)
        else:
            streams = [_stream(wanted, balance, name, falling, after, count) for balance in _balances(wanted)]
            found = sorted(islice(_both(streams), 2 * count), key=lambda pair: pair[0], reverse=falling)[:count]
    return found[::-1] if backward else found


def at(office: Office, wanted: Wanted, sort: str, placement: int) -> tuple[Key, PlacementRow] | None:
    """A placement as it is now with its key for a sort; None when it is gone from what is wanted."""
    mine = (Placement.id == placement) & (Placement.practice == wanted.practice)
    if not wanted.zero:
        mine &= Placement.has_balance == 1
    with office.reading():
        found = placements(mine & _filtered(wanted), _SORTS[sort], [], 1)
    return found[0] if found else None


def count(office: Office, wanted: Wanted, limit: int) -> int:
    """How many placements are wanted, counting no further than `limit`."""
    total = 0
    with office.reading():
        for balance in _balances(wanted):
            for part in _parts(wanted, balance):
                query: Any = Placement.select(Placement.id).where(part.rows).limit(limit - total)
                total += query.count()
                if total >= limit:
                    return limit
    return total


# --- the index ---------------------------------------------------------------------------------------------------


def _balances(wanted: Wanted) -> tuple[int, ...]:
    return (1, 0) if wanted.zero else (1,)


def _stream(
    wanted: Wanted, balance: int, sort: str, falling: bool, after: Key | None, count: int
) -> list[tuple[Key, PlacementRow]]:
    """The next rows of one half of the index."""

    def read(where: Any, order: Sequence[Any], limit: int) -> list[tuple[Key, PlacementRow]]:
        return placements(where, _SORTS[sort], order, limit)

    return ranges.walk(_parts(wanted, balance), INDEXED[sort], Placement.id, falling, after, count, read)


def _both(streams: list[list[tuple[Key, PlacementRow]]]) -> Iterator[tuple[Key, PlacementRow]]:
    for stream in streams:
        yield from stream


def _parts(wanted: Wanted, balance: int) -> list[Part]:
    """The index ranges to walk, in the column's order; one without a filter."""
    half = (Placement.practice == wanted.practice) & (Placement.has_balance == balance)
    if not wanted.prefix:
        return [Part(half)]
    column = INDEXED[wanted.column]
    rest = prefixes.the_rest(column, wanted.prefix) if wanted.column != "date" else None
    mine = half if rest is None else half & rest
    return [Part(mine, column, low, high) for low, high in ranges.there(Placement, half, column, _ranges(wanted))]


def _ranges(wanted: Wanted) -> list[Range]:
    make = prefixes.date_ranges if wanted.column == "date" else prefixes.text_ranges
    return make(wanted.prefix)


# --- other orders: in a worker -----------------------------------------------------------------------------------


def _slow_page(
    wanted: Wanted, sort: str, falling: bool, after: Key | None, count: int
) -> list[tuple[Key, PlacementRow]]:
    column = _SORTS[sort]
    mine = (Placement.practice == wanted.practice) & Placement.has_balance.in_(_balances(wanted)) & _filtered(wanted)
    if after is not None:
        key, row_id = after
        further = Placement.id < row_id if falling else Placement.id > row_id
        mine &= (column < key if falling else column > key) | ((column == key) & further)
    return placements(mine, _SORTS[sort], ranges.order(column, Placement.id, falling), count)


def _filtered(wanted: Wanted) -> Any:
    """The filter as one condition on a row."""
    if not wanted.prefix:
        return Placement.id.is_null(False)
    column = INDEXED[wanted.column]
    condition = None
    for low, high in _ranges(wanted):
        one = (column >= low) & (column < high)
        condition = one if condition is None else condition | one
    if condition is None:
        return Placement.id.is_null()
    rest = prefixes.the_rest(column, wanted.prefix) if wanted.column != "date" else None
    return condition if rest is None else condition & rest
