"""Reverse: a posted payment with all that stands of it, or one posted distribution, whole or a part, with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bo_tui.errors import Conflict
from bo_tui.money import proportion, shown
from bo_tui.rules.batches import foreseeing
from bo_tui.rules.batches import reversing as rule
from bo_tui.rules.batches.foreseeing import Foreseen
from bo_tui.rules.batches.model import AGENCY, PARTLY, Moved
from bo_tui.screens.accounts.reverse import TO
from bo_tui.screens.batches import batchforms, words
from bo_tui.screens.page import OfficePage
from bo_tui.views.batches import payments, shares
from bo_tui.views.batches.payments import PaymentRow
from bo_tui.views.batches.shares import ShareRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, Field, NoteField
from bo_tui.widgets.forms import FormDialog

HELP = "payment_reverse"
SHOWN = 4  # sentences that a dialog has room for
Done = Callable[[str], None]


def against(row: PaymentRow | None) -> str | None:
    """Why a payment cannot be reversed, or None."""
    if row is not None and row.posted is None:
        return "Nothing of it is posted; remove it, or change it, instead."
    if row is None or row.state == PARTLY:  # what of it is not posted can still be taken away
        return None
    return "It is reversed in full already." if row.moved and row.reversed >= row.moved else None


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
    """Reverse all that stands of a payment; what that leaves is shown before."""
    seen = {"act": row.act}

    def ask(ahead: Foreseen) -> None:
        state = {"ahead": ahead}

        def save(values: dict[str, Any]) -> Moved:
            try:
                return rule.reverse_payment(
                    page.office, row.id, values["reason"], values["to"], values.get("accounting_date"), seen=seen["act"]
                )
            except Conflict:
                now = payments.one(page.office, row.id)
                seen["act"] = now.act if now else row.act
                state["ahead"] = foreseeing.of_payment(page.office, row.id)
                raise

        def intro() -> str:
            now = state["ahead"]
            text = f"{words.payment_title(row)}, {shown(row.amount)}: {shown(now.amount)} was posted of it and still stands; "
            return "\n".join([f"{text}all of that is reversed in one act.", *told(now)])

        _form(page, practice, f"Reverse {words.payment_title(row)}", [], intro, save, None, done)

    page.act(lambda: foreseeing.of_payment(page.office, row.id), ask)


def share(page: OfficePage, practice: PracticeRow, kind: str, payment: PaymentRow, row: ShareRow, done: Done) -> None:
    """Reverse a distribution of a payment (`kind`), or a part of it; what all of it leaves is shown before."""
    entry = row.entry
    assert entry is not None  # `against_share` has seen to it
    page.act(
        lambda: foreseeing.of_entry(page.office, entry),
        lambda ahead: _share(page, practice, kind, payment, row, done, ahead),
    )


def _share(
    page: OfficePage, practice: PracticeRow, kind: str, payment: PaymentRow, row: ShareRow, done: Done, ahead: Foreseen
) -> None:
    state: dict[str, Any] = {"payment": payment, "row": row, "ahead": ahead}

    def save(values: dict[str, Any]) -> Moved:
        seen: ShareRow = state["row"]
        part = None if values["amount"] == seen.left else values["amount"]
        try:
            return rule.reverse_distribution(
                page.office, row.id, values["reason"], part, values["to"], values.get("accounting_date"),
                seen=state["payment"].act,
            )  # fmt: skip
        except Conflict:  # what is left now is another amount, and leaves something else
            state["payment"] = payments.one(page.office, payment.id) or payment
            state["row"] = next((one for one in shares.rows(page.office, payment.id) if one.id == row.id), seen)
            state["ahead"] = foreseeing.of_entry(page.office, row.entry or 0)
            raise

    def live(values: Mapping[str, Any]) -> str:
        now, amount = state["row"], values.get("amount") or 0
        text = f"{now.code} of {shown(now.whole)}, {shown(now.left)} left: {shown(amount)} is reversed"
        if kind == AGENCY and now.commission and now.whole:
            kept = proportion(now.commission, now.reversed + amount, now.whole)
            back = kept - proportion(now.commission, now.reversed, now.whole)
            text += f", with {shown(back)} of the commission"
        if now.adjusted and amount == now.left:
            text += f"; the adjustments of {shown(now.adjusted)} come back too"
        return "\n".join([f"{text}.", *told(state["ahead"], None if amount == now.left else amount)])

    amount = AmountField("amount", "&Amount", row.left, required=True, hint=f"at most {shown(row.left)}")
    title = f"Reverse {row.code} of {shown(row.whole)}"
    _form(page, practice, title, [amount], lambda: words.share_line(state["row"]), save, live, done)


def told(ahead: Foreseen, part: int | None = None) -> list[str]:
    """What a reversal of all, or of a part (cents), will leave, a line for each; the first few where there are many."""
    sentences = ahead.sentences if part is None else ahead.of_part(part) if part else ()
    return [f"- {sentence}" for sentence in briefly(sentences, SHOWN)]


def briefly(sentences: Sequence[str], most: int = 1) -> list[str]:
    """The first sentences, and how many more there are."""
    more = len(sentences) - most
    return [*sentences[:most], *([f"And {more:,} more."] if more > 0 else [])]


def _form(
    page: OfficePage,
    practice: PracticeRow,
    title: str,
    amount: list[Field],
    intro: str | Callable[[], str],
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
            done(" ".join([f"Reversed {shown(moved.amount)} by {entries}.", *briefly(moved.sentences)]))

    page.app.push_screen(dialog, closed)
