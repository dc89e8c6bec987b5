"""Refunds: recorded where the money was, not paid from here.

REFUND holds all that was ever promised back, less what came back of it (RVRFD); the office's own books pay it.
"""

from __future__ import annotations

from typing import Any

from bo_tui.db.tables import ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import accounting, ledger, payments, roles
from bo_tui.rules.batches import rows, takebacks
from bo_tui.rules.batches.holding import on_account_of, refuse_above, the_posted
from bo_tui.rules.batches.model import Moved
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
) -> Moved:
    """Refund money on account (`account`), a line's credit (`line`), or a payment's in `book`, to the recipient named (REFND).

    Exactly one source is named; `reason` is the act's, the recipient where none is given. Raises RuleRefusal, field `amount` (more
    than there is), `recipient`, `reason` or `source`.
    """
    roles.require(office, "payment")
    rows.cents(amount, "amount")
    note = lookups.required(recipient, "recipient", "The recipient")
    if sum(source is not None for source in (account, line, payment)) != 1:
        raise RuleRefusal("Refund from an account, from a line's credit, or from a payment's money.", field="source")
    with office.act("refund", practice, rows.text(reason, "reason") or note) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, draft.business_date)
        about: dict[str, Any] = {"accounting_date": booked, "note": note}
        if account is not None:
            source, there = ON_ACCOUNT, on_account_of(owner := the_account(practice, account).id)
            about["account"] = owner
        elif line is not None:
            row: Any = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == line))
            if row is None:
                raise NotFound(f"There is no service fee line {line} in this practice.", field="line")
            source, there = AR, max(0 - row.ar, 0)
            about |= {"line": row.id, "parent": payments.service_fee(row.id)}
        else:
            if book not in (SUSPENSE, MISC_INCOME):
                raise RuleRefusal(f"Money is held in {SUSPENSE} or {MISC_INCOME}.", field="book")
            source, there = book, takebacks.held_of(the_posted(payment or 0, practice).id, book)
            about["payment"] = payment
        refuse_above(there, amount, "There is {} to refund.")
        made = ledger.write(draft, REFND, (source, REFUND), amount, **about)
        ledger.settle(draft)
        ledger.seal(draft)
    return Moved(draft.id, (made,), amount)
