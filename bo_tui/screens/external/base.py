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
from bo_tui.screens.filtered import POLL, FilteredPage
from bo_tui.views import practices
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip

__all__ = ["NO_PRACTICE", "POLL", "TABS", "ExternalPage", "ExternalSource", "NoRows"]

TABS = (("pending", "Pending"), ("transactions", "Transactions"), ("files", "Files"))
NO_PRACTICE = "Choose a practice first: Alt+S or F2."


class ExternalPage(FilteredPage):
    """One tab. A subclass names its `tab`, `columns` and `first_sort`, and says its source, its actions and a row's words."""

    tab: ClassVar[str] = ""
    tabs: ClassVar[Sequence[tuple[str, str]]] = TABS
    heading: ClassVar[str] = "External Collections"
    empty: ClassVar[str] = "Nothing here."

    # --- what a tab says -------------------------------------------------------------------------------------------

    def make_source(self, practice: PracticeRow) -> ExternalSource:
        """Where the rows of a practice come from."""
        raise NotImplementedError

    def own_actions(self) -> Sequence[PageAction]:
        """The tab's actions after Search; the first five get F3 to F7."""
        return ()

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
    def practice(self) -> PracticeRow:
        """The chosen practice; an action that needs it is not enabled without one (see `on_row`)."""
        assert self.session.practice is not None
        return self.session.practice

    def with_practice(self, action: str) -> Callable[[], str | None]:
        """An action's `enabled` that needs no row: the role may do it and a practice is chosen."""
        return lambda: self.missing() or self.may(action)

    def missing(self) -> str | None:
        """Why there are no rows: no practice is chosen, or it is not offered for that one; or None."""
        return NO_PRACTICE if self.session.practice is None else self._refused

    def renew(self, row: int | None) -> None:
        super().renew(row)
        self.count_tabs()

    # --- the page --------------------------------------------------------------------------------------------------

    def __init__(self) -> None:
        super().__init__()
        self._shown: PracticeRow | None = None
        self._refused: str | None = None
        self._tabs_counted: Any = None  # the practice, and the version of its rows at least as old as the counts

    def page_actions(self) -> Sequence[PageAction]:
        return (PageAction("search", "Search practice", "S", self.search, short="Practice"), *self.own_actions())

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield TabStrip(self.tabs, heading=self.heading, active=self.tab)
        yield from self.filtered_rows(NO_PRACTICE)

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
        offered = self._refused is None
        source = self.make_source(practice) if practice is not None and offered else NoRows(self.columns)
        self.show_source(source, self.missing() or self.empty)
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

        state = (practice.id, self.grid.version)

        def show(counts: Any) -> None:
            self._tabs_counted = state
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

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """Rows were read: their number stands at the filter, and the tabs are counted anew where anything was committed."""
        self._count = event.text
        practice = self.session.practice
        if practice is not None:
            self.show_count()
            if not self.grid.version or self._tabs_counted != (practice.id, self.grid.version):
                self.count_tabs()
