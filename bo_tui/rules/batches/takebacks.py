"""What a payer takes back out of its next payment: an agency's earlier payment that bounced, an insurer's recoupment.

A takeback stands as a distribution below zero that names the entry it takes back, and is posted as that entry's reversal.
"""

from __future__ import annotations

from typing import Any

from peewee import Case, fn

from bo_tui import money
from bo_tui.db.tables import Entry, Payment, Placement
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.rules.batches.model import AGENCY
from bo_tui.rules.codes import CASH, ECOMM, EPYMT, IPYMT, MISC_INCOME, RSCND, RVCOMM, RVPAY, SUSPENSE
from bo_tui.rules.external import lookups


def check(
    payment: Payment, placement: Placement, of_entry: int | None, gross: int, net: int, commission: int
) -> tuple[int, int]:
    """The EPYMT that a takeback of so much (all below zero) takes back, and what that takes of the check.

    Without an entry it is the placement's latest with so much left. Raises RuleRefusal and NotFound, field `of_entry`, `gross`
    or `commission`.
    """
    entry = _named(placement, of_entry) if of_entry is not None else _latest(placement, -gross)
    left = left_of(entry)
    if -gross > left:
        raise RuleRefusal(
            f"{money.shown(-gross)} is more than is left of {entry.code} {entry.id}, {money.shown(left)}.",
            field="gross",
        )
    kept = commission_of(entry)
    if -commission > kept.left:
        raise RuleRefusal(
            f"Commission {money.shown(-commission)} is more than is left of {entry.code} {entry.id}'s, "
            f"{money.shown(kept.left)}.",
            field="commission",
        )
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


def check_recoup(payment: Payment, of_entry: int | None, amount: int) -> Entry:
    """The entry that a payer recoups so much from: an insurer's payment of a line, or money in suspense or miscellaneous income.

    Raises NotFound and RuleRefusal, field `of_entry` or `amount`.
    """
    row: Any = Entry.get_or_none((Entry.id == (of_entry or 0)) & (Entry.practice == payment.practice))
    if row is None:
        raise NotFound("Name the entry that the money is taken from.", field="of_entry")
    if row.credit in (SUSPENSE, MISC_INCOME):
        left = min(row.amount, held_of(row.payment, row.credit))
    elif row.code == IPYMT and row.line is not None and payment.kind != AGENCY:
        left = left_of(row)
    else:
        raise RuleRefusal(
            f"{row.code} {row.id} is no insurer's payment of a line and no money in suspense or miscellaneous income.",
            field="of_entry",
        )
    if amount > left:
        raise RuleRefusal(
            f"{money.shown(amount)} is more than is left of {row.code} {row.id}, {money.shown(left)}.", field="amount"
        )
    return row


def _named(placement: Placement, of_entry: int) -> Entry:
    row: Any = Entry.get_or_none((Entry.id == of_entry) & (Entry.line == placement.line))
    if row is None or row.code != EPYMT:
        raise NotFound(f"Entry {of_entry} is no payment of {lookups.named(placement)}.", field="of_entry")
    return row


def _latest(placement: Placement, amount: int) -> Entry:
    """The latest EPYMT of a placement that has so much left, an exact one before a larger."""
    undone = Entry.alias("undone")
    taken: Any = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0))
    left = Entry.amount - taken.where((undone.parent == Entry.id) & (undone.code == RVPAY))
    mine = (Entry.placement == placement.id) & (Entry.code == EPYMT) & (left >= amount)
    row = Entry.select().where(mine).order_by((left == amount).desc(), Entry.id.desc()).first()
    if row is None:
        raise NotFound(
            f"{lookups.called(placement)} has no payment of which {money.shown(amount)} could be taken back.",
            field="of_entry",
        )
    return row
