"""A grid over rows that are all in memory: the lines that can be added, the contents of a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bo_tui.widgets.gridmodel import Column, Row, Sort


@dataclass(frozen=True, slots=True)
class Item:
    """One row: its id, its cells, and what a column is sorted by where that is not its cell."""

    id: int
    cells: tuple[str, ...]
    keys: dict[str, Any] = field(default_factory=dict)


class ListSource:
    """A `GridSource` over a list of at most some ten thousand items; `matches` narrows it to a text's prefix in some columns."""

    def __init__(self, columns: Sequence[Column], items: Sequence[Item], *, searched: Sequence[str] = ()) -> None:
        self.columns = columns
        self.items = list(items)
        self.searched = [at for at, column in enumerate(columns) if column.key in searched]
        self.prefix = ""
        self._order: tuple[Sort, str] | None = None
        self._rows: list[Row] = []
        self._place: dict[int, int] = {}

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """The rows next to one, also where that one has just gone."""
        rows = self._sorted(sort)
        if after is None:
            return rows[-count:] if backward else rows[:count]
        at = self._place.get(after.id)
        if at is None:  # where it stood: the rows before it in this order are before, all others after it
            place = (after.key, after.id)
            at = sum(1 for row in rows if ((row.key, row.id) > place if sort.descending else (row.key, row.id) < place))
            return rows[max(0, at - count) : at] if backward else rows[at : at + count]
        return rows[max(0, at - count) : at] if backward else rows[at + 1 : at + 1 + count]

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """One row."""
        rows = self._sorted(sort)
        return rows[self._place[row_id]] if row_id in self._place else None

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """None have any."""
        return {}

    def count(self, limit: int) -> int:
        """How many there are."""
        shown = sum(1 for item in self.items if self._fits(item))
        return min(limit, shown)

    def version(self) -> Any:
        """Never another."""
        return 0

    def slow(self, sort: Sort) -> bool:
        """All is in memory."""
        return False

    def shown(self) -> list[Item]:
        """The items that the prefix shows."""
        return [item for item in self.items if self._fits(item)]

    def _fits(self, item: Item) -> bool:
        text = self.prefix.casefold()
        return not text or any(item.cells[at].casefold().startswith(text) for at in self.searched)

    def _sorted(self, sort: Sort) -> list[Row]:
        if self._order != (sort, self.prefix):
            at = next((at for at, column in enumerate(self.columns) if column.key == sort.column), None)
            keyed = []
            for item in self.shown():
                default = item.id if at is None else item.cells[at]
                keyed.append((item.keys.get(sort.column, default), item.id, item))
            keyed.sort(key=lambda one: one[:2], reverse=sort.descending)
            self._rows = [Row(item.id, item.cells, key) for key, _, item in keyed]
            self._place = {row.id: place for place, row in enumerate(self._rows)}
            self._order = (sort, self.prefix)
        return self._rows
