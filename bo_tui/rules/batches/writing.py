"""The entries of plain distributions, a few statements for a thousand payments, whatever they are (DESIGN sections 2 and 5).

Payments first, then commissions below them, then the adjustments of reason codes below them; balances are added up once.
"""

from __future__ import annotations

from typing import Any

from peewee import Value, fn

from bo_tui import dates
from bo_tui.db.tables import DistributionReason, Entry, ServiceLine
from bo_tui.db.tables.scratch import Paying
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.batches.judging import PLAIN
from bo_tui.rules.batches.model import LINE
from bo_tui.rules.codes import ADJUSTMENT, AR, CASH, COMMISSION, ECOMM, MADJN, SVCFE
from bo_tui.rules.external import lookups
from bo_tui.rules.ledger import ChangeRow

_WRITTEN: list[Any] = [
    Entry.id, Entry.act, Entry.practice, Entry.account, Entry.line, Entry.placement, Entry.parent, Entry.code,
    Entry.transaction_code, Entry.debit, Entry.credit, Entry.amount, Entry.posted, Entry.accounting_date, Entry.payment,
    Entry.number, Entry.note,
]  # fmt: skip


def write_plain(draft: Draft) -> None:
    """Write what the judgement found plain, settle the balances, and roll lines to who is next."""
    _number(draft, Paying.entry, Paying.cents)
    _number(draft, Paying.commission_entry, Paying.commission)
    _payments(draft)
    _commissions(draft)
    write_adjustments(draft, Paying.how == PLAIN)
    ledger.settle(draft)
    roll(draft, Paying.how == PLAIN)


def _number(draft: Draft, field: Any, cents: Any) -> None:
    """Number the entries of those that move money: the ids of an act are contiguous."""
    moving = (Paying.how == PLAIN) & (cents > 0)
    count = Paying.select(fn.COUNT(Paying.distribution)).where(moving).scalar()
    if not count:
        return
    first = draft.take_entry_ids(count)
    rank = fn.ROW_NUMBER().over(order_by=[Paying.distribution])
    ranked = Paying.select(Paying.distribution, rank.alias("place")).where(moving).alias("ranked")
    numbered: Any = Paying.update({field: ranked.c.place + (first - 1)}).from_(ranked)
    numbered.where(Paying.distribution == ranked.c.distribution).execute()


def _payments(draft: Draft) -> None:
    parent = fn.COALESCE(Paying.placement, service_fee(Paying.line))
    entries = Paying.select(
        Paying.entry, Value(draft.id), Value(draft.practice), Paying.account, Paying.line, Paying.placement, parent,
        Paying.code, Value(None), Value(CASH), Paying.credit, Paying.cents, Value(draft.business_date),
        Paying.accounting_date, Paying.payment, Paying.number, Paying.note,
    )  # fmt: skip
    entries = entries.where((Paying.how == PLAIN) & Paying.entry.is_null(False)).order_by(Paying.entry)
    ledger.write_many(draft, entries, _WRITTEN)


def _commissions(draft: Draft) -> None:
    entries = Paying.select(
        Paying.commission_entry, Value(draft.id), Value(draft.practice), Value(None), Paying.line, Paying.placement,
        Paying.entry, Value(ECOMM), Value(None), Value(COMMISSION), Paying.commission_credit, Paying.commission,
        Value(draft.business_date), Paying.accounting_date, Paying.payment, Paying.number, Value(None),
    )  # fmt: skip
    some = (Paying.how == PLAIN) & Paying.commission_entry.is_null(False)
    ledger.write_many(draft, entries.where(some).order_by(Paying.commission_entry), _WRITTEN)


def write_adjustments(draft: Draft, which: Any) -> None:
    """MADJN for each reason code with a transaction code, below its payment's entry, or below the SVCFE where nothing was paid."""
    mine: Any = DistributionReason.transaction_code.is_null(False) & which
    found: Any = DistributionReason.select(DistributionReason.id).join(
        Paying, on=(Paying.distribution == DistributionReason.distribution)
    )
    count = found.where(mine).count()
    if not count:
        return
    first = draft.take_entry_ids(count)
    place = fn.ROW_NUMBER().over(order_by=[DistributionReason.id]) + (first - 1)
    note = DistributionReason.group_code.concat("-").concat(DistributionReason.reason)
    entries: Any = DistributionReason.select(
        place, Value(draft.id), Value(draft.practice), Value(None), Paying.line, Value(None),
        fn.COALESCE(Paying.entry, service_fee(Paying.line)), Value(MADJN), DistributionReason.transaction_code,
        Value(ADJUSTMENT), Value(AR), DistributionReason.amount, Value(draft.business_date), Paying.accounting_date,
        Paying.payment, Paying.number, note,
    ).join(Paying, on=(Paying.distribution == DistributionReason.distribution))  # fmt: skip
    ledger.write_many(draft, entries.where(mine).order_by(DistributionReason.id), _WRITTEN)
    ranked: Any = DistributionReason.select(DistributionReason.id, place.alias("entry")).join(
        Paying, on=(Paying.distribution == DistributionReason.distribution)
    )
    made = ranked.where(mine).alias("made")
    named: Any = DistributionReason.update({DistributionReason.entry: made.c.entry}).from_(made)
    named.where(DistributionReason.id == made.c.id).execute()


def service_fee(line: Any) -> Any:
    """The line's SVCFE, under which its payments in active AR stand; NULL for a fee of 0.00."""
    fee = Entry.alias("fee")
    return fee.select(fn.MIN(fee.id)).where((fee.line == line) & (fee.code == SVCFE))


def roll(draft: Draft, which: Any) -> None:
    """Make lines the guarantor's or the insurer's, as their distributions say; the guarantor's age from the business date."""
    query: Any = (
        Paying.select(
            ServiceLine.id,
            Paying.roll,
            ServiceLine.responsibility,
            ServiceLine.responsible_since,
            ServiceLine.aging_date,
        )
        .join(ServiceLine, on=(ServiceLine.id == Paying.line))
        .where(which & (Paying.kind == LINE) & Paying.roll.is_null(False))
    )
    last = {row[0]: row for row in query.order_by(Paying.distribution).tuples()}  # of several the last one counts
    today = draft.business_date
    said: list[ChangeRow] = []
    for party in ("guarantor", "insurance"):
        mine = [row for row in last.values() if row[1] == party != row[2]]
        aging = today if party == "guarantor" else None
        for line, _, old, since, aged in mine:
            changes = [
                ("responsibility", old, party),
                ("responsible_since", dates.iso(since) or None, dates.iso(today)),
                ("aging_date", dates.iso(aged) or None, dates.iso(aging) or None),
            ]
            said += [("service_line", line, name, was, now) for name, was, now in changes if was != now]
        values = {"responsibility": party, "responsible_since": today, "aging_date": aging, "act": draft.id}
        for chunk in lookups.chunks([row[0] for row in mine]):
            ServiceLine.update(values).where(ServiceLine.id.in_(chunk)).execute()
    ledger.change_many(draft, said)
