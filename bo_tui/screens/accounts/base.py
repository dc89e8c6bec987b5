"""What the Accounts page and the tabs of an account share: a filter, a grid that looks after itself, the words of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from bo_tui.screens.external.sources import NoRows
from bo_tui.screens.filtered import NO_ROW, DialogPage, FilteredPage
from bo_tui.widgets.ledgergrid import LedgerGrid

__all__ = ["NO_ROW", "ActingPage", "GridPage"]


class ActingPage(DialogPage):
    """A page whose dialogs save, where Why answers for the lines of an account."""

    def why_reason(self) -> str | None:
        return "Why answers for a line: choose one on an account's Active AR (Alt+2) or External (Alt+3)."

    def may_here(self, action: str) -> Callable[[], str | None]:
        """An action's `enabled` that needs no row."""
        return lambda: self.missing() or self.may(action)


class GridPage(FilteredPage, ActingPage):
    """A page with one grid. A subclass names its columns and order and says its heading, source, actions and a row's words."""

    nothing: ClassVar[str] = "Nothing here."

    # --- what a page says ------------------------------------------------------------------------------------------

    def heading(self) -> Iterable[Widget]:
        """The lines between the menus and the filter."""
        return ()

    def make_source(self) -> Any:
        """Where the rows come from now."""
        raise NotImplementedError

    def rows_read(self) -> None:
        """The rows were read anew."""

    def go_back(self) -> None:
        """Esc, where there is no filter to take away."""
        self.program.show("home")

    # --- the page --------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield from self.heading()
        yield from self.filtered_rows(self.nothing)

    def use_source(self) -> None:
        """Show the rows of what is chosen now, from the first, without a filter."""
        self.show_whereabouts()
        missing = self.missing()
        self.show_source(self.make_source() if missing is None else NoRows(self.columns), missing or self.nothing)
        self.show_keys()

    async def on_key(self, event: events.Key) -> None:
        """Esc; textual calls the base's own on_key as well."""
        if event.key == "escape":
            event.stop()
            self.go_back()

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """Rows were read: their number stands at the filter."""
        self._count = event.text
        if self.missing() is None:
            self.show_count()
            self.rows_read()
