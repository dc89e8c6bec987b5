"""The dialogs of the Collections page: update a task, close it with a note, and hand its account's lines to an agency."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bo_tui import dates, money
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.collections import tasks as rules
from bo_tui.rules.collections import transfer
from bo_tui.rules.collections.tasks import Kept, Wanted
from bo_tui.rules.external.candidates import Candidates, candidates
from bo_tui.rules.external.pending import Added
from bo_tui.screens.external.add import AddDialog
from bo_tui.screens.page import OfficePage, own_connection
from bo_tui.views import tasks
from bo_tui.views.tasks import TaskRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import DateField, Field, NoteField
from bo_tui.widgets.forms import FormDialog


def update(page: OfficePage, row: TaskRow) -> FormDialog:
    """Who is to do it, from which day, and what; dismissed with a `Kept`."""
    office, today = page.office, page.office.business_date
    people = [(user, user) for user in rules.assignable(office)]
    if row.assigned_to and (row.assigned_to, row.assigned_to) not in people:
        people.append(
            (row.assigned_to, row.assigned_to)
        )  # one who left: shown as it is, refused when it is chosen anew
    fields: list[Field] = [
        ChoiceField("assigned_to", "&Assign to", people, row.assigned_to, width=24, hint="or leave it empty"),
        DateField("follow_up", "&Follow up", max(row.follow_up, today), today=today, required=True),
        NoteField("note", "&Note", row.note, required=True),
    ]

    def save(seen: TaskRow, values: dict[str, Any]) -> Kept:
        wanted = Wanted(values["note"], values["follow_up"], values["assigned_to"])
        return rules.update(office, _practice(page), seen.id, wanted, seen=seen.act)

    return _form(page, "Update task", row, fields, save, "Save")


def done(page: OfficePage, row: TaskRow) -> FormDialog:
    """What was done; dismissed with a `Kept`."""

    def save(seen: TaskRow, values: dict[str, Any]) -> Kept:
        return rules.close(page.office, _practice(page), seen.id, values["note"], seen=seen.act)

    return _form(page, "Task done", row, [NoteField("note", "&Note", required=True)], save, "Done")


def _form(
    page: OfficePage,
    title: str,
    row: TaskRow,
    fields: list[Field],
    save: Callable[[TaskRow, dict[str, Any]], Kept],
    ok: str,
) -> FormDialog:
    seen = [row]

    def work(values: dict[str, Any]) -> Kept:
        try:
            return save(seen[0], values)
        except Conflict:  # the operator is told what it is now; F2 again means that
            found = tasks.rows(page.office, _practice(page), done=True)
            seen[0] = next((one for one in found if one.id == row.id), seen[0])
            raise

    return FormDialog(
        title, fields, intro=lambda: about(seen[0]), save=page.saving(work), ok=ok, help_topic="collections"
    )


def _practice(page: OfficePage) -> int:
    practice = page.session.practice
    assert practice is not None  # the page's actions have seen to it
    return practice.id


def about(row: TaskRow) -> str:
    """Whose task it is and what it says, in two lines."""
    what = "all lines" if row.line is None else f"line {row.line} of {dates.iso(row.date_of_service)}"
    first = f"{row.guarantor}, account {row.account}: {what}, balance {money.shown(row.balance)}"
    whom = f", for {row.assigned_to}" if row.assigned_to else ""
    return f"{first}\nTask {row.id}{whom}, follow up {dates.iso(row.follow_up)}: {row.note}"


def eligible(office: Office, practice: int, row: TaskRow) -> Candidates:
    """The lines of the task's account that can be queued for an agency."""
    return candidates(office, practice, account=row.account_id)


class TransferDialog(AddDialog):
    """Transfer Guarantor Collection to External Collections: the account's eligible lines, the task's own marked."""

    def __init__(self, office: Office, practice: int, row: TaskRow, found: Candidates) -> None:
        super().__init__(office, practice, {"account": row.account_id}, found)
        self.heading = f"Transfer Guarantor Collection to External Collections: {row.guarantor}"
        self.help_topic = "collections"
        self.meant = row
        self.keys_line = self.keys_line.replace("F2 Add", "F2 Transfer")
        self.grid.empty = "No line of this account can go: each is pending, placed, the insurer's, zero or in credit."

    def on_mount(self) -> None:
        """The task's line is meant where it can go."""
        super().on_mount()
        own = next((one for one in self.found.values() if one.id == self.meant.line_id and not one.held), None)
        if own is not None:
            self.grid.mark([own.id])

    def save_values(self, values: dict[str, Any]) -> Added:
        rows = self.chosen
        if not rows:
            raise RuleRefusal("Mark at least one line with Space.")
        numbers, seen = [row.line for row in rows], {row.line: row.act for row in rows}

        def work() -> Added:
            return transfer.transfer(
                self.office, self.practice_id, self.meant.id, numbers, values["agency"], seen=seen,
                seen_task=self.meant.act,
            )  # fmt: skip

        try:
            return own_connection(self.office, work)
        except Conflict:
            again = own_connection(self.office, lambda: eligible(self.office, self.practice_id, self.meant))
            mine = own_connection(self.office, lambda: tasks.rows(self.office, self.practice_id, done=True))
            self.meant = next((one for one in mine if one.id == self.meant.id), self.meant)
            self.app.call_from_thread(self._renew, again)
            raise
