"""Create a Start file: the lines that qualify, to be marked; what the accounts lack is said before the file is made."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import ComposeResult

from bo_tui import dates, money
from bo_tui.errors import Conflict, Refusal
from bo_tui.office import Office
from bo_tui.rules.precollect import queue, starts
from bo_tui.rules.precollect.candidates import Candidate, Candidates, candidates
from bo_tui.rules.precollect.queue import Cancelled
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.external.rowsform import lines as so_many_lines
from bo_tui.screens.page import own_connection
from bo_tui.screens.precollect import linewhy
from bo_tui.screens.precollect.startwords import (
    HELP,
    Criteria,
    Done,
    Lacking,
    LacksDialog,
    criteria_words,
    lacks_words,
    write_copies,
)
from bo_tui.text import counted
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.dialog import Dialog, Lines, call_holding_keys
from bo_tui.widgets.fields import NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Column, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.textpage import TextPage

COLUMNS = (
    Column("guarantor", "Guarantor", 16, grow=True, min_width=11, priority=9),
    Column("account", "Acct", 8, min_width=7, priority=8),
    Column("line", "Line", 8, min_width=7, priority=5),
    Column("dos", "DOS", 10, priority=4),
    Column("description", "Description", 14, grow=True, min_width=8, priority=1),
    Column("balance", "Balance", 10, align="right", priority=7),
    Column("age", "Age", 4, align="right", priority=3),
    Column("owes", "Account owes", 12, align="right", priority=6),
    Column("queued", "Queued", 6, priority=2),
)


class StartDialog(Dialog):
    """Add Service Fees: the lines to be marked, all of them at first none; dismissed with a `Done`."""

    help_topic = HELP
    AUTO_FOCUS = "LedgerGrid"
    keys_line = "F2 Create   Esc Cancel   Space mark   Alt+A all   Alt+N none   F8 why"
    DEFAULT_CSS = """
    StartDialog {
        & > .dialog--box { width: 100%; height: 100%; margin: 1 0 0 0; }
        & LedgerGrid { height: 1fr; min-height: 4; }
    }
    """

    def __init__(self, office: Office, practice: PracticeRow, criteria: Criteria, found: Candidates) -> None:
        super().__init__(f"Add Service Fees: {practice.name}{criteria_words(criteria)}")
        self.office = office
        self.practice = practice
        self.criteria = criteria
        self.found = {row.id: row for row in found.rows}
        self.more = found.more
        self._renewed: frozenset[int] | None = None  # the marks after the list was read anew
        self.grid = LedgerGrid(
            ListSource(COLUMNS, [_item(row) for row in found.rows]),
            Sort("age", descending=True),
            multi=True,
            empty="No line qualifies. F8 on a line of an account says why; thresholds stand under Alt+X, C.",
        )

    def body(self) -> ComposeResult:
        yield self.grid
        yield Lines("", keep=True, id="start-marked")
        yield Lines("", id="start-error", classes="dialog--error")

    def on_mount(self) -> None:
        """How many there are to mark."""
        self._count()

    @property
    def chosen(self) -> list[Candidate]:
        """The marked lines, in the order of their ids."""
        return [self.found[one] for one in sorted(self.grid.selected_ids) if one in self.found]

    def _count(self) -> None:
        marked = self.chosen
        of = f"the first {len(self.found):,}; there are more" if self.more else f"{len(self.found):,}"
        owners = len({row.account for row in marked})
        sums = f"{money.shown(sum(row.balance for row in marked))} of {counted(owners, 'account')}"
        self.query_one("#start-marked", Lines).set(f"Marked {len(marked):,} of {of}: {sums}.")

    def refuse(self, sentence: str) -> None:
        """Say it above the keys."""
        self.query_one("#start-error", Lines).set(sentence)

    # --- keys ------------------------------------------------------------------------------------------------------

    def on_ledger_grid_selection_changed(self, event: LedgerGrid.SelectionChanged) -> None:
        """The count and the sum below the list."""
        event.stop()
        if self.grid.selected_ids != self._renewed:  # what was said of these marks stays
            self.refuse("")
        self._count()

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter marks, as Space does."""
        event.stop()
        self.grid.press("space")

    def on_key(self, event: events.Key) -> None:
        """Select All, Select None, why."""
        if event.key == "alt+a":
            self.grid.mark(self.found)
        elif event.key == "alt+n":
            self.grid.unmark_all()
        elif event.key == "alt+r":
            self._unqueue()
        elif event.key == "f8":
            self._why()
        else:
            return
        event.stop()
        event.prevent_default()

    def _why(self) -> None:
        current = self.grid.current
        if current is None:
            self.refuse("There is no line to explain.")
            return
        line = self.found[current.id].line
        self.app.looks.at("service_line", current.id, "why")  # type: ignore[attr-defined]

        def show(text: str | None, error: Exception | None) -> None:
            if error is not None or text is None:
                self.refuse(error.sentence if isinstance(error, Refusal) else f"Why could not be read: {error}")
            else:
                self.app.push_screen(TextPage(f"Why: line {line}", text))

        call_holding_keys(
            self, lambda: own_connection(self.office, lambda: linewhy.text(self.office, self.practice.id, line)), show
        )

    def _unqueue(self) -> None:
        """Alt+R: take marked lines out of the queue; a later night may queue them again."""
        queued = [row.line for row in self.chosen if row.queued]
        if not queued:
            self.refuse("Mark lines that are queued first; Suspend Pre-Coll keeps an account out for good.")
            return

        def save(values: dict[str, Any]) -> Cancelled:
            return own_connection(
                self.office, lambda: queue.cancel(self.office, self.practice.id, queued, values["reason"])
            )

        def done(result: Cancelled | None) -> None:
            if result is not None:
                self._renew(f"Took {so_many_lines(len(result.lines))} out of the queue.")

        intro = (
            f"{so_many_lines(len(queued))} queued by a night. They still qualify: a later night may queue them again."
        )
        reason = NoteField("reason", "&Reason", required=True)
        form = FormDialog("Take out of the queue", [reason], intro=intro, save=save, ok="Take out", help_topic=HELP)
        self.app.push_screen(form, done)

    # --- creating --------------------------------------------------------------------------------------------------

    def action_ok(self) -> None:
        """F2: what the accounts lack is read and said; then it is asked once, because a file is never taken back."""
        rows = self.chosen
        if not rows:
            self.refuse("Mark at least one line with Space, or all with Alt+A.")
            return
        numbers = [row.line for row in rows]

        def read(found: Lacking | None, error: Exception | None) -> None:
            if error is not None or found is None:
                self._failed(error)
            else:
                words = f"{lacks_words(found)}\nA file is never deleted; statements pause for its lines."
                question = f"Create a Start file of {so_many_lines(len(rows))}, {_sum(rows)}?"
                self.app.push_screen(
                    LacksDialog(question, words, found), lambda yes: self._create(rows) if yes else None
                )

        work = lambda: starts.lacking(self.office, self.practice.id, numbers)  # noqa: E731
        call_holding_keys(self, lambda: own_connection(self.office, work), read)

    def _create(self, rows: list[Candidate]) -> None:
        numbers, seen = [row.line for row in rows], {row.line: row.act for row in rows}

        def work() -> Done:
            started = starts.create_start(self.office, self.practice.id, numbers, seen=seen)
            return Done(started, write_copies(self.office))

        def made(done: Done | None, error: Exception | None) -> None:
            if done is None:
                self._failed(error)
            else:
                self.dismiss(done)

        call_holding_keys(self, lambda: own_connection(self.office, work), made)

    def _failed(self, error: Exception | None) -> None:
        """Say the refusal; after a conflict the lines are shown as they are now."""
        sentence = error.sentence if isinstance(error, Refusal) else f"No file was made: {error}"
        if isinstance(error, Conflict):
            self._renew(sentence)
        else:
            self.refuse(sentence)

    def _renew(self, sentence: str) -> None:
        """Show the lines as they are now, and say why; what is marked and still qualifies stays marked."""

        def show(found: Candidates | None, error: Exception | None) -> None:
            if found is None:
                return
            marks = self.grid.selected_ids
            self.found, self.more = {row.id: row for row in found.rows}, found.more
            self.grid.set_source(ListSource(COLUMNS, [_item(row) for row in found.rows]))
            self.grid.mark(one for one in marks if one in self.found)
            self._renewed = self.grid.selected_ids
            self._count()
            self.refuse(sentence)

        call_holding_keys(self, lambda: own_connection(self.office, self._read), show)

    def _read(self) -> Candidates:
        return candidates(self.office, self.practice.id, **self.criteria)


def _item(row: Candidate) -> Item:
    cells = (
        row.guarantor,
        row.account,
        row.line,
        dates.iso(row.date_of_service),
        row.description,
        money.shown(row.balance),
        str(row.age),
        money.shown(row.account_balance),
        "queued" if row.queued else "",
    )
    return Item(row.id, cells, {"balance": row.balance, "age": row.age, "owes": row.account_balance})


def _sum(rows: list[Candidate]) -> str:
    return money.shown(sum(row.balance for row in rows))
