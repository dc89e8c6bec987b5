"""Moving money that is held: to lines, on account, to suspense, to income, as a refund, to an agency (back_office_rest.md 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.batches import guarantor, invoices
from bo_tui.rules.batches import held as rule
from bo_tui.rules.batches.model import TYPES, LineShare, Moved
from bo_tui.screens.batches import words
from bo_tui.screens.held.forms import HeldForm, There, amount_field, moved, title
from bo_tui.screens.held.source import BOOKS, Thing
from bo_tui.views import held
from bo_tui.views.accounts import lines
from bo_tui.views.batches import candidates
from bo_tui.views.batches.candidates import LineChoice
from bo_tui.views.held import AccountHeld, AgencyOwed, PaymentHeld
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, DateField, Field, NoteField, TextField

if TYPE_CHECKING:
    from bo_tui.screens.held.page import HeldPage

NAMED = 3  # lines that a form names


def oldest(page: HeldPage, row: AccountHeld) -> None:
    """Alt+O: money on account over the account's lines, oldest first; which, is shown before."""
    there = There(page, row)

    def live(values: Mapping[str, Any]) -> str:
        cents = values.get("amount") or 0
        found = guarantor.oldest_first(page.office, page.practice.id, row.number, min(cents, there.amount))
        if not found:
            return "No line of the account takes it: each is paid, the insurer's, or with an agency."
        told = [f"line {one.line} {shown(one.amount)} of {shown(one.owed)}" for one in found[:NAMED]]
        told += [f"{len(found) - NAMED:,} more lines"] if len(found) > NAMED else []
        rest = cents - sum(one.amount for one in found)
        return ", ".join(told) + (f"; {shown(rest)} stays on account" if rest > 0 else "")

    def save(values: dict[str, Any]) -> Moved:
        return rule.apply_on_account(
            page.office, page.practice.id, row.number, amount=values["amount"],
            accounting_date=values.get("accounting_date"), note=values["note"], seen=there.act,
        )  # fmt: skip

    fields: list[Field] = [amount_field(there)]
    form = HeldForm(
        page, "Apply, oldest first", fields, intro=there.intro, ok="Apply", save=there.saving(save), live=live
    )
    page.open_dialog(form, moved(page, "to lines", row.id))


def to_own_line(page: HeldPage, row: AccountHeld) -> None:
    """Alt+L on account: to one of the account's own lines."""
    there = There(page, row)
    found = {
        one.number: one.ar
        for one in lines.lines(page.office, page.practice.id, row.id)
        if one.ar > 0 and one.agency is None
    }
    if not found:
        page.say("No line of the account owes anything in active AR.", warning=True)
        return
    days = {one.number: one.date_of_service for one in lines.lines(page.office, page.practice.id, row.id)}
    options = [(line, f"{line}  {dates.iso(days[line])}  owes {shown(owes)}") for line, owes in found.items()]

    def cents(values: Mapping[str, Any]) -> int:
        return values.get("amount") or min(there.amount, found.get(values.get("line") or "", 0))

    def live(values: Mapping[str, Any]) -> str:
        owes = found.get(values.get("line") or "")
        if owes is None:
            return ""
        return (
            f"{shown(cents(values))} of {shown(owes)} is paid; {shown(there.amount - cents(values))} stays on account"
        )

    def save(values: dict[str, Any]) -> Moved:
        return rule.apply_on_account(
            page.office, page.practice.id, row.number, [LineShare(values["line"], cents(values))],
            accounting_date=values.get("accounting_date"), note=values["note"], seen=there.act,
        )  # fmt: skip

    only = options[0][0] if len(options) == 1 else None
    fields: list[Field] = [
        ChoiceField("line", "&Line", options, only, required=True),
        amount_field(there, offered=False),
    ]
    form = HeldForm(page, "Apply to a line", fields, intro=there.intro, ok="Apply", save=there.saving(save), live=live)
    page.open_dialog(form, moved(page, "to the line", row.id))


def to_line(page: HeldPage, row: PaymentHeld) -> None:
    """Alt+L in suspense: to any line of the practice, by its number or from the finder."""
    there = There(page, row)

    def find(number: str) -> LineChoice | None:
        found = candidates.lines(page.office, page.practice.id, 0, number, zero=True)
        return next((one for one in found if one.line == number), None)

    def live(values: Mapping[str, Any]) -> str:
        number = values.get("line")
        one = find(number) if number else None
        if one is None:
            return "No line has that number yet." if number else ""
        where = f"with {one.agency}" if one.agency else f"{one.responsibility} owes"
        text = f"{one.guarantor}, account {one.account}: {shown(one.balance)}, {where}"
        return (
            f"{text}; an insurer's money brings the debt back first" if one.agency and row.kind == "insurance" else text
        )

    def save(values: dict[str, Any]) -> Moved:
        one = find(values["line"])
        owes = one.balance if one is not None and one.balance > 0 else there.amount
        cents = values["amount"] or min(there.amount, owes)
        return rule.from_suspense(
            page.office, row.id, "line", cents, values.get("accounting_date"), line=values["line"], note=values["note"],
            practice=page.practice.id, seen=there.act,
        )  # fmt: skip

    fields: list[Field] = [
        TextField("line", "&Line", required=True, width=20, hint="F3 finds it"),
        amount_field(there, offered=False),
    ]
    form = HeldForm(
        page, "From suspense to a line", fields, intro=there.intro, ok="Apply", save=there.saving(save), live=live,
        finds="line",
    )  # fmt: skip
    page.open_dialog(form, moved(page, "to the line", row.id))


def on_account(page: HeldPage, row: PaymentHeld) -> None:
    """Alt+A in suspense: an account keeps it until it is applied."""
    there = There(page, row)

    def save(values: dict[str, Any]) -> Moved:
        return rule.from_suspense(
            page.office, row.id, "on_account", values["amount"], values.get("accounting_date"), account=values["account"],
            note=values["note"], practice=page.practice.id, seen=there.act,
        )  # fmt: skip

    fields: list[Field] = [
        TextField("account", "A&ccount", required=True, width=20, hint="F3 finds it"),
        amount_field(there),
    ]
    form = HeldForm(
        page, "From suspense on account", fields, intro=there.intro, ok="Move", save=there.saving(save), finds="account"
    )
    page.open_dialog(form, moved(page, "on account", row.id))


def to_misc(page: HeldPage, row: PaymentHeld) -> None:
    """Alt+I in suspense: it is the office's, though no line's."""
    there = There(page, row)

    def save(values: dict[str, Any]) -> Moved:
        return rule.from_suspense(
            page.office, row.id, "misc", values["amount"], values.get("accounting_date"), note=values["note"],
            practice=page.practice.id, seen=there.act,
        )  # fmt: skip

    form = HeldForm(
        page, "To miscellaneous income", [amount_field(there)], intro=there.intro, ok="Move", save=there.saving(save)
    )
    page.open_dialog(form, moved(page, "to miscellaneous income", row.id))


def to_suspense(page: HeldPage, row: AccountHeld | PaymentHeld) -> None:
    """Alt+U: from an account as money of a payment that brought it, or from income back."""
    there = There(page, row)
    practice = page.practice.id
    fields: list[Field] = [amount_field(there)]
    if isinstance(row, AccountHeld):
        found = held.brought(page.office, practice, row.id)
        if not found:
            page.say("No payment of a batch brought this money, and money in suspense is a payment's.", warning=True)
            return
        options = [
            (one, f"{words.TYPES[kind]} {number} of {payer}, {shown(cents)}")
            for one, kind, number, payer, cents in found
        ]
        first = options[0][0] if len(options) == 1 else None
        fields.append(ChoiceField("payment", "&Brought by", options, first, required=True))

    def save(values: dict[str, Any]) -> Moved:
        booked = values.get("accounting_date")
        if isinstance(row, AccountHeld):
            return rule.on_account_to_suspense(
                page.office, practice, row.number, values["amount"], values["payment"], booked, note=values["note"],
                seen=there.act,
            )  # fmt: skip
        return rule.from_misc(
            page.office, row.id, values["amount"], booked, note=values["note"], practice=practice, seen=there.act
        )

    form = HeldForm(page, "To suspense", fields, intro=there.intro, ok="Move", save=there.saving(save))
    page.open_dialog(form, moved(page, "to suspense", row.id))


def refund(page: HeldPage, row: AccountHeld | PaymentHeld) -> None:
    """Alt+R: to whom and why; it is recorded here, and paid where the office writes its checks."""
    there = There(page, row)
    there.more = "A refund is recorded here; it is paid where the office writes its checks."
    account, today = isinstance(row, AccountHeld), page.office.business_date
    source: dict[str, Any] = {"account": row.number} if account else {"payment": row.id, "book": BOOKS[page.tab]}

    def save(values: dict[str, Any]) -> Moved:
        return rule.refund(
            page.office, page.practice.id, values["amount"], values["recipient"], values.get("accounting_date"),
            reason=values["reason"], type=values["type"], number=values["number"], date=values["date"], seen=there.act,
            **source,
        )  # fmt: skip

    recipient = row.guarantor if isinstance(row, AccountHeld) else row.payer
    fields: list[Field] = [
        amount_field(there),
        TextField("recipient", "Reci&pient", recipient, required=True, longest=200),
        NoteField("reason", "&Reason", required=True),
        ChoiceField("type", "&Type", [(one, words.TYPES[one]) for one in TYPES], "check", required=True, width=10),
        TextField("number", "&Number", width=20, hint="empty: not known yet"),
        DateField("date", "&Date", today, today=today, required=True),
    ]
    form = HeldForm(page, f"Refund from {title(row)}", fields, intro=there.intro, ok="Refund", save=there.saving(save))
    page.open_dialog(form, moved(page, "as a refund", row.id))


def pay(page: HeldPage, row: AgencyOwed) -> None:
    """Alt+P: what the agency's invoice asks, at most what it is owed."""
    there = There(page, row)
    today = page.office.business_date

    def save(values: dict[str, Any]) -> Moved:
        return invoices.pay_agency(
            page.office, page.practice.id, row.name, values["amount"], values["number"], values["date"],
            values.get("accounting_date"), type=values["type"], note=values["note"], seen=there.act,
        )  # fmt: skip

    fields: list[Field] = [
        ChoiceField("type", "&Type", [(one, words.TYPES[one]) for one in TYPES], "check", required=True, width=10),
        TextField("number", "&Number", required=True, width=20),
        DateField("date", "&Date", today, today=today, required=True),
        AmountField("amount", "&Amount", there.amount, required=True, hint=f"at most {shown(there.amount)}"),
        NoteField("note", "N&ote"),
    ]
    form = HeldForm(page, f"Pay {row.name}", fields, intro=there.intro, ok="Pay", save=there.saving(save))
    page.open_dialog(form, moved(page, f"to {row.name}", row.id))


def none_of(thing: Thing | None) -> str | None:
    """Why there is nothing to move, or None."""
    return "Nothing of it is left; Alt+E reverses what moved it." if thing is not None and thing.amount <= 0 else None
