"""Deny: end one line's wait, with a note that says why."""

from __future__ import annotations

from typing import Any

from bo_tui import dates, money
from bo_tui.errors import Conflict
from bo_tui.office import Office
from bo_tui.rules.external import pending as rules
from bo_tui.rules.external.pending import Denied
from bo_tui.screens.page import own_connection
from bo_tui.views import pending
from bo_tui.views.pending import PendingRow
from bo_tui.widgets.fields import NoteField
from bo_tui.widgets.forms import FormDialog


class DenyDialog(FormDialog):
    """The line, what denying does to it by the practice's rule, and the compulsory note; dismissed with a `Denied`."""

    def __init__(self, office: Office, practice: int, row: PendingRow) -> None:
        self.office = office
        self.practice_id = practice
        self.row = row
        consequence = effect(office, pending.re_ages(office, practice))
        intro = f"{described(row)}\n{row.sentence}.\n\n{consequence}"
        fields = [NoteField("note", "&Note", required=True)]
        super().__init__("Deny", fields, intro=intro, ok="Deny", help_topic="pending")

    def save_values(self, values: dict[str, Any]) -> Denied:
        try:
            return own_connection(self.office, lambda: self._deny(values["note"]))
        except Conflict:  # the operator is told what it is now; F2 again means that
            found = own_connection(self.office, lambda: pending.rows(self.office, self.practice_id, [self.row.id]))
            self.row = found[0] if found else self.row
            raise

    def _deny(self, note: str) -> Denied:
        return rules.deny(self.office, self.practice_id, self.row.line, note, seen=self.row.act)


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


def said(done: Denied) -> str:
    """What was done, for the status line."""
    what = "its age starts at 0" if done.re_aged else "marked as brought back"
    return f"Denied line {done.line}, {money.shown(done.balance)} in active AR; {what}."
