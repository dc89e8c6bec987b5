"""What the three tabs of External Collections share: one practice, one strip of tabs, one grid that looks after itself.

Each tab is a page of its own that stays alive while another is shown, so its sort, filter, cursor and marks are still
there when the operator comes back. Pre-Collections has the same shape, with `tabs` and a `heading` of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult

from bo_tui.screens.external.practicedialog import PracticeDialog
from bo_tui.screens.external.sources import ExternalSource, NoRows
from bo_tui.screens.page import OfficePage
from bo_tui.views import practices
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Dialog
from bo_tui.widgets.filterstrip import FilterStrip, Toggle
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.statusline import KeyLine, StatusLine
from bo_tui.widgets.tabs import TabStrip

__all__ = ["NO_PRACTICE", "POLL", "TABS", "ExternalPage", "ExternalSource", "NoRows"]

TABS = (("pending", "Pending"), ("transactions", "Transactions"), ("files", "Files"))
NO_PRACTICE = "Choose a practice first: Alt+S or F2."
POLL = 1.0  # seconds between looks for what others have done


class ExternalPage(OfficePage):
    """One tab. A subclass names its `tab`, `columns` and `first_sort`, and says its source, its actions and a row's words."""

    AUTO_FOCUS = "LedgerGrid"
    DEFAULT_CSS = "ExternalPage FilterStrip > LineInput { max-width: 20; }"  # the count needs its room on 80 cells
    tab: ClassVar[str] = ""
    tabs: ClassVar[Sequence[tuple[str, str]]] = TABS
    heading: ClassVar[str] = "External Collections"
    columns: ClassVar[Sequence[Column]] = ()
    first_sort: ClassVar[Sort] = Sort("")
    tree_column: ClassVar[str | None] = None
    multi: ClassVar[bool] = False
    toggle_label: ClassVar[str] = ""
    empty: ClassVar[str] = "Nothing here."

    # --- what a tab says -------------------------------------------------------------------------------------------

    def make_source(self, practice: PracticeRow) -> ExternalSource:
        """Where the rows of a practice come from."""
        raise NotImplementedError

    def own_actions(self) -> Sequence[PageAction]:
        """The tab's actions after Search; the first five get F3 to F7."""
        return ()

    def row_words(self, row: Row) -> str:
        """The one sentence above the keys: why the current row is what it is. Called for each move, so at most one quick read."""
        return ""

    def not_offered(self, practice: PracticeRow) -> str | None:
        """Why the page is not for a practice, or None; one quick read each time the page is shown."""
        return None

    def tab_counts(self, practice: PracticeRow) -> Any:
        """What each tab holds, in fields named like the tabs; read in a worker."""
        return practices.tab_counts(self.office, practice.id)

    def go_to_tab(self, tab: str) -> None:
        """Show another tab."""
        self.program.show_tab(tab)

    # --- what a tab may use ----------------------------------------------------------------------------------------

    @property
    def grid(self) -> LedgerGrid:
        """The rows."""
        return self.query_one(LedgerGrid)

    @property
    def source(self) -> ExternalSource:
        """Where they come from now."""
        return self.grid.source  # type: ignore[return-value]

    @property
    def practice(self) -> PracticeRow:
        """The chosen practice; an action that needs it is not enabled without one (see `on_row`)."""
        assert self.session.practice is not None
        return self.session.practice

    def on_row(self, action: str, further: Callable[[Row], str | None] = lambda row: None) -> Callable[[], str | None]:
        """An action's `enabled`: the role may do it, a practice and a row are there, and `further` has nothing against the row."""

        def reason() -> str | None:
            refused = self._without_practice() or self.may(action)
            if refused is not None:
                return refused
            row = self.grid.current
            return "There is no row to do that with." if row is None else further(row)

        return reason

    def with_practice(self, action: str) -> Callable[[], str | None]:
        """An action's `enabled` that needs no row: the role may do it and a practice is chosen."""
        return lambda: self._without_practice() or self.may(action)

    def _without_practice(self) -> str | None:
        return NO_PRACTICE if self.session.practice is None else self._refused

    def announce(self, text: str, row: int | None = None) -> None:
        """Say what was done and read the rows again, with the cursor on `row`; the sentence stays until the next key."""
        self.tell(text)
        if row is None:
            self.grid.reload()
        else:
            self.grid.go_to(row)
        self.count_tabs()

    def open_dialog(self, dialog: Dialog, done: Callable[[Any], str | None]) -> None:
        """Show a dialog; once it is saved the grid is read again and what `done(result)` gives is said."""

        def closed(result: Any) -> None:
            if result is not None:
                self.announce(done(result) or "")

        self.app.push_screen(dialog, closed)

    def act_and_announce(self, work: Callable[[], Any], done: Callable[[Any], str]) -> None:
        """Run a rule's act without a dialog: keys wait, a refusal is said, else `done(result)` after a reload."""
        self.act(work, lambda result: self.announce(done(result)))

    # --- the page --------------------------------------------------------------------------------------------------

    def __init__(self) -> None:
        super().__init__()
        self._shown: PracticeRow | None = None
        self._refused: str | None = None
        self._chosen_sort = self.first_sort
        self._count = ""

    def page_actions(self) -> Sequence[PageAction]:
        return (PageAction("search", "Search practice", "S", self.search, short="Practice"), *self.own_actions())

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield TabStrip(self.tabs, heading=self.heading, active=self.tab)
        yield FilterStrip(toggle=Toggle(self.toggle_label) if self.toggle_label else None)
        yield LedgerGrid(
            NoRows(self.columns),
            self.first_sort,
            tree=self.tree_column,
            multi=self.multi,
            empty=NO_PRACTICE,
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

    def on_screen_resume(self) -> None:
        """The practice may have been changed on another tab, the rows by an act there."""
        self.query_one(TabStrip).active = self.tab
        practice = self.session.practice
        refused = self.not_offered(practice) if practice is not None else None
        if self._shown != practice or self._refused != refused:
            self._use_practice()
        else:
            self.grid.look()

    def _use_practice(self) -> None:
        practice = self._shown = self.session.practice
        self._refused = self.not_offered(practice) if practice is not None else None
        self.show_whereabouts()
        strip = self.query_one(FilterStrip)
        strip.reset()
        strip.set_count("")
        self._chosen_sort = self.first_sort
        self.grid.empty = self._without_practice() or self.empty
        offered = self._refused is None
        source = self.make_source(practice) if practice is not None and offered else NoRows(self.columns)
        source.everything = bool(strip.toggle and strip.toggle.value)
        self.grid.set_source(source, self.first_sort)
        self.count_tabs()
        self.show_keys()

    def search(self) -> None:
        """Alt+S: choose the practice."""

        def chosen(practice: PracticeRow | None) -> None:
            if practice is not None:
                self.session.practice = practice
                self._use_practice()
                self.grid.focus()

        self.app.push_screen(PracticeDialog(self.office, self.session.practice), chosen)

    def count_tabs(self) -> None:
        """Show at each tab how many rows it holds, counted in a worker."""
        practice = self.session.practice
        if practice is None or self._refused is not None:
            for tab, _ in self.tabs:
                self.query_one(TabStrip).set_count(tab, "")
            return

        def show(counts: Any) -> None:
            strip = self.query_one(TabStrip)
            for tab, _ in self.tabs:
                strip.set_count(tab, practices.capped(getattr(counts, tab)))

        self.read(lambda: self.tab_counts(practice), show, group="counts", quiet=True)

    async def on_key(self, event: events.Key) -> None:
        """Esc, where there is no filter to take away, goes back to Home; textual calls the base's own on_key as well."""
        if event.key == "escape":
            event.stop()
            self.program.show("home")

    # --- what its parts tell it ------------------------------------------------------------------------------------

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Alt+1 to Alt+3."""
        event.strip.active = self.tab
        self.go_to_tab(event.tab)

    def on_filter_strip_changed(self, event: FilterStrip.Changed) -> None:
        """A filter rests: show what begins with it, in the order of the filtered column; without one, the order before."""
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

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """Rows were read: their number stands at the filter, and the tabs are counted anew."""
        self._count = event.text
        if self.session.practice is not None:
            self.show_count()
            self.count_tabs()

    def show_count(self) -> None:
        """Draw the count at the right of the filter, because what it says of the rows has changed."""
        self.query_one(FilterStrip).set_count(self.count_words(self._count))

    def count_words(self, count: str) -> str:
        """The count at the right of the filter."""
        return f"{count} found" if self.query_one(FilterStrip).text else count

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        """Another row, or the same one read anew."""
        if not self.telling:
            self.say("" if event.row is None else self.row_words(event.row))
        self.show_keys()
