"""What the administrator's pages share: a short list that is read anew when anybody commits, dialogs, and who changed what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from bo_tui.screens.external.base import NO_PRACTICE
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.external.practicedialog import PracticeDialog
from bo_tui.screens.filtered import NO_ROW, POLL
from bo_tui.screens.page import OfficePage
from bo_tui.views import practices
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.statusline import KeyLine, StatusLine


class FreshList(ListSource):
    """A list of some dozen items that is read again whenever `version` gives another value."""

    def __init__(self, columns: Sequence[Column], read: Callable[[], list[Item]], version: Callable[[], Any]) -> None:
        super().__init__(columns, [])
        self._read = read
        self._version = version
        self._known: Any = object()

    def forget(self) -> None:
        """What is read depends on something else now, such as another practice."""
        self._known = object()

    def version(self) -> Any:
        """What was committed last; another one makes the items old."""
        now = self._version()
        if now != self._known:
            self._known = now
            self.items = self._read()
            self._order = None
        return now


class AdminPage(OfficePage):
    """One page with a list. A subclass names its `columns` and `first_sort`, and says its items, its actions, a row's words."""

    AUTO_FOCUS = "LedgerGrid"
    columns: ClassVar[Sequence[Column]] = ()
    first_sort: ClassVar[Sort] = Sort("name")
    empty: ClassVar[str] = "Nothing here."

    # --- what a page says ------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """The rows of now; read in a few milliseconds."""
        raise NotImplementedError

    def row_words(self, row: Row) -> str:
        """The sentence above the keys about the current row, from what was read."""
        return ""

    def before(self) -> ComposeResult:
        """Widgets between the top line and the list."""
        yield from ()

    def after(self) -> ComposeResult:
        """Widgets between the list and the status line."""
        yield from ()

    # --- what a page may use ---------------------------------------------------------------------------------------

    @property
    def grid(self) -> LedgerGrid:
        """The rows."""
        return self.query_one(LedgerGrid)

    def on_row(self, action: str, further: Callable[[], str | None] = lambda: None) -> Callable[[], str | None]:
        """An action's `enabled`: the role may do it, there is a row, and `further` has nothing against it."""

        def reason() -> str | None:
            refused = self.may(action)
            if refused is not None:
                return refused
            return NO_ROW if self.grid.current is None else further()

        return reason

    def announce(self, text: str, row: int | None = None) -> None:
        """Say what was done and read the rows again, with the cursor on `row`; the sentence stays until the next key."""
        self.tell(text)
        if row is None:
            self.grid.reload()
        else:
            self.grid.source.version()  # the row may be new
            self.grid.go_to(row)

    def open_dialog(self, dialog: ModalScreen[Any], done: Callable[[Any], None]) -> None:
        """Show a dialog; `done(result)` runs once it ended with something."""

        def closed(result: Any) -> None:
            if result is not None:
                done(result)

        self.app.push_screen(dialog, closed)

    # --- the page --------------------------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield from self.before()
        source = FreshList(self.columns, self.items, lambda: practices.version(self.office))
        yield LedgerGrid(source, self.first_sort, empty=self.empty, poll=POLL, ascii_guides=self.program.ascii_guides)
        yield from self.after()
        yield StatusLine()
        yield KeyLine()

    async def on_key(self, event: events.Key) -> None:
        """Esc leaves the page; textual calls the base's own on_key as well."""
        if event.key == "escape":
            event.stop()
            self.leave()

    def leave(self) -> None:
        """Esc: back to Home, or where else a page was opened from."""
        self.program.show("home")

    def rest_words(self) -> str:
        row = self.grid.current
        return "" if row is None else self.row_words(row)

    def why_reason(self) -> str | None:
        return "Why answers for lines and placements; what stands here was set by an operator."

    def on_screen_resume(self) -> None:
        """What is shown may have been changed on another page."""
        self.show_whereabouts()
        self.grid.look()

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        """Another row, or the same one read anew."""
        if not self.telling:
            self.say("" if event.row is None else self.row_words(event.row))
        self.show_keys()


class PracticeListPage(AdminPage):
    """A list of one practice's: Alt+S chooses another, and what was chosen on another page holds here too."""

    _shown: PracticeRow | None = None

    @property
    def practice(self) -> PracticeRow:
        """The chosen practice; an action that needs it is not enabled without one."""
        assert self.session.practice is not None
        return self.session.practice

    def search(self) -> None:
        """Alt+S: the practice whose list this is."""

        def chosen(practice: PracticeRow) -> None:
            self.session.practice = practice
            self.use_practice()

        self.open_dialog(PracticeDialog(self.office, self.session.practice), chosen)

    def on_screen_resume(self) -> None:
        """Another practice may have been chosen on another page."""
        super().on_screen_resume()
        if self._shown is not self.session.practice:
            self.use_practice()

    def use_practice(self) -> None:
        """Show the list of the practice chosen now."""
        self._shown = self.session.practice
        self.show_whereabouts()
        self.grid.empty = self.empty if self._shown is not None else NO_PRACTICE
        source = self.grid.source
        assert isinstance(source, FreshList)
        source.forget()
        self.grid.reload(keep_cursor=False)
        self.show_keys()
