"""Posting: pending rows become external collection transactions, in one INSERT..SELECT or UPDATE per table (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import SQL, Value, fn

from bo_tui.db.tables import Account, Agency, Entry, Pending, Placement, ServiceLine
from bo_tui.db.tables.scratch import Posting, emptied
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.codes import AR, EXCOL, EXT

PLACED: list[Any] = [
    Placement.id, Placement.practice, Placement.account, Placement.line, Placement.agency, Placement.amount,
    Placement.balance, Placement.placed, Placement.came_from, Placement.pinned, Placement.guarantor,
    Placement.account_number, Placement.agency_name, Placement.description, Placement.date_of_service, Placement.act,
]  # fmt: skip
POSTED: list[Any] = [
    Entry.id, Entry.act, Entry.practice, Entry.line, Entry.placement, Entry.code, Entry.debit, Entry.credit,
    Entry.amount, Entry.posted, Entry.accounting_date,
]  # fmt: skip


@dataclass(frozen=True)
class Posted:
    """How many lines were posted, and their cents."""

    count: int
    amount: int


def post_rows(draft: Draft, pending: Any, accounting_date: int | None) -> Posted:
    """Post the pending rows whose ids are given (a list of at most some thousands, or a query), in line order.

    Each line's EXCOL takes the AR balance of this moment. The caller has checked that every row may be posted and seals.
    """
    emptied(Posting)
    rows = Pending.select(
        fn.ROW_NUMBER().over(order_by=[Pending.line]),
        Pending.id,
        Pending.account,
        Pending.line,
        Pending.agency,
        ServiceLine.ar,
    ).join(ServiceLine, on=(ServiceLine.id == Pending.line))
    Posting.insert_from(rows.where(Pending.id.in_(pending)), _POSTING).execute()
    return post_table(draft, accounting_date)


_POSTING = [Posting.seq, Posting.pending, Posting.account, Posting.line, Posting.agency, Posting.amount]


def post_table(draft: Draft, accounting_date: int | None) -> Posted:
    """Post what stands in the temporary posting table; `seq` counts from 1 without gaps."""
    count, amount = Posting.select(fn.COUNT(Posting.seq), fn.SUM(Posting.amount)).tuples()[0]
    if not count:
        return Posted(0, 0)
    number = Posting.seq + (draft.take_entry_ids(count) - 1)
    entries = Posting.select(
        number,
        Value(draft.id),
        Value(draft.practice),
        Posting.line,
        number,
        Value(EXCOL),
        Value(EXT),
        Value(AR),
        Posting.amount,
        Value(draft.business_date),
        Value(accounting_date),
    ).order_by(Posting.seq)
    ledger.write_many(draft, entries, POSTED)
    _place(draft, number)
    Pending.update(outcome="posted", resolved=draft.business_date, act=draft.id).where(
        Pending.id.in_(Posting.select(Posting.pending))
    ).execute()
    ledger.settle_posted(draft, Posting, Posting.line, Posting.amount, count)
    return Posted(count, amount)


def _place(draft: Draft, number: Any) -> None:
    rows = (
        Posting.select(
            number,
            Value(draft.practice),
            Posting.account,
            Posting.line,
            Posting.agency,
            Posting.amount,
            Posting.amount,
            Value(draft.business_date),
            SQL("NULL"),
            Pending.pinned,
            Account.guarantor,
            Account.number,
            Agency.name,
            fn.COALESCE(ServiceLine.description, ServiceLine.procedure, ""),
            ServiceLine.date_of_service,
            Value(draft.id),
        )
        .join(ServiceLine, on=(ServiceLine.id == Posting.line))
        .join(Account, on=(Account.id == Posting.account))
        .join(Agency, on=(Agency.id == Posting.agency))
        .join(Pending, on=(Pending.id == Posting.pending))
        .order_by(Posting.seq)
    )
    Placement.insert_from(rows, PLACED).execute()
