"""Refunds: recorded where the money was, not paid from here.

REFUND holds all that was ever promised back, less what came back of it (RVRFD); the office's own books pay it.
"""

from __future__ import annotations

from typing import Any

from bo_tui import dates, money
from bo_tui.db.tables import ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import accounting, ledger, payments, roles
from bo_tui.rules.batches import rows, takebacks
from bo_tui.rules.batches.holding import (
    account_unchanged,
    on_account_of,
    payment_unchanged,
    refuse_above,
    the_posted,
)
from bo_tui.rules.batches.model import TYPES, Moved
from bo_tui.rules.codes import AR, MISC_INCOME, ON_ACCOUNT, REFND, REFUND, SUSPENSE
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account


def refund(
    office: Office,
    practice: int,
    amount: int,
    recipient: str,
    accounting_date: int | None = None,
    *,
    account: str | None = None,
    line: str | None = None,
    payment: int | None = None,
    book: str = SUSPENSE,
    reason: str | None = None,
    type: str | None = None,
    number: str | None = None,
    date: int | None = None,
    seen: int | None = None,
) -> Moved:
    """Refund money on account (`account`), a line's credit (`line`), or a payment's in `book`, to the recipient named (REFND).

    Exactly one source is named; `reason` is the act's, the recipient where none is given. `type` (check, eft, ...), `number` and
    `date` are of what pays it, as far as they are known. `seen` is the last act that moved the money, or the line's. Raises
    RuleRefusal, field `amount` (more than there is), `recipient`, `reason`, `type`, `number`, `date` or `source`, and Conflict.
    """
    roles.require(office, "payment")
    rows.cents(amount, "amount")
    note = lookups.required(recipient, "recipient", "The recipient")
    if type not in (None, *TYPES):
        raise RuleRefusal(f"A refund goes out by {', '.join(TYPES)}.", field="type")
    number = rows.text(number, "number")
    if date is not None and date > office.business_date:
        raise RuleRefusal("The date is after today; a refund is recorded once it is paid.", field="date")
    if sum(source is not None for source in (account, line, payment)) != 1:
        raise RuleRefusal("Refund from an account, from a line's credit, or from a payment's money.", field="source")
    with office.act("refund", practice, rows.text(reason, "reason") or note) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, draft.business_date)
        about: dict[str, Any] = {"accounting_date": booked, "note": note, "number": number}
        if account is not None:
            owner = the_account(practice, account)
            account_unchanged(owner, seen)
            source, there = ON_ACCOUNT, on_account_of(owner.id)
            about["account"] = owner.id
        elif line is not None:
            row: Any = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == line))
            if row is None:
                raise NotFound(f"There is no service fee line {line} in this practice.", field="line")
            standing = f"has a balance of {money.shown(row.ar)} in active AR"
            lookups.unchanged(seen, row.act, f"Line {row.number}", standing)
            source, there = AR, max(0 - row.ar, 0)
            about |= {"line": row.id, "parent": payments.service_fee(row.id)}
        else:
            if book not in (SUSPENSE, MISC_INCOME):
                raise RuleRefusal(f"Money is held in {SUSPENSE} or {MISC_INCOME}.", field="book")
            paid = the_posted(payment or 0, practice)
            payment_unchanged(paid, book, seen)
            source, there = book, takebacks.held_of(paid.id, book)
            about["payment"] = payment
        refuse_above(there, amount, "There is {} to refund.")
        made = ledger.write(draft, REFND, (source, REFUND), amount, **about)
        how = {"type": type, "number": number, "date": dates.iso(date) or None}
        ledger.change_many(draft, [("entry", made, name, None, value) for name, value in how.items() if value])
        ledger.settle(draft)
        ledger.seal(draft)
    return Moved(draft.id, (made,), amount)
