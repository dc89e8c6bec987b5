"""Acts on the current row's line: adjust, change who is responsible, hold its statements, queue it for an agency."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from bo_tui import dates
from bo_tui.errors import Conflict
from bo_tui.money import shown
from bo_tui.rules import payments
from bo_tui.rules.accounts import statements
from bo_tui.rules.external import adjust as adjusting
from bo_tui.rules.external import pending
from bo_tui.rules.external.proposals import Waiting
from bo_tui.screens.accounts.ledgerrows import LedgerLine
from bo_tui.screens.external.rowsform import agency_choices
from bo_tui.text import counted
from bo_tui.views.accounts.lines import LineRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, DateField, Field, NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Row

if TYPE_CHECKING:
    from bo_tui.screens.accounts.activear import ActiveARTab

Result = TypeVar("Result")
PARTIES = (("guarantor", "the guarantor"), ("insurance", "the insurer"))


class Seen:
    """A dialog's line as the operator sees it; after a conflict it is read anew, so that F2 again means the new state."""

    def __init__(self, page: ActiveARTab) -> None:
        self.page = page
        self.practice = page.practice.id
        self.about = page.subject()
        self.line = page.line_now()

    def intro(self) -> str:
        """Whose line it is, in two lines."""
        line = self.line
        what = f"{line.description or 'no description'} of {dates.iso(line.date_of_service)}"
        party = "guarantor" if line.responsibility == "guarantor" else "insurer"
        first = f"{self.about.guarantor}, account {self.about.account}"
        return f"{first}\nLine {line.number}: {what}, balance {shown(line.ar)}, owed by the {party}"

    def saving(self, save: Callable[[LineRow, dict[str, Any]], Result]) -> Callable[[dict[str, Any]], Result]:
        """A form's `save`: the rule call on what was seen and the form's values, in a worker."""

        def work(values: dict[str, Any]) -> Result:
            try:
                return save(self.line, values)
            except Conflict:
                self.line = self.page.line_now()
                raise

        return self.page.saving(work)


def _line_of(row: Row) -> LineRow:
    assert isinstance(row, LedgerLine)
    assert row.line is not None
    return row.line


def here(row: Row) -> str | None:
    """Why a line takes no acts in active AR: its debt is with an agency."""
    line = _line_of(row)
    if line.agency is None:
        return None
    return (
        f"Line {line.number} is with {line.agency}, {shown(line.placed)}. Act on it in Transactions (Alt+M X, Alt+2); Alt+T "
        "there transfers it back."
    )


def transferable(row: Row) -> str | None:
    """Why a line cannot be queued for an agency, as far as the row says it."""
    line = _line_of(row)
    if line.agency is not None:
        return f"Line {line.number} is with {line.agency} already."
    if line.waits_for is not None:
        return f"Line {line.number} waits for {line.waits_for} already."
    if line.responsibility != "guarantor":
        return f"Line {line.number} is the insurer's; only the guarantor's lines go to an agency."
    if line.ar <= 0:
        return f"Line {line.number} owes nothing." if line.ar == 0 else f"Line {line.number} is in credit."
    return f"Line {line.number} is on hold; lift the hold first (Alt+W)." if line.held else None


def adjust(page: ActiveARTab) -> None:
    """Ask for code, amount and note, showing the balance that results."""
    seen = Seen(page)
    with page.office.reading():
        codes = adjusting.transaction_codes(seen.practice)
    direction = {code: way for code, _, way in codes}
    options = [(code, f"{code} {text} ({'adds' if way == 'up' else 'takes off'})") for code, text, way in codes]

    def live(values: Mapping[str, Any]) -> str:
        balance = seen.line.ar
        code, amount = values.get("code"), values.get("amount")
        if not code or not amount:
            return f"Balance now {shown(balance)}"
        after = adjusting.preview_adjust(balance, direction[code], amount)
        below = "; an adjustment never goes below zero" if after < 0 else ""
        return f"Balance now {shown(balance)}, after this {shown(after)}{below}"

    def save(line: LineRow, values: dict[str, Any]) -> payments.AdjustedLine | Waiting:
        return payments.adjust_line(
            page.office, seen.practice, line.number, values["code"], values["amount"], values["note"],
            values.get("accounting_date"), seen=line.act,
        )  # fmt: skip

    fields: list[Field] = [
        ChoiceField("code", "&Type", options, required=True, width=50),
        AmountField("amount", "&Amount", required=True),
        NoteField("note", "&Note", required=True),
        *page.accounting_fields(),
    ]
    dialog = FormDialog(
        "Adjust line", fields, intro=seen.intro, save=seen.saving(save), live=live, help_topic="account_ar"
    )
    page.open_dialog(dialog, _adjusted)


def _adjusted(done: payments.AdjustedLine | Waiting) -> str:
    if isinstance(done, Waiting):
        return done.sentence
    return f"{done.code} of {shown(done.amount)} written; the balance of line {done.line} is {shown(done.balance)}."


def roll(page: ActiveARTab) -> None:
    """Change Responsibility: to whom, since when, and a note that lands among the account's notes."""
    seen = Seen(page)
    other = "insurance" if seen.line.responsibility == "guarantor" else "guarantor"
    today = page.office.business_date

    def save(line: LineRow, values: dict[str, Any]) -> payments.Rolled:
        return payments.roll(
            page.office, seen.practice, line.number, values["responsible"], values["since"], note=values["note"] or None,
            seen=line.act,
        )  # fmt: skip

    def live(values: Mapping[str, Any]) -> str:
        if values.get("responsible") == "guarantor":
            return "Its age counts from that day; the night may select it when it is old enough."
        return "It ages in the insurer's part from that day, and no night selects it."

    fields: list[Field] = [
        ChoiceField("responsible", "&Reassign to", list(PARTIES), other, required=True, width=16),
        DateField("since", "&Since", today, today=today, required=True),
        NoteField("note", "&Note"),
    ]
    dialog = FormDialog(
        "Change responsibility",
        fields,
        intro=seen.intro,
        save=seen.saving(save),
        live=live,
        ok="Roll",
        help_topic="account_ar",
    )
    page.open_dialog(
        dialog, lambda done: f"Line {done.line} is the {_party(done.responsible)}'s since {dates.iso(done.since)}."
    )


def _party(responsible: str) -> str:
    return "guarantor" if responsible == "guarantor" else "insurer"


def statement(page: ActiveARTab) -> None:
    """Hold the statements of the line or of all lines of its date of service, or send them again."""
    seen = Seen(page)
    day = dates.iso(seen.line.date_of_service)

    def save(line: LineRow, values: dict[str, Any]) -> statements.StatementHeld:
        return statements.hold_statement(
            page.office, seen.practice, line.number, values["what"] == "hold", all_of_dos=values["which"] == "dos",
            seen=line.act,
        )  # fmt: skip

    what = [("hold", "hold: no statement shows it"), ("send", "send: statements show it again")]
    which = [("line", f"line {seen.line.number} only"), ("dos", f"all lines of {day}")]
    fields: list[Field] = [
        ChoiceField("what", "&Statements", what, "send" if seen.line.silent else "hold", required=True, width=34),
        ChoiceField("which", "&For", which, "line", required=True, width=34),
    ]
    dialog = FormDialog("Hold statement", fields, intro=seen.intro, save=seen.saving(save), help_topic="account_ar")
    page.open_dialog(dialog, _held)


def _held(done: statements.StatementHeld) -> str:
    what = f"Line {done.lines[0]}" if len(done.lines) == 1 else counted(len(done.lines), "line")
    verb = "goes" if len(done.lines) == 1 else "go"
    return f"{what} {verb} on {'no statement' if done.held else 'statements again'}."


def transfer(page: ActiveARTab) -> None:
    """Ext. transfer: queue the line for an agency; it is posted from Pending."""
    seen = Seen(page)
    agencies = agency_choices(page.office, seen.practice)
    only = agencies[0][0] if len(agencies) == 1 else None

    def save(line: LineRow, values: dict[str, Any]) -> pending.Added:
        return pending.add(
            page.office,
            seen.practice,
            [line.number],
            values["agency"],
            seen={line.number: line.act},
            source="active_ar",
        )

    fields: list[Field] = [ChoiceField("agency", "A&gency", agencies, only, required=True, width=34)]

    def intro() -> str:
        return f"{seen.intro()}\nIt waits in Pending, whatever its age and payments; its balance moves when it is posted there."

    dialog = FormDialog(
        "Ext. transfer", fields, intro=intro, save=seen.saving(save), ok="Queue", help_topic="account_ar"
    )
    page.open_dialog(
        dialog, lambda done: f"Line {done.lines[0].line}, {shown(done.amount)}, is pending for {done.lines[0].agency}."
    )
