"""The sheet on which a payment is distributed row by row, by keyboard alone: find, Enter, amounts, Enter, and the next one.

Each row is kept as soon as its last field is entered, so that a lost line loses at most the row being typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events

from bo_tui.errors import Conflict, Refusal
from bo_tui.rules.batches import distributions
from bo_tui.rules.batches import payments as rule
from bo_tui.rules.batches.model import PaymentStanding, SharesDone
from bo_tui.screens.accounts import finder
from bo_tui.screens.batches.sheetbody import SheetBody, called
from bo_tui.screens.page import own_connection
from bo_tui.widgets import labels
from bo_tui.widgets.dialog import call_holding_keys
from bo_tui.widgets.fields import AmountField, Field

STEPS = ("up", "down", "pageup", "pagedown")


class Sheet(SheetBody):
    """The keys of a sheet, and what keeping a row does."""

    # --- keys ------------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """The way through a row, and the Alt letters."""
        if self._said:
            self._said = ""
            self._tell_row()
        if event.key == "alt+n":
            self.keep(sure=True)
        elif event.key == "alt+s":
            finder.find(self.page, self._found)
        elif self.in_fields and event.key in ("enter", "down"):
            self._step(1, event.key == "enter")
        elif self.in_fields and event.key == "up":
            self._step(-1, False)
        elif event.key == "enter":
            self.enter_row()
        elif event.key in STEPS:
            if not self.in_fields:  # the cursor stays at the row whose fields these are
                self.grid.press(event.key)
        else:
            return
        event.stop()

    def _found(self, found: finder.Found) -> None:
        if found.practice.id != self.practice.id:
            self.refuse(f"This batch is of {self.practice.name}; that account is of {found.practice.name}.")
            return
        self.put_text(found.number)
        self.find.focus()
        self.look()

    def _step(self, step: int, enter: bool) -> None:
        order = list(self.fields.values())
        at = next(at for at, field in enumerate(order) if field.control is self.focused)
        refused = self._unreadable(order[at]) or self.left_field(order[at].key) if step > 0 else None
        if refused is not None:
            self.refuse(refused)
        elif 0 <= at + step < len(order):
            order[at + step].control.focus()
        elif step < 0:
            self.leave_row()
        elif enter:
            self.keep()

    def _unreadable(self, field: Field) -> str | None:
        """What an amount is not, said as it is left."""
        try:
            if isinstance(field, AmountField):
                field.read()
        except (ValueError, OverflowError) as error:
            return f"{labels.plain(field.label)} {error}."
        return None

    def action_ok(self) -> None:
        """F2: keep the row being typed; with none, leave."""
        if self.in_fields or self.typed:
            self.keep(sure=True)
        else:
            self.dismiss(self.kept)

    def action_cancel(self) -> None:
        """Esc, a step at a time: out of the fields, what is typed for their row away, the text away, out of the sheet."""
        if self.in_fields:
            self.leave_row()
        elif self.typed:
            whose = called(self.entered)
            self.drop_row()
            self.tell_done(f"What was typed for {whose} is dropped.")
        elif self.strip.text:
            self.strip.clear()
        else:
            self.dismiss(self.kept)

    # --- keeping ---------------------------------------------------------------------------------------------------

    def keep(self, sure: bool = False) -> None:
        """Keep the row: a new distribution, or a change of the one that is there; then on to the next.

        What is in doubt is asked first; `sure` (F2, Alt+N) a second time is the answer.
        """
        row, own = self.entered, self.own
        if row is None or self._saving:
            return
        values: dict[str, Any] = {}
        for key, field in self.fields.items():
            try:
                values[key] = field.read()
            except (ValueError, OverflowError) as error:
                self.refuse(f"{labels.plain(field.label)} {error}.", key)
                return
        try:
            given = self.share(row, own, values)
        except Refusal as refusal:
            self.refuse(refusal.sentence, refusal.field)
            return
        refused, asks = self.against(values), self.question(values)
        if refused is not None:
            self.refuse(refused[1], refused[0])
            return
        if asks and not (sure and asks == self._asked):
            self._asked = asks
            self.refuse(asks)
            return
        seen, payment = self.standing.act, self.standing.id

        def work() -> tuple[SharesDone, PaymentStanding]:
            if own is not None:
                done = distributions.update(self.office, own.id, given, seen=seen)
            else:
                done = distributions.add(self.office, payment, [given], seen=seen)
            return done, rule.standing(self.office, payment)

        self._saving = True
        call_holding_keys(
            self, lambda: own_connection(self.office, work), lambda done, error: self._kept(row, done, error)
        )

    def act(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run a rule's act in a worker while keys wait; a refusal is said on the sheet, and the payment looked at anew."""

        def finish(result: Any, error: Exception | None) -> None:
            if error is None:
                done(result)
            else:
                self.look_at_payment()
                self.refuse(self.page.program.sentence_of(error))

        call_holding_keys(self, lambda: own_connection(self.office, work), finish)

    def added(self, done: SharesDone, said: str) -> None:
        """Money went somewhere without a row being typed."""
        self.kept += len(done.distributions)
        self.drop_row()
        self.look_at_payment()
        self.look()
        self.tell_done(said)

    def look_at_payment(self) -> None:
        """The payment as it stands now."""
        self.standing = rule.standing(self.office, self.standing.id)
        self.show_sums()

    def _kept(self, row: Any, done: tuple[SharesDone, PaymentStanding] | None, error: Exception | None) -> None:
        self._saving = False
        if done is None or error is not None:
            sentence = error.sentence if isinstance(error, Refusal) else f"Nothing was kept: {error}"
            if isinstance(error, Conflict):  # what was typed stays; Enter again means the state of now
                self.look_at_payment()
            self.refuse(sentence, error.field if isinstance(error, Refusal) else None)
            return
        self.kept += 1
        self.standing = done[1]
        self.drop_row()
        self.find.focus()
        self.strip.input.action_select_all()
        self.look(row.id)
        self.grid.press("down")
        if row.id not in self.rows:
            self.tell_done(f"Kept what was typed for {called(row)}.")
        self.show_sums()
