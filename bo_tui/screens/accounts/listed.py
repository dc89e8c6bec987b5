"""A grid over rows that are read whole, and read again when something was committed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bo_tui.office import Office
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.views import practices
from bo_tui.widgets.gridmodel import Column, Row, Sort


class ReadSource(ListSource):
    """A `ListSource` whose items `read()` gives; some thousand rows at most."""

    everything = False

    def __init__(
        self, office: Office, columns: Sequence[Column], read: Callable[[], list[Item]], searched: Sequence[str]
    ) -> None:
        super().__init__(columns, [], searched=searched)
        self.office = office
        self.read = read
        self._version = self._read_at = -1

    def filter(self, text: str, sort: Sort) -> Sort:
        """What begins with a text in one of the searched columns."""
        self.prefix = text.strip()
        return sort

    def version(self) -> Any:
        """The highest act."""
        self._version = practices.version(self.office)
        return self._version

    def forget(self) -> None:
        """Read again with the next page, because other rows are wanted."""
        self._read_at = -1

    def _sorted(self, sort: Sort) -> list[Row]:
        if self._read_at != self._version or self._version < 0 or self._read_at < 0:
            self._read_at = self._version
            self.items, self._order = self.read(), None
        return super()._sorted(sort)
