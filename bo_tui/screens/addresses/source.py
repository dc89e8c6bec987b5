"""The rows of Address Corrections as a grid shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bo_tui import dates
from bo_tui.office import Office
from bo_tui.rules.addresses.verdict import one_line
from bo_tui.screens.addresses import words
from bo_tui.views import addresses, pending
from bo_tui.views.addresses import CorrectionRow, Listed
from bo_tui.widgets.gridmodel import Column, Row, Sort

KEPT = 4_000  # rows that are remembered; a window holds some hundred
COLUMNS = (
    Column("practice", "Practice", 8, sortable=False, priority=1),
    Column("account", "Acct", 8, min_width=7, priority=10),
    Column("guarantor", "Guarantor", 14, grow=True, min_width=10, priority=12),
    Column("old", "Old address", 18, grow=True, min_width=12, sortable=False, priority=7),
    Column("new", "New address", 18, grow=True, min_width=12, sortable=False, priority=11),
    Column("reason", "Reason", 16, grow=True, min_width=12, sortable=False, priority=9),
    Column("moved", "Moved", 10, priority=4),
    Column("received", "Received", 10, priority=3),
    Column("state", "State", 10, grow=True, min_width=10, sortable=False, priority=8),
    Column("by", "By", 6, grow=True, min_width=5, sortable=False, priority=2),
)


class AddressSource:
    """A `GridSource` over one list of a practice's corrections; `everything` shows its errors, `words` keeps what was read."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, office: Office, practice: int, code: str, *, history: bool = False) -> None:
        self.office = office
        self.practice = practice
        self.code = code
        self.history = history
        self.everything = False
        self.prefix = ""
        self.words: dict[int, CorrectionRow] = {}

    @property
    def listed(self) -> Listed:
        """The list that is shown now."""
        return Listed(self.history, self.everything, self.prefix)

    def filter(self, text: str, sort: Sort) -> Sort:
        """Guarantors and accounts that begin with a text, in the order there is."""
        self.prefix = text.strip()
        return sort

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """Rows next to one."""
        key = None if after is None else (after.key, after.id)
        order = (sort.column, sort.descending)
        found = addresses.page(self.office, self.practice, self.listed, order, key, count, backward)
        return [self._row(key, row) for (key, _), row in found]

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """One row as it is now."""
        found = addresses.at(self.office, self.practice, self.listed, row_id, sort.column)
        return None if found is None else self._row(found[0][0], found[1])

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """None have any."""
        return {}

    def count(self, limit: int) -> int:
        """How many rows the filter shows."""
        return addresses.count(self.office, self.practice, self.listed, limit)

    def version(self) -> Any:
        """The practice's newest act."""
        return pending.version(self.office, self.practice)

    def slow(self, sort: Sort) -> bool:
        """Above some thousand rows every order is a sort."""
        return self.count(addresses.QUICK + 1) > addresses.QUICK

    def _row(self, key: Any, row: CorrectionRow) -> Row:
        while len(self.words) >= KEPT:
            self.words.pop(next(iter(self.words)), None)
        self.words.pop(row.id, None)
        self.words[row.id] = row
        cells = (
            self.code,
            row.account,
            row.guarantor,
            one_line(row.old),
            one_line(row.new),
            words.short_reason(row, self.everything),
            dates.iso(row.moved),
            dates.iso(row.received),
            words.state(row, self.everything),
            words.decider(row, self.everything),
        )
        return Row(row.id, cells, key)
