"""The Collections page: the open collection tasks of a practice, changed, worked off, or ended by an agency (domain, section 9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult

from bo_tui import dates, money
from bo_tui.rules.external.pending import Added
from bo_tui.screens.admin.base import NO_PRACTICE, PracticeListPage
from bo_tui.screens.collections import dialogs
from bo_tui.screens.external import add, history
from bo_tui.screens.external.listsource import Item
from bo_tui.text import counted
from bo_tui.views import history as line_history
from bo_tui.views import tasks
from bo_tui.views.history import Event
from bo_tui.views.tasks import TaskRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage

COLUMNS = (
    Column("follow_up", "Follow up", 10, priority=10),
    Column("account", "Account", 8, priority=8),
    Column("guarantor", "Guarantor", 16, grow=True, min_width=10, priority=11),
    Column("dos", "DOS", 10, priority=3),
    Column("line", "Line", 8, min_width=7, priority=4),
    Column("balance", "Balance", 10, align="right", priority=9),
    Column("note", "Note", 20, grow=True, min_width=10, priority=7),
    Column("assigned", "Assigned", 9, min_width=8, priority=6),
    Column("made_by", "Made by", 8, priority=2),
    Column("state", "State", 5, priority=5),
)
HEADING = "Collections: tasks"


class TasksPage(PracticeListPage):
    """Update, done, Ext. Transfer; the done ones are shown on demand."""

    help_topic = "collections"
    columns = COLUMNS
    first_sort = Sort("follow_up")
    empty = "No collection task is open. Deny on Pending offers one."

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, TaskRow] = {}
        self.with_done = False

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("search", "Search: another practice", "S", self.search, short="Search"),
            PageAction("update", "Update the task", "U", self.update_row, self._on_open("task"), short="Update"),
            PageAction("done", "Done, with a note", "D", self.done, self._on_open("task"), short="Done"),
            PageAction("transfer", "Ext. Transfer", "E", self.transfer, self._on_open("add"), short="Ext. Transfer"),
            PageAction("closed", "Show done tasks too, or not", "W", self.turn, self._with_practice, short="Show done"),
            PageAction("history", "History of the line", "H", self.history, self._on_line, short="History"),
            PageAction("account", "Account", "B", self.account, self.on_row("look")),
        )

    def before(self) -> ComposeResult:
        yield TabStrip((), heading=HEADING)

    # --- rows ------------------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        practice = self.session.practice
        rows = [] if practice is None else tasks.rows(self.office, practice.id, done=self.with_done)
        self._rows = {row.id: row for row in rows}
        return [_item(row) for row in rows]

    @property
    def current(self) -> TaskRow | None:
        """The task under the cursor as it was read."""
        row = self.grid.current
        return self._rows.get(row.id) if row is not None else None

    def row_words(self, row: Row) -> str:
        found = self._rows.get(row.id)
        return _words(found, self.office.business_date) if found is not None else ""

    # --- what may be done ------------------------------------------------------------------------------------------

    def _with_practice(self) -> str | None:
        return NO_PRACTICE if self.session.practice is None else self.may("look")

    def _on_open(self, action: str) -> Any:
        def against() -> str | None:
            row = self.current
            return f"Task {row.id} is done already." if row is not None and row.state != "open" else None

        reason = self.on_row(action, against)
        return lambda: NO_PRACTICE if self.session.practice is None else reason()

    def _on_line(self) -> str | None:
        refused = self._with_practice() or self.on_row("look")()
        if refused is not None:
            return refused
        row = self.current
        return "This task is about the whole account, not one line." if row and row.line_id is None else None

    # --- actions ---------------------------------------------------------------------------------------------------

    def update_row(self) -> None:
        """Alt+U and Enter."""
        row = self.current
        if row is not None:
            dialog = dialogs.update(self, row)
            self.open_dialog(dialog, lambda kept: self.announce(f"Saved task {kept.task}.", kept.task))

    def done(self) -> None:
        """Alt+D: the note says what was done."""
        row = self.current
        if row is not None:
            self.open_dialog(dialogs.done(self, row), lambda kept: self.announce(f"Task {kept.task} is done."))

    def transfer(self) -> None:
        """Alt+E: the account's lines for an agency; the task ends with it."""
        row = self.current
        if row is None:
            return
        practice = self.practice.id

        def ended(result: Added) -> None:
            self.announce(f"{add.said(result)} Task {row.id} is done.")

        self.act(
            lambda: dialogs.eligible(self.office, practice, row),
            lambda found: self.open_dialog(dialogs.TransferDialog(self.office, practice, row, found), ended),
        )

    def turn(self) -> None:
        """Alt+W: the done ones too, or the open ones only."""
        self.with_done = not self.with_done
        heading = f"{HEADING}, the done ones too" if self.with_done else HEADING
        self.query_one(TabStrip).heading = heading
        self.query_one(TabStrip).refresh()
        self.use_practice()

    def account(self) -> None:
        """Alt+B: the task's account; Esc comes back."""
        row = self.current
        if row is not None:
            self.program.show_account(row.account_id, "account_ar")

    def history(self) -> None:
        """Alt+H: who did what with the task's line."""
        row = self.current
        if row is None or row.line_id is None:
            return
        line = row.line_id
        self.looked("service_line", line, "history")

        def show(events: list[Event]) -> None:
            self.app.push_screen(TextPage(f"History: line {row.line}, {row.guarantor}", history.text(events)))

        self.read(lambda: line_history.of_line(self.office, line), show, group="history")

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter updates, where the role may and the task is open."""
        reason = self._on_open("task")()
        if reason is None:
            self.update_row()
        else:
            self.say(reason, warning=True)


def _item(row: TaskRow) -> Item:
    cells = (
        dates.iso(row.follow_up),
        row.account,
        row.guarantor,
        dates.iso(row.date_of_service) if row.date_of_service is not None else "",
        row.line or "(all)",
        money.shown(row.balance),
        row.note,
        row.assigned_to or "",
        row.made_by,
        row.state,
    )
    keys: dict[str, Any] = {"follow_up": (row.state == "done", row.follow_up), "balance": row.balance}
    return Item(row.id, cells, keys)


def _words(row: TaskRow, today: int) -> str:
    """The whole note, since the column cuts it, and how urgent it is or how it ended."""
    if row.state == "done":
        how = f": {row.last_note}" if row.last_note else ""
        return f"Task {row.id}, {row.note}; done {dates.iso(row.last_day)} by {row.last_actor}{how}"
    late = today - row.follow_up
    days = counted(abs(late), "day")
    when = "due today" if not late else f"{days} late" if late > 0 else f"due in {days}"
    return f"Task {row.id}, {when}: {row.note}; made {dates.iso(row.made)} by {row.made_by}"
