"""What a tab of External Collections reads from: the source that it can filter, and the one without rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from bo_tui.widgets.gridmodel import Column, GridSource, Row, Sort


class ExternalSource(GridSource, Protocol):
    """A grid source that can be filtered, and may have a switch such as Show zero balances."""

    everything: bool
    """Whether the switch is on."""

    def filter(self, text: str, sort: Sort) -> Sort:
        """Show only what begins with a text (empty: all); the order to use, which is by the filtered column while there is one."""


class NoRows:
    """The source of a page without a practice."""

    everything = False

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns

    def filter(self, text: str, sort: Sort) -> Sort:
        """Nothing to filter."""
        return sort

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """No rows."""
        return []

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """No row."""
        return None

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """No children."""
        return {}

    def count(self, limit: int) -> int:
        """None."""
        return 0

    def version(self) -> Any:
        """Never another."""
        return 0

    def slow(self, sort: Sort) -> bool:
        """Quick."""
        return False
