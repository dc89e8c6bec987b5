"""The Reverse External Collection Transaction window (Alt+R); what it does follows from the selected row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bo_tui import money
from bo_tui.money import shown
from bo_tui.rules.batches import foreseeing
from bo_tui.rules.batches.foreseeing import Foreseen
from bo_tui.rules.codes import ACTIVITY, ECOMM, EXCOL, MADJN, MADJP, PAYMENTS
from bo_tui.rules.external import reverse as rule
from bo_tui.screens.external import parts
from bo_tui.screens.external.placementrows import PlacementLine
from bo_tui.views import placements
from bo_tui.views.placements import EntryFacts, Facts
from bo_tui.widgets.fields import AmountField, Field, NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Row

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage

REVERSIBLE = (EXCOL, ECOMM, MADJN, MADJP, *PAYMENTS)


def against(row: Row) -> str | None:
    """Why a row cannot be reversed, as far as the row itself says it; None when it may be tried."""
    assert isinstance(row, PlacementLine)
    if row.batch is not None:
        return f"It is not posted yet; change it in payment batch {row.batch}."
    if row.code not in REVERSIBLE:
        return f"{row.code} ({ACTIVITY[row.code].meaning}) cannot be reversed."
    if row.code != EXCOL:
        return None
    if row.parent is not None:
        return "This EXCOL came back to the placement above it; reverse that one."
    if row.closed is not None:
        return f"This placement was closed by {row.closed} already."
    return None if row.cents else "It stands at zero; there is nothing to reverse."


def start(page: TransactionsPage) -> None:
    """Say in words what will happen, ask for the reason, and for the amount where a part may be reversed."""
    row = page.grid.current
    assert isinstance(row, PlacementLine)
    seen = parts.Seen(page)
    entry = placements.entry(page.office, row.id)
    left = entry.amount - entry.reversed
    whole = row.code == EXCOL
    if not whole and left <= 0:
        page.say(f"{entry.code} of {shown(entry.amount)} is reversed in full already.", warning=True)
        return
    if entry.reverses:
        page.say(f"{entry.code} is a reversal itself; adjust again instead.", warning=True)
        return

    def read() -> tuple[Facts, EntryFacts, Foreseen]:
        paid = entry.code in PAYMENTS
        ahead = foreseeing.of_entry(page.office, entry.id) if paid else Foreseen()
        return seen.facts, placements.entry(page.office, entry.id), ahead

    state = {"now": read()}

    def save(facts: Facts, values: dict[str, Any]) -> rule.Reversed:
        return rule.reverse(
            page.office,
            entry.id,
            values["reason"],
            None if whole else values["amount"],
            values.get("accounting_date"),
            seen=facts.act,
            practice=facts.practice,
        )

    def live(values: Mapping[str, Any]) -> str:
        if state["now"][0] is not seen.facts:  # a conflict showed another state
            state["now"] = read()
        facts, now, ahead = state["now"]
        amount, rest = values.get("amount") or 0, now.amount - now.reversed
        told = ahead.sentences if amount == rest else ahead.of_part(amount) if amount else ()
        return "\n".join([_words(facts, now, amount, rest), *(f"- {sentence}" for sentence in told)])

    amount = [] if whole else [AmountField("amount", "&Amount", left, required=True, hint=f"at most {shown(left)}")]
    fields: list[Field] = [NoteField("reason", "&Reason", required=True), *amount, *parts.accounting_fields(page)]
    dialog = FormDialog(
        "Reverse External Collection Transaction",
        fields,
        intro=seen.intro,
        save=seen.saving(save),
        live=live,
        ok="Reverse",
        help_topic="transactions",
    )
    page.open_dialog(dialog, _done)


def _words(facts: Facts, entry: EntryFacts, amount: int, left: int) -> str:
    """What the reversal will do, for the amount typed so far."""
    if entry.code == EXCOL:
        told = " The agency is told in its next update." if facts.file else ""
        return (
            f"RVCOL: {shown(facts.balance)} goes back to active AR as placed by mistake. "
            f"The night does not take line {facts.line} again until an operator adds it.{told}"
        )
    if not amount:
        return f"Up to {shown(left)} can be reversed."
    if entry.code in PAYMENTS:
        share = money.proportion(entry.commission, entry.reversed + amount, entry.amount)
        before = money.proportion(entry.commission, entry.reversed, entry.amount)
        fee = f", RVCOMM of {shown(share - before)}" if share > before else ""
        return f"RVPAY of {shown(amount)}{fee}; {_where(facts, amount)}"
    if entry.code == ECOMM:
        return f"RVCOMM of {shown(amount)}; the balance stays {shown(facts.balance)}."
    up = entry.code == MADJN
    after = facts.balance + amount if up else facts.balance - amount
    return f"{'MADJP' if up else 'MADJN'} of {shown(amount)}; the balance becomes {shown(after)}."


def _where(facts: Facts, amount: int) -> str:
    if facts.closed is None:
        return f"the balance becomes {shown(facts.balance + amount)}."
    if facts.closed == "AGTFR":
        return "the debt has moved to another agency, and the money owed follows it there (AGTFR, EXCOL)."
    return "the debt is back in active AR, and the money owed follows it there (RVCOL)."


def _done(done: rule.Reversed) -> str:
    fee = f" with {shown(done.commission)} commission" if done.code == "RVPAY" and done.commission else ""
    where = "in active AR" if done.placement is None else f"of placement {done.placement}"
    return f"{done.code} of {shown(done.amount)}{fee} written; the balance {where} is {shown(done.balance)}."
