"""The rows of the Accounts grid: page after page from an index, or from a list of ids that a worker made."""

from __future__ import annotations

import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bo_tui import dates
from bo_tui.formats.contact import shown_phone
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.screens.ownreads import OwnReads
from bo_tui.text import counted
from bo_tui.views import practices
from bo_tui.views.accounts import paging, rows
from bo_tui.views.accounts.criteria import Criteria
from bo_tui.views.accounts.paging import Wanted
from bo_tui.views.accounts.rows import AccountRow
from bo_tui.widgets.gridmodel import Column, Row, Sort

COLUMNS = (
    Column("account", "Account", 9, min_width=8, priority=9),
    Column("guarantor", "Guarantor", 18, grow=True, min_width=14, priority=10),
    Column("born", "Born", 10, priority=5),
    Column("city", "City/State", 16, grow=True, min_width=9, priority=3),
    Column("phone", "Phone", 14, min_width=14, priority=1),
    Column("balance", "Balance", 11, align="right", min_width=9, priority=8),
    Column("part", "Guar part", 11, align="right", min_width=9, priority=6),
    Column("placed", "Agencies", 10, align="right", min_width=9, priority=2),
    Column("oldest", "Age", 5, align="right", min_width=4, priority=4),
    Column("flags", "Flags", 5, sortable=False, priority=7),
)
RENEW = 5.0  # seconds that an order is kept at least, while others work; and twenty times what it cost


@dataclass(frozen=True, slots=True)
class AccountLine(Row):
    """A row with what the page must know of its account."""

    account: AccountRow | None = None


@dataclass(slots=True)
class _Listed:
    """An order made once: for which wish and version, its ids, when it was made and what it cost in seconds."""

    wish: tuple[Wanted, Sort]
    version: int
    ids: array[int]
    made: float
    cost: float


class AccountRows(OwnReads):
    """A `GridSource` over the accounts of one practice that meet some criteria."""

    columns: Sequence[Column] = COLUMNS
    everything = False

    def __init__(self, office: Office, practice: int, criteria: Criteria = paging.ALL) -> None:
        self.office = office
        self.wanted = Wanted(practice, criteria)
        self._listed: _Listed | None = None
        self._version = 0

    def filter(self, text: str, sort: Sort) -> Sort:
        """What begins with a digit is looked for in Account, the rest in Guarantor; the filtered column gives the order."""
        text = text.strip()
        column = "account" if text[:1].isdigit() else "guarantor"
        self.wanted = replace(self.wanted, column=column, prefix=text)
        return sort if not text or sort.column == column else Sort(column)

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """Accounts next to a row."""
        if paging.is_listed(self.wanted, sort.column):
            return self._read(lambda: self._from_list(sort, after, count, backward))
        key = None if after is None else (after.key, after.id)
        order = (sort.column, sort.descending)
        found = self._read(lambda: paging.page(self.office, self.wanted, order, key, count, backward))
        return [self._row(row, key[0]) for key, row in found]

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """An account as it is now."""
        if not paging.is_listed(self.wanted, sort.column):
            found = self._read(lambda: paging.at(self.office, self.wanted, sort.column, row_id))
            return None if found is None else self._row(found[1], found[0][0])

        def look() -> Row | None:
            ids = self._ids(sort)
            if row_id not in ids:
                return None
            there = rows.of_ids(self.office, [row_id])
            return self._row(there[0], ids.index(row_id)) if there else None

        return self._read(look)

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """None have any."""
        return {}

    def count(self, limit: int) -> int:
        """How many accounts, no further than a limit."""
        listed = self._listed
        if listed is not None and listed.wish[0] == self.wanted:
            return min(limit, len(listed.ids))
        if not self.wanted.criteria.empty:
            return 0  # before the first page there is nothing to count
        return self._read(lambda: paging.count(self.office, self.wanted, limit))

    def version(self) -> Any:
        """The highest act."""
        self._version = self._read(lambda: practices.version(self.office))
        return self._version

    def slow(self, sort: Sort) -> bool:
        """Whether an order has to be made first."""
        return paging.is_listed(self.wanted, sort.column) and self._kept(sort) is None

    def forget(self) -> None:
        """What this operator did counts at once: an order is made anew."""
        self._listed = None

    def _kept(self, sort: Sort) -> _Listed | None:
        """The order made before, where it is still good: others' work renews it only after a while."""
        listed = self._listed
        if listed is None or listed.wish != (self.wanted, sort):
            return None
        old = time.monotonic() - listed.made > max(RENEW, 20 * listed.cost)
        return None if old and listed.version != self._version else listed

    def _ids(self, sort: Sort) -> array[int]:
        listed = self._kept(sort)
        if listed is None:
            wanted, version, start = self.wanted, self._version, time.monotonic()
            ids = paging.ordered(self.office, wanted, (sort.column, sort.descending))
            now = time.monotonic()
            listed = self._listed = _Listed((wanted, sort), version, ids, now, now - start)
        return listed.ids

    def _from_list(self, sort: Sort, after: Row | None, count: int, backward: bool) -> list[Row]:
        ids = self._ids(sort)
        if after is None:
            first = max(0, len(ids) - count) if backward else 0
        else:
            place = self._place(ids, after)
            first = max(0, place - count) if backward else place + 1
            count = place - first if backward else count
        some = list(ids[first : first + count])
        places = {row_id: first + at for at, row_id in enumerate(some)}
        return [self._row(row, places[row.id]) for row in rows.of_ids(self.office, some)]

    @staticmethod
    def _place(ids: array[int], row: Row) -> int:
        """Where a row stands in a list that may be another than the one it came from."""
        place = row.key if isinstance(row.key, int) else 0
        if place < len(ids) and ids[place] == row.id:
            return place
        return ids.index(row.id) if row.id in ids else min(place, len(ids)) - 1

    def _row(self, row: AccountRow, key: Any) -> Row:
        age = "" if row.oldest is None else str(self.office.business_date - row.oldest)
        cells = (
            row.number,
            row.guarantor,
            dates.iso(row.date_of_birth),
            ", ".join(part for part in (row.city, row.state) if part),
            shown_phone(row.phone),
            shown(row.balance),
            shown(row.part),
            shown(row.placed) if row.placed else "",
            age,
            flags(row),
        )
        kind = "credit" if row.balance < 0 else "zero" if row.balance == row.placed == 0 else ""
        return AccountLine(row.id, cells, key, kind, account=row)


def flags(row: AccountRow) -> str:
    """The account's flags as letters, each at its own place: H held, R returned mail, S no statements, P no pre-collections."""
    pairs = (
        ("H", row.held),
        ("R", row.returned_mail),
        ("S", row.hold_statements),
        ("P", row.suspend_precollection),
    )
    return "".join(letter if there else "-" for letter, there in pairs) if any(there for _, there in pairs) else ""


def words(row: AccountRow, today: int) -> str:
    """An account in a sentence: `Smith, Ana: 480.00 in active AR, the oldest 62 days; 355.00 with agencies; returned mail`."""
    age = "" if row.oldest is None else f", the guarantor's oldest {counted(today - row.oldest, 'day')}"
    parts = [f"{row.guarantor}: {shown(row.balance)} in active AR{age}"]
    parts += [f"{shown(row.placed)} with agencies"] * bool(row.placed)
    parts += ["on hold"] * row.held + ["returned mail"] * row.returned_mail
    parts += ["no statements"] * row.hold_statements + ["no pre-collections"] * row.suspend_precollection
    return "; ".join(parts)
