"""External collections: what waits, what is or was placed, and what each agency did with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from peewee import JOIN

from bo_tui.db.tables import Account, Agency, AgencyFile, Pending, Placement, ServiceLine
from bo_tui.views import scoreboard
from bo_tui.views.pendingrows import GROUNDS
from bo_tui.views.reports import asof
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
    """Every placement made on the days asked for, open or closed, with its balance on the date; oldest first."""
    query: Any = (
        Placement.select(
            Placement.id, Placement.placed, Placement.agency_name, Placement.account_number, Placement.guarantor,
            ServiceLine.number, Placement.date_of_service, Placement.description, Placement.amount,
            asof.placement_balance(asked), AgencyFile.sequence, asof.closed(asked, Placement.closed),
            asof.closed(asked, Placement.closed_on),
        )
        .join(ServiceLine, on=(ServiceLine.id == Placement.line))
        .join(AgencyFile, JOIN.LEFT_OUTER, on=(AgencyFile.id == Placement.file))
        .where((Placement.practice == asked.practice) & asked.within(Placement.placed))
        .order_by(Placement.id)
    )  # fmt: skip
    if asked.agency is not None:
        query = query.where(Placement.agency == asked.agency)
    if asked.placed is not None:
        query = query.where(Placement.placed.between(*asked.placed))
    return stream(query)


def agency_rows(asked: Asked) -> Iterator[Row]:
    """For each agency: what was placed, collected and kept on the days asked for, and what it had on the last of them."""
    until = replace(asked, since=None)
    balances = scoreboard.balances(asked.practice, until.within, asked.by)
    for name, sums in scoreboard.by_agency(asked.practice, asked.within, asked.by).items():
        yield (
            name, sums.placements, sums.placed, sums.collected, sums.commission, sums.net, sums.percent,
            balances.get(name, 0), sums.adjusted, sums.recalled, sums.reassigned, sums.elsewhere, sums.by_others,
        )  # fmt: skip


def scoreboard_rows(asked: Asked) -> Iterator[Row]:
    """For each agency and month of placement (its first day) within the days asked for: what became of it up to the date."""
    until = replace(asked, since=None)
    found = scoreboard.by_month(
        asked.practice, until.within, None if asked.since is None else asked.within, asked.by, asked.agency
    )
    for month in found:
        sums = month.figures
        yield (
            month.agency, month.first, sums.placements, sums.placed, sums.collected, sums.percent, sums.commission,
            sums.net, sums.adjusted, sums.recalled, sums.reassigned, sums.elsewhere, sums.by_others, sums.open,
        )  # fmt: skip


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
    takes=frozenset({"agency", "placed"}),
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
        Column("adjusted", MONEY, total=True),
        Column("recalled", MONEY, total=True),
        Column("reassigned", MONEY, total=True),
        Column("elsewhere", MONEY, total=True),
        Column("by_others", MONEY, total=True),
    ),
    agency_rows,
    takes=frozenset({"by"}),
)

SCOREBOARD = Report(
    "scoreboard",
    "what became of what each agency was given, by month of placement",
    (
        Column("agency"),
        Column("month", DATE),
        Column("placements", COUNT, total=True),
        Column("placed", MONEY, total=True),
        Column("collected", MONEY, total=True),
        Column("percent", PERCENT),
        Column("commission", MONEY, total=True),
        Column("net", MONEY, total=True),
        Column("adjusted", MONEY, total=True),
        Column("recalled", MONEY, total=True),
        Column("reassigned", MONEY, total=True),
        Column("elsewhere", MONEY, total=True),
        Column("by_others", MONEY, total=True),
        Column("open", MONEY, total=True),
    ),
    scoreboard_rows,
    takes=frozenset({"by", "agency"}),
)
