"""The rows of one practice that a view reads by keyset, as a grid shows them; filtered by what something begins with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, Protocol, TypeVar

from bo_tui.office import Office
from bo_tui.views import pending
from bo_tui.widgets.gridmodel import Column, Row, Sort

KEPT = 4_000  # rows of which the words are remembered; a window holds some hundred
Key = tuple[Any, int]  # a row's value of the sort column, and its id


class Identified(Protocol):
    """What a view gives for a row."""

    @property
    def id(self) -> int: ...


Read = TypeVar("Read", bound=Identified)


class KeyedSource(Generic[Read]):
    """A `GridSource`; `words` keeps what was read of the rows shown. Subclasses say `read_page`, `read_at`, `count`, `cells`."""

    columns: Sequence[Column] = ()
    everything = False

    def __init__(self, office: Office, practice: int) -> None:
        self.office = office
        self.practice = practice
        self.prefix = ""
        self.words: dict[int, Read] = {}

    # --- what subclasses say ---------------------------------------------------------------------------------------

    def read_page(self, order: tuple[str, bool], key: Key | None, count: int, backward: bool) -> list[tuple[Key, Read]]:
        """The rows next to a key in an order (column, descending), each with its own key."""
        raise NotImplementedError

    def read_at(self, row_id: int, sort: str) -> tuple[Key, Read] | None:
        """One row with its key for a sort; None when it is gone or the filter hides it."""
        raise NotImplementedError

    def count(self, limit: int) -> int:
        """How many rows the filter shows, counting no further than a limit."""
        raise NotImplementedError

    def cells(self, row: Read) -> tuple[str, ...]:
        """A row as text, a cell for each column."""
        raise NotImplementedError

    # --- what the grid asks ----------------------------------------------------------------------------------------

    def filter(self, text: str, sort: Sort) -> Sort:
        """What begins with a text, in the order there is."""
        self.prefix = text.strip()
        return sort

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """Rows next to one."""
        key = None if after is None else (after.key, after.id)
        found = self.read_page((sort.column, sort.descending), key, count, backward)
        return [self._row(key, row) for (key, _), row in found]

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """One row as it is now."""
        found = self.read_at(row_id, sort.column)
        return None if found is None else self._row(found[0][0], found[1])

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """None have any."""
        return {}

    def version(self) -> Any:
        """The practice's newest act."""
        return pending.version(self.office, self.practice)

    def slow(self, sort: Sort) -> bool:
        """Whether reads take so long that they belong into a worker."""
        return False

    def _row(self, key: Any, row: Read) -> Row:
        while len(self.words) >= KEPT:
            self.words.pop(next(iter(self.words)), None)
        self.words.pop(row.id, None)
        self.words[row.id] = row
        return Row(row.id, self.cells(row), key)
