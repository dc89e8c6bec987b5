"""After Deny: a collection task, if the operator wants one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bo_tui import dates
from bo_tui.office import Office
from bo_tui.rules.collections import tasks
from bo_tui.rules.collections.tasks import Kept, Wanted
from bo_tui.screens.page import OfficePage, own_connection
from bo_tui.views.pending import PendingRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import DateField, NoteField
from bo_tui.widgets.forms import FormDialog


def offer(page: OfficePage, practice: int, row: PendingRow, done: str, announce: Callable[[str], None]) -> None:
    """Ask whether a collection task is wanted for the line just denied; what was done is announced in any case."""

    def kept(task: Kept | None) -> None:
        if task is not None:
            announce(f"{done} Task {task.task} for {dates.iso(task.follow_up)}.")

    def answered(yes: bool | None) -> None:
        announce(done)
        if yes:
            page.app.push_screen(TaskDialog(page.office, practice, row), kept)

    if page.may("task") is not None:
        announce(done)
        return
    page.app.push_screen(ConfirmDialog("Create a collection task?", f"{done}\n{_about(row)}"), answered)


class TaskDialog(FormDialog):
    """What is to be done, from which day on, and by whom if that is known; dismissed with a `Kept`."""

    def __init__(self, office: Office, practice: int, row: PendingRow) -> None:
        self.office = office
        self.practice_id = practice
        self.row = row
        today = office.business_date
        people = [(user, user) for user in tasks.assignable(office)]
        fields = [
            NoteField("note", "&Note", required=True),
            DateField("follow_up", "&Follow up", today, today=today, required=True),
            ChoiceField("assigned_to", "&Assign to", people, width=34, hint="or leave it empty"),
        ]
        super().__init__("Collection task", fields, intro=_about(row), help_topic="pending")

    def save_values(self, values: dict[str, Any]) -> Kept:
        wanted = Wanted(values["note"], values["follow_up"], values["assigned_to"])
        return own_connection(self.office, lambda: tasks.keep(self.office, self.practice_id, self.row.line, wanted))


def _about(row: PendingRow) -> str:
    return f"{row.guarantor}, account {row.account}, line {row.line}"
