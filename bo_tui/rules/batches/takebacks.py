"""What a payer takes back out of its next payment: an agency's earlier payment that bounced, an insurer's recoupment.

A takeback stands as a distribution below zero that names the entry it takes back, and is posted as that entry's reversal. What
other takebacks that wait will take of an entry is promised, and not there to be taken again.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from peewee import JOIN, SQL, Case, fn

from bo_tui import money
from bo_tui.db.tables import Distribution, Entry, Payment, Placement
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.rules.batches import rows
from bo_tui.rules.batches.model import AGENCY
from bo_tui.rules.codes import CASH, ECOMM, EPYMT, GPYMT, IPYMT, MISC_INCOME, RSCND, RVCOMM, RVPAY, SUSPENSE
from bo_tui.rules.external import lookups

_WAITS = Distribution.state == SQL(
    "'unposted'"
)  # a literal: SQLite takes a partial index only where it sees its condition


class Promised:
    """What takebacks that are not posted will take of entries, in cents: those that are kept, and those of the call under way.

    `besides`: a distribution that is being changed and does not count.
    """

    def __init__(self, besides: int | None = None) -> None:
        self.besides = besides
        self.now: defaultdict[int, int] = defaultdict(int)  # entry -> cents, of the call under way
        self.commission: defaultdict[int, int] = defaultdict(int)

    def of(self, entry: Entry, account: int | None) -> tuple[int, int]:
        """Cents of an entry that others will take, and of its commission; `account` is the one their distributions name."""
        cents, kept = fn.COALESCE(Distribution.gross, Distribution.amount), fn.COALESCE(Distribution.commission, 0)
        whose: Any = Distribution.account.is_null() if account is None else Distribution.account == account
        mine = _WAITS & whose & (Distribution.of_entry == entry.id) & (Distribution.id != (self.besides or 0))
        sums: Any = Distribution.select(fn.COALESCE(fn.SUM(cents), 0), fn.COALESCE(fn.SUM(kept), 0)).where(mine)
        taken, given_back = sums.tuples()[0]
        return self.now[entry.id] - taken, self.commission[entry.id] - given_back

    def add(self, entry: Entry, cents: int, commission: int = 0) -> None:
        """One more takeback of the call under way."""
        self.now[entry.id] += cents
        self.commission[entry.id] += commission


def check(
    payment: Payment, placement: Placement, of_entry: int | None, gross: int, net: int, commission: int, promised: Promised
) -> tuple[int, int]:  # fmt: skip
    """The agency's payment that a takeback of so much (all below zero) takes back, and what that takes of the check.

    Without an entry it is the debt's latest of that agency with so much left, wherever it was posted. Raises RuleRefusal and
    NotFound, field `of_entry`, `gross` or `commission`.
    """
    if of_entry is not None:
        entry = _named(payment, placement, of_entry)
    else:
        entry = _latest(payment, placement, -gross, promised)
    waiting, waiting_commission = promised.of(entry, placement.account)
    left = left_of(entry) - waiting
    if -gross > left:
        raise RuleRefusal(
            f"{money.shown(-gross)} is more than is left of {entry.code} {entry.id}, {money.shown(left)}.",
            field="gross",
        )
    kept = commission_of(entry)
    if -commission > kept.left - waiting_commission:
        raise RuleRefusal(
            f"Commission {money.shown(-commission)} is more than is left of {entry.code} {entry.id}'s, "
            f"{money.shown(kept.left - waiting_commission)}.",
            field="commission",
        )
    promised.add(entry, -gross, -commission)
    return entry.id, net if kept.from_check else gross


class Commission:
    """The commission of a payment: its entry (None: it had none), cents not taken back yet, and whether the check bore it."""

    def __init__(self, entry: Entry | None) -> None:
        self.entry = entry
        self.left = 0 if entry is None else entry.amount - reversed_of(entry.id, RVCOMM)
        self.from_check = entry is not None and entry.credit == CASH


def commission_of(entry: Entry) -> Commission:
    """The commission below an agency's payment."""
    mine = (Entry.parent == entry.id) & (Entry.code == ECOMM)
    return Commission(Entry.select().where(mine).order_by(Entry.id).first())


def left_of(entry: Entry) -> int:
    """Cents of a payment's entry that were not reversed."""
    return entry.amount - reversed_of(entry.id, RVPAY)


def reversed_of(entry: int, code: str) -> int:
    """Cents of an entry that its children of a code took back."""
    mine = (Entry.parent == entry) & (Entry.code == code)
    return Entry.select(fn.COALESCE(fn.SUM(Entry.amount), 0)).where(mine).scalar()


def held_of(payment: int, book: str) -> int:
    """Cents of a payment that lie in suspense or miscellaneous income; what another payment rescinded of it is gone."""
    within = Case(None, [(Entry.credit == book, Entry.amount), ((Entry.debit == book), 0 - Entry.amount)], 0)
    own = (Entry.payment == payment) & (Entry.code != RSCND)
    lies = Entry.select(fn.COALESCE(fn.SUM(within), 0)).where(own).scalar()
    source = Entry.alias("source")
    gone: Any = Entry.select(fn.COALESCE(fn.SUM(Entry.amount), 0)).join(source, on=(source.id == Entry.parent))
    taken = (source.payment == payment) & (Entry.code == RSCND) & (Entry.debit == book)
    return lies - gone.where(taken).scalar()


def check_recoup(payment: Payment, of_entry: int | None, amount: int, promised: Promised) -> Entry:
    """The entry that a payer recoups so much from: an insurer's payment of a line, or money in suspense or miscellaneous income.

    Raises NotFound and RuleRefusal, field `of_entry` or `amount`.
    """
    row: Any = Entry.get_or_none((Entry.id == (of_entry or 0)) & (Entry.practice == payment.practice))
    if row is None:
        raise NotFound("Name the entry that the money is taken from.", field="of_entry")
    if row.credit in (SUSPENSE, MISC_INCOME):
        source: Any = Payment.get_by_id(row.payment)
        if _whose(source) != _whose(payment):
            raise RuleRefusal(
                f"{row.code} {row.id} is another payer's money; only its own payer recoups it.", field="of_entry"
            )
        left = min(row.amount, held_of(row.payment, row.credit))
    elif row.code == IPYMT and row.line is not None and payment.kind != AGENCY:
        left = left_of(row)
    else:
        raise RuleRefusal(
            f"{row.code} {row.id} is no insurer's payment of a line and no money in suspense or miscellaneous income.",
            field="of_entry",
        )
    left -= promised.of(row, row.account)[0]
    if amount > left:
        raise RuleRefusal(
            f"{money.shown(amount)} is more than is left of {row.code} {row.id}, {money.shown(left)}.", field="amount"
        )
    promised.add(row, amount)
    return row


def _whose(payment: Any) -> tuple[str, int | None, str]:
    """Who paid: the agency, or the insurer by name, however its name is written."""
    return payment.kind, payment.agency, rows.folded(payment.payer)


def _own(payment: Payment, placement: Placement) -> Any:
    """The agency's payments of a placement's line: EPYMT of whichever placement, and GPYMT for a debt that was back."""
    payer = fn.COALESCE(
        Payment.agency, Placement.agency
    )  # before there were batches, an EPYMT was the placement's agency's
    query: Any = Entry.select().join(Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
    query = query.join_from(Entry, Placement, JOIN.LEFT_OUTER, on=(Placement.id == Entry.placement))
    mine = (Entry.line == placement.line) & Entry.code.in_((EPYMT, GPYMT))
    return query.where(mine & (payer == payment.agency))


def _named(payment: Payment, placement: Placement, of_entry: int) -> Entry:
    row: Any = _own(payment, placement).where(Entry.id == of_entry).first()
    if row is None:
        agency = lookups.agency_name(payment.agency)
        raise NotFound(f"Entry {of_entry} is no payment of {agency} on {lookups.named(placement)}.", field="of_entry")
    return row


def _latest(payment: Payment, placement: Placement, amount: int, promised: Promised) -> Entry:
    """The latest of the agency's payments that has so much left, an exact one before a larger."""
    undone = Entry.alias("undone")
    taken: Any = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0))
    there = Entry.amount - taken.where((undone.parent == Entry.id) & (undone.code == RVPAY))
    query = _own(payment, placement).select_extend(there.alias("there")).where(there >= amount).order_by(Entry.id)
    found = [(row, row.there - promised.of(row, placement.account)[0]) for row in query]  # few: of one line
    fitting = [((left == amount), row.id, row) for row, left in found if left >= amount]
    if not fitting:
        raise NotFound(
            f"{lookups.called(placement)} has no payment of which {money.shown(amount)} could be taken back.",
            field="of_entry",
        )
    return max(fitting, key=lambda one: one[:2])[2]
