"""A guarantor's money: the proposal oldest first, to be taken as a whole, and money on account (back_office_rest.md 3.6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bo_tui.money import shown
from bo_tui.rules.batches import distributions
from bo_tui.rules.batches import guarantor as rule
from bo_tui.rules.batches.model import ON_ACCOUNT, LineShare, PaymentStanding, Share, SharesDone
from bo_tui.screens.accounts import finder
from bo_tui.screens.batches import words
from bo_tui.text import counted
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import AmountField, Field, NoteField, TextField
from bo_tui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from bo_tui.screens.batches.payment import PaymentPage

NAMED = 8  # lines that the question names
NO_LINE = "No line of the account takes it: each is paid, the insurer's, or with an agency."


@dataclass(frozen=True, slots=True)
class Place:
    """Where the operator is: the payment as seen there, the account meant (a number), how an act runs and what is done after it.

    `act(work, done)` runs a rule's call with the keys held and says its refusal; `added(done, said)` shows what was added.
    """

    standing: PaymentStanding
    account: str | None
    act: Callable[[Callable[[], Any], Callable[[Any], None]], None]
    added: Callable[[SharesDone, str], None]


def _of_page(page: PaymentPage) -> Place | None:
    if page.standing is None:
        return None
    return Place(page.standing, page.standing.header.account, page.act, lambda done, said: page.announce(said))


def oldest(page: PaymentPage, at: Place | None = None) -> None:
    """Alt+O: what remains over the account's lines, oldest first; where no account is meant, find one."""
    place = at or _of_page(page)
    if place is None or page.practice is None:
        return
    if place.account:
        _propose(page, place, place.account)
    else:
        finder.find(page, lambda found: _propose(page, place, found.number))


def _propose(page: PaymentPage, at: Place, account: str) -> None:
    standing = at.standing
    left = standing.remaining

    def ask(found: list[LineShare]) -> None:
        rest = left - sum(one.amount for one in found)
        lines = [f"- line {one.line}: {shown(one.amount)} of {shown(one.owed)}" for one in found[:NAMED]]
        lines += [f"- and {counted(len(found) - NAMED, 'more line')}"] if len(found) > NAMED else []
        lines += [f"- on account: {shown(rest)}"] if rest else []
        question = f"Distribute {shown(left)} over account {account}, oldest first?"
        if not found:
            question, lines = f"Put {shown(left)} on account of {account}?", [NO_LINE]
        page.app.push_screen(ConfirmDialog(question, "\n".join(lines)), lambda yes: go() if yes else None)

    def go() -> None:
        at.act(
            lambda: rule.distribute(page.office, standing.id, account, seen=standing.act),
            lambda done: at.added(done, _said(done)),
        )

    at.act(lambda: rule.oldest_first(page.office, standing.practice, account, left), ask)


def on_account(page: PaymentPage, at: Place | None = None) -> None:
    """Alt+A: money that the account keeps until it is applied to a line."""
    place = at or _of_page(page)
    if place is None:
        return
    standing = place.standing
    fields: list[Field] = [
        TextField("account", "A&ccount", place.account or "", required=True, width=20),
        AmountField("amount", "&Amount", standing.remaining, required=True),
        NoteField("note", "&Note"),
    ]

    def save(values: dict[str, Any]) -> SharesDone:
        share = Share(ON_ACCOUNT, values["amount"], account=values["account"], note=values["note"])
        return distributions.add(page.office, standing.id, [share])

    dialog = FormDialog("On account", fields, save=page.saving(save), ok="Add", help_topic="payment")
    page.open_dialog(dialog, lambda done: place.added(done, _said(done)))


def _said(done: SharesDone) -> str:
    return f"Added {counted(len(done.distributions), 'distribution')}; remaining {words.remaining(done.remaining)}."
