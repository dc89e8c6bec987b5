"""Add: criteria first, then the lines that meet them, of which one or many are queued by hand for an agency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import events
from textual.app import ComposeResult

from bo_tui import dates, money
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.external import pending as rules
from bo_tui.rules.external.candidates import Candidate, Candidates, candidates
from bo_tui.rules.external.pending import Added
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.external.rowsform import agency_choices, lines
from bo_tui.screens.page import own_connection
from bo_tui.text import counted
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.fields import AmountField, TextField
from bo_tui.widgets.forms import FieldList, FormDialog
from bo_tui.widgets.gridmodel import Column, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.numberfield import NumberField

Criteria = dict[str, Any]
COLUMNS = (
    Column("guarantor", "Guarantor", 16, grow=True, min_width=11, priority=9),
    Column("account", "Acct", 8, min_width=7, priority=8),
    Column("line", "Line", 8, min_width=7, priority=5),
    Column("dos", "DOS", 10, priority=4),
    Column("description", "Description", 14, grow=True, min_width=8, priority=1),
    Column("balance", "Balance", 10, align="right", priority=7),
    Column("age", "Age", 4, align="right", priority=3),
    Column("status", "Status", 14, min_width=12, priority=6),
)
LEGEND = (
    "Status: on hold = cannot be added, lift the hold first; brought back and paid lately = the night leaves the line alone, "
    "an operator may add it."
)


class CriteriaDialog(FormDialog):
    """What to look for; dismissed with the criteria and the lines that meet them."""

    def __init__(self, office: Office, practice: int) -> None:
        self.office = office
        self.practice_id = practice
        fields = [
            AmountField("above", "&Balance greater than"),
            NumberField("older", "&Older than", hint="days, counted as the line's age"),
            TextField("prefix", "&Account or guarantor", width=24, hint="its beginning"),
        ]
        intro = "Lines in active AR, in guarantor responsibility and above zero; what is left empty does not count."
        super().__init__("Add: which lines", fields, intro=intro, ok="Search", help_topic="pending")

    def save_values(self, values: dict[str, Any]) -> tuple[Criteria, Candidates]:
        return values, own_connection(self.office, lambda: candidates(self.office, self.practice_id, **values))


class AddDialog(FormDialog):
    """The lines found, to be marked, and the agency they are queued for; dismissed with an `Added`."""

    DEFAULT_CSS = """
    AddDialog {
        & > .dialog--box { width: 100%; height: 100%; margin: 1 0 0 0; }
        & LedgerGrid { height: 1fr; min-height: 4; }
    }
    """

    def __init__(self, office: Office, practice: int, criteria: Criteria, found: Candidates) -> None:
        self.office = office
        self.practice_id = practice
        self.criteria = criteria
        self.found = {row.id: row for row in found.rows}
        self.more = found.more
        agencies = agency_choices(office, practice)
        only = agencies[0][0] if len(agencies) == 1 else None
        field = ChoiceField("agency", "A&gency", agencies, only, required=True)
        super().__init__(f"Add: {_criteria_words(criteria)}", [field], ok="Add marked", help_topic="pending")
        self.keys_line = "F2 Add   Esc Cancel   Space mark   Alt+A all   Alt+N none   Tab Agency"
        self.grid = LedgerGrid(
            ListSource(COLUMNS, [_item(row) for row in found.rows]),
            Sort("guarantor"),
            multi=True,
            empty="No line meets these criteria. Pending, placed, zero and credit lines are never offered.",
        )

    def body(self) -> ComposeResult:
        yield self.grid
        yield Lines(LEGEND)
        with FieldList():
            yield from self.fields.values()
        yield Lines("", id="form-live")
        yield Lines("", id="form-error", classes="dialog--error")

    @property
    def chosen(self) -> list[Candidate]:
        """The marked lines, in the order of their ids."""
        return [self.found[one] for one in sorted(self.grid.selected_ids) if one in self.found]

    @property
    def changed(self) -> bool:
        """Whether marks would be lost."""
        return bool(self.grid.selected_ids) or super().changed

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        marked = self.chosen
        total = money.shown(sum(row.balance for row in marked))
        shown = (
            f"{len(self.found):,}"
            if not self.more
            else f"the first {len(self.found):,} (narrow the criteria for others)"
        )
        held = sum(1 for row in marked if row.held)
        hint = f" {held:,} of them on hold: they cannot be added." if held else ""
        return f"Marked {len(marked):,} of {shown}: {total}.{hint}"

    def on_ledger_grid_selection_changed(self, event: LedgerGrid.SelectionChanged) -> None:
        """The count and the sum below the list."""
        event.stop()
        self.query_one("#form-error", Lines).set("")
        self._compute()

    def on_key(self, event: events.Key) -> None:
        """All that can be added, or none; the rest is the form's handler's, which textual calls after this one."""
        if event.key == "alt+a":
            self.grid.mark(row.id for row in self.found.values() if not row.held)
        elif event.key == "alt+n":
            self.grid.unmark_all()
        elif event.key == "up" and self.focused is self.fields["agency"].control:
            self.grid.focus()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter marks, as Space does."""
        event.stop()
        self.grid.press("space")

    def save_values(self, values: dict[str, Any]) -> Added:
        rows = self.chosen
        if not rows:
            raise RuleRefusal("Mark at least one line with Space.")
        numbers, seen = [row.line for row in rows], {row.line: row.act for row in rows}
        try:
            return own_connection(
                self.office,
                lambda: rules.add(self.office, self.practice_id, numbers, values["agency"], seen=seen),
            )
        except Conflict:
            found = own_connection(self.office, lambda: candidates(self.office, self.practice_id, **self.criteria))
            self.app.call_from_thread(self._renew, found)
            raise

    def _renew(self, found: Candidates) -> None:
        """Show the lines as they are now; what is marked and still there stays marked."""
        marks = self.grid.selected_ids
        self.found, self.more = {row.id: row for row in found.rows}, found.more
        self.grid.set_source(ListSource(COLUMNS, [_item(row) for row in found.rows]))
        self.grid.mark(one for one in marks if one in self.found)
        self._compute()


def _criteria_words(criteria: Criteria) -> str:
    words = []
    if criteria.get("above") is not None:
        words.append(f"balance greater than {money.shown(criteria['above'])}")
    if criteria.get("older") is not None:
        words.append(f"older than {counted(criteria['older'], 'day')}")
    if criteria.get("prefix"):
        words.append(f"{criteria['prefix']}...")
    return ", ".join(words) or "all lines that can be added"


def status(row: Candidate) -> str:
    """What stands in the way of a line, in the legend's words."""
    words = ["on hold"] * row.held + ["brought back"] * row.brought_back + ["paid lately"] * row.recently_paid
    return ", ".join(words)


def _item(row: Candidate) -> Item:
    cells = (
        row.guarantor,
        row.account,
        row.line,
        dates.iso(row.date_of_service),
        row.description,
        money.shown(row.balance),
        str(row.age),
        status(row),
    )
    return Item(row.id, cells, {"balance": row.balance, "age": row.age})


def said(done: Added) -> str:
    """What was done, for the status line."""
    one = done.lines[0]
    what = f"line {one.line}" if len(done.lines) == 1 else lines(len(done.lines))
    return f"Added {what}, {money.shown(done.amount)}, pending for {one.agency}."
