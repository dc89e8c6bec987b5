"""Audit Trail (Alt+X, T): all acts, and who looked at what; searched, read act by act, exported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.screens.accounts.base import NO_ROW, ActingPage
from bo_tui.screens.admin import auditforms, auditsource
from bo_tui.screens.admin.auditsource import COLUMNS, TrailSource
from bo_tui.screens.external import history
from bo_tui.screens.external.base import POLL, NoRows
from bo_tui.text import counted
from bo_tui.views import audit
from bo_tui.views import history as acts
from bo_tui.views.audit import ACTS, LOOKS, ActRow, LookRow, Wanted
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.gridmodel import Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.statusline import KeyLine, StatusLine
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage

TABS = ((ACTS, "Acts"), (LOOKS, "Looks"))
NEWEST = Sort("made", descending=True)
MOST = 200  # entries, and changes, of an act that its page shows
ACTION = "audit"


class AuditPage(ActingPage):
    """Two lists, each with a search of its own."""

    AUTO_FOCUS = "LedgerGrid"
    help_topic = "audit"
    nothing: ClassVar[str] = "Nothing that was searched for; Alt+L shows all."

    def __init__(self) -> None:
        super().__init__()
        self.tab = ACTS
        self.wanted = {ACTS: Wanted(), LOOKS: Wanted()}
        self._begun = False

    def missing(self) -> str | None:
        return self.may(ACTION)

    def page_actions(self) -> Sequence[PageAction]:
        here = self.may_here(ACTION)
        return (
            PageAction("search", "Search", "S", self.search, here),
            PageAction(
                "open", "Open (Enter): an act's rows and its digest", "O", self.open, self._on_row, short="Open"
            ),
            PageAction("export", "Export as CSV", "E", self.export, here, short="Export"),
            PageAction("all", "Show all", "L", self.show_all, self._narrowed),
        )

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield TabStrip(TABS, heading="Audit Trail", active=self.tab)
        grid = LedgerGrid(NoRows(COLUMNS[ACTS]), NEWEST, poll=POLL, ascii_guides=self.program.ascii_guides)
        grid.empty = self.missing() or self.nothing
        yield grid
        yield StatusLine()
        yield KeyLine()

    # --- rows ------------------------------------------------------------------------------------------------------

    @property
    def grid(self) -> LedgerGrid:
        """The rows."""
        return self.query_one(LedgerGrid)

    @property
    def current(self) -> Any:
        """The current row as it was read: an ActRow, a LookRow or None."""
        row, source = self.grid.current, self.grid.source
        return source.rows.get(row.id) if row is not None and isinstance(source, TrailSource) else None

    def rest_words(self) -> str:
        row = self.current
        return "" if row is None else auditsource.sentence(row)

    def _on_row(self) -> str | None:
        return self.missing() or (NO_ROW if self.current is None else None)

    def _narrowed(self) -> str | None:
        return self.missing() or ("All is shown." if self.wanted[self.tab].empty else None)

    def on_screen_resume(self) -> None:
        """The first time the acts are read; later, what was added."""
        self.show_whereabouts()
        if self._begun:
            self.grid.look()
        else:
            self._begun = True
            self._list()

    def _list(self) -> None:
        """Show the list that is chosen now, by its own search."""
        missing = self.missing()
        if missing is not None:
            self.say(missing, warning=True)
            return
        strip = self.query_one(TabStrip)
        words = auditforms.in_words(self.wanted[self.tab])
        strip.heading = f"Audit Trail: {words}" if words else "Audit Trail"
        strip.refresh()
        self.grid.set_source(TrailSource(self.office, self.tab, self.wanted[self.tab]), NEWEST)
        self.show_keys()

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Alt+1, Alt+2."""
        self.tab = event.tab
        self._list()

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """Rows were read: their number stands at the tab."""
        if self.missing() is None:
            self.query_one(TabStrip).set_count(self.tab, event.text)

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        """Another row."""
        if not self.telling:
            self.say(self.rest_words())
        self.show_keys()

    async def on_key(self, event: events.Key) -> None:
        """Esc goes back to Home; textual calls the base's own on_key as well."""
        if event.key == "escape":
            event.stop()
            self.program.show("home")

    def why_reason(self) -> str | None:
        return self._on_row() if self.is_mounted else NO_ROW

    async def why(self) -> None:
        """F8: what the row is, and whether it is as it was written."""
        self.open()

    # --- actions ---------------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Alt+S: who, what kind, from when to when, which account, which practice."""

        def found(wanted: Wanted | None) -> None:
            if wanted is not None:
                self.wanted[self.tab] = wanted
                self.looked("audit", None, f"searched {self.tab}: {auditforms.fields_of(wanted)}")
                self._list()
                self.grid.focus()

        def ask(kinds: list[str]) -> None:
            self.app.push_screen(auditforms.SearchDialog(self.office, self.tab, self.wanted[self.tab], kinds), found)

        self.act(lambda: audit.kinds(self.office, self.tab), ask)

    def show_all(self) -> None:
        """Alt+L."""
        self.wanted[self.tab] = Wanted()
        self._list()

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        self.open()

    def open(self) -> None:
        """Enter, Alt+O, F8: everything of the row, and whether its digest is that of what stands there."""
        row = self.current
        if isinstance(row, ActRow):
            self.looked("act", row.id)
            self.act(lambda: self._act_text(row), lambda text: self._show(f"Act {row.id}", text))
        elif isinstance(row, LookRow):
            self.act(lambda: self._look_text(row), lambda text: self._show(f"Look {row.id}", text))

    def _show(self, title: str, text: str) -> None:
        self.app.push_screen(TextPage(title, text))

    def _act_text(self, row: ActRow) -> str:
        event, more = acts.of_act(self.office, row.id, MOST)
        digest, broken = audit.act_broken(self.office, row.id)
        lines = [history.text([event]).rstrip()]
        lines += [f"  and {counted(more, 'row')} more; `bo-tui report entries` has all"] if more else []
        lines += ["", f"- Practice: {row.practice or 'none, the whole enterprise'}", f"- Digest: {digest}"]
        return "\n".join([*lines, f"- {broken}" if broken else "- It verifies: its rows are as they were written."])

    def _look_text(self, row: LookRow) -> str:
        digest, follows = audit.look_digest(self.office, row.id)
        verifies = (
            "It verifies: it is as it was written." if follows else "IT DOES NOT VERIFY: it or its chain was changed."
        )
        return "\n".join(
            [
                f"# {dates.local(row.made_at)}  {row.actor} {auditsource.KINDS[row.kind]} {auditsource.what(row)}",
                *([f"- Detail: {row.detail}"] if row.detail else []),
                *([f"- Practice: {row.practice}"] if row.practice else []),
                f"- Made at: {row.made_at} (UTC)",
                f"- Digest: {digest}",
                f"- {verifies}",
            ]
        )

    def export(self) -> None:
        """Alt+E: what the search has, as CSV to a place of the operator's choice."""

        def done(path: Path | None) -> None:
            if path is not None:
                self.tell(f"Saved as {path}.")

        self.app.push_screen(auditforms.ExportDialog(self.office, self.tab, self.wanted[self.tab]), done)
