"""Refunding a line's credit (Alt+K): a balance below zero in active AR that somebody is owed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bo_tui.errors import RuleRefusal
from bo_tui.money import shown
from bo_tui.rules.batches import held as rule
from bo_tui.rules.batches.model import TYPES, Moved
from bo_tui.screens.batches import words
from bo_tui.screens.held.forms import HeldForm
from bo_tui.views import credits
from bo_tui.views.credits import LineCredit
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, DateField, Field, NoteField, TextField

if TYPE_CHECKING:
    from bo_tui.screens.held.page import HeldPage

INTRO = (
    "A line's balance below 0.00 in active AR is a credit.\n"
    "The refund is recorded here, and paid where the office writes its checks."
)


def refund(page: HeldPage) -> None:
    """Which line, how much of its credit, to whom, why, and how it is paid."""
    practice, today = page.practice.id, page.office.business_date
    told: dict[str, LineCredit | None] = {"one": None}

    def live(values: Mapping[str, Any]) -> str:
        number = values.get("line") or ""
        told["one"] = one = credits.of_line(page.office, practice, number) if number else None
        if one is None:
            return "No line has that number yet." if number else ""
        stands = f"a credit of {shown(one.credit)}" if one.credit else f"no credit, its balance is {shown(one.balance)}"
        return f"{one.guarantor}, account {one.account}: line {one.line} has {stands}."

    def save(values: dict[str, Any]) -> Moved:
        one = told["one"]
        if one is None or not one.credit:
            raise RuleRefusal("That line has no credit to refund.", field="line")
        return rule.refund(
            page.office, practice, values["amount"] or one.credit, values["recipient"] or one.guarantor,
            values.get("accounting_date"), line=one.line, reason=values["reason"], type=values["type"],
            number=values["number"], date=values["date"], seen=one.act,
        )  # fmt: skip

    fields: list[Field] = [
        TextField("line", "&Line", required=True, width=20, hint="F3 finds it"),
        AmountField("amount", "&Amount", hint="empty: all of the credit"),
        TextField("recipient", "Reci&pient", longest=200, hint="empty: the guarantor"),
        NoteField("reason", "&Reason", required=True),
        ChoiceField("type", "&Type", [(one, words.TYPES[one]) for one in TYPES], "check", required=True, width=10),
        TextField("number", "&Number", width=20, hint="empty: not known yet"),
        DateField("date", "&Date", today, today=today, required=True),
    ]
    form = HeldForm(
        page,
        "Refund a line's credit",
        fields,
        intro=INTRO,
        ok="Refund",
        save=page.saving(save),
        live=live,
        finds="line",
    )
    page.open_dialog(form, lambda done: page.announce(f"{shown(done.amount)} of the line's credit went as a refund."))
