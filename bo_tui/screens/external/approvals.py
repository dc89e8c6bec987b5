"""Waiting for a second person: what is above the practice's limit, to be approved or refused by somebody else (four eyes)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.external import foureyes
from bo_tui.rules.external.foureyes import Proposed
from bo_tui.screens.admin.base import AdminPage, FreshList
from bo_tui.screens.external import decide, history
from bo_tui.screens.external.base import NO_PRACTICE
from bo_tui.screens.external.listsource import Item
from bo_tui.screens.external.practicedialog import PracticeDialog
from bo_tui.views import history as line_history
from bo_tui.views import practices, proposals
from bo_tui.views.history import Event
from bo_tui.views.practices import PracticeRow
from bo_tui.views.proposals import Subject
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage

COLUMNS = (
    Column("number", "No", 4, align="right", priority=3),
    Column("what", "What", 6, priority=9),
    Column("line", "Line", 8, min_width=7, grow=True, priority=8),
    Column("account", "Acct", 8, min_width=6, grow=True, priority=7),
    Column("guarantor", "Guarantor", 20, grow=True, min_width=14, priority=10),
    Column("amount", "Amount", 10, align="right", priority=12),
    Column("by", "Asked by", 8, min_width=6, grow=True, priority=11),
    Column("asked", "Asked", 10, priority=5),
    Column("state", "State", 12, grow=True, min_width=8, priority=6),
)
# who decided needs room on 80 cells, so the day on which it was asked goes first there
DECIDED = (
    *COLUMNS[:-2],
    Column("asked", "Asked", 10, priority=2),
    Column("state", "State", 20, grow=True, min_width=16, priority=6),
)
NEWEST = Sort("number", descending=True)
KINDS = {"post": "post", "adjust": "adjust", "adjust_line": "adj AR"}
EMPTY = "Nothing waits for a second person. Alt+D shows what was decided."
NONE_DECIDED = "Nothing was decided yet. Alt+D shows what waits."

TOLD = 3  # of one's own refused proposals that are named above the list


class ApprovalsPage(AdminPage):
    """Open proposals, or with Alt+D the decided ones: approve, refuse, withdraw one's own."""

    help_topic = "approvals"
    columns = COLUMNS
    first_sort = Sort("number")
    empty = EMPTY
    DEFAULT_CSS = "ApprovalsPage > #approvals-title { padding: 0 1; text-style: bold; }"

    def __init__(self) -> None:
        super().__init__()
        self.back = "home"  # the page from which one came: Esc goes there
        self.decided = False
        self._shown: PracticeRow | None = None
        self._rows: dict[int, Proposed] = {}
        self._subjects: dict[int, Subject] = {}
        self._told: list[Proposed] = []  # what others refused of one's own, today and yesterday

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("search", "Search practice", "S", self.search, short="Search"),
            PageAction("approve", "Approve", "A", self.approve, self.on_open(self._not_own)),
            PageAction("refuse", "Refuse", "R", self.refuse, self.on_open(self._not_mine)),
            PageAction("withdraw", "Withdraw my own", "W", self.refuse, self.on_open(self._own), short="Withdraw"),
            PageAction("decided", "Show decided, or what waits", "D", self.turn, self._with_practice, short="Decided"),
            PageAction("history", "History of the line", "H", self.line_history, self.on_row("look"), short="History"),
        )

    def before(self) -> ComposeResult:
        yield TabStrip((), heading="Waiting for a second person")
        yield Lines("", keep=True, id="approvals-title")

    # --- rows ------------------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        practice = self.session.practice
        self._rows = {}
        if practice is None:
            return []
        rows = foureyes.listed(self.office, practice.id, decided=self.decided)
        self._subjects = proposals.subjects(self.office, practice.id)
        self._rows = {row.id: row for row in rows}
        known = rows if self.decided else foureyes.listed(self.office, practice.id, decided=True)
        since = self.office.business_date - 1
        refused = [row for row in known if row.state == "refused" and self._mine(row)]
        self._told = [row for row in refused if row.decided is not None and row.decided >= since]
        return [self._item(row) for row in rows]

    def _item(self, row: Proposed) -> Item:
        about = self._subjects[row.id]
        cells = (
            str(row.id), KINDS.get(row.kind, row.kind), about.line, about.account, about.guarantor, shown(row.amount),
            row.proposed_by, dates.iso(row.proposed), self._state(row),
        )  # fmt: skip
        return Item(row.id, cells, {"number": row.id, "amount": row.amount})

    def _state(self, row: Proposed) -> str:
        if row.state != "open":
            return f"{row.state} by {row.decided_by}" if row.state != "withdrawn" else "withdrawn"
        if row.moot:
            return "moot"
        return "yours" if row.proposed_by == self.office.actor.name else ""

    @property
    def current(self) -> Proposed | None:
        """The proposal under the cursor as it was read."""
        row = self.grid.current
        return self._rows.get(row.id) if row is not None else None

    def row_words(self, row: Row) -> str:
        found = self._rows.get(row.id)
        return decide.sentence(found) if found is not None else ""

    # --- what may be done ------------------------------------------------------------------------------------------

    def _with_practice(self) -> str | None:
        return NO_PRACTICE if self.session.practice is None else self.may("look")

    def on_open(self, further: Callable[[Proposed], str | None]) -> Callable[[], str | None]:
        """An action's `enabled` on a proposal that still waits."""

        def reason() -> str | None:
            refused = self.may("approve")
            if refused is not None:
                return refused
            row = self.current
            if row is None:
                return "There is no proposal to do that with."
            if row.state != "open":
                return f"Proposal {row.id} was {row.state} by {row.decided_by} on {dates.iso(row.decided)}."
            return further(row)

        return reason

    def _mine(self, row: Proposed) -> bool:
        return row.proposed_by == self.office.actor.name

    def _not_own(self, row: Proposed) -> str | None:
        if self._mine(row):
            return "You asked for this yourself; another operator must approve it. Alt+W takes it back."
        return f"It can only be refused: {row.moot}." if row.moot else None

    def _not_mine(self, row: Proposed) -> str | None:
        return "You asked for this yourself; Alt+W takes it back." if self._mine(row) else None

    def _own(self, row: Proposed) -> str | None:
        return (
            None if self._mine(row) else f"Only {row.proposed_by}, who asked for it, can take it back; Alt+R refuses."
        )

    # --- actions ---------------------------------------------------------------------------------------------------

    def approve(self) -> None:
        """Alt+A: what was asked for is checked again and done."""
        row = self.current
        if row is not None:
            dialog = decide.ApproveDialog(self.office, self._practice, row, self._subjects[row.id])
            self.open_dialog(dialog, lambda done: self.announce(decide.approved(done)))

    def refuse(self) -> None:
        """Alt+R and Alt+W: with a reason."""
        row = self.current
        if row is not None:
            dialog = decide.RefuseDialog(self.office, self._practice, row, self._subjects[row.id])
            self.open_dialog(dialog, lambda done: self.announce(f"Proposal {done.proposal} is {done.state}."))

    @property
    def _practice(self) -> PracticeRow:
        assert self.session.practice is not None  # there is a row, so there is a practice
        return self.session.practice

    def turn(self) -> None:
        """Alt+D: the other list; what was decided begins with the newest."""
        self.decided = not self.decided
        source = FreshList(DECIDED if self.decided else COLUMNS, self.items, lambda: practices.version(self.office))
        self.grid.set_source(source, NEWEST if self.decided else self.first_sort)
        self._read_anew()

    def line_history(self) -> None:
        """Alt+H: who did what with the line."""
        row = self.current
        if row is None:
            return
        about = self._subjects[row.id]
        title = f"History: line {about.line}, account {about.account}, {about.guarantor}"
        self.looked("service_line", about.line_id, "history")

        def show(found: list[Event]) -> None:
            self.app.push_screen(TextPage(title, history.text(found)))

        self.read(lambda: line_history.of_line(self.office, about.line_id), show, group="history")

    def why_reason(self) -> str | None:
        return None if self.is_mounted and self.current is not None else "There is no row to explain."

    async def why(self) -> None:
        """F8 and Enter: what was asked for, in full."""
        row = self.current
        if row is not None:
            self.looked("proposal", row.id)
            text = decide.page(row, self._subjects[row.id], proposals.limit(self.office, self._practice.id))
            self.app.push_screen(TextPage(f"Proposal {row.id}", text))

    async def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        await self.why()

    def search(self) -> None:
        """Alt+S: another practice."""

        def chosen(practice: PracticeRow | None) -> None:
            if practice is not None:
                self.session.practice = practice
                self._use_practice()

        self.app.push_screen(PracticeDialog(self.office, self.session.practice), chosen)

    # --- the page --------------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Another practice may have been chosen elsewhere; textual calls the base's handler as well."""
        if self._shown != self.session.practice:
            self._use_practice()
        self._title()

    def _use_practice(self) -> None:
        self._shown = self.session.practice
        self.show_whereabouts()
        self._read_anew()

    def _read_anew(self) -> None:
        source = self.grid.source
        assert isinstance(source, FreshList)
        source.forget()
        self.grid.empty = NO_PRACTICE if self._shown is None else NONE_DECIDED if self.decided else EMPTY
        self.grid.reload(keep_cursor=False)
        self._title()
        self.show_keys()

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """Rows were read anew: so is their sum."""
        self._title()

    def _title(self) -> None:
        practice = self._shown
        if practice is None:
            text = NO_PRACTICE
        elif self.decided:
            text = f"{practice.name}: decided, the newest first"
        else:
            count, amount = proposals.waiting(self.office, practice.id)
            limit = proposals.limit(self.office, practice.id)
            above = "there is no limit now" if limit is None else f"above {shown(limit)}"
            text = f"{practice.name}: {count:,} waiting, {shown(amount)}; {above}"
            if self._told:
                told = "; ".join(f"{row.id} by {row.decided_by} ({row.reason})" for row in self._told[:TOLD])
                more = f"; and {len(self._told) - TOLD:,} more" if len(self._told) > TOLD else ""
                text += f"\nYours refused since yesterday: {told}{more}. Alt+D shows them."
        self.query_one("#approvals-title", Lines).set(text)

    def leave(self) -> None:
        """Esc goes back to the page that it was opened from."""
        self.program.show(self.back)


def action(page: Any) -> PageAction:
    """The action that leads here from another page."""
    return PageAction(
        "second", "Waiting for a second person", "C", page.program.show_approvals, lambda: page.may("look")
    )
