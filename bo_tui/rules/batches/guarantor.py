"""Guarantor money to an account's lines, oldest first: by the day a line ages from, the date of service, then the line.

The order is one key everywhere: here for a payment's distributions, and for money on account that is applied later.
"""

from __future__ import annotations

from typing import Any

from peewee import Value, fn

from bo_tui.db.tables import Account, Distribution, DistributionReason, Payment, Placement, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.batches import distributions, rows
from bo_tui.rules.batches.model import GUARANTOR, LINE, ON_ACCOUNT, REMOVED, UNPOSTED, LineShare, Share, SharesDone
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account


def oldest_first(office: Office, practice: int, account: str, amount: int) -> list[LineShare]:
    """How so many cents would go to an account's lines, oldest first; what is over goes nowhere (on account, if one likes).

    The guarantor's lines above zero that no agency has; what unposted distributions will pay or adjust counts as paid.
    """
    roles.require(office, "look")
    with office.reading():
        return shares_of(the_account(practice, account).id, amount)


def shares_of(account: int, amount: int, payment: int = 0) -> list[LineShare]:
    """As `oldest_first`, of an account's id, within a transaction; without the lines that a payment goes to already."""
    found = []
    for number, owed in _owing(account, payment):
        if amount <= 0:
            break
        if owed > 0:
            found.append(LineShare(number, min(amount, owed), owed))
            amount -= min(amount, owed)
    return found


def _owing(account: int, payment: int) -> list[tuple[str, int]]:
    waits = Distribution.alias("waits")
    down = DistributionReason.select(fn.SUM(DistributionReason.amount)).where(
        (DistributionReason.distribution == waits.id) & DistributionReason.transaction_code.is_null(False)
    )
    promised: Any = waits.select(fn.COALESCE(fn.SUM(waits.amount + fn.COALESCE(down, 0)), 0))
    promised = promised.where((waits.line == ServiceLine.id) & (waits.kind == LINE) & (waits.state == UNPOSTED))
    placed = Placement.select(Value(1)).where((Placement.line == ServiceLine.id) & Placement.closed.is_null())
    mine: Any = (ServiceLine.account == account) & (ServiceLine.responsibility == "guarantor") & (ServiceLine.ar > 0)
    own = Distribution.select(Distribution.line).where(
        (Distribution.payment == payment) & (Distribution.state != REMOVED)
    )
    mine &= ServiceLine.id.not_in(own.where(Distribution.kind == LINE))
    query: Any = ServiceLine.select(ServiceLine.number, ServiceLine.ar - promised).where(mine & ~fn.EXISTS(placed))
    return list(query.order_by(*KEY).tuples())


KEY = (ServiceLine.aging_date, ServiceLine.date_of_service, ServiceLine.id)


def distribute(
    office: Office,
    payment: int,
    account: str | None = None,
    *,
    rest_on_account: bool = True,
    seen: int | None = None,
    practice: int | None = None,
) -> SharesDone:
    """Distribute what remains of a guarantor's payment over an account's lines (default: the remitter's), oldest first.

    What is over goes on account, or with `rest_on_account` off remains. RuleRefusal, field `account` or `amount`, and Conflict.
    """
    roles.require(office, "payment")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("distribute", owner) as draft:
        row: Any = rows.the_payment(payment, seen)
        if row.kind != GUARANTOR:
            raise RuleRefusal("Oldest first is for a guarantor's payment.", field="kind")
        number = account or _remitter(row)
        left = rows.remaining(row)
        if left <= 0:
            raise RuleRefusal("Nothing of this payment remains to be distributed.", field="amount")
        given = [Share(LINE, one.amount, one.line) for one in shares_of(the_account(owner, number).id, left, payment)]
        over = left - sum(share.amount or 0 for share in given)
        if over and rest_on_account:
            given.append(Share(ON_ACCOUNT, over, account=number))
        made = distributions.add_within(draft, row, given)
        ledger.seal(draft)
        left = rows.remaining(row)
    return SharesDone(draft.id, payment, made, left)


def _remitter(row: Payment) -> str:
    if row.account is None:
        raise RuleRefusal("The payment names no account; say whose lines it is for.", field="account")
    return Account.select(Account.number).where(Account.id == row.account).scalar()
