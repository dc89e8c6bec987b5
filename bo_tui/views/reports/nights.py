"""What the nights did: their runs with the control identity, and the agency files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bo_tui.db.tables import Agency, AgencyFile, Run
from bo_tui.views.reports.base import COUNT, DATE, MONEY, Asked, Column, Report, Row, stream

_PLACES = ("candidates", "queued", "failed")


def file_rows(asked: Asked) -> Iterator[Row]:
    """Every agency file made on the days asked for, oldest first; the differences are what the agency acknowledged less the
    file's own accounts and total.
    """
    query: Any = (
        AgencyFile.select(
            Agency.name, AgencyFile.kind, AgencyFile.sequence, AgencyFile.business_date, AgencyFile.count,
            AgencyFile.accounts, AgencyFile.total, AgencyFile.state, AgencyFile.sent, AgencyFile.acknowledged,
            AgencyFile.path, AgencyFile.sha256,
            AgencyFile.acknowledged_accounts - AgencyFile.accounts, AgencyFile.acknowledged_amount - AgencyFile.total,
        )
        .join(Agency, on=(Agency.id == AgencyFile.agency))
        .where((AgencyFile.practice == asked.practice) & asked.within(AgencyFile.business_date))
        .order_by(AgencyFile.id)
    )  # fmt: skip
    return stream(query)


def run_rows(asked: Asked) -> Iterator[Row]:
    """Every night of the business dates asked for: candidates = queued + excluded + failed, in count and cents."""
    query: Any = Run.select().where((Run.practice == asked.practice) & asked.within(Run.business_date))
    for run in query.order_by(Run.business_date).iterator():
        control = {name: tuple(pair) for name, pair in json.loads(run.control or "{}").items()}
        candidates, queued, failed = (control.get(name, (None, None)) for name in _PLACES)
        others = [pair for name, pair in control.items() if name not in _PLACES]
        excluded = (sum(pair[0] for pair in others), sum(pair[1] for pair in others)) if control else (None, None)
        yield (
            run.business_date, run.status, *candidates, *queued, *excluded, *failed, run.message,
            run.started_at, run.finished_at,
        )  # fmt: skip


FILES = Report(
    "files",
    "the agency files",
    (
        Column("agency"),
        Column("kind"),
        Column("sequence", COUNT, words={0: "old"}),
        Column("created", DATE),
        Column("count", COUNT, total=True),
        Column("accounts", COUNT, total=True),
        Column("total", MONEY, total=True),
        Column("state"),
        Column("sent", DATE),
        Column("acknowledged", DATE),
        Column("path"),
        Column("sha256"),
        Column("accounts_differ", COUNT),
        Column("amount_differs", MONEY),
    ),
    file_rows,
)

RUNS = Report(
    "runs",
    "the nights, with what became of their candidates",
    (
        Column("business_date", DATE),
        Column("status"),
        *(
            Column(f"{name}{suffix}", kind)
            for name in ("candidates", "queued", "excluded", "failed")
            for suffix, kind in (("", COUNT), ("_amount", MONEY))
        ),
        Column("message"),
        Column("started_at"),
        Column("finished_at"),
    ),
    run_rows,
)
