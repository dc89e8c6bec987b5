"""Create a Start file: practice, date of service and how many lines; then the lines that qualify, to be marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import events
from textual.app import ComposeResult

from bo_tui import dates, money
from bo_tui.errors import Conflict, Refusal
from bo_tui.office import Office
from bo_tui.rules.precollect import files as copies
from bo_tui.rules.precollect import starts
from bo_tui.rules.precollect.candidates import Candidate, Candidates, candidates
from bo_tui.rules.precollect.starts import Started
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.external.rowsform import lines as so_many_lines
from bo_tui.screens.page import own_connection
from bo_tui.screens.precollect import linewhy
from bo_tui.views import practices, precollect
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialog import Dialog, Lines, call_holding_keys
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import DateField, Field
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Column, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.textpage import TextPage

HELP = "precollections"
Criteria = dict[str, Any]  # dos (a day number or None), most (a count or None for all)
Lacking = list[tuple[str, list[str]]]
ALL = 0
RESULTS = [(100, "100"), (200, "200"), (500, "500"), (ALL, "All Records")]
SHOWN = 4  # accounts that lack something and are named in the question itself
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


@dataclass(frozen=True, slots=True)
class Done:
    """What a Start did; `unwritten` says why a copy is not on the disk, or is empty."""

    started: Started
    unwritten: str


class CriteriaDialog(FormDialog):
    """Which lines to list; dismissed with practice, criteria and lines. The practice is asked where there are several."""

    def __init__(self, office: Office, practice: PracticeRow) -> None:
        self.office = office
        self.practice = practice
        enrolled = precollect.enrolled(office)
        fields: list[Field] = [
            ChoiceField("practice", "&Practice", [(row.id, row.name) for row in enrolled], practice.id, required=True)
        ] * (len(enrolled) > 1)
        fields += [
            DateField("dos", "&Date of service", None, today=office.business_date),
            ChoiceField("most", "&Number of results", RESULTS, 100, required=True, width=14),
        ]
        intro = f"{practice.name}: the lines that qualify for a Start file today, those queued by a night among them."
        super().__init__("Create Start file: which lines", fields, intro=intro, ok="List them", help_topic=HELP)

    def save_values(self, values: dict[str, Any]) -> tuple[PracticeRow, Criteria, Candidates]:
        criteria = {"dos": values["dos"], "most": values["most"] or None}

        def work() -> tuple[PracticeRow, Criteria, Candidates]:
            wanted = values.get("practice", self.practice.id)
            practice = next(row for row in practices.all_practices(self.office) if row.id == wanted)
            return practice, criteria, candidates(self.office, wanted, **criteria)

        return own_connection(self.office, work)


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
        super().__init__(f"Add Service Fees: {practice.name}{_criteria_words(criteria)}")
        self.office = office
        self.practice = practice
        self.criteria = criteria
        self.found = {row.id: row for row in found.rows}
        self.more = found.more
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
        sums = f"{money.shown(sum(row.balance for row in marked))} of {owners:,} account{'' if owners == 1 else 's'}"
        self.query_one("#start-marked", Lines).set(f"Marked {len(marked):,} of {of}: {sums}.")

    def refuse(self, sentence: str) -> None:
        """Say it above the keys."""
        self.query_one("#start-error", Lines).set(sentence)

    # --- keys ------------------------------------------------------------------------------------------------------

    def on_ledger_grid_selection_changed(self, event: LedgerGrid.SelectionChanged) -> None:
        """The count and the sum below the list."""
        event.stop()
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

        def show(text: str | None, error: Exception | None) -> None:
            if error is not None or text is None:
                self.refuse(error.sentence if isinstance(error, Refusal) else f"Why could not be read: {error}")
            else:
                self.app.push_screen(TextPage(f"Why: line {line}", text))

        call_holding_keys(
            self, lambda: own_connection(self.office, lambda: linewhy.text(self.office, self.practice.id, line)), show
        )

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
        """Say the refusal; after a conflict the lines are shown as they are now, those marked that still qualify stay marked."""
        self.refuse(error.sentence if isinstance(error, Refusal) else f"No file was made: {error}")
        if not isinstance(error, Conflict):
            return

        def renew(found: Candidates | None, error: Exception | None) -> None:
            if found is None:
                return
            marks = self.grid.selected_ids
            self.found, self.more = {row.id: row for row in found.rows}, found.more
            self.grid.set_source(ListSource(COLUMNS, [_item(row) for row in found.rows]))
            self.grid.mark(one for one in marks if one in self.found)
            self._count()

        work = lambda: candidates(self.office, self.practice.id, **self.criteria)  # noqa: E731
        call_holding_keys(self, lambda: own_connection(self.office, work), renew)


class LacksDialog(ConfirmDialog):
    """The question before a file is made; Alt+L shows all accounts that lack something."""

    def __init__(self, question: str, detail: str, found: Lacking) -> None:
        super().__init__(question, detail, yes="&Yes, create it")
        self.lacking = found

    def on_key(self, event: events.Key) -> None:
        """Alt+L."""
        if event.key != "alt+l":
            return
        event.stop()
        event.prevent_default()
        lines = [f"- {account or 'the practice'}: {', '.join(lacks)}" for account, lacks in self.lacking]
        self.app.push_screen(TextPage("What is lacking for TSI", "\n".join(lines) or "No account lacks anything."))


def lacks_words(found: Lacking) -> str:
    """What the practice and the accounts lack, in words; the accounts go all the same."""
    practice = [", ".join(lacks) for account, lacks in found if not account]
    listed = [(account, lacks) for account, lacks in found if account]
    words = [f"Take care: {practice[0]}."] if practice else []
    if not listed:
        return "\n".join([*words, "No account lacks anything that the layout needs."])
    named = "; ".join(f"{account} {', '.join(lacks)}" for account, lacks in listed[:SHOWN])
    more = f"; and {len(listed) - SHOWN:,} more (Alt+L)" if len(listed) > SHOWN else ""
    one = len(listed) == 1
    lack = f"{len(listed):,} account{'' if one else 's'} lack{'s' if one else ''} something and would go all the same"
    return "\n".join([*words, f"{lack}: {named}{more}."])


def write_copies(office: Office) -> str:
    """Write the copies of new files to the outbox; why one was not written, or nothing: the file is kept all the same."""
    try:
        copies.write_copies(office)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def _criteria_words(criteria: Criteria) -> str:
    return f", DOS {dates.iso(criteria['dos'])}" if criteria["dos"] is not None else ""


def _sum(rows: list[Candidate]) -> str:
    return money.shown(sum(row.balance for row in rows))


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


def said(done: Done) -> str:
    """What was done, for the status line."""
    started = done.started
    names = ", ".join(file.path.rsplit("/", 1)[-1] for file in started.files)
    what = f"Made {names}: " if names else "No account is new to TSI, so no file was made: "
    text = f"{what}{so_many_lines(started.lines)}, {money.shown(started.amount)}."
    if started.updates:
        one = started.updates == 1
        text += f" {started.updates:,} account{'' if one else 's'} TSI has already: told in the next Stop file."
    return f"{text} Its copy was not written: {done.unwritten}" if done.unwritten else text
