"""Who did, looked at and took out what: acts and looks in one list, in the order in which they were made."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from peewee import JOIN, Value

from bo_tui import dates
from bo_tui.db.tables import Access, Act, Practice
from bo_tui.views.audit import act_money
from bo_tui.views.reports.base import COUNT, DATE, ID, MONEY, Asked, Column, Report, Row, stream

_MADE = itemgetter(1)


def rows(asked: Asked) -> Iterator[Row]:
    """The two chains merged by the moment (UTC) of their rows, each read along its index, so that none is held."""
    return heapq.merge(stream(_acts(asked)), stream(_looks(asked)), key=_MADE)


def _acts(asked: Asked) -> Any:
    query: Any = Act.select(
        Practice.code, Act.made_at, Value("act"), Act.id, Act.actor, Act.kind, Value(None), Value(None), Act.count, act_money(),
        Act.reason, Act.business_date,
    )  # fmt: skip
    return _within(asked, query.join(Practice, JOIN.LEFT_OUTER, on=(Practice.id == Act.practice)), Act)


def _looks(asked: Asked) -> Any:
    query: Any = Access.select(
        Practice.code, Access.made_at, Value("look"), Access.id, Access.actor, Access.kind, Access.subject, Access.subject_id,
        Value(None), Value(None), Access.detail, Value(None),
    )  # fmt: skip
    return _within(asked, query.join(Practice, JOIN.LEFT_OUTER, on=(Practice.id == Access.practice)), Access)


def _within(asked: Asked, query: Any, table: Any) -> Any:
    """In the order made; the days are the machine's, whatever business date an act bears."""
    if asked.practice:
        query = query.where(table.practice == asked.practice)
    if asked.operator is not None:
        query = query.where(table.actor == asked.operator)
    if asked.since is not None:
        query = query.where(table.made_at >= dates.day_begins(asked.since))
    if not asked.all_later:
        query = query.where(table.made_at < dates.day_begins(asked.date + 1))
    return query.order_by(table.made_at, table.id)


AUDIT = Report(
    "audit",
    "who did, looked at, exported and printed what (for supervisors)",
    (
        Column("made_at"),
        Column("what"),
        Column("id", ID),
        Column("actor"),
        Column("kind"),
        Column("subject"),
        Column("subject_id", ID),
        Column("count", COUNT),
        Column("amount", MONEY),
        Column("words"),
        Column("business_date", DATE),
    ),
    rows,
    takes=frozenset({"operator"}),
    role="audit",
    whole_office=True,
)
