"""What pages with a filtered grid share: dialogs that end in a sentence, and the filter, order, switch and count of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult

from bo_tui.screens.external.sources import ExternalSource, NoRows
from bo_tui.screens.page import OfficePage
from bo_tui.widgets.dialog import Dialog
from bo_tui.widgets.filterstrip import FilterStrip, Toggle
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.statusline import KeyLine, StatusLine

POLL = 1.0  # seconds between looks for what others have done
NO_ROW = "There is no row to do that with."
FILTERING = "Enter or Down goes to the rows that fit; Esc takes the filter away."


class PageFilter(FilterStrip):
    """A page's filter: one that stood when the page was left still stands, but the next letter begins another."""

    _stands = False

    @property
    def typing(self) -> bool:
        """Whether the next letter lands in the filter itself."""
        return self.input.has_focus

    def settle(self) -> None:
        """The page was left: what is typed next begins a new filter; Backspace still shortens this one, Esc takes it away."""
        self._stands = bool(self.text)

    def typed(self, character: str) -> None:
        """A letter was typed in the grid."""
        if self._stands:
            self._stands = False
            self.input.value = ""
        super().typed(character)

    def erase(self) -> bool:
        """Backspace in the grid: the filter that stands is the one that is meant."""
        self._stands = False
        return super().erase()


class DialogPage(OfficePage):
    """A page whose dialogs save, say what was done, and have the page read again."""

    def missing(self) -> str | None:
        """Why there can be nothing to act on (no practice, no account), or None."""
        return None

    def renew(self, row: int | None) -> None:
        """Read again what is shown, with the cursor on `row` where there are rows."""

    def announce(self, text: str, row: int | None = None) -> None:
        """Say what was done and read again; the sentence stays until the next key."""
        self.tell(text)
        self.renew(row)

    def open_dialog(self, dialog: Dialog, done: Callable[[Any], str | None]) -> None:
        """Show a dialog; once it is saved the page is read again and what `done(result)` gives is said."""

        def closed(result: Any) -> None:
            if result is not None:
                self.announce(done(result) or "")

        self.app.push_screen(dialog, closed)

    def act_and_announce(self, work: Callable[[], Any], done: Callable[[Any], str]) -> None:
        """Run a rule's act without a dialog: keys wait, a refusal is said, else `done(result)` once all is read again."""
        self.act(work, lambda result: self.announce(done(result)))


class FilteredPage(DialogPage):
    """A page with one grid under one filter. A subclass names its columns and first order, and says a row's words."""

    AUTO_FOCUS = "LedgerGrid"
    DEFAULT_CSS = "FilteredPage FilterStrip > LineInput { max-width: 20; }"  # the count needs its room on 80 cells
    columns: ClassVar[Sequence[Column]] = ()
    first_sort: ClassVar[Sort] = Sort("")
    tree_column: ClassVar[str | None] = None
    multi: ClassVar[bool] = False
    toggle_label: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        self._chosen_sort = self.first_sort
        self._count = ""
        self._typing = False  # the filter has the focus

    def row_words(self, row: Row) -> str:
        """The one sentence above the keys: why the current row is what it is. Called for each move, so at most one quick read."""
        return ""

    def count_words(self, count: str) -> str:
        """The count at the right of the filter."""
        return f"{count} found" if self.query_one(FilterStrip).text else count

    # --- what a page may use ---------------------------------------------------------------------------------------

    @property
    def grid(self) -> LedgerGrid:
        """The rows."""
        return self.query_one(LedgerGrid)

    @property
    def source(self) -> Any:
        """Where they come from now."""
        return self.grid.source

    def on_row(self, action: str, further: Callable[[Row], str | None] = lambda row: None) -> Callable[[], str | None]:
        """An action's `enabled`: nothing is missing, the role may do it, a row is there, and `further` has nothing against it."""

        def reason() -> str | None:
            refused = self.missing() or self.may(action)
            if refused is not None:
                return refused
            row = self.grid.current
            return NO_ROW if row is None else further(row)

        return reason

    def renew(self, row: int | None) -> None:
        if row is None:
            self.grid.reload()
        else:
            self.grid.go_to(row)

    def show_source(self, source: ExternalSource, empty: str) -> None:
        """Show the rows of a source from the first, without a filter; `empty` is said where there are none."""
        strip = self.query_one(FilterStrip)
        strip.reset()
        strip.set_count("")
        self._chosen_sort = self.first_sort
        self.grid.empty = empty
        source.everything = bool(strip.toggle and strip.toggle.value)
        self.grid.set_source(source, self.first_sort)

    def show_count(self) -> None:
        """Draw the count at the right of the filter, because what it says of the rows has changed."""
        self.query_one(FilterStrip).set_count(self.count_words(self._count))

    # --- the page --------------------------------------------------------------------------------------------------

    def filtered_rows(self, empty: str) -> ComposeResult:
        """The widgets below the heading."""
        yield PageFilter(toggle=Toggle(self.toggle_label) if self.toggle_label else None)
        yield LedgerGrid(
            NoRows(self.columns),
            self.first_sort,
            tree=self.tree_column,
            multi=self.multi,
            empty=empty,
            poll=POLL,
            ascii_guides=self.program.ascii_guides,
        )
        yield StatusLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Letters typed in the grid go to the filter."""
        self.query_one(FilterStrip).attach(self.grid)

    def on_screen_suspend(self) -> None:
        """Another page is shown, not a dialog above this one: a letter typed after coming back begins a new filter."""
        if not any(screen is self for screen in self.app.screen_stack):
            strip = self.query_one(PageFilter)
            strip.settle()
            if strip.typing:
                self.grid.focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Into the filter, or back to the rows: the line above the keys says what Enter and Esc do, or why the row is so."""
        typing = self.query_one(PageFilter).typing
        if typing is not self._typing:
            self._typing = typing
            if not self.telling:
                self.say(self.rest_words())

    def rest_words(self) -> str:
        if self._typing:
            return FILTERING
        row = self.grid.current
        return "" if row is None else self.row_words(row)

    # --- what its parts tell it ------------------------------------------------------------------------------------

    def on_filter_strip_changed(self, event: FilterStrip.Changed) -> None:
        """A filter rests: show what fits it, in the order that the source wants for it; without one, the order before."""
        sort = self.source.filter(event.text, self._chosen_sort)
        if sort == self.grid.sort:
            self.grid.reload(keep_cursor=False)
        else:
            self.grid.set_sort(sort)

    def on_ledger_grid_sorted(self, event: LedgerGrid.Sorted) -> None:
        """The operator chose an order; it comes back when a filter is taken away."""
        if not self.query_one(FilterStrip).text:
            self._chosen_sort = event.sort

    def on_toggle_changed(self, event: Toggle.Changed) -> None:
        """The switch was turned; the cursor stays on its row where that is still shown."""
        self.source.everything = event.value
        self.grid.reload()

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        """Another row, or the same one read anew."""
        if not self.telling:
            self.say(self.rest_words())
        self.show_keys()
