"""Address Corrections (Alt+M, D): Pending and History, each with its corrections and its errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult

from bo_tui.rules.addresses import decide
from bo_tui.screens.addresses import dialogs, words
from bo_tui.screens.addresses.acts import AddressActs
from bo_tui.screens.addresses.source import COLUMNS, AddressSource
from bo_tui.views import addresses, practices
from bo_tui.views.addresses import Counts
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.filterstrip import FilterStrip, Toggle
from bo_tui.widgets.gridmodel import Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage

PENDING, HISTORY = "pending", "history"
SECTIONS = ((PENDING, "Pending"), (HISTORY, "History"))
SORTS = {PENDING: Sort("guarantor"), HISTORY: Sort("received", descending=True)}
EMPTY = {
    (PENDING, False): "No correction waits. Alt+L loads a file; Alt+E shows the errors.",
    (PENDING, True): "No error waits. Alt+E shows the corrections.",
    (HISTORY, False): "No correction was decided yet.",
    (HISTORY, True): "No error was acknowledged or flagged yet.",
}
NOT_WAITING = "Corrections that wait are approved or denied: tab Pending (Alt+1), Errors off (Alt+E)."
NO_ERROR = "Errors that wait are acknowledged or flagged: tab Pending (Alt+1), Errors on (Alt+E)."
NO_ROW = "There is no row to do that with."


class AddressesPage(AddressActs):
    """Load, approve, deny, acknowledge, flag; several rows at once where they are marked."""

    tab = PENDING
    help_topic = dialogs.HELP
    columns = COLUMNS
    first_sort = SORTS[PENDING]
    multi = True
    toggle_label = "&Errors"

    def make_source(self, practice: PracticeRow) -> AddressSource:
        return AddressSource(self.office, practice.id, practice.code, history=self.tab == HISTORY)

    def own_actions(self) -> Sequence[PageAction]:
        waits, error = self._on(False, NOT_WAITING), self._on(True, NO_ERROR)
        return (
            PageAction("approve", "Approve", "A", self.approve, waits),
            PageAction("deny", "Deny", "N", self.deny, waits),
            PageAction("acknowledge", "Acknowledge an error", "K", self.acknowledge, error, short="Acknowledge"),
            PageAction("flag", "Flag: Returned Mail on the account", "G", self.flag, error, short="Flag"),
            PageAction("load", "Load a file of corrections", "L", self.load, self.with_practice(decide.ACTION), short="Load"),
            PageAction("errors", "Errors, or corrections", "E", self.turn, self.with_practice("look")),
            PageAction("mark", "Mark all rows, or none", "R", self.mark_all, self._rows("look")),
            PageAction("history", "History of the account's address", "H", self.address_history, self.on_row("look")),
            PageAction("account", "Open the account at Active AR", "O", self.open_account, self.on_row("look")),
        )  # fmt: skip

    # --- what may be done ------------------------------------------------------------------------------------------

    @property
    def errors(self) -> bool:
        """Whether the section of errors is shown."""
        toggle = self.query_one(FilterStrip).toggle
        return toggle is not None and toggle.value

    def _rows(self, action: str) -> Callable[[], str | None]:
        """An action's `enabled` on the marked rows or the current one."""
        base = self.on_row(action)

        def reason() -> str | None:
            refused = base()
            return None if refused == NO_ROW and self.grid.selected_ids else refused

        return reason

    def _on(self, errors: bool, elsewhere: str) -> Callable[[], str | None]:
        """An action's `enabled` that belongs to one section of Pending."""
        base = self._rows(decide.ACTION)

        def reason() -> str | None:
            refused = base()
            if refused is not None and refused != NO_ROW:
                return refused
            return elsewhere if self.tab != PENDING or self.errors != errors else refused

        return reason

    # --- rows ------------------------------------------------------------------------------------------------------

    def row_words(self, row: Row) -> str:
        found = self.words_of(row.id)
        return words.sentence(found, self.errors) if found is not None else ""

    def count_words(self, count: str) -> str:
        marked = len(self.grid.selected_ids)
        return f"{marked:,} marked of {count}" if marked else super().count_words(count)

    def on_ledger_grid_selection_changed(self, event: LedgerGrid.SelectionChanged) -> None:
        """The number of marks stands at the filter."""
        self.show_count()
        self.show_keys()

    def why_reason(self) -> str | None:
        return None if self.is_mounted and self.current is not None else "There is no row to explain."

    async def why(self) -> None:
        """F8 and Enter: everything known of the correction."""
        row = self.current
        if row is not None:
            self.looked("account", row.account_id, "address correction")
            self.app.push_screen(TextPage("Address correction", words.page(row)))

    async def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        await self.why()

    # --- the page --------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield TabStrip(SECTIONS, heading="Address Corrections", active=self.tab)
        yield from self.filtered_rows("")

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Alt+1 and Alt+2: this page's own tabs, in the place of External Collections'."""
        event.prevent_default()
        self.tab = event.tab  # type: ignore[misc]
        self._list_anew()

    def on_toggle_changed(self, event: Toggle.Changed) -> None:
        """Alt+E: the other section; its rows are others, so the cursor begins at the first."""
        event.prevent_default()
        self._list_anew()

    def _list_anew(self) -> None:
        practice = self.session.practice
        if practice is None:
            return
        self.grid.unmark_all()
        self.say("")
        strip = self.query_one(FilterStrip)
        source = self.make_source(practice)
        source.everything, source.prefix = self.errors, strip.text.strip()
        self._chosen_sort = SORTS[self.tab]
        self.grid.empty = EMPTY[self.tab, self.errors]
        self.grid.set_source(source, self._chosen_sort)
        self.show_keys()

    def _use_practice(self) -> None:
        super()._use_practice()
        if self.session.practice is not None:
            self._list_anew()

    def count_tabs(self) -> None:
        """Both tabs show how many corrections they hold, and how many errors."""
        practice = self.session.practice
        if practice is None:
            return

        def show(found: Counts) -> None:
            strip = self.query_one(TabStrip)
            for tab, corrections, errors in (
                (PENDING, found.pending, found.pending_errors), (HISTORY, found.history, found.history_errors),
            ):  # fmt: skip
                count = practices.capped(corrections)
                more = f" + {practices.capped(errors)} error{'' if errors == 1 else 's'}" if errors else ""
                strip.set_count(tab, count + more)

        self.read(lambda: addresses.counts(self.office, practice.id), show, group="counts", quiet=True)
