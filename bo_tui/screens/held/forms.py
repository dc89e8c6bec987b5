"""What the forms of Money held share: what is there as it is now, an amount of it, a field that F3 fills from the finder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import events

from bo_tui.errors import Refusal
from bo_tui.money import shown
from bo_tui.rules.batches.model import Moved
from bo_tui.screens.accounts import finder
from bo_tui.screens.batches import batchforms, words
from bo_tui.screens.held.source import Thing
from bo_tui.views.held import AccountHeld, PaymentHeld
from bo_tui.widgets.fields import AmountField, Field, NoteField, TextField
from bo_tui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from bo_tui.screens.held.page import HeldPage

HELP = "held"
Values = dict[str, Any]


def title(thing: Thing) -> str:
    """Whose money it is: `account A of Smith, Ana`, `Check 4471 of First Bay`, or the agency."""
    if isinstance(thing, AccountHeld):
        return f"account {thing.number} of {thing.guarantor}"
    if isinstance(thing, PaymentHeld):
        return f"{words.TYPES[thing.type]} {thing.number} of {thing.payer}"
    return thing.name


class There:
    """The current row as the operator sees it; after a refusal it is read anew, so that the form shows what is there now."""

    def __init__(self, page: HeldPage, thing: Thing) -> None:
        self.page, self.thing = page, thing
        self._read = page.thing_now(thing)
        self.more = ""

    @property
    def amount(self) -> int:
        """The cents that are there."""
        return self.thing.amount

    @property
    def act(self) -> int:
        """The last act that moved it, as the operator saw it."""
        return self.thing.act

    def intro(self) -> str:
        """Whose money, and how much of it is where."""
        name = title(self.thing)
        first = f"{name[:1].upper()}{name[1:]}: {shown(self.amount)} {self.page.where}"
        return f"{first}\n{self.more}" if self.more else first

    def saving(self, save: Callable[[Values], Moved]) -> Callable[[Values], Moved]:
        """A form's `save`, in a worker."""

        def work(values: Values) -> Moved:
            try:
                return save(values)
            except Refusal:
                self.thing = self._read()
                raise

        return self.page.saving(work)


def amount_field(there: There, *, offered: bool = True) -> AmountField:
    """How much of what is there; all of it is offered, or else the hint says what an empty field means."""
    if offered:
        return AmountField("amount", "&Amount", there.amount, required=True, hint=f"at most {shown(there.amount)}")
    return AmountField("amount", "&Amount", hint="empty: what the line owes")


class HeldForm(FormDialog):
    """A form over what is held; where it asks for a `line` or an `account`, F3 finds it."""

    def __init__(
        self, page: HeldPage, heading: str, fields: Sequence[Field], *, intro: Callable[[], str] | str, ok: str,
        save: Callable[[Values], Any], live: Callable[[Mapping[str, Any]], str] | None = None, finds: str = "",
    ) -> None:  # fmt: skip
        extra = [NoteField("note", "&Note")] if not any(field.key in ("note", "reason") for field in fields) else []
        dated = batchforms.accounting_field(page.practice, page.office.business_date, required=True)
        self.page, self.finds = page, finds
        super().__init__(heading, [*fields, *extra, *dated], intro=intro, save=save, live=live, ok=ok, help_topic=HELP)
        if finds:
            self.keys_line += f"   F3 find the {finds}"

    def on_key(self, event: events.Key) -> None:
        """F3; textual calls the base's own on_key as well."""
        if event.key != "f3" or not self.finds:
            return
        event.stop()
        event.prevent_default()

        def found(one: finder.Found) -> None:
            if one.practice.id != self.page.practice.id:
                self.refuse(self.finds, f"That account is of {one.practice.name}.")
                return
            field = self.fields[self.finds]
            assert isinstance(field, TextField)
            field.set(one.line.number if self.finds == "line" and one.line is not None else one.number)
            field.control.focus()

        finder.find(self.page, found, line=self.finds == "line")


def moved(page: HeldPage, where: str, row: int) -> Callable[[Moved], None]:
    """What a form's end says: so much went there, and what of a recalled debt queued again."""

    def done(made: Moved) -> None:
        page.announce(
            f"{shown(made.amount)} went {where}, by {words.count(len(made.entries), 'entry', 'entries')}.", row
        )

    return done
