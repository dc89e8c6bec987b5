"""Address Corrections (Alt+M, D): Pending and History, each with its corrections and its errors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import ComposeResult

from bo_tui.rules.addresses import decide
from bo_tui.screens.addresses import dialogs, words
from bo_tui.screens.addresses.source import COLUMNS, AddressSource
from bo_tui.screens.external.base import POLL, ExternalPage, NoRows
from bo_tui.views import addresses, practices
from bo_tui.views.addresses import CorrectionRow, Counts, Told
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.filterstrip import FilterStrip, Toggle
from bo_tui.widgets.gridmodel import Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.statusline import KeyLine, StatusLine
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage

PENDING, HISTORY = "pending", "history"
SECTIONS = ((PENDING, "Pending"), (HISTORY, "History"))
SORTS = {PENDING: Sort("guarantor"), HISTORY: Sort("received", descending=True)}
EMPTY = {
    (PENDING, False): "No correction waits. Alt+L loads a file of an address service; Alt+E shows the errors.",
    (PENDING, True): "No error waits. Alt+E shows the corrections.",
    (HISTORY, False): "No correction was decided yet.",
    (HISTORY, True): "No error was acknowledged or flagged yet.",
}
NOT_WAITING = "Corrections that wait are approved or denied: tab Pending (Alt+1), Errors off (Alt+E)."
NO_ERROR = "Errors that wait are acknowledged or flagged: tab Pending (Alt+1), Errors on (Alt+E)."
NO_ROW = "There is no row to do that with."


class AddressesPage(ExternalPage):
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

    def _words(self, row_id: int) -> CorrectionRow | None:
        source = self.source
        return source.words.get(row_id) if isinstance(source, AddressSource) else None

    @property
    def current(self) -> CorrectionRow | None:
        """The current row as it was read."""
        row = self.grid.current
        return self._words(row.id) if row is not None else None

    def row_words(self, row: Row) -> str:
        found = self._words(row.id)
        return words.sentence(found, self.errors) if found is not None else ""

    def count_words(self, count: str) -> str:
        marked = len(self.grid.selected_ids)
        return f"{marked:,} marked of {count}" if marked else super().count_words(count)

    def on_ledger_grid_selection_changed(self, event: LedgerGrid.SelectionChanged) -> None:
        """The number of marks stands at the filter."""
        self.show_count()
        self.show_keys()

    def _meant(self, go: Callable[[list[CorrectionRow]], None]) -> None:
        """Read the marked rows, or the current one, and go on with them."""
        row = self.current
        ids = list(self.grid.selected_ids) or ([row.id] if row is not None else [])
        practice = self.practice.id

        def read(found: list[CorrectionRow]) -> None:
            if found:
                go(found)

        self.act(lambda: addresses.rows(self.office, practice, ids), read)

    # --- actions ---------------------------------------------------------------------------------------------------

    def approve(self) -> None:
        """Alt+A: the accounts get their new addresses."""

        def go(rows: list[CorrectionRow]) -> None:
            self.open_dialog(dialogs.ApproveDialog(self.office, self.practice.id, rows), self._done(words.approved))

        self._meant(go)

    def deny(self) -> None:
        """Alt+N: with a note."""

        def go(rows: list[CorrectionRow]) -> None:
            dialog = dialogs.DenyDialog(self.office, self.practice.id, rows)
            self.open_dialog(dialog, self._done(lambda done: f"{words.rows(done.rows)} denied."))

        self._meant(go)

    def acknowledge(self) -> None:
        """Alt+K: errors go to the history, nothing else changes."""

        def go(rows: list[CorrectionRow]) -> None:
            detail = "Nothing changes on the account." if len(rows) == 1 else "Nothing changes on the accounts."
            self._ask(
                f"Acknowledge {_what(rows)}?", f"{_first(rows)}{detail}", rows, decide.acknowledge,
                lambda done: f"{words.rows(done.rows, 'error')} acknowledged.",
            )  # fmt: skip

        self._meant(go)

    def flag(self) -> None:
        """Alt+G: Returned Mail on the accounts."""

        def go(rows: list[CorrectionRow]) -> None:
            roll = addresses.settings(self.office, self.practice.id).roll_returned_mail
            then = (
                "The rule is on: the next night sends what the guarantor owes there to Pending."
                if roll
                else "The rule that sends such accounts to Pending is off; the flag only says so."
            )
            self._ask(
                f"Flag {_what(rows)} for Returned Mail?", f"{_first(rows)}{then}", rows, decide.flag, words.flagged
            )

        self._meant(go)

    def _ask(
        self,
        question: str,
        detail: str,
        rows: list[CorrectionRow],
        rule: Callable[..., Any],
        said: Callable[[Any], str],
    ) -> None:
        practice, seen = self.practice.id, {row.id: row.act for row in rows}

        def sure(yes: bool | None) -> None:
            if yes:
                self.act_and_announce(lambda: rule(self.office, practice, seen, seen=seen), self._done(said))

        self.app.push_screen(ConfirmDialog(question, detail), sure)

    def load(self) -> None:
        """Alt+L: a file of results."""
        self.open_dialog(dialogs.LoadDialog(self.office, self.practice.id), self._done(words.loaded))

    def turn(self) -> None:
        """Alt+E: the other section of the tab."""
        toggle = self.query_one(FilterStrip).toggle
        if toggle is not None:
            toggle.turn()

    def mark_all(self) -> None:
        """Alt+R: all rows that the filter shows, or none when all are marked."""
        source, practice = self.source, self.practice.id
        if not isinstance(source, AddressSource):
            return
        listed = source.listed

        def mark(ids: list[int]) -> None:
            if set(ids) <= self.grid.selected_ids:
                self.grid.unmark_all()
            else:
                self.grid.mark(ids)

        self.act(lambda: addresses.ids(self.office, practice, listed), mark)

    def address_history(self) -> None:
        """Alt+H: who changed the account's address, and by what."""
        row = self.current
        if row is None:
            return
        title = f"Address of account {row.account}, {row.guarantor}"

        def show(found: list[Told]) -> None:
            self.app.push_screen(TextPage(title, words.told(found)))

        self.read(lambda: addresses.history(self.office, row.account_id), show, group="history")

    def why_reason(self) -> str | None:
        return None if self.is_mounted and self.current is not None else "There is no row to explain."

    async def why(self) -> None:
        """F8 and Enter: everything known of the correction."""
        row = self.current
        if row is not None:
            self.app.push_screen(TextPage("Address correction", words.page(row)))

    async def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        await self.why()

    def _done(self, said: Callable[[Any], str]) -> Callable[[Any], str]:
        """What was done takes the marks along."""

        def done(result: Any) -> str:
            self.grid.unmark_all()
            return said(result)

        return done

    # --- the page --------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield TabStrip(SECTIONS, heading="Address Corrections", active=self.tab)
        yield FilterStrip(toggle=Toggle(self.toggle_label))
        yield LedgerGrid(
            NoRows(self.columns), self.first_sort, multi=True, poll=POLL, ascii_guides=self.program.ascii_guides
        )
        yield StatusLine()
        yield KeyLine()

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
                strip.set_count(tab, f"{count} + {practices.capped(errors)} errors" if errors else count)

        self.read(lambda: addresses.counts(self.office, practice.id), show, group="counts", quiet=True)


def _what(rows: Sequence[CorrectionRow]) -> str:
    return f"account {rows[0].account}" if len(rows) == 1 else words.rows(len(rows), "row")


def _first(rows: Sequence[CorrectionRow]) -> str:
    """Whose address a question is about, where it is one."""
    if len(rows) > 1:
        return ""
    return f"{rows[0].guarantor}: {rows[0].error}\n"
