"""Collections Admin: its eight tabs, of which External Collections is built (seed 001, external_collections.md 4 and 5.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import Refusal
from bo_tui.money import shown
from bo_tui.screens.admin import assignmentform, rulesform
from bo_tui.screens.admin.admintabs import EXTERNAL
from bo_tui.screens.admin.assignmentform import AssignmentForm, Done
from bo_tui.screens.admin.base import NO_PRACTICE
from bo_tui.screens.admin.rulesform import RulesForm
from bo_tui.screens.admin.settingspage import SettingsPage
from bo_tui.screens.external.listsource import Item
from bo_tui.text import counted
from bo_tui.views import admin
from bo_tui.views.admin import AssignmentRow, RulesRow, SettingsRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

COLUMNS = (
    Column("name", "Agency", 10, grow=True, min_width=10, priority=9),
    Column("balance", "Balance Greater Than", 20, align="right", priority=8),
    Column("age", "Age Greater Than", 16, align="right", priority=7),
    Column("approve", "Auto Approve", 12, priority=6),
    Column("file", "Auto Create File", 16, priority=5),
    Column("lines", "Most lines", 10, align="right", priority=3),
    Column("amount", "Most amount", 14, align="right", priority=2),
    Column("client", "Client number", 13, priority=1),
)
BY_HAND = "by hand"


class CollectionsPage(SettingsPage):
    """The tab External Collections of one practice: assignments, exclusions, rules; add, update, remove, settings, history."""

    help_topic = "collections_admin"
    tab = EXTERNAL
    columns = COLUMNS
    first_sort = Sort("order")
    empty = "No agency is assigned to this practice. Alt+D adds one; agencies are made under Alt+X A."
    DEFAULT_CSS = """
    CollectionsPage {
        & > #admin-practice { text-style: bold; padding: 0 1; }
        & > #admin-rules { padding: 0 1; margin: 1 0 0 0; }
        & > LedgerGrid { min-height: 4; }
    }
    """

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("search", "Search: another practice", "S", self.search, short="Search"),
            PageAction("add", "Add an assignment", "D", self.add, self._addable, short="Add"),
            PageAction("update", "Update the assignment", "U", self.update_row, self._on_row, short="Update"),
            PageAction("remove", "Remove the assignment", "R", self.remove_row, self._on_row, short="Remove"),
            PageAction("rules", "Exclusions and rules", "E", self.edit_rules, self.with_practice, short="Exclusions"),
            PageAction("practice", "Practice settings", "P", self.edit_practice, self.with_practice, short="Practice"),
            PageAction("history", "History of changes", "H", self.history, self.readable),
        )

    # --- rows ------------------------------------------------------------------------------------------------------

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, AssignmentRow] = {}

    def items(self) -> list[Item]:
        practice = self.session.practice
        rows = [] if practice is None else admin.assignments(self.office, practice.id)
        self._rows = {row.id: row for row in rows}
        return [_item(row) for row in rows]

    @property
    def current(self) -> AssignmentRow | None:
        """The assignment under the cursor as it was read."""
        row = self.grid.current
        return self._rows.get(row.id) if row is not None else None

    def row_words(self, row: Row) -> str:
        found = self._rows.get(row.id)
        return _words(found) if found is not None else ""

    def before(self) -> ComposeResult:
        yield self.tabs()
        yield Lines(NO_PRACTICE, keep=True, id="admin-practice")

    def after(self) -> ComposeResult:
        yield Lines("", keep=True, id="admin-rules")

    # --- actions ---------------------------------------------------------------------------------------------------

    def _addable(self) -> str | None:
        return self.with_practice()

    def _on_row(self) -> str | None:
        refused = self.with_practice()
        if refused is not None:
            return refused
        return "There is no assignment to do that with." if self.current is None else None

    def add(self) -> None:
        """Alt+D: an agency that is not assigned yet."""
        if not admin.not_assigned(self.office, self.practice.id):
            self.say("Every agency is assigned to this practice already; Alt+X A makes another.", warning=True)
            return
        self.open_dialog(AssignmentForm(self.office, self.practice), self._saved_assignment)

    def _saved_assignment(self, done: Done) -> None:
        self.announce(assignmentform.said(done), done.assigned.assignment)
        if done.add_next:
            self.add()

    def update_row(self) -> None:
        """Alt+U and Enter."""
        if self.current is not None:
            self.open_dialog(AssignmentForm(self.office, self.practice, self.current), self._saved_assignment)

    def remove_row(self) -> None:
        """Alt+R: shows what it means tonight, then removes."""
        row = self.current
        if row is None:
            return

        def answered(answer: Any) -> None:
            if isinstance(answer, Refusal):
                self.say(answer.sentence, warning=True)
            else:
                self.act(
                    lambda: assignmentform.remove(self.office, row),
                    lambda done: self.announce(f"Removed the assignment of {done.agency}."),
                )

        self.open_dialog(assignmentform.remove_dialog(self.office, self.practice, row), answered)

    def edit_rules(self) -> None:
        """Alt+E: payment exclusions and the four rules."""
        self.open_dialog(
            RulesForm(self.office, self.practice), lambda act: self.announce("Saved exclusions and rules.")
        )

    # --- what its parts tell it ------------------------------------------------------------------------------------

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """Rows were read anew: exclusions, rules and settings too."""
        practice = self.session.practice
        if practice is None:
            return

        def work() -> tuple[RulesRow, SettingsRow]:
            return admin.rules(self.office, practice.id), admin.settings(self.office, practice.id)

        def show(found: tuple[RulesRow, SettingsRow]) -> None:
            self.query_one("#admin-practice", Lines).set(f"Practice: {found[1].name} ({practice.code})")
            self.query_one("#admin-rules", Lines).set(f"{rulesform.told(found[0])}\n{_practice_words(found[1])}")

        self.read(work, show, group="rules", quiet=True)

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter on an assignment updates it, where the role may."""
        reason = self._on_row()
        if reason is None:
            self.update_row()
        else:
            self.say(reason, warning=True)


def _item(row: AssignmentRow) -> Item:
    by_hand = row.age_greater_than is None
    cells = (
        row.name,
        BY_HAND if by_hand else shown(row.balance_greater_than),
        BY_HAND if by_hand else str(row.age_greater_than),
        _yes(row.auto_approve),
        _yes(row.auto_create_file),
        "" if row.max_lines is None else f"{row.max_lines:,}",
        shown(row.max_amount),
        row.client_number or "",
    )
    numbers = {
        "balance": row.balance_greater_than,
        "age": row.age_greater_than,
        "lines": row.max_lines,
        "amount": row.max_amount,
    }
    keys: dict[str, Any] = {name: -1 if value is None else value for name, value in numbers.items()}
    return Item(row.id, cells, keys | {"order": row.id})


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _words(row: AssignmentRow) -> str:
    brakes = [counted(row.max_lines, "line") if row.max_lines is not None else "", shown(row.max_amount)]
    limit = " and ".join(one for one in brakes if one)
    posted = f", posts at most {limit} a night" if limit else ""
    if row.age_greater_than is None:
        return f"{row.name}: no thresholds; lines come to it by Add and Reassign only"
    return f"{row.name}: over {shown(row.balance_greater_than)} from day {row.age_greater_than + 1} on{posted}"


def _practice_words(row: SettingsRow) -> str:
    books = f"Accounting dates {'on' if row.uses_accounting_dates else 'off'}"
    closed = f"closed through {dates.iso(row.closed_through)}" if row.closed_through is not None else "never closed"
    eyes = f"four eyes over {shown(row.four_eyes_limit)}" if row.four_eyes_limit is not None else "no four-eyes limit"
    return f"{books}   {closed}   {eyes}"
