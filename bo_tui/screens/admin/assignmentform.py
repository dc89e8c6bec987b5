"""Add and Update External Collection Assignment: an agency, its thresholds, what the night may do by itself, its brakes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textual import events

from bo_tui.errors import Conflict
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.rules.settings import assignments
from bo_tui.rules.settings.assignments import Assigned, Thresholds
from bo_tui.rules.settings.preview import with_assignment, without_assignment
from bo_tui.screens.admin.asking import AskingForm
from bo_tui.screens.admin.previewdialog import PreviewDialog
from bo_tui.screens.page import own_connection
from bo_tui.text import counted
from bo_tui.views import admin
from bo_tui.views.admin import AssignmentRow
from bo_tui.views.pending import four_eyes_limit
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, CheckField, Field, TextField
from bo_tui.widgets.numberfield import NumberField

AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class Done:
    """What was saved, and whether the operator goes on to add the next."""

    assigned: Assigned
    add_next: bool = False


class AssignmentForm(AskingForm):
    """Add (without a row: choose an agency) or update (the agency is fixed); dismissed with a `Done`."""

    def __init__(self, office: Office, practice: PracticeRow, row: AssignmentRow | None = None) -> None:
        self.practice = practice
        self.row = row
        self.add_next = False
        self.agencies = {row.agency: row.name} if row else dict(admin.not_assigned(office, practice.id))
        own = admin.settings(office, practice.id).tsi_client_number
        self.numberless = set() if own else admin.tsi_without_number(office)
        entries: list[Field] = [ChoiceField(AGENCY, "&Agency", list(self.agencies.items()), required=True)]
        entries = [*([] if row else entries), *_fields(row)]
        title = f"Update External Collection Assignment: {row.name}" if row else "Add External Collection Assignment"
        super().__init__(office, title, entries, help_topic="collections_admin")
        if row is None:
            self.keys_line = "F2 Save   F3 Save and Add &Next   Esc Cancel   Enter next field"

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        """What the thresholds mean, in words, and what a TSI agency still lacks."""
        agency = self.row.agency if self.row else values.get(AGENCY, 0)
        if agency not in self.numberless or values.get("client_number"):
            return self._meaning(values)
        return f"{self._meaning(values)}\n{self.agencies[agency]} takes TSI files, which need a client number."

    @staticmethod
    def _meaning(values: Mapping[str, Any]) -> str:
        balance, age = values.get("balance_greater_than"), values.get("age_greater_than")
        if age is None:
            return "Without thresholds lines come to this agency by hand only." if balance is None else ""
        by = "posts" if values.get("auto_approve") else "queues"
        return f"The night {by} lines over {shown(balance or 0)} from their day {age + 1} on."

    def check(self, values: dict[str, Any]) -> tuple[int, Thresholds]:
        agency = self.row.agency if self.row else values[AGENCY]
        own = {name: value for name, value in values.items() if name != AGENCY}
        return agency, assignments.checked(Thresholds(**own))

    def question(self, wanted: tuple[int, Thresholds]) -> PreviewDialog:
        agency, thresholds = wanted
        return PreviewDialog(
            self.office,
            self.practice.id,
            self._words(self.agencies[agency], thresholds),
            with_assignment(agency, thresholds),
        )

    def _words(self, name: str, wanted: Thresholds) -> str:
        if wanted.age_greater_than is None:
            words = f"{name}, {self.practice.name}: no thresholds, lines come by hand only."
        else:
            over = shown(wanted.balance_greater_than)
            words = f"{name}, {self.practice.name}: balance over {over}, age over {counted(wanted.age_greater_than, 'day')}."
        if wanted.auto_approve:
            words += " What is selected for it is posted the same night, without anyone looking"
            limit = four_eyes_limit(self.office, self.practice.id)
            words += "." if limit is None else f"; a line over the limit of {shown(limit)} waits for a second person."
        return words

    def keep(self, wanted: tuple[int, Thresholds]) -> Done:
        agency, thresholds = wanted
        if self.row is None:
            return Done(assignments.add(self.office, self.practice.id, agency, thresholds), self.add_next)
        try:
            return Done(assignments.update(self.office, self.row.id, thresholds, seen=self.row.act))
        except Conflict:  # the operator is told what it is now; F2 again means that
            found = admin.assignments(self.office, self.practice.id)
            self.row = next((row for row in found if row.id == self.row.id), self.row)
            raise

    def action_ok(self) -> None:
        self.add_next = False
        super().action_ok()

    def on_key(self, event: events.Key) -> None:
        """Save and Add Next."""
        if self.row is None and event.key in ("f3", "alt+n"):
            event.stop()
            self.add_next = True
            AskingForm.action_ok(self)
        else:
            super().on_key(event)


def _fields(row: AssignmentRow | None) -> list[Field]:
    def value(name: str) -> Any:
        return getattr(row, name, None)

    night = "each night; empty: no limit"
    return [
        AmountField(
            "balance_greater_than", "&Balance Greater Than", value("balance_greater_than"), hint="empty: lines by hand"
        ),
        NumberField(
            "age_greater_than", "A&ge Greater Than", value("age_greater_than"), hint="days; empty: lines by hand"
        ),
        CheckField("auto_approve", "Auto App&rove", bool(value("auto_approve")), hint="the night posts what it queues"),
        CheckField(
            "auto_create_file", "Auto &Create File", bool(value("auto_create_file")), hint="the night makes the file"
        ),
        NumberField("max_lines", "Most &lines posted", value("max_lines"), hint=night),
        AmountField("max_amount", "Mos&t amount posted", value("max_amount"), hint=night),
        TextField("client_number", "Client n&umber", value("client_number") or "", width=20, longest=40),
    ]


def remove_dialog(office: Office, practice: PracticeRow, row: AssignmentRow) -> PreviewDialog:
    """What removing an assignment would mean tonight; F2 there means to remove it."""
    words = (
        f"Remove the assignment of {row.name} from {practice.name}. What it holds stays with it; what waits for it "
        "stays in Pending and needs another agency to be posted."
    )
    return PreviewDialog(office, practice.id, words, without_assignment(row.agency), ok="Remove")


def remove(office: Office, row: AssignmentRow) -> Assigned:
    """Remove the assignment that was seen."""
    return own_connection(office, lambda: assignments.remove(office, row.id, seen=row.act))


def said(done: Done) -> str:
    """What was done, for the status line."""
    return f"Saved the assignment of {done.assigned.agency}."
