"""Holds: keep an account or one line out of collections, and let it go again (rules/holds.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bo_tui import dates
from bo_tui.rules import holds as rule
from bo_tui.screens.external import parts
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import DateField, Field, NoteField
from bo_tui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage


def set_one(page: TransactionsPage) -> None:
    """Ask what to hold, why and until when."""
    facts = page.facts()

    def save(values: dict[str, Any]) -> rule.Held:
        line = facts.line if values["what"] == "line" else None
        return rule.set_hold(
            page.office,
            facts.practice,
            facts.account,
            values["kind"],
            values["reason"],
            line=line,
            until=values["until"],
        )

    fields: list[Field] = [
        *_which(facts.account, facts.line),
        DateField("until", "&Until", None, today=page.office.business_date),
        NoteField("reason", "&Reason", required=True),
    ]
    dialog = FormDialog("Hold", fields, intro=parts.intro(facts), save=page.saving(save), help_topic="transactions")
    page.open_dialog(dialog, lambda held: f"{rule.KINDS[held.kind].capitalize()} set {_until(held)}.")


def lift_one(page: TransactionsPage) -> None:
    """Ask which hold to lift and why."""
    facts = page.facts()

    def save(values: dict[str, Any]) -> rule.Held:
        line = facts.line if values["what"] == "line" else None
        return rule.lift(page.office, facts.practice, facts.account, values["kind"], values["reason"], line=line)

    fields: list[Field] = [*_which(facts.account, facts.line), NoteField("reason", "&Reason", required=True)]
    dialog = FormDialog(
        "Lift a hold", fields, intro=parts.intro(facts), save=page.saving(save), ok="Lift", help_topic="transactions"
    )
    page.open_dialog(dialog, lambda held: f"{rule.KINDS[held.kind].capitalize()} lifted.")


def _which(account: str, line: str) -> list[Field]:
    what = [("account", f"Account {account}, all its lines"), ("line", f"Line {line} only")]
    return [
        ChoiceField("what", "&Hold", what, "account", required=True, width=34),
        ChoiceField("kind", "&Kind", list(rule.KINDS.items()), required=True, width=34),
    ]


def _until(held: rule.Held) -> str:
    return f"until {dates.iso(held.until)}" if held.until is not None else "without an end"
