"""Pre-collections: what waits for a Start file, what is or was with TSI, and the files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import JOIN

from bo_tui.db.tables import Account, PrecollectFile, Precollection, PrecollectMessage, PrecollectTask, ServiceLine
from bo_tui.views.reports import asof
from bo_tui.views.reports.base import COUNT, DATE, MONEY, Asked, Column, Report, Row, stream


def queue_rows(asked: Asked) -> Iterator[Row]:
    """Every line that waits for a Start file now; the amount is its balance now, the age that on the date."""
    task = PrecollectTask
    query: Any = (
        task.select(
            ServiceLine.number, Account.number, Account.guarantor, ServiceLine.ar, asked.date - ServiceLine.aging_date,
            task.queued,
        )
        .join(ServiceLine, on=(ServiceLine.id == task.line))
        .join(Account, on=(Account.id == task.account))
        .where((task.practice == asked.practice) & task.outcome.is_null() & asked.within(task.queued))
        .order_by(task.line)
    )  # fmt: skip
    return stream(query)


def stay_rows(asked: Asked) -> Iterator[Row]:
    """Every stay of a line with TSI begun on the days asked for, open or ended, with its balance on the date."""
    stay, message, file = Precollection, PrecollectMessage, PrecollectFile
    query: Any = (
        stay.select(
            ServiceLine.number, Account.number, Account.guarantor, stay.started, stay.amount, stay.told, asof.line_balance(asked),
            message.type, file.kind, file.sequence, stay.ended, stay.ended_as, stay.pre_collection_id,
        )
        .join(ServiceLine, on=(ServiceLine.id == stay.line))
        .join_from(stay, Account, on=(Account.id == stay.account))
        .join_from(stay, message, JOIN.LEFT_OUTER, on=(message.id == stay.message))
        .join(file, JOIN.LEFT_OUTER, on=(file.id == message.file))
        .where((stay.practice == asked.practice) & asked.within(stay.started))
        .order_by(stay.id)
    )  # fmt: skip
    return stream(query)


def message_rows(asked: Asked) -> Iterator[Row]:
    """Every record for TSI dated on the days asked for: in a file, waiting for one, or left out."""
    row, file = PrecollectMessage, PrecollectFile
    query: Any = (
        row.select(
            Account.number, Account.guarantor, row.type, row.date, row.amount, row.balance, row.reason, row.left_out,
            file.kind, file.sequence,
        )
        .join(Account, on=(Account.id == row.account))
        .join_from(row, file, JOIN.LEFT_OUTER, on=(file.id == row.file))
        .where((row.practice == asked.practice) & asked.within(row.date))
        .order_by(row.id)
    )  # fmt: skip
    for *cells, left_out, kind, sequence in query.tuples().iterator():
        told = "left out" if left_out else "waits" if sequence is None else f"{kind} file"
        yield *cells, told, sequence


def file_rows(asked: Asked) -> Iterator[Row]:
    """Every Start and Stop file made on the days asked for, oldest first."""
    file = PrecollectFile
    query: Any = file.select(
        file.kind, file.sequence, file.business_date, file.count, file.lines, file.accounts, file.total, file.state, file.sent,
        file.acknowledged, file.path, file.sha256,
    ).where((file.practice == asked.practice) & asked.within(file.business_date))  # fmt: skip
    return stream(query.order_by(file.id))


QUEUE = Report(
    "precollect_queue",
    "what waits for a Start file of pre-collections",
    (
        Column("line"),
        Column("account"),
        Column("guarantor"),
        Column("amount", MONEY, total=True),
        Column("age", COUNT),
        Column("queued", DATE),
    ),
    queue_rows,
)

STAYS = Report(
    "precollections",
    "lines that are or were in pre-collections",
    (
        Column("line"),
        Column("account"),
        Column("guarantor"),
        Column("started", DATE),
        Column("amount", MONEY, total=True),
        Column("told", MONEY, total=True),
        Column("balance", MONEY, total=True),
        Column("type"),
        Column("file_kind"),
        Column("file", COUNT),
        Column("ended", DATE),
        Column("ended_as"),
        Column("pre_collection_id"),
    ),
    stay_rows,
)

MESSAGES = Report(
    "precollect_messages",
    "what TSI was told, is to be told, or is not told of accounts",
    (
        Column("account"),
        Column("guarantor"),
        Column("type"),
        Column("date", DATE),
        Column("amount", MONEY),
        Column("new_balance", MONEY),
        Column("reason"),
        Column("told"),
        Column("file", COUNT),
    ),
    message_rows,
)

PRECOLLECT_FILES = Report(
    "precollect_files",
    "the Start and Stop files",
    (
        Column("kind"),
        Column("sequence", COUNT),
        Column("created", DATE),
        Column("records", COUNT, total=True),
        Column("lines", COUNT, total=True),
        Column("accounts", COUNT, total=True),
        Column("total", MONEY, total=True),
        Column("state"),
        Column("sent", DATE),
        Column("acknowledged", DATE),
        Column("path"),
        Column("sha256"),
    ),
    file_rows,
)
