"""The rows of the Pending tab as a grid shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bo_tui import dates, money
from bo_tui.rules.external import conditions
from bo_tui.screens.external.keyedsource import Key, KeyedSource
from bo_tui.views import pending
from bo_tui.views.pending import PendingRow
from bo_tui.widgets.gridmodel import Column, Sort

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
    Column("changed", "Changed", 18, grow=True, min_width=16, sortable=False, priority=10),
)


class PendingSource(KeyedSource[PendingRow]):
    """One practice's open pending rows, filtered by guarantor and account, each with the night's verdicts."""

    columns: Sequence[Column] = COLUMNS

    def read_page(
        self, order: tuple[str, bool], key: Key | None, count: int, backward: bool
    ) -> list[tuple[Key, PendingRow]]:
        found = pending.page(self.office, self.practice, order, key, count, backward, self.prefix)
        verdicts = conditions.of_rows(self.office, self.practice, [row.id for _, row in found])
        return [(own, replace(row, verdicts=verdicts.get(row.id, ()))) for own, row in found]

    def read_at(self, row_id: int, sort: str) -> tuple[Key, PendingRow] | None:
        found = pending.at(self.office, self.practice, row_id, sort, self.prefix)
        if found is None:
            return None
        verdicts = conditions.of_rows(self.office, self.practice, [row_id])
        return found[0], replace(found[1], verdicts=verdicts.get(row_id, ()))

    def count(self, limit: int) -> int:
        return pending.count(self.office, self.practice, limit, self.prefix)

    def slow(self, sort: Sort) -> bool:
        """Above some thousand rows every order is a sort."""
        return pending.slow(self.office, self.practice)

    def cells(self, row: PendingRow) -> tuple[str, ...]:
        return (
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
