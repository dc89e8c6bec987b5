"""Guarantor AR by age and account, as it stood at the end of the date asked for (DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from peewee import Case, fn

from bo_tui.db.tables import Account, ServiceLine
from bo_tui.views.reports import asof
from bo_tui.views.reports.base import MONEY, Asked, Column, Report, Row, stream

BUCKETS = ((None, 30), (31, 60), (61, 90), (91, 120), (121, None))  # days, both ends included


def _name(first: int | None, last: int | None) -> str:
    return f"{first}+" if last is None else f"{first or 0}-{last}"


def rows(asked: Asked) -> Iterator[Row]:
    """(account, guarantor, a sum per bucket, their total) of every account whose guarantor lines are not all at zero."""
    return _past(asked) if asof.is_past(asked) else _now(asked)


def _now(asked: Asked) -> Iterator[Row]:
    age: Any = asked.date - ServiceLine.aging_date
    sums = []
    for first, last in BUCKETS:
        inside = (age <= last) if first is None else (age >= first) if last is None else age.between(first, last)
        sums.append(fn.SUM(Case(None, [(inside, ServiceLine.ar)], 0)))
    guarantors = (
        (ServiceLine.practice == asked.practice) & (ServiceLine.responsibility == "guarantor") & (ServiceLine.ar != 0)
    )
    query: Any = (
        Account.select(Account.number, Account.guarantor, *sums, fn.SUM(ServiceLine.ar))
        .join(ServiceLine, on=(ServiceLine.account == Account.id))
        .where(guarantors & (Account.practice == asked.practice))
        .group_by(Account.id)
        .order_by(Account.number)
    )
    return stream(query)


def _past(asked: Asked) -> Iterator[Row]:
    """The same of a day after which something was done: lines as they stood, one at a time."""
    for account, mine in groupby(asof.lines(asked), lambda line: line[:3]):
        guarantors = [line for line in mine if line.responsible == "guarantor"]
        sums = [0] * len(BUCKETS)
        for line in guarantors:
            if line.aging_date is not None:
                sums[_bucket(asked.date - line.aging_date)] += line.ar
        if guarantors:
            yield (*account[1:], *sums, sum(line.ar for line in guarantors))


def _bucket(age: int) -> int:
    return next(at for at, (_, last) in enumerate(BUCKETS) if last is None or age <= last)


AGING = Report(
    "aging",
    "guarantor balances in active AR by age and account",
    (
        Column("account"),
        Column("guarantor"),
        *(Column(_name(*bucket), MONEY, total=True) for bucket in BUCKETS),
        Column("total", MONEY, total=True),
    ),
    rows,
)
