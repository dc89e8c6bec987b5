"""The Transactions tab: every placement of the practice with all that happened to it (seed 003)."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui.screens.external import (
    account,
    adjust,
    approvals,
    attach,
    attachment,
    history,
    hold,
    parts,
    reassign,
    reverse,
    transfer,
    why,
    words,
)
from bo_tui.screens.external.base import ExternalPage
from bo_tui.screens.external.placementrows import COLUMNS, PlacementLine, PlacementRows
from bo_tui.views import placements
from bo_tui.views.placements import Facts
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Row, Sort

ZERO = "It stands at zero; there is nothing to {}."


class TransactionsPage(ExternalPage):
    """Adjust, Reverse, Reassign, Transfer, and why each placement is what it is."""

    tab = "transactions"
    help_topic = "transactions"
    columns = COLUMNS
    first_sort = Sort("guarantor")
    tree_column = "code"
    multi = True
    toggle_label = "Show &zero balances"
    empty = "No placement of this practice fits."

    def make_source(self, practice: PracticeRow) -> PlacementRows:
        return PlacementRows(self.office, practice.id)

    def own_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("adjust", "Adjust", "A", lambda: adjust.start(self), self.on_row("adjust", self._open)),
            PageAction("reverse", "Reverse", "R", lambda: reverse.start(self), self.on_row("reverse", reverse.against)),
            PageAction(
                "reassign", "Reassign", "E", lambda: reassign.start(self), self.on_row("reassign", self._reassignable)
            ),
            PageAction(
                "transfer", "Transfer", "T", lambda: transfer.start(self), self.on_row("transfer", self._transferable)
            ),
            PageAction(
                "view",
                "View Attachment",
                "V",
                lambda: attachment.start(self),
                self.on_row("look", attachment.against),
                short="View",
            ),
            PageAction("history", "History of this line", "H", lambda: history.start(self), self.on_row("look")),
            PageAction("zero", "Show zero balances", "Z", self._turn, self.missing),
            *hold.actions(self),
            approvals.action(self),
            PageAction(
                "attach",
                "Attach a picture or PDF",
                "P",
                lambda: attach.start(self),
                self.on_row("attach", attach.against),
            ),
            account.action(self, lambda: self.facts().line_id),
            PageAction("unmark", "Unmark all", "U", self._unmark, lambda: self._nothing_marked()),
        )

    # --- the current row -------------------------------------------------------------------------------------------

    @property
    def root(self) -> PlacementLine:
        """The placement that the current row belongs to."""
        root = self.grid.current_root
        assert isinstance(root, PlacementLine)
        return root

    def facts(self) -> Facts:
        """The current row's placement as it is now; what an act passes as seen is what the dialog shows."""
        return placements.facts(self.office, self.root.id)

    def subject(self) -> hold.Subject:
        """Whom the dialogs of holds are about."""
        facts = self.facts()
        looked = ("service_line", facts.line_id)
        return hold.Subject(facts.practice, facts.account, facts.guarantor, facts.line, looked, parts.intro(facts))

    def row_words(self, row: Row) -> str:
        if isinstance(row, PlacementLine) and row.batch is not None:
            return f"Pending: {row.code} {row.cells[6]} waits in payment batch {row.batch}, outside the balance"
        return words.one_line(self.facts())

    def why_reason(self) -> str | None:
        return self.on_row("why")()

    async def why(self) -> None:
        """F8: how the placement came about."""
        why.start(self)

    # --- what may be done ------------------------------------------------------------------------------------------

    def _open(self, row: Row) -> str | None:
        closed = self.root.closed
        if closed is None:
            return None
        where = "moved to another agency" if closed == "AGTFR" else "brought back to active AR"
        return f"This placement was closed by {closed}: {where}. It takes no more acts."

    def _reassignable(self, row: Row) -> str | None:
        return self._open(row) or (None if self.root.cents else ZERO.format("reassign"))

    def _transferable(self, row: Row) -> str | None:
        if self.grid.selected_ids:
            return None
        return self._open(row) or (None if self.root.cents else ZERO.format("transfer"))

    def _nothing_marked(self) -> str | None:
        return None if self.grid.selected_ids else "Nothing is marked; Space marks a placement."

    def _unmark(self) -> None:
        self.grid.unmark_all()

    def _turn(self) -> None:
        toggle = self.query_one(FilterStrip).toggle
        if toggle is not None:
            toggle.turn()

    def count_words(self, count: str) -> str:
        """The count, what is filtered, and how many are marked."""
        source = self.source
        found = count
        if isinstance(source, PlacementRows) and source.wanted.prefix:
            title = next(column.title for column in COLUMNS if column.key == source.wanted.column)
            found = f"{count} by {title}"
        marked = len(self.grid.selected_ids)
        return f"{marked:,} marked of {count}" if marked else found

    def on_ledger_grid_selection_changed(self) -> None:
        """Show how many are marked."""
        self.show_count()
        self.show_keys()
