"""Deny: end one line's wait, with a note that says why, and with a collection task in the same act where one is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui import dates, money
from bo_tui.errors import Conflict
from bo_tui.office import Office
from bo_tui.rules.collections import tasks
from bo_tui.rules.collections.tasks import Wanted
from bo_tui.rules.external import pending as rules
from bo_tui.rules.external.pending import Denied
from bo_tui.screens.page import own_connection
from bo_tui.views import pending
from bo_tui.views.pending import PendingRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import CheckField, DateField, Field, NoteField
from bo_tui.widgets.forms import FormDialog

OF_A_TASK = ("to_do", "follow_up", "assigned_to")  # shown only while a task is wanted


class DenyDialog(FormDialog):
    """The line, what denying does to it by the practice's rule, the compulsory note, and the task if one is wanted.

    Dismissed with what was done, as a sentence. `with_task` says whether the operator may keep one.
    """

    def __init__(self, office: Office, practice: int, row: PendingRow, *, with_task: bool = True) -> None:
        self.office = office
        self.practice_id = practice
        self.row = row
        consequence = effect(office, pending.re_ages(office, practice))
        intro = f"{described(row)}\n{row.sentence}.\n\n{consequence}"
        fields = [NoteField("note", "&Note", required=True), *(_task_fields(office) if with_task else ())]
        super().__init__("Deny", fields, intro=intro, ok="Deny", help_topic="pending")

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        for key in OF_A_TASK:
            if key in self.fields:
                self.fields[key].display = bool(values.get("task"))
        return ""

    def save_values(self, values: dict[str, Any]) -> str:
        try:
            return own_connection(self.office, lambda: self._deny(values))
        except Conflict:  # the operator is told what it is now; F2 again means that
            found = own_connection(self.office, lambda: pending.rows(self.office, self.practice_id, [self.row.id]))
            self.row = found[0] if found else self.row
            raise

    def _deny(self, values: dict[str, Any]) -> str:
        note, wanted = values["note"], None
        if values.get("task"):
            wanted = Wanted(values["to_do"] or note, values["follow_up"], values["assigned_to"])
        done = rules.deny(self.office, self.practice_id, self.row.line, note, seen=self.row.act, task=wanted)
        return said(done, wanted)


def _task_fields(office: Office) -> list[Field]:
    today = office.business_date
    people = [(user, user) for user in tasks.assignable(office)]
    return [
        CheckField("task", "Collection &task", hint="Space: one is made with the denial"),
        NoteField("to_do", "To &do"),
        DateField("follow_up", "&Follow up", today, today=today, required=True),
        ChoiceField("assigned_to", "&Assign to", people, width=24, hint="or leave it empty"),
    ]


def described(row: PendingRow) -> str:
    """The line that a dialog is about, in one line of words."""
    return (
        f"{row.guarantor}, account {row.account}: {row.description or 'service'} of {dates.iso(row.date_of_service)}, "
        f"balance {money.shown(row.balance)}, for {row.agency}."
    )


def effect(office: Office, re_ages: bool) -> str:
    """What denying does by the rule Re-Age if Denied."""
    if re_ages:
        today = dates.iso(office.business_date)
        return (
            f"The line leaves Pending and stays in active AR. Rule Re-Age if Denied is on: its age starts at 0 today, {today}, "
            "and it can be selected again later."
        )
    return (
        "The line leaves Pending and stays in active AR. Rule Re-Age if Denied is off: it is marked as brought back, and the "
        "night does not take it again until an operator adds it or lifts the mark."
    )


def said(done: Denied, wanted: Wanted | None = None) -> str:
    """What was done, for the status line."""
    what = "its age starts at 0" if done.re_aged else "marked as brought back"
    task = "" if wanted is None else f" Task {done.task} for {dates.iso(wanted.follow_up)}."
    return f"Denied line {done.line}, {money.shown(done.balance)} in active AR; {what}.{task}"
