"""Reverse: a posted payment with all that stands of it, or one posted distribution, whole or a part, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bo_tui.errors import Conflict
from bo_tui.money import proportion, shown
from bo_tui.rules.batches import reversing as rule
from bo_tui.rules.batches.model import AGENCY, Moved
from bo_tui.screens.accounts.reverse import TO
from bo_tui.screens.batches import batchforms, words
from bo_tui.screens.page import OfficePage
from bo_tui.views.batches import payments
from bo_tui.views.batches.payments import PaymentRow
from bo_tui.views.batches.shares import ShareRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, Field, NoteField
from bo_tui.widgets.forms import FormDialog

HELP = "payment_reverse"
Done = Callable[[str], None]


def against(row: PaymentRow | None) -> str | None:
    """Why a payment cannot be reversed, or None."""
    if row is not None and row.posted is None:
        return "Nothing of it is posted; remove it, or change it, instead."
    return "It is reversed in full already." if row is not None and row.moved and row.reversed >= row.moved else None


def against_share(row: ShareRow | None) -> str | None:
    """Why a distribution cannot be reversed, or None."""
    if row is None:
        return "There is no row to do that with."
    if row.posted is None:
        return "It is not posted; remove it, or change it, instead."
    if row.entry is None:
        return "It moved no money; there is nothing to reverse."
    return None if row.left > 0 else "It is reversed in full already."


def whole(page: OfficePage, practice: PracticeRow, row: PaymentRow, done: Done) -> None:
    """Reverse all that stands of a payment."""
    seen = {"act": row.act}

    def save(values: dict[str, Any]) -> Moved:
        try:
            return rule.reverse_payment(
                page.office, row.id, values["reason"], values["to"], values.get("accounting_date"), seen=seen["act"]
            )
        except Conflict:
            now = payments.one(page.office, row.id)
            seen["act"] = now.act if now else row.act
            raise

    intro = f"{words.payment_title(row)}, {shown(row.amount)}: all that was posted of it and still stands is reversed in one act."
    _form(page, practice, f"Reverse {words.payment_title(row)}", [], intro, save, None, done)


def share(page: OfficePage, practice: PracticeRow, kind: str, payment: PaymentRow, row: ShareRow, done: Done) -> None:
    """Reverse a distribution of a payment (`kind`), or a part of it."""
    seen = {"act": payment.act}

    def save(values: dict[str, Any]) -> Moved:
        part = None if values["amount"] == row.left else values["amount"]
        try:
            return rule.reverse_distribution(
                page.office,
                row.id,
                values["reason"],
                part,
                values["to"],
                values.get("accounting_date"),
                seen=seen["act"],
            )
        except Conflict:
            now = payments.one(page.office, payment.id)
            seen["act"] = now.act if now else payment.act
            raise

    def live(values: Mapping[str, Any]) -> str:
        amount = values.get("amount") or 0
        text = f"{row.code} of {shown(row.whole)}, {shown(row.left)} left: {shown(amount)} is reversed"
        if kind == AGENCY and row.commission and row.whole:
            kept = proportion(row.commission, row.reversed + amount, row.whole)
            back = kept - proportion(row.commission, row.reversed, row.whole)
            text += f", with {shown(back)} of the commission"
        if row.adjusted and amount == row.left:
            text += f"; the adjustments of {shown(row.adjusted)} come back too"
        return f"{text}."

    amount = AmountField("amount", "&Amount", row.left, required=True, hint=f"at most {shown(row.left)}")
    _form(
        page, practice, f"Reverse {row.code} of {shown(row.whole)}", [amount], words.share_line(row), save, live, done
    )


def _form(
    page: OfficePage,
    practice: PracticeRow,
    title: str,
    amount: list[Field],
    intro: str,
    save: Callable[[dict[str, Any]], Moved],
    live: Callable[[Mapping[str, Any]], str] | None,
    done: Done,
) -> None:
    fields: list[Field] = [
        NoteField("reason", "&Reason", required=True),
        *amount,
        ChoiceField("to", "&Goes", list(TO), rule.PAYER, required=True),
        *batchforms.accounting_field(practice, page.office.business_date, required=True),
    ]
    dialog = FormDialog(title, fields, intro=intro, save=page.saving(save), live=live, ok="Reverse", help_topic=HELP)

    def closed(moved: Moved | None) -> None:
        if moved is not None:
            entries = words.count(len(moved.entries), "entry", "entries")
            done(f"Reversed {shown(moved.amount)} by {entries}.")

    page.app.push_screen(dialog, closed)
