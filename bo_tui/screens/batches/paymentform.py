"""The header of a payment (back_office_rest.md section 3.5): type, number, amount, date, who pays, accounting date."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import events

from bo_tui.errors import Conflict
from bo_tui.money import shown
from bo_tui.rules import roles
from bo_tui.rules.batches import payments
from bo_tui.rules.batches.model import AGENCY, GUARANTOR, INSURANCE, TYPES, Header, PaymentDone, PaymentStanding
from bo_tui.screens.accounts import finder
from bo_tui.screens.batches import batchforms, images, words
from bo_tui.screens.batches.renewing import AskedOnce, RenewingForm
from bo_tui.screens.page import OfficePage, own_connection
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, CheckField, DateField, Field, TextField

HELP = "payment"


class PaymentForm(RenewingForm):
    """A new payment of a batch, or (`row`) the header of one; dismissed with a PaymentDone. A conflict keeps what was typed.

    F3 finds the remitting guarantor's account. Where a supervisor may, a check that looks like an earlier one can be said to be
    another: the field comes with the refusal.
    """

    def __init__(
        self, page: OfficePage, practice: PracticeRow, batch: int, kind: str, *, row: PaymentStanding | None = None,
        accounting_date: int | None = None,
    ) -> None:  # fmt: skip
        self.page, self.office = page, page.office
        self.practice, self.batch_id, self.kind = practice, batch, kind
        self.row = row
        self.accounting_date = accounting_date
        self._payers = payments.payers(self.office, practice.id) if kind == AGENCY else []
        self._once = AskedOnce(self._payers)
        fields = self.fields_now()
        if row is None and page.may("attach") is None:
            fields.insert(-1, TextField("image", "&Image set", hint="a path"))
        self.another = fields[-1]
        title = f"{'Update' if row else 'Create'} payment: {words.KINDS[kind]}"
        super().__init__(title, fields, ok="Save", help_topic=HELP)
        if kind == GUARANTOR:
            self.keys_line += "   F3 find the account"

    def fields_now(self) -> list[Field]:
        kind, today = self.kind, self.office.business_date
        head = self.row.header if self.row else None
        fields: list[Field] = [
            *self._payer(head),
            ChoiceField("type", "&Type", [(one, words.TYPES[one]) for one in TYPES], head.type if head else "check",
                        required=True, width=10),
            TextField("number", "&Number", head.number if head else "", required=True, width=20, hint=_number_hint(kind)),
            AmountField("amount", "&Amount", head.amount if head else None, required=True),
            DateField("date", "&Date", head.date if head else today, today=today, required=True),
        ]  # fmt: skip
        if kind == AGENCY:
            patient = head.received_from_patient if head else False
            fields.append(
                CheckField("received_from_patient", "Received from &Patient", patient, hint="the patient paid us")
            )
        offered = head.accounting_date if head else self.accounting_date
        fields += batchforms.accounting_field(self.practice, today, offered, required=True)
        fields.append(TextField("note", "N&ote", (head.note or "") if head else "", longest=200))
        another = CheckField("another_check", "Anot&her check", head.another_check if head else False)
        another.display = bool(head and head.another_check)
        return [*fields, another]

    def _payer(self, head: Header | None) -> list[Field]:
        if self.kind == AGENCY:
            found = [(one.name, one.words) for one in self._payers]
            chosen = head.agency if head else found[0][0] if len(found) == 1 else None
            return [ChoiceField("agency", "A&gency", found, chosen, required=True)]
        if self.kind == INSURANCE:
            return [
                TextField("payer", "Pa&yer", (head.payer or "") if head else "", required=True, longest=200),
                TextField("plan", "P&lan", (head.plan or "") if head else "", longest=200),
            ]
        return [
            TextField(
                "account",
                "A&ccount",
                (head.account or "") if head else "",
                width=20,
                hint="the remitter's; F3 finds it",
            ),
            TextField("payer", "Pa&yer", (head.payer or "") if head else "", longest=200, hint=""),
        ]

    def on_key(self, event: events.Key) -> None:
        """F3: the account finder, where there is an account to find."""
        if event.key != "f3" or self.kind != GUARANTOR:
            return
        event.stop()
        event.prevent_default()

        def found(one: finder.Found) -> None:
            account = self.fields["account"]
            assert isinstance(account, TextField)
            account.set(one.number)
            self.fields["type"].control.focus()

        finder.find(self.page, found)

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        """What a change of the amount does to what is distributed."""
        if self.row is None or values.get("amount") is None:
            return ""
        return f"Distributed {shown(self.row.distributed)}; remaining {words.remaining(values['amount'] - self.row.distributed)}"

    def refuse(self, field: str | None, sentence: str) -> None:
        """A check entered twice: whoever may say so is asked whether it is another one."""
        super().refuse(field, sentence)
        if field == "number" and self.peek().get("number") and roles.allowed(self.office.actor.role, "another_check"):
            self.another.display = True

    def save_values(self, values: dict[str, Any]) -> PaymentDone:
        header = Header(
            self.kind, values["number"], values["amount"], values["date"], values["type"], values.get("payer"),
            values.get("plan"), values.get("account"), values.get("agency"), bool(values.get("received_from_patient")),
            values.get("accounting_date"), values["note"], bool(values["another_check"]),
        )  # fmt: skip
        if self.kind == AGENCY and (self.row is None or self.row.header.agency != header.agency):
            self._once.ask(values["agency"])
        return own_connection(self.office, lambda: self._write(header, values.get("image") or ""))

    def _write(self, header: Header, image: str) -> PaymentDone:
        if self.row is None:
            if image:
                images.refuse_unreadable(image)  # before a payment is kept for it
            made = payments.create(self.office, self.batch_id, header)
            if image:
                self.row = payments.standing(
                    self.office, made.payment
                )  # were the image refused now, F2 goes on with this one
                images.keep(self.office, self.practice.id, made.payment, image)
            return made
        try:
            done = payments.update(self.office, self.row.id, header, seen=self.row.act)
            if image:
                images.keep(self.office, self.practice.id, self.row.id, image)
            return done
        except Conflict:
            self.row = payments.standing(self.office, self.row.id)
            raise


def _number_hint(kind: str) -> str:
    return "or CASH, VISA, MC, AMEX" if kind == GUARANTOR else ""
