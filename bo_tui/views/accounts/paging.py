"""The Accounts grid's reads: by account and guarantor from an index, page after page; every other order as a list of ids.

A list of ids is made once in a worker (eight bytes an account) and paged from memory, so that only the first page waits.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.tables import Account, Placement, ServiceLine
from bo_tui.office import Office
from bo_tui.views import prefixes, ranges
from bo_tui.views.accounts import criteria, rows
from bo_tui.views.accounts.criteria import Criteria
from bo_tui.views.accounts.rows import AccountRow
from bo_tui.views.ranges import Part

Key = tuple[Any, int]  # a row's value of the sort column, and its id
LONG_AGO = -(10**9)  # before any day; where a date is not known
FAR = 10**9

INDEXED: dict[str, Any] = {"account": Account.number, "guarantor": Account.guarantor}
ALL = Criteria()
FIGURES = ("balance", "part", "oldest", "placed")
SLOW = ("born", "city", "phone", *FIGURES)
FEW = 2_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts: of a practice, those that meet the criteria and whose column (of INDEXED) begins with `prefix`."""

    practice: int
    criteria: Criteria = ALL
    column: str = "guarantor"
    prefix: str = ""


def is_listed(wanted: Wanted, sort: str) -> bool:
    """Whether an order cannot come from an index, so that it is read as a list of ids, in a worker."""
    return sort not in INDEXED or not wanted.criteria.empty or bool(wanted.prefix and sort != wanted.column)


def page(
    office: Office, wanted: Wanted, sort: tuple[str, bool], after: Key | None, count: int, backward: bool = False
) -> list[tuple[Key, AccountRow]]:
    """Up to `count` accounts next to the key `after`, in the order shown, each with its own key; from an index.

    `sort` is a name of INDEXED and whether it descends; the id breaks ties in the same direction.
    """
    name, descending = sort
    falling = descending != backward
    with office.reading():
        found = _walk(wanted, name, falling, after, count)
        done = rows.complete(office, [row[:-1] for row in found])
    keyed = [((row[-1], row[0]), one) for row, one in zip(found, done, strict=True)]
    return keyed[::-1] if backward else keyed


def at(office: Office, wanted: Wanted, sort: str, account: int) -> tuple[Key, AccountRow] | None:
    """An account as it is now with its key for an indexed sort; None when it is gone from what is wanted."""
    query: Any = rows.columns(INDEXED[sort]).where((Account.id == account) & _fits(wanted))
    with office.reading():
        found = list(query.tuples())
        done = rows.complete(office, [row[:-1] for row in found])
    return ((found[0][-1], account), done[0]) if found else None


def count(office: Office, wanted: Wanted, limit: int) -> int:
    """How many accounts are wanted, counting no further than `limit`; without criteria from an index."""
    total = 0
    with office.reading():
        for part in _parts(wanted):
            query: Any = Account.select(Account.id).where(part.rows).limit(limit - total)
            total += query.count()
            if total >= limit:
                return limit
    return total


def ordered(office: Office, wanted: Wanted, sort: tuple[str, bool]) -> array[int]:
    """The ids of all accounts wanted, in an order; up to some seconds for a million accounts."""
    name, descending = sort
    with office.reading():
        if name in FIGURES:
            ids = _ids(Account.select(Account.id).where(_fits(wanted)))
            keys = _figures(office, wanted, name, ids)
            none = FAR if name == "oldest" else 0
            return array("q", sorted(ids, key=lambda one: (keys.get(one, none), one), reverse=descending))
        key = INDEXED[name] if name in INDEXED else _slow_key(name)
        order = ranges.order(key, Account.id, descending)
        return _ids(Account.select(Account.id).where(_fits(wanted)).order_by(*order))


def _ids(query: Any) -> array[int]:
    """The ids straight from the cursor: peewee would wrap each row."""
    return array("q", (row[0] for row in Account._meta.database.execute(query)))


def _figures(office: Office, wanted: Wanted, name: str, ids: Sequence[int]) -> dict[int, int]:
    """An account's figure by id, where it has one: of a few accounts from their rows, of many in one pass over the lines."""
    if len(ids) <= FEW:
        found = ((row.id, getattr(row, name)) for row in rows.of_ids(office, ids))
        return {one: figure for one, figure in found if figure is not None}
    if name == "placed":
        query: Any = Placement.select(Placement.account, fn.SUM(Placement.balance))
        query = query.where((Placement.practice == wanted.practice) & (Placement.balance > 0)).group_by(
            Placement.account
        )
    else:
        figure = {"balance": rows.BALANCE, "part": rows.PART, "oldest": rows.OLDEST}[name]
        query = ServiceLine.select(ServiceLine.account, figure)
        query = query.where((ServiceLine.practice == wanted.practice) & (ServiceLine.ar != 0)).group_by(
            ServiceLine.account
        )
    found = Account._meta.database.execute(query)
    return {one: figure for one, figure in found if figure is not None}


# --- the index ---------------------------------------------------------------------------------------------------


def _walk(wanted: Wanted, sort: str, falling: bool, after: Key | None, count: int) -> list[Any]:
    """The next rows, with their value of the sort column at the end."""
    column = INDEXED[sort]

    def read(where: Any, order: Sequence[Any], limit: int) -> list[Any]:
        query: Any = rows.columns(column).where(where).order_by(*order).limit(limit)
        return list(query.tuples())

    return ranges.walk(_parts(wanted), column, Account.id, falling, after, count, read)


def _parts(wanted: Wanted) -> list[Part]:
    """The index ranges to walk, in the column's order; one without a filter."""
    practice = Account.practice == wanted.practice
    if not wanted.prefix:
        return [Part(practice)]
    column = INDEXED[wanted.column]
    rest = prefixes.the_rest(column, wanted.prefix)
    mine = practice if rest is None else practice & rest
    found = ranges.there(Account, practice, column, prefixes.text_ranges(wanted.prefix))
    return [Part(mine, column, low, high) for low, high in found]


# --- other orders ------------------------------------------------------------------------------------------------


def _fits(wanted: Wanted) -> Any:
    """Practice, criteria and filter as one condition on an account."""
    looked_for = criteria.condition(wanted.practice, wanted.criteria)
    if looked_for is None and not wanted.prefix:
        # all of a practice: the index on it would only send the reader to and fro between the rows
        return (Account.practice + 0) == wanted.practice
    whole: Any = Account.practice == wanted.practice
    if looked_for is not None:
        whole &= looked_for
    return whole & criteria.begins(INDEXED[wanted.column], wanted.prefix) if wanted.prefix else whole


def _slow_key(name: str) -> Any:
    if name == "born":
        return fn.COALESCE(Account.date_of_birth, LONG_AGO)
    if name == "phone":
        return fn.COALESCE(Account.phone, Account.phone2, "")
    return fn.COALESCE(Account.state, "").concat(" ").concat(fn.COALESCE(Account.city, ""))
