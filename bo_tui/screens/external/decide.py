"""The dialogs of Waiting for a second person: approve, refuse, withdraw; and a proposal in words."""

from __future__ import annotations

from typing import Any, cast

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.rules import accounting
from bo_tui.rules.external import foureyes, posts
from bo_tui.rules.external.foureyes import Approved, Proposed, Refused
from bo_tui.screens.page import own_connection
from bo_tui.views.practices import PracticeRow
from bo_tui.views.proposals import Subject
from bo_tui.widgets.dialog import KeysOnly
from bo_tui.widgets.fields import DateField, Field, NoteField
from bo_tui.widgets.forms import FormDialog


class _Decision(FormDialog):
    """A form about one proposal; after a conflict the proposal is read anew, so that F2 again means what stands there now."""

    def __init__(
        self, title: str, office: Office, practice: PracticeRow, row: Proposed, about: Subject, **options: Any
    ) -> None:
        self.office = office
        self.practice_row = practice
        self.row = row
        words = "\n".join([intro(row, about), *self.further()])
        super().__init__(title, self.entries(), intro=words, help_topic="approvals", **options)

    def entries(self) -> list[Field]:
        """The form's fields."""
        return []

    def further(self) -> list[str]:
        """What the form says besides what was asked."""
        return []

    def decide(self, values: dict[str, Any]) -> Any:
        """The rule's call."""
        raise NotImplementedError

    def save_values(self, values: dict[str, Any]) -> Any:
        try:
            return own_connection(self.office, lambda: self.decide(values))
        except Conflict:
            rows = own_connection(self.office, lambda: foureyes.listed(self.office, self.practice_row.id))
            self.row = next((row for row in rows if row.id == self.row.id), self.row)
            raise


class ApproveDialog(_Decision):
    """What will be done, and the accounting date where the practice uses one; dismissed with an `Approved`."""

    def __init__(self, office: Office, practice: PracticeRow, row: Proposed, about: Subject) -> None:
        self.about = about
        super().__init__(f"Approve proposal {row.id}?", office, practice, row, about, ok="Approve")
        if not self.fields:
            self.keys_line = "F2 Approve   Esc Cancel"

    def entries(self) -> list[Field]:
        if not self.practice_row.uses_accounting_dates:
            return []
        today = self.office.business_date
        open_from = accounting.first_open(cast(Any, self.practice_row), today)
        asked = self.about.accounting_date
        offered = open_from if asked is None or self._not_allowed() else asked
        return [DateField("accounting_date", "Accounting &date", offered, today=today, required=True)]

    def further(self) -> list[str]:
        """Why the date that was asked for is not the one offered, or is left out."""
        if self.about.accounting_date is not None and not self.practice_row.uses_accounting_dates:
            return ["The practice uses no accounting dates any more: it is done without the one asked for."]
        refused = self._not_allowed()
        return [f"It cannot be booked on the date asked for: {refused}"] if refused else []

    def _not_allowed(self) -> str | None:
        """Why the accounting date that was asked for cannot be had any more; None where it can, or none was asked for."""
        asked = self.about.accounting_date
        if asked is None or not self.practice_row.uses_accounting_dates:
            return None
        try:
            accounting.resolve(cast(Any, self.practice_row), asked, self.office.business_date)
        except RuleRefusal as refusal:
            return refusal.sentence
        return None

    def body(self) -> ComposeResult:
        yield from super().body()
        if not self.fields:
            yield KeysOnly()

    def decide(self, values: dict[str, Any]) -> Approved:
        return foureyes.approve(
            self.office,
            self.row.id,
            accounting_date=values.get("accounting_date"),
            seen=self.row.act,
            practice=self.practice_row.id,
        )


class RefuseDialog(_Decision):
    """The compulsory reason; dismissed with a `Refused`. One's own proposal is withdrawn by it."""

    def __init__(self, office: Office, practice: PracticeRow, row: Proposed, about: Subject) -> None:
        verb = "Withdraw" if row.proposed_by == office.actor.name else "Refuse"
        super().__init__(f"{verb} proposal {row.id}", office, practice, row, about, ok=verb)

    def entries(self) -> list[Field]:
        return [NoteField("reason", "&Reason", required=True)]

    def decide(self, values: dict[str, Any]) -> Refused:
        return foureyes.refuse(
            self.office, self.row.id, values["reason"], seen=self.row.act, practice=self.practice_row.id
        )


def sentence(row: Proposed) -> str:
    """A proposal in one line, with what became of it."""
    text = f"{row.asked}, {shown(row.amount)}"
    if row.state != "open":
        return f"{text}; {row.state} by {row.decided_by} {dates.iso(row.decided)}" + (
            f": {row.reason}" if row.reason else ""
        )
    return f"{text}; it can only be refused: {row.moot}" if row.moot else text


def intro(row: Proposed, about: Subject) -> str:
    """Whose debt, what was asked, by whom."""
    where = "in active AR" if about.placement is None else f"on placement {about.placement}"
    booked = "" if about.accounting_date is None else f", accounting date {dates.iso(about.accounting_date)}"
    return (
        f"{about.guarantor}, account {about.account}, line {about.line}: balance {shown(about.balance)} {where}\n"
        f"{row.asked}, {shown(row.amount)}{booked}\nAsked by {row.proposed_by} on {dates.iso(row.proposed)}"
    )


def page(row: Proposed, about: Subject, limit: int | None) -> str:
    """Everything known of a proposal."""
    booked = "" if about.accounting_date is None else f", accounting date {dates.iso(about.accounting_date)}"
    above = "the practice has no limit now" if limit is None else f"the practice's limit is {shown(limit)} now"
    lines = [
        f"# Proposal {row.id}: {row.asked}",
        "",
        f"- Amount {shown(row.amount)}{booked}; {above}.",
        f"- {about.guarantor}, account {about.account}, line {about.line}.",
        f"- Owed now: {shown(about.balance)}"
        + (" in active AR." if about.placement is None else f" on placement {about.placement}."),
        f"- Asked by {row.proposed_by} on {dates.iso(row.proposed)}." + (f" Note: {about.note}" if about.note else ""),
        "",
        "# What becomes of it",
        "",
    ]
    if row.state == "open" and row.moot:
        lines.append(f"- It can only be refused: {row.moot}.")
    elif row.state == "open":
        lines.append(f"- It waits until an operator other than {row.proposed_by} approves or refuses it.")
    else:
        why = f": {row.reason}" if row.reason else "."
        lines.append(f"- {row.state.capitalize()} by {row.decided_by} on {dates.iso(row.decided)}{why}")
    return "\n".join(lines)


def approved(done: Approved) -> str:
    """What was done, for the status line."""
    what = done.done
    if isinstance(what, posts.Posted):
        placed = what.lines[0]
        said = (
            f"Proposal {done.proposal} approved: line {placed.line}, {shown(placed.amount)}, is with {placed.agency} as "
            f"placement {placed.placement}."
        )
    else:
        said = f"Proposal {done.proposal} approved: {what.code} of {shown(what.amount)}; the balance is {shown(what.balance)}."
    return f"{said} {done.sentence}".rstrip()
