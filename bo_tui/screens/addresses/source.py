"""The rows of Address Corrections as a grid shows them."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui import dates
from bo_tui.office import Office
from bo_tui.rules.addresses.verdict import one_line
from bo_tui.screens.addresses import words
from bo_tui.screens.external.keyedsource import Key, KeyedSource
from bo_tui.views import addresses
from bo_tui.views.addresses import CorrectionRow, Listed
from bo_tui.widgets.gridmodel import Column, Sort

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


class AddressSource(KeyedSource[CorrectionRow]):
    """A `GridSource` over one list of a practice's corrections; `everything` shows its errors, `words` keeps what was read."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, office: Office, practice: int, code: str, *, history: bool = False) -> None:
        super().__init__(office, practice)
        self.code = code
        self.history = history

    @property
    def listed(self) -> Listed:
        """The list that is shown now."""
        return Listed(self.history, self.everything, self.prefix)

    def read_page(
        self, order: tuple[str, bool], key: Key | None, count: int, backward: bool
    ) -> list[tuple[Key, CorrectionRow]]:
        return addresses.page(self.office, self.practice, self.listed, order, key, count, backward)

    def read_at(self, row_id: int, sort: str) -> tuple[Key, CorrectionRow] | None:
        return addresses.at(self.office, self.practice, self.listed, row_id, sort)

    def count(self, limit: int) -> int:
        """How many rows the filter shows."""
        return addresses.count(self.office, self.practice, self.listed, limit)

    def slow(self, sort: Sort) -> bool:
        """Above some thousand rows every order is a sort."""
        return self.count(addresses.QUICK + 1) > addresses.QUICK

    def cells(self, row: CorrectionRow) -> tuple[str, ...]:
        return (
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
