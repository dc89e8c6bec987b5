"""The ledger itself: its entries, and how AR and EXT came from their opening to their closing balance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui import money
from bo_tui.db.tables import Account, Act, Entry, Placement, ServiceLine
from bo_tui.errors import Defect
from bo_tui.views.reports.base import DATE, ID, MONEY, Asked, Column, Report, Row, stream

_BEFORE, _AFTER = "before", "after"
_OUTSIDE = (_BEFORE, _AFTER)
AR, EXT = "AR", "EXT"  # the books that hold debt (DESIGN section 2)


def entry_rows(asked: Asked) -> Iterator[Row]:
    """Every entry posted on the days asked for, in the order in which they were written."""
    query: Any = (
        Entry.select(
            Entry.id, Entry.act, Act.actor, Entry.posted, Entry.accounting_date, Account.number, ServiceLine.number,
            Entry.placement, Entry.parent, Entry.code, Entry.transaction_code, Entry.debit, Entry.credit, Entry.amount,
            Entry.number, Entry.note,
        )
        .join(Act, on=(Act.id == Entry.act))
        .join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Entry.line))
        .join(Account, JOIN.LEFT_OUTER, on=(Account.id == fn.COALESCE(Entry.account, ServiceLine.account)))
        .where((Entry.practice == asked.practice) & asked.within(Entry.posted))
        .order_by(Entry.id)
    )  # fmt: skip
    return stream(query)


def rollforward_rows(asked: Asked) -> Iterator[Row]:
    """For AR and EXT: the opening balance, the movement of each code, the closing balance.

    Raises Defect when they do not add up to what lines and placements carry.
    """
    since = asked.date if asked.since is None else asked.since
    moved = _moved(asked.practice, since, asked.date)
    for book, kept in ((AR, _kept_ar(asked.practice)), (EXT, _kept_ext(asked.practice))):
        opening, later = moved.get((book, _BEFORE), 0), moved.get((book, _AFTER), 0)
        movements = [(code, cents) for (of, code), cents in moved.items() if of == book and code not in _OUTSIDE]
        closing = opening + sum(amount for _, amount in movements)
        if closing + later != kept:
            raise Defect(
                f"{book} does not add up: {money.plain(closing)} and {money.plain(later)} later are not the "
                f"{money.plain(kept)} that lines and placements carry; run `bo-tui check`."
            )
        yield book, "opening", since, opening
        yield from ((book, code, None, amount) for code, amount in movements)
        yield book, "closing", asked.date, closing


def _moved(practice: int, since: int, date: int) -> dict[tuple[str, str], int]:
    """(book, before, after, or a code within the days) -> cents, of both books in one reading of the entries."""
    when = Case(None, [(Entry.posted < since, _BEFORE), (Entry.posted > date, _AFTER)], Entry.code)
    sums = [
        fn.SUM(Case(None, [(Entry.debit == book, Entry.amount), (Entry.credit == book, 0 - Entry.amount)], 0))
        for book in (AR, EXT)
    ]
    touched = [fn.MAX((Entry.debit == book) | (Entry.credit == book)) for book in (AR, EXT)]
    query: Any = Entry.select(when, *sums, *touched).where(Entry.practice == practice).group_by(when)
    query = query.order_by(fn.MIN(Entry.id))  # codes in the order in which the practice first used them
    found: dict[tuple[str, str], int] = {}
    for name, ar, ext, has_ar, has_ext in query.tuples():
        if has_ar:
            found[AR, name] = ar
        if has_ext:
            found[EXT, name] = ext
    return found


def _kept_ar(practice: int) -> int:
    return ServiceLine.select(fn.SUM(ServiceLine.ar)).where(ServiceLine.practice == practice).scalar() or 0


def _kept_ext(practice: int) -> int:
    return Placement.select(fn.SUM(Placement.balance)).where(Placement.practice == practice).scalar() or 0


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
    ),
    entry_rows,
)

ROLLFORWARD = Report(
    "rollforward",
    "opening, movements and closing of AR and EXT",
    (Column("book"), Column("item"), Column("day", DATE), Column("amount", MONEY)),
    rollforward_rows,
)
