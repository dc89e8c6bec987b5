"""The ledger's entries, whole or narrowed; the sums of a roll-forward are sums of these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import Account, Act, Agency, Entry, Payment, Placement, ServiceLine
from bo_tui.views import entryterms
from bo_tui.views.reports.base import DATE, ID, MONEY, Asked, Column, Report, Row, stream


def narrowed(asked: Asked) -> Any:
    """The condition that an entry of the practice is one of those asked for, whatever its day."""
    where = Entry.practice == asked.practice
    if asked.operator is not None:
        where &= entryterms.actor() == asked.operator
    if asked.code is not None:
        where &= Entry.code == asked.code
    if asked.book is not None:
        where &= entryterms.touches(asked.book)
    if asked.agency is not None:
        where &= entryterms.concerns(asked.agency, asked.book)
    if asked.placed is not None:
        where &= entryterms.debt_placed().between(*asked.placed)
    return where


def entry_rows(asked: Asked) -> Iterator[Row]:
    """Every entry of the days asked for, in the order in which they were written.

    `agency` is the one that has or had the debt, `payer` the one that sent the money of its payment.
    """
    payer = Agency.alias("payer")
    query: Any = (
        Entry.select(
            Entry.id, Entry.act, Act.actor, Entry.posted, Entry.accounting_date, Account.number, ServiceLine.number,
            Entry.placement, Entry.parent, Entry.code, Entry.transaction_code, Entry.debit, Entry.credit, Entry.amount,
            Entry.number, Entry.note, Act.business_date, Entry.payment, Placement.agency_name, payer.name,
        )
        .join(Act, on=(Act.id == Entry.act))
        .join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Entry.line))
        .join(Account, JOIN.LEFT_OUTER, on=(Account.id == fn.COALESCE(Entry.account, ServiceLine.account)))
        .join(Placement, JOIN.LEFT_OUTER, on=(Placement.id == Entry.placement))
        .join(Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
        .join(payer, JOIN.LEFT_OUTER, on=(payer.id == Payment.agency))
        .where(narrowed(asked) & asked.within(asked.day))
        .order_by(Entry.id)
    )  # fmt: skip
    return stream(query)


ENTRIES = Report(
    "entries",
    "the ledger's entries; ENTRY is what commands ask for",
    (
        Column("entry", ID),
        Column("act", ID),
        Column("actor"),
        Column("posted", DATE),
        Column("accounting_date", DATE),
        Column("account"),
        Column("line"),
        Column("placement", ID),
        Column("parent", ID),
        Column("code"),
        Column("transaction_code"),
        Column("debit"),
        Column("credit"),
        Column("amount", MONEY),
        Column("number"),
        Column("note"),
        Column("entered", DATE),
        Column("payment", ID),
        Column("agency"),
        Column("payer"),
    ),
    entry_rows,
    takes=frozenset({"by", "agency", "operator", "code", "book", "placed"}),
)
