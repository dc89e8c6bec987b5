"""What the ledger grid shows: columns, rows, where they come from, and the one window of rows it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Column:
    """One column; widths are terminal cells. Where the width does not suffice, the lowest `priority` goes first.

    `grow` columns share what is left over and shrink to `min_width` (0 = never) before any column is dropped.
    """

    key: str
    title: str
    width: int
    align: Literal["left", "right"] = "left"
    grow: bool = False
    sortable: bool = True
    priority: int = 1
    min_width: int = 0


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of the roots: a column's key, then the row id in the same direction."""

    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row as plain text cells, one a column; `key` is its value of the current sort, `id` is unique within the source.

    `kind` chooses a style: pending, credit, zero, memo, child or nothing. Children carry their parent's id.
    """

    id: int
    cells: tuple[str, ...]
    key: Any = None
    kind: str = ""
    has_children: bool = False
    parent: int | None = None


class GridSource(Protocol):
    """Where a grid's rows come from; all reads are keyset reads. It may also have `interrupt()`, which ends a slow read."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns, from left to right."""

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """Up to `count` roots next to `after` (by its key and id; it need not exist any more), in the order they are shown.

        `backward` gives those just before it; with `after` None it starts at the first row, or backward at the last.
        """

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """A root as it is now, with its key for this sort; None when it is gone or filtered out."""

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """The direct children of many rows in one query, by parent id; a child may have children itself."""

    def count(self, limit: int) -> int:
        """How many roots there are, counting no further than `limit`."""

    def version(self) -> Any:
        """A value that changes whenever something else was committed, such as the highest act id."""

    def slow(self, sort: Sort) -> bool:
        """Whether reads in this order take more than a few milliseconds and belong into a worker thread."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the window: a row, its depth as `rails` (one entry a level: is it the last of its siblings), its root's index."""

    row: Row
    rails: tuple[bool, ...]
    root: int


class NeedsRead(Exception):
    """A move would have to read from the source, which the caller did not allow just now."""
