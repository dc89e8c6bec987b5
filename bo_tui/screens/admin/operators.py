"""Operators: who has access, in which role and since when; add, change the role, remove (DESIGN section 7)."""

from __future__ import annotations

import pwd
from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules import operators
from bo_tui.rules.roles import ACTIONS, ROLES
from bo_tui.screens import help
from bo_tui.screens.admin import changes
from bo_tui.screens.admin.base import AdminPage
from bo_tui.screens.external.listsource import Item
from bo_tui.screens.page import own_connection
from bo_tui.views import admin
from bo_tui.views.admin import OperatorRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import Field, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Column, Row
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage

COLUMNS = (
    Column("name", "User", 20, grow=True, min_width=10, priority=9),
    Column("role", "Role", 14, priority=8),
    Column("since", "Since", 10, priority=7),
    Column("by", "Given by", 20, grow=True, min_width=8, priority=6),
)
ROLE_WORDS = {
    "viewer": "viewer: looks at everything, changes nothing",
    "operator": "operator: the day's work",
    "supervisor": "supervisor: takes back a night, imports, too",
    "administrator": "administrator: settings and operators, too",
    "service": "service: the timer's; night, check, backup",
}
NAME = "operators"


class OperatorsPage(AdminPage):
    """The list of operators."""

    help_topic = "operators"
    columns = COLUMNS
    empty = "Nobody has access."  # there is always an administrator

    def page_actions(self) -> Sequence[PageAction]:
        on_row = self.on_row(NAME)
        return (
            PageAction("add", "Add an operator", "D", self.add, lambda: self.may(NAME), short="Add"),
            PageAction("update", "Update the role", "U", self.update_row, on_row, short="Update"),
            PageAction("remove", "Remove the operator", "R", self.remove_row, on_row, short="Remove"),
            PageAction("table", "What each role may do", "W", self.table, short="What roles may do"),
            PageAction("history", "History of changes", "H", self.history, lambda: self.may("look"), short="History"),
        )

    def before(self) -> ComposeResult:
        yield TabStrip((), heading="Operators")

    # --- rows ------------------------------------------------------------------------------------------------------

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, OperatorRow] = {}

    def items(self) -> list[Item]:
        rows = admin.operators(self.office)
        self._rows = {row.id: row for row in rows}
        return [Item(row.id, (row.user, row.role, dates.iso(row.since), row.by)) for row in rows]

    @property
    def current(self) -> OperatorRow | None:
        """The operator under the cursor as it was read."""
        row = self.grid.current
        return self._rows.get(row.id) if row is not None else None

    def row_words(self, row: Row) -> str:
        found = self._rows.get(row.id)
        return ROLE_WORDS[found.role] if found is not None else ""

    # --- actions ---------------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Alt+D: a user of the machine."""
        self.open_dialog(OperatorForm(self.office), self._saved)

    def update_row(self) -> None:
        """Alt+U and Enter: another role."""
        if self.current is not None:
            self.open_dialog(OperatorForm(self.office, self.current), self._saved)

    def _saved(self, done: tuple[str, str]) -> None:
        user, role = done
        again = " It holds for what they open from now on."
        if user == self.office.actor.name:
            self.program.office = self.office.by(Actor(user, role))
            again = ""
        row = next((row.id for row in admin.operators(self.office) if row.user == user), None)
        self.announce(f"{user} is now {role}.{again}", row)

    def remove_row(self) -> None:
        """Alt+R."""
        row = self.current
        if row is None:
            return

        itself = row.user == self.office.actor.name

        def removed(_: object) -> None:
            if itself:
                self.app.exit()
            else:
                self.announce(f"{row.user} is no longer an operator.")

        def answered(yes: bool) -> None:
            if yes:
                self.act(lambda: operators.remove(self.office, row.user, seen=row.act), removed)

        detail = f"{row.user}, {row.role} since {dates.iso(row.since)}, gets in no more. Their acts stay theirs."
        detail += "\nThis is you: the program closes." if itself else ""
        self.open_dialog(ConfirmDialog(f"Remove {row.user}?", detail), answered)

    async def help(self) -> None:
        """F1: the page's help, and below it the table of roles as the code has it."""
        text = f"{help.text(self.help_topic)}\n\n# What each role may do\n\n```\n{role_table()}\n```"
        self.app.push_screen(TextPage("Help", text))

    def table(self) -> None:
        """Alt+W: the table that the code itself asks."""
        self.app.push_screen(TextPage("What each role may do", f"```\n{role_table()}\n```"))

    def history(self) -> None:
        """Alt+H: who was given or lost access."""

        def show(text: str) -> None:
            self.app.push_screen(TextPage("History of operators", text))

        self.read(lambda: changes.page("Operators", admin.operator_history(self.office)), show, group="history")

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter updates, where the role may."""
        reason = self.may(NAME)
        if reason is None:
            self.update_row()
        else:
            self.say(reason, warning=True)


class OperatorForm(FormDialog):
    """A new operator, or another role for one; dismissed with user and role."""

    def __init__(self, office: Office, row: OperatorRow | None = None) -> None:
        self.office = office
        self.row = row
        fields: list[Field] = [] if row else [TextField("user", "&User", required=True, width=24, longest=64)]
        roles = [(role, ROLE_WORDS[role]) for role in ROLES]
        fields.append(ChoiceField("role", "&Role", roles, row.role if row else None, required=True))
        title = f"Role of {row.user}" if row else "Add an operator"
        intro = "" if row else "The user's name on this machine, as for signing in over SSH."
        super().__init__(title, fields, intro=intro, help_topic=NAME)

    def save_values(self, values: dict[str, Any]) -> tuple[str, str]:
        user = self.row.user if self.row else values["user"]
        return own_connection(self.office, lambda: self._keep(user, values["role"]))

    def _keep(self, user: str, role: str) -> tuple[str, str]:
        if self.row is not None:
            self._change(self.row, role)
        else:
            _require_user(user)
            operators.add(self.office, user, role)
        return user, role

    def _change(self, row: OperatorRow, role: str) -> None:
        try:
            operators.change_role(self.office, row.user, role, seen=row.act)
        except Conflict:  # the operator is told what it is now; F2 again means that
            self.row = next((one for one in admin.operators(self.office) if one.user == row.user), row)
            raise


def _require_user(user: str) -> None:
    """As the command does: whom the machine does not know could never sign in."""
    try:
        pwd.getpwnam(user)
    except (KeyError, ValueError):
        raise RuleRefusal(f"{user} is not a user of this machine, and only they can sign in.", field="user") from None


def role_table() -> str:
    """Who may do what, from the table that the code asks: a line an action, a column a role."""
    words = max(len(words) for _, words in ACTIONS.values())
    lines = [" " * words + "".join(f"{role[:4]:>5}" for role in ROLES)]  # so that 80 cells hold the longest action
    for roles, does in ACTIONS.values():
        lines.append(f"{does:<{words}}" + "".join(f"{'x' if role in roles else '-':>5}" for role in ROLES))
    return "\n".join(lines)
