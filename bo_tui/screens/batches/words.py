"""How the pages of payment batches say things: kinds, types, states, what remains, where a share goes."""

from __future__ import annotations

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.batches.model import AGENCY, GROSS, GUARANTOR, INSURANCE, PaymentStanding
from bo_tui.text import counted
from bo_tui.views.batches.listing import BALANCED, OUT, POSTED, BatchRow
from bo_tui.views.batches.payments import PaymentRow
from bo_tui.views.batches.shares import ShareRow

KINDS = {INSURANCE: "Insurance", GUARANTOR: "Guarantor", AGENCY: "Agency"}
TYPES = {"check": "Check", "cash": "Cash", "card": "Card", "eft": "EFT"}
STATES = {POSTED: "posted", BALANCED: "in", OUT: "OUT"}
NEVER = "{} never posted, the payment was reversed"
PAID = {"unposted": "pending", "partly": "partly", "posted": "posted"}
WHERE = {
    "line": "line",
    "placement": "placement",
    "on_account": "on account",
    "suspense": "suspense",
    "misc": "misc income",
    "refund": "refund",
    "recoup": "recoup",
}


def count(number: int, what: str, plural: str = "") -> str:
    """`1 payment`, `2 payments`."""
    return counted(number, what, plural)


def batch_line(row: BatchRow) -> str:
    """A batch in one sentence: who made it, and what is missing for its balance."""
    made = f"Batch {row.number} of {row.code}, created {dates.written(row.made_at, row.created)} by {row.creator}"
    parts = [f"{made}{', ' + row.description if row.description else ''}", balance(row)]
    if row.exceptions:
        parts.append(f"{count(row.exceptions, 'exception')} of the remittance to settle")
    return "; ".join(parts)


def balance(row: BatchRow) -> str:
    """What keeps a batch from being in balance, or that it is."""
    if row.in_balance:
        done = f"{row.posted_count:,} of {row.current_count:,} posted" if row.posted_total else "nothing posted"
        return f"in balance, {done}"
    missing = []
    if row.expected_count != row.current_count:
        missing.append(f"{row.current_count:,} of {count(row.expected_count, 'payment')} entered")
    if row.expected_total not in (None, row.current_total):
        missing.append(f"{shown(row.current_total)} of {shown(row.expected_total)} entered")
    return f"OUT of balance: {', '.join(missing)}"


def refuses_post(row: BatchRow | None) -> str | None:
    """Why a batch cannot be posted, or None."""
    if row is None:
        return "There is no batch to post."
    if not row.in_balance:
        return f"Batch {row.number} is {balance(row)}; only a batch in balance posts."
    return f"All of batch {row.number} is posted." if row.state == POSTED else None


def remaining(cents: int) -> str:
    """What remains of a check, in words that also say whether it balances."""
    if not cents:
        return "0.00 (balanced)"
    return f"{shown(cents)} (to distribute)" if cents > 0 else f"{shown(cents)} (too much distributed)"


def payment_title(row: PaymentRow) -> str:
    """`Check 4471 of First Bay`, as the rules call it."""
    return f"{TYPES[row.type]} {row.number} of {row.payer}"


def payment_line(row: PaymentRow) -> str:
    """A payment in one sentence: what remains, or when it was posted."""
    parts = [f"{payment_title(row)}, {shown(row.amount)} of {dates.iso(row.date)}, by {row.made_by}"]
    if row.received_from_patient:
        parts.append("received from the patient")
    parts.append(why_not(row) or "ready to post" if row.state != "posted" else f"posted {dates.iso(row.posted)}")
    if row.reversed:
        parts.append(f"{shown(row.reversed)} {'gross ' if row.kind == AGENCY else ''}reversed")
    if row.state == "posted" and row.remaining:
        parts.append(NEVER.format(shown(row.remaining)))
    return "; ".join(parts)


def state(row: PaymentRow) -> str:
    """pending, partly, posted; or what became of a posted one since."""
    if row.posted is None or not row.reversed:
        return PAID[row.state]
    whole = row.reversed >= row.moved and row.state != "partly"  # else some of it still waits to be posted
    return "reversed" if whole else "part rev."


def why_not(row: PaymentRow) -> str | None:
    """Why Post cannot take a payment, in a few words; None when it can."""
    if row.state == "posted":
        return "posted already"
    if row.remaining > 0:
        return f"{shown(row.remaining)} remains"
    if row.remaining < 0:
        return f"{shown(-row.remaining)} too much"
    return None if row.unposted else "nothing distributed"


def standing(row: PaymentStanding, payer: str) -> str:
    """A payment's head in two lines, the second with the running figures."""
    header = row.header
    more = [dates.iso(header.date)]
    if header.kind == AGENCY:
        counts = "gross" if row.remits == GROSS else "net"
        more.append("received from the patient" if header.received_from_patient else f"remits {counts}")
    if header.plan:
        more.append(header.plan)
    if header.accounting_date is not None:
        more.append(f"accounting {dates.iso(header.accounting_date)}")
    more.append(row.state if row.state == "removed" else PAID[row.state])
    first = f"{KINDS[header.kind]}: {TYPES[header.type]} {header.number} of {payer}, {', '.join(more)}"
    left = f"Remaining {remaining(row.remaining)}"
    if row.state == "posted" and row.remaining:  # it was reversed before the rest was posted
        left = NEVER.format(shown(row.remaining))
    return f" {first}\n Check {shown(header.amount)}   Distributed {shown(row.distributed)}   {left}"


def share_line(row: ShareRow) -> str:
    """A distribution in one sentence."""
    whom = f"{row.guarantor}, account {row.account}" if row.account else WHERE[row.kind]
    parts = [f"{shown(row.amount)} to {whom}"]
    if row.line:
        parts[0] += f", line {row.line}"
    if row.placement is not None:
        parts.append(f"placement {row.placement} with {row.agency}")
    if row.of_entry is not None:
        parts.append(f"takes back entry {row.of_entry}")
    parts += [text for text in (row.reasons, f"rolled to {row.roll}" if row.roll else None, row.note) if text]
    parts.append(f"posted {dates.iso(row.posted)}" if row.posted is not None else f"pending, by {row.made_by}")
    if row.reversed:
        gross = "gross " if row.placement is not None else ""
        parts.append(f"{shown(row.reversed)} of {gross}{shown(row.whole)} reversed")
    return "; ".join(parts)
