"""The rows of the Pending tab as a grid shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bo_tui import dates, money
from bo_tui.office import Office
from bo_tui.rules.external import conditions
from bo_tui.views import pending
from bo_tui.views.pending import PendingRow
from bo_tui.widgets.gridmodel import Column, Row, Sort

KEPT = 4_000  # rows of which the words are remembered; a window holds some hundred
COLUMNS = (
    Column("date", "Date", 7, sortable=False, priority=2),
    Column("dos", "DOS", 10, priority=7),
    Column("agency", "Agency", 12, min_width=9, priority=8),
    Column("account", "Acct", 8, min_width=7, priority=9),
    Column("guarantor", "Guarantor", 16, grow=True, min_width=11, priority=12),
    Column("code", "Code", 5, sortable=False, priority=1),
    Column("description", "Description", 14, grow=True, min_width=11, priority=3),
    Column("amount", "Amount", 10, align="right", priority=4),
    Column("balance", "Balance", 10, align="right", priority=11),
    Column("source", "Source", 13, priority=6),
    Column("queued", "Queued", 10, priority=5),
    Column("changed", "Changed", 18, grow=True, min_width=10, sortable=False, priority=10),
)


class PendingSource:
    """A `GridSource` over one practice's open pending rows; `words` keeps what was read of the rows shown."""

    columns: Sequence[Column] = COLUMNS
    everything = False

    def __init__(self, office: Office, practice: int) -> None:
        self.office = office
        self.practice = practice
        self.prefix = ""
        self.words: dict[int, PendingRow] = {}

    def filter(self, text: str, sort: Sort) -> Sort:
        """Guarantors and accounts that begin with a text, in the order there is."""
        self.prefix = text.strip()
        return sort

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """Rows next to one."""
        key = None if after is None else (after.key, after.id)
        order = (sort.column, sort.descending)
        found = pending.page(self.office, self.practice, order, key, count, backward, self.prefix)
        verdicts = conditions.of_rows(self.office, self.practice, [row.id for _, row in found])
        return [self._row(key, replace(row, verdicts=verdicts.get(row.id, ()))) for (key, _), row in found]

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """One row as it is now."""
        found = pending.at(self.office, self.practice, row_id, sort.column, self.prefix)
        if found is None:
            return None
        verdicts = conditions.of_rows(self.office, self.practice, [row_id])
        return self._row(found[0][0], replace(found[1], verdicts=verdicts.get(row_id, ())))

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """None have any."""
        return {}

    def count(self, limit: int) -> int:
        """How many rows the filter shows."""
        return pending.count(self.office, self.practice, limit, self.prefix)

    def version(self) -> Any:
        """The practice's newest act."""
        return pending.version(self.office, self.practice)

    def slow(self, sort: Sort) -> bool:
        """Above some thousand rows every order is a sort."""
        return pending.slow(self.office, self.practice)

    def _row(self, key: Any, row: PendingRow) -> Row:
        while len(self.words) >= KEPT:
            self.words.pop(next(iter(self.words)), None)
        self.words.pop(row.id, None)
        self.words[row.id] = row
        cells = (
            "pending",
            dates.iso(row.date_of_service),
            row.agency,
            row.account,
            row.guarantor,
            "EXCOL",
            row.description,
            money.shown(row.amount),
            money.shown(row.balance),
            row.source,
            dates.iso(row.queued),
            ", ".join(row.changes),
        )
        return Row(row.id, cells, key)
