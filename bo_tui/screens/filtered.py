"""What pages with a filtered grid share: dialogs that end in a sentence, and the filter, order, switch and count of the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

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
        yield FilterStrip(toggle=Toggle(self.toggle_label) if self.toggle_label else None)
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

    def rest_words(self) -> str:
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
            self.say("" if event.row is None else self.row_words(event.row))
        self.show_keys()
