"""A guarantor's money: the proposal oldest first, to be taken as a whole, and money on account (back_office_rest.md 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bo_tui.money import shown
from bo_tui.rules.batches import distributions
from bo_tui.rules.batches import guarantor as rule
from bo_tui.rules.batches.model import ON_ACCOUNT, LineShare, Share, SharesDone
from bo_tui.screens.accounts import finder
from bo_tui.screens.batches import words
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import AmountField, Field, NoteField, TextField
from bo_tui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from bo_tui.screens.batches.payment import PaymentPage

NAMED = 8  # lines that the question names


def oldest(page: PaymentPage) -> None:
    """Alt+O: what remains over the remitter's lines, oldest first; where no account remits, find one."""
    header = page.standing.header if page.standing else None
    if header is not None and header.account:
        _propose(page, header.account)
    else:
        finder.find(page, lambda found: _propose(page, found.number))


def _propose(page: PaymentPage, account: str) -> None:
    standing, practice = page.standing, page.practice
    if standing is None or practice is None:
        return
    left = standing.remaining

    def ask(found: list[LineShare]) -> None:
        rest = left - sum(one.amount for one in found)
        lines = [f"- line {one.line}: {shown(one.amount)} of {shown(one.owed)}" for one in found[:NAMED]]
        lines += [f"- and {len(found) - NAMED:,} more lines"] if len(found) > NAMED else []
        lines += [f"- on account: {shown(rest)}"] if rest else []
        question = f"Distribute {shown(left)} over account {account}, oldest first?"
        page.app.push_screen(ConfirmDialog(question, "\n".join(lines)), lambda yes: go() if yes else None)

    def go() -> None:
        page.act(
            lambda: rule.distribute(page.office, standing.id, account, seen=standing.act),
            lambda done: page.announce(_said(done)),
        )

    page.act(lambda: rule.oldest_first(page.office, practice.id, account, left), ask)


def on_account(page: PaymentPage) -> None:
    """Alt+A: money that the account keeps until it is applied to a line."""
    standing = page.standing
    if standing is None:
        return
    fields: list[Field] = [
        TextField("account", "A&ccount", standing.header.account or "", required=True, width=20),
        AmountField("amount", "&Amount", standing.remaining, required=True),
        NoteField("note", "&Note"),
    ]

    def save(values: dict[str, Any]) -> SharesDone:
        share = Share(ON_ACCOUNT, values["amount"], account=values["account"], note=values["note"])
        return distributions.add(page.office, standing.id, [share])

    dialog = FormDialog("On account", fields, save=page.saving(save), ok="Add", help_topic="payment")
    page.open_dialog(dialog, lambda done: page.announce(_said(done)))


def _said(done: SharesDone) -> str:
    made = words.count(len(done.distributions), "distribution")
    return f"Added {made}; remaining {words.remaining(done.remaining)}."
