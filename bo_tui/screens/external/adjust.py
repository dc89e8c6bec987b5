"""The External Collection Transaction Adjustment window (Alt+A)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bo_tui.money import shown
from bo_tui.rules.external import adjust as rule
from bo_tui.rules.external.proposals import Waiting
from bo_tui.screens.external import parts
from bo_tui.views.placements import Facts
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, NoteField
from bo_tui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage


def start(page: TransactionsPage) -> None:
    """Ask for code, amount and note, showing the balance that results."""
    seen = parts.Seen(page)
    practice = seen.facts.practice
    with page.office.reading():
        codes = rule.transaction_codes(practice)
    direction = {code: way for code, _, way in codes}
    options = [(code, f"{code} {text} ({'adds' if way == 'up' else 'takes off'})") for code, text, way in codes]

    def live(values: Mapping[str, Any]) -> str:
        facts = seen.facts
        code, amount = values.get("code"), values.get("amount")
        if not code or not amount:
            return f"Balance now {shown(facts.balance)}"
        after = rule.preview_adjust(facts.balance, direction[code], amount)
        below = "; an adjustment never goes below zero" if after < 0 else ""
        return f"Balance now {shown(facts.balance)}, after this {shown(after)}{below}"

    def save(facts: Facts, values: dict[str, Any]) -> rule.Adjusted | Waiting:
        return rule.adjust(
            page.office,
            facts.id,
            values["code"],
            values["amount"],
            values["note"],
            values.get("accounting_date"),
            seen=facts.act,
            practice=facts.practice,
        )

    fields = [
        ChoiceField("code", "&Type", options, required=True, width=40),
        AmountField("amount", "&Amount", required=True),
        NoteField("note", "&Note", required=True),
        *parts.accounting_fields(page),
    ]
    dialog = FormDialog(
        "External Collection Transaction Adjustment",
        fields,
        intro=seen.intro,
        save=seen.saving(save),
        live=live,
        help_topic="transactions",
    )
    page.open_dialog(dialog, _said)


def _said(done: rule.Adjusted | Waiting) -> str:
    if isinstance(done, Waiting):
        return done.sentence
    return f"{done.code} of {shown(done.amount)} written; the balance is {shown(done.balance)}."
