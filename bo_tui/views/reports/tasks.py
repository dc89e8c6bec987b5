"""Collection tasks: what is to be done about accounts, the most urgent first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import JOIN

from bo_tui.db.tables import Account, CollectionTask, ServiceLine
from bo_tui.views.reports.base import DATE, ID, MONEY, Asked, Column, Report, Row, stream


def task_rows(asked: Asked) -> Iterator[Row]:
    """Every open task made on the days asked for, by follow-up date; the balance is the line's in active AR now."""
    query: Any = (
        CollectionTask.select(
            CollectionTask.id, CollectionTask.follow_up, Account.number, Account.guarantor, ServiceLine.number,
            ServiceLine.ar, CollectionTask.assigned_to, CollectionTask.note, CollectionTask.made_by, CollectionTask.made,
        )
        .join(Account, on=(Account.id == CollectionTask.account))
        .join_from(CollectionTask, ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == CollectionTask.line))
        .where(
            (CollectionTask.practice == asked.practice)
            & (CollectionTask.state == "open")
            & asked.within(CollectionTask.made)
        )
        .order_by(CollectionTask.follow_up, CollectionTask.id)
    )  # fmt: skip
    return stream(query)


TASKS = Report(
    "tasks",
    "open collection tasks, the most urgent first",
    (
        Column("task", ID),
        Column("follow_up", DATE),
        Column("account"),
        Column("guarantor"),
        Column("line"),
        Column("balance", MONEY, total=True),
        Column("assigned_to"),
        Column("note"),
        Column("made_by"),
        Column("made", DATE),
    ),
    task_rows,
)
