"""Reverse in Active AR: by what is selected, the service fee, a payment or an adjustment (rules/accounts/reversefee.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bo_tui.errors import Conflict
from bo_tui.money import shown
from bo_tui.rules.accounts import reversefee as rule
from bo_tui.rules.batches import foreseeing, reversing
from bo_tui.rules.batches.foreseeing import Foreseen
from bo_tui.rules.codes import ACTIVITY, ECOMM, GPYMT, IPYMT, MADJN, MADJP
from bo_tui.rules.external.reverse import Reversed
from bo_tui.screens.accounts.ledgerrows import LedgerLine
from bo_tui.screens.accounts.lineacts import Seen
from bo_tui.views.accounts import ledger
from bo_tui.views.accounts.ledger import Posting
from bo_tui.views.accounts.lines import LineRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, Field, NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Row

if TYPE_CHECKING:
    from bo_tui.screens.accounts.activear import ActiveARTab

REVERSIBLE = (GPYMT, IPYMT, MADJN, MADJP, ECOMM)
TO = (
    (reversing.PAYER, "back to the payer (it bounced, or was another's)"),
    (reversing.TO_SUSPENSE, "to suspense: the office keeps it, for another line"),
    (reversing.TO_ON_ACCOUNT, "on account of the guarantor"),
)
KEPT = {
    reversing.TO_SUSPENSE: "; the money is kept in suspense",
    reversing.TO_ON_ACCOUNT: "; the money is kept on account",
}
ELSEWHERE = "is what external collections wrote; it is reversed on the tab Transactions there."


def against(row: Row) -> str | None:
    """Why a row cannot be reversed, as far as the row itself says it."""
    assert isinstance(row, LedgerLine)
    line, posting = row.line, row.posting
    if posting is None and row.parent is None and line is not None:
        if line.fee == 0:
            return "A fee of 0.00 has no entry to reverse."
        if line.agency is not None:
            return (
                f"Line {line.number} is with {line.agency}; Alt+T in Transactions (Alt+M X, Alt+2) transfers it back."
            )
        return f"Line {line.number} waits for {line.waits_for}; deny it first." if line.waits_for else None
    if posting is None:
        return "That row is no entry; choose the fee, a payment or an adjustment."
    if posting.code in ("EXCOL", "RVCOL"):
        return f"{posting.code} {ELSEWHERE}"
    if posting.code not in REVERSIBLE:
        return f"{posting.code} ({ACTIVITY[posting.code].meaning}) cannot be reversed."
    if posting.left == 0:
        return f"{posting.code} is a reversal itself, or reversed in full already."
    if posting.code in (MADJN, MADJP) and line is not None and line.agency is not None:
        return f"Line {line.number} is with {line.agency}; adjust it there: Alt+M X, Alt+2."
    return None


def start(page: ActiveARTab) -> None:
    """Say in words what will happen, ask for the reason, and for the amount where a part may be reversed."""
    row = page.row
    seen = Seen(page)
    posting = row.posting
    entry = ledger.service_fee(page.office, seen.line.id) if posting is None else posting.id
    if entry is None:
        page.say("This line has no service fee entry to reverse.", warning=True)
        return

    paid = posting is not None and posting.code in (GPYMT, IPYMT)
    state = {"ahead": foreseeing.of_entry(page.office, entry) if paid else Foreseen()}

    def save(line: LineRow, values: dict[str, Any]) -> Reversed:
        try:
            return rule.reverse_in_ar(
                page.office, entry, values["reason"], values.get("amount"), values.get("accounting_date"),
                to=values.get("to") or reversing.PAYER, seen=line.act, practice=seen.practice,
            )  # fmt: skip
        except Conflict:
            if paid:
                state["ahead"] = foreseeing.of_entry(page.office, entry)
            raise

    def live(values: Mapping[str, Any]) -> str:
        line = seen.line
        if posting is None:
            return "RVFEE of what is left of the fee; what was paid on the line becomes a credit."
        amount = values.get("amount")
        if not amount:
            return f"Up to {shown(posting.left)} can be reversed."
        if posting.code in (GPYMT, IPYMT):
            where = (
                "the balance becomes " + shown(line.ar + amount)
                if line.agency is None
                else "it follows the debt to the agency"
            )
            if posting.code == IPYMT and posting.has_children and amount == posting.left and line.agency is None:
                where += " and by what its reason codes adjusted, which comes back too"
            whose = KEPT.get(values.get("to") or "", "")
            told = state["ahead"].sentences if amount == posting.left else state["ahead"].of_part(amount)
            return "\n".join([f"RVPAY of {shown(amount)}; {where}{whose}.", *told])
        if posting.amount is None:
            return f"RVCOMM of {shown(amount)}; the balance stays {shown(line.ar)}."
        after = line.ar + amount if posting.code == MADJN else line.ar - amount
        return f"{MADJP if posting.code == MADJN else MADJN} of {shown(amount)}; the balance becomes {shown(after)}."

    left = 0 if posting is None else posting.left
    amount = (
        []
        if posting is None
        else [AmountField("amount", "&Amount", left, required=True, hint=f"at most {shown(left)}")]
    )
    goes = _goes(posting) if posting is not None else []
    fields: list[Field] = [NoteField("reason", "&Reason", required=True), *amount, *goes, *page.accounting_fields()]
    title = "Reverse the service fee" if posting is None else f"Reverse {posting.code} of {shown(posting.gross)}"
    dialog = FormDialog(
        title, fields, intro=seen.intro, save=seen.saving(save), live=live, ok="Reverse", help_topic="account_ar"
    )
    page.open_dialog(dialog, _done)


def _goes(posting: Posting) -> list[Field]:
    """Where a payment's money goes that came into CASH: back, or it stays with the office; other money goes back where it was."""
    if posting.code not in (GPYMT, IPYMT) or not posting.from_cash:
        return []
    to = [one for one in TO if one[0] != reversing.TO_SUSPENSE or posting.payment is not None]
    return [ChoiceField("to", "&Goes", to, reversing.PAYER, required=True)]


def _done(done: Reversed) -> str:
    where = "in active AR" if done.placement is None else f"of placement {done.placement}"
    said = f"{done.code} of {shown(done.amount)} written; the balance {where} is {shown(done.balance)}."
    return " ".join([said, *done.left])
