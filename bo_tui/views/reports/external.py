"""External collections: what waits, what is or was placed, and what each agency did with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui.db.tables import Account, Agency, AgencyFile, Entry, Pending, Placement, ServiceLine
from bo_tui.views.pendingrows import GROUNDS
from bo_tui.views.reports.base import COUNT, DATE, ID, MONEY, PERCENT, Asked, Column, Report, Row, stream

SOURCES = {"active_ar": "AR", "add": "by hand"}  # where a row was asked for; the night and a task are called so


def pending_rows(asked: Asked) -> Iterator[Row]:
    """Every row that waits now, in the order of lines; the amount is the line's balance now, the age that on the date."""
    query: Any = (
        Pending.select(
            ServiceLine.number, Account.number, Account.guarantor, Agency.name, ServiceLine.ar,
            asked.date - ServiceLine.aging_date, Pending.queued, Pending.source, Pending.because,
        )
        .join(ServiceLine, on=(ServiceLine.id == Pending.line))
        .join(Account, on=(Account.id == Pending.account))
        .join(Agency, on=(Agency.id == Pending.agency))
        .where((Pending.practice == asked.practice) & Pending.outcome.is_null() & asked.within(Pending.queued))
        .order_by(Pending.line)
    )  # fmt: skip
    return stream(query)


def placement_rows(asked: Asked) -> Iterator[Row]:
    """Every placement made on the days asked for, open or closed, with its balance now; oldest first."""
    query: Any = (
        Placement.select(
            Placement.id, Placement.placed, Placement.agency_name, Placement.account_number, Placement.guarantor,
            ServiceLine.number, Placement.date_of_service, Placement.description, Placement.amount, Placement.balance,
            AgencyFile.sequence, Placement.closed, Placement.closed_on,
        )
        .join(ServiceLine, on=(ServiceLine.id == Placement.line))
        .join(AgencyFile, JOIN.LEFT_OUTER, on=(AgencyFile.id == Placement.file))
        .where((Placement.practice == asked.practice) & asked.within(Placement.placed))
        .order_by(Placement.id)
    )  # fmt: skip
    return stream(query)


def agency_rows(asked: Asked) -> Iterator[Row]:
    """For each agency: what was placed, collected and kept on the days asked for, and what it still has now."""
    count, placed, collected, commission = (_sum(asked, *codes) for codes in _MOVES)
    query: Any = (
        Entry.select(Agency.name, count, placed, collected, commission)
        .join(Placement, on=(Placement.id == Entry.placement))
        .join(Agency, on=(Agency.id == Placement.agency))
        .where((Placement.practice == asked.practice) & (Entry.practice == asked.practice))
        .group_by(Agency.id)
        .order_by(Agency.name)
    )
    balances = _balances(asked)
    for name, number, amount, got, kept in query.tuples():
        percent = (got * 10000 * 2 + amount) // (2 * amount) if amount > 0 and got >= 0 else None
        yield name, number, amount, got, kept, got - kept, percent, balances.get(name, 0)


# for each sum: what counts for an entry of the code: 1, or its amount added or taken away; an EXCOL under an open placement is
# money that came back to it, not another placement
_MOVES: tuple[tuple[Any, ...], ...] = (
    (("EXCOL", Case(None, [(Entry.id == Entry.placement, 1)], 0)),),
    (("EXCOL", Entry.amount),),
    (("EPYMT", Entry.amount), ("RVPAY", 0 - Entry.amount)),
    (("ECOMM", Entry.amount), ("RVCOMM", 0 - Entry.amount)),
)


def _sum(asked: Asked, *codes: tuple[str, Any]) -> Any:
    return fn.SUM(Case(None, [((Entry.code == code) & asked.within(Entry.posted), value) for code, value in codes], 0))


def _balances(asked: Asked) -> dict[str, int]:
    query: Any = (
        Placement.select(Agency.name, fn.SUM(Placement.balance))
        .join(Agency, on=(Agency.id == Placement.agency))
        .where((Placement.practice == asked.practice) & (Placement.has_balance == 1))
        .group_by(Agency.id)
    )
    return dict(query.tuples())


PENDING = Report(
    "pending",
    "what waits to be placed",
    (
        Column("line"),
        Column("account"),
        Column("guarantor"),
        Column("agency"),
        Column("amount", MONEY, total=True),
        Column("age", COUNT),
        Column("queued", DATE),
        Column("source", words=SOURCES),
        Column("because", words=GROUNDS),
    ),
    pending_rows,
)

PLACEMENTS = Report(
    "placements",
    "what is or was with an agency; PLACEMENT is what commands ask for",
    (
        Column("placement", ID),
        Column("placed", DATE),
        Column("agency"),
        Column("account"),
        Column("guarantor"),
        Column("line"),
        Column("date_of_service", DATE),
        Column("description"),
        Column("amount", MONEY, total=True),
        Column("balance", MONEY, total=True),
        Column("file", COUNT, words={0: "old"}),
        Column("closed"),
        Column("closed_on", DATE),
    ),
    placement_rows,
)

AGENCIES = Report(
    "agencies",
    "what each agency was given, collected and kept",
    (
        Column("agency"),
        Column("placements", COUNT, total=True),
        Column("placed", MONEY, total=True),
        Column("collected", MONEY, total=True),
        Column("commission", MONEY, total=True),
        Column("net", MONEY, total=True),
        Column("percent", PERCENT),
        Column("balance", MONEY, total=True),
    ),
    agency_rows,
)
