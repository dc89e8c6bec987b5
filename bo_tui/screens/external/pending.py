"""Pending: what is queued for external collections and not posted yet (external_collections.md 2.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bo_tui.screens.external import (
    account,
    add,
    approvals,
    deny,
    history,
    hold,
    parts,
    pendingwhy,
    post,
    reroute,
    rowsform,
    withdraw,
)
from bo_tui.screens.external.base import ExternalPage, ExternalSource
from bo_tui.screens.external.pendingsource import COLUMNS, PendingSource
from bo_tui.views import history as line_history
from bo_tui.views import pending
from bo_tui.views.history import Event
from bo_tui.views.pending import PendingRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.textpage import TextPage


class PendingPage(ExternalPage):
    """The tab Pending: rows with what changed since they were queued; add, deny, post, withdraw, change the agency."""

    tab = "pending"
    help_topic = "pending"
    columns = COLUMNS
    first_sort = Sort("guarantor")
    multi = True
    empty = "Nothing is pending. The night queues lines by the practice's rules; Alt+D adds lines by hand."

    def make_source(self, practice: PracticeRow) -> ExternalSource:
        return PendingSource(self.office, practice.id)

    def own_actions(self) -> Sequence[PageAction]:
        some = "There is no row to do that with."
        return (
            PageAction("add", "Add", "D", self.add, self.with_practice("add")),
            PageAction("deny", "Deny", "N", self.deny, self.on_row("deny", self._one)),
            PageAction("post", "Post", "P", self.post, self._with_rows("post", some)),
            PageAction(
                "withdraw", "Withdraw a night", "W", self.withdraw, self.with_practice("withdraw"), short="Withdraw"
            ),
            PageAction("agency", "Change the agency", "G", self.reroute, self._with_rows("add", some), short="Agency"),
            PageAction("mark", "Mark all, or none", "A", self.mark_all, self._with_rows("look", some)),
            PageAction("history", "History of the line", "H", self.line_history, self.on_row("look")),
            approvals.action(self),
            *hold.actions(self),
            account.action(self, self._line),
        )

    def _with_rows(self, action: str, without: str) -> Callable[[], str | None]:
        base = self.on_row(action)

        def reason() -> str | None:
            refused = base()
            return None if refused == without and self.grid.selected_ids else refused

        return reason

    def _one(self, row: Row) -> str | None:
        marked = self.grid.selected_ids
        return "One line is denied at a time; take the other marks away." if len(marked) > 1 else None

    # --- rows ------------------------------------------------------------------------------------------------------

    @property
    def current(self) -> PendingRow | None:
        """The current row as it was read."""
        row = self.grid.current
        return self._words(row.id) if row is not None else None

    def _line(self) -> int:
        return self.current.line_id if self.current is not None else 0

    def _words(self, row_id: int) -> PendingRow | None:
        source = self.source
        return source.words.get(row_id) if isinstance(source, PendingSource) else None

    def row_words(self, row: Row) -> str:
        found = self._words(row.id)
        return found.sentence if found is not None else ""

    def count_words(self, count: str) -> str:
        marked = len(self.grid.selected_ids)
        return f"{marked:,} marked of {count}" if marked else super().count_words(count)

    def on_ledger_grid_selection_changed(self, event: LedgerGrid.SelectionChanged) -> None:
        """The number of marks stands at the filter."""
        self.show_count()
        self.show_keys()

    def _meant(self) -> list[rowsform.Meant]:
        prefix = self.query_one(FilterStrip).text.strip()
        return rowsform.meant(self.office, self.practice.id, self.current, self.grid.selected_ids, prefix, self._count)

    # --- actions ---------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Alt+D: criteria, then the lines to choose from."""
        practice = self.practice.id

        def found(result: Any) -> None:
            if result is not None:
                self.open_dialog(add.AddDialog(self.office, practice, *result), add.said)

        self.app.push_screen(add.CriteriaDialog(self.office, practice), found)

    def deny(self) -> None:
        """Alt+N: the marked row if there is one, else the current."""
        marked = list(self.grid.selected_ids)
        found = pending.rows(self.office, self.practice.id, marked) if marked else []
        row = found[0] if found else self.current
        if row is None:
            return
        dialog = deny.DenyDialog(self.office, self.practice.id, row, with_task=self.may("task") is None)
        self.open_dialog(dialog, self._done(str))

    def post(self) -> None:
        """Alt+P: one, the marked, or all."""
        dialog = post.PostDialog(self.office, self.practice, self._meant())
        self.open_dialog(dialog, self._done(post.said, dialog))

    def withdraw(self) -> None:
        """Alt+W: a night that still has rows."""
        nights = pending.nights(self.office, self.practice.id)
        if not nights:
            self.say("No row of any night is pending; there is nothing to withdraw.", warning=True)
            return
        dialog = withdraw.WithdrawDialog(self.office, self.practice.id, nights)
        self.open_dialog(dialog, self._done(withdraw.said))

    def reroute(self) -> None:
        """Alt+G: another agency while the lines wait."""
        dialog = reroute.RerouteDialog(self.office, self.practice.id, self._meant())
        self.open_dialog(dialog, self._done(reroute.said, dialog))

    def mark_all(self) -> None:
        """Alt+A: all rows that the filter shows, or none when all are marked."""
        prefix = self.query_one(FilterStrip).text.strip()
        practice = self.practice.id

        def mark(ids: list[int]) -> None:
            if set(ids) <= self.grid.selected_ids:
                self.grid.unmark_all()
            else:
                self.grid.mark(ids)

        self.act(lambda: pending.ids(self.office, practice, prefix), mark)

    def line_history(self) -> None:
        """Alt+H: who did what with the line."""
        row = self.current
        if row is not None:
            title = f"History: line {row.line}, account {row.account}, {row.guarantor}"
            self.looked("service_line", row.line_id, "history")

            def show(events: list[Event]) -> None:
                self.app.push_screen(TextPage(title, history.text(events)))

            self.read(lambda: line_history.of_line(self.office, row.line_id), show, group="history")

    def subject(self) -> hold.Subject:
        """Whom the dialogs of holds are about."""
        row = self.current
        assert row is not None  # `on_row` has seen to it
        looked = ("service_line", row.line_id)
        return hold.Subject(self.practice.id, row.account, row.guarantor, row.line, looked, parts.intro(row))

    async def why(self) -> None:
        row = self.current
        if row is not None:
            pendingwhy.show(self, self.practice.id, row)

    def why_reason(self) -> str | None:
        return None if self.is_mounted and self.grid.current is not None else "There is no row to explain."

    def _done(self, said: Callable[[Any], str], form: rowsform.RowsForm | None = None) -> Callable[[Any], str]:
        """What was done takes the marks along; after a form over several rows, those that it left alone stay marked."""

        def done(result: Any) -> str:
            stay = self.grid.selected_ids - form.done_with if form is not None else frozenset[int]()
            self.grid.unmark_all()
            self.grid.mark(stay)
            return said(result)

        return done
