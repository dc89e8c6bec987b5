"""Balances as they stood at the end of a day: what is kept now, less what entries moved since (DESIGN section 2).

A report without `--date` has no end, and shows what is kept now. An entry counts on its posted date, and a line's responsibility
on the business date of the act that changed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from peewee import Case, fn

from bo_tui import dates
from bo_tui.db.tables import Account, Act, Change, Entry, Placement, ServiceLine
from bo_tui.views import entryterms
from bo_tui.views.entryterms import AR, EXT
from bo_tui.views.reports.base import Asked

_PARTY = ("responsibility", "aging_date")


class LineThen(NamedTuple):
    """A line of an account as it stood: who was responsible, since when it ages (a day number), its cents in active AR."""

    account: int
    number: str
    guarantor: str
    responsible: str
    aging_date: int | None
    ar: int


def line_balance(asked: Asked) -> Any:
    """A joined line's balance in active AR, as a column."""
    return ServiceLine.ar if asked.all_later else ServiceLine.ar - _since(asked, AR, Entry.line == ServiceLine.id)


def placement_balance(asked: Asked) -> Any:
    """A placement's balance, as a column."""
    if asked.all_later:
        return Placement.balance
    return Placement.balance - _since(asked, EXT, Entry.placement == Placement.id)


def closed(asked: Asked, column: Any) -> Any:
    """A column about the end of a placement; NULL where that came later."""
    return column if asked.all_later else Case(None, [(Placement.closed_on <= asked.date, column)])


def _since(asked: Asked, book: str, mine: Any) -> Any:
    moved: Any = Entry.select(fn.SUM(entryterms.added(book)))
    later = moved.where(mine & (Entry.posted > asked.date) & entryterms.touches(book))
    return fn.COALESCE(later, 0)


def is_past(asked: Asked) -> bool:
    """Whether anything of the practice may have changed since the day asked for."""
    if asked.all_later:
        return False
    acts = Act.select(fn.MAX(Act.business_date)).where(Act.practice == asked.practice).scalar()
    return acts is not None and acts > asked.date


def lines(asked: Asked) -> Iterator[LineThen]:
    """Every line of the practice with a balance in active AR on the day, in the order of accounts."""
    sums: Any = Entry.select(Entry.line, fn.SUM(entryterms.added(AR)))
    later = dict(
        sums.where((Entry.practice == asked.practice) & (Entry.posted > asked.date) & entryterms.touches(AR))
        .group_by(Entry.line)
        .tuples()
    )
    before = _parties(asked)
    query: Any = (
        ServiceLine.select(
            ServiceLine.id, ServiceLine.responsibility, ServiceLine.aging_date, ServiceLine.ar, Account.id, Account.number,
            Account.guarantor,
        )
        .join(Account, on=(Account.id == ServiceLine.account))
        .where(ServiceLine.practice == asked.practice)
        .order_by(Account.number, Account.id)
    )  # fmt: skip
    for line, responsible, aging, ar, *account in query.tuples().iterator():
        then = ar - later.get(line, 0)
        if then:
            was = before.get(line, {})
            if "aging_date" in was:
                text = was["aging_date"]
                aging = dates.parse(text) if text else None
            party = was.get("responsibility") or responsible
            number, guarantor = account[1:]
            yield LineThen(account[0], number, guarantor, party, aging, then)


def _parties(asked: Asked) -> dict[int, dict[str, str | None]]:
    """By line: whose it was and since when it aged, of those changed after the day: the text before the first change."""
    of: Any = Change.select(Change.subject_id, Change.field, fn.MIN(Change.id).alias("first")).join(
        Act, on=(Act.id == Change.act)
    )
    of = of.where(
        (Act.practice == asked.practice) & (Act.business_date > asked.date)
        & (Change.subject == "service_line") & Change.field.in_(_PARTY)
    ).group_by(Change.subject_id, Change.field).alias("of")  # fmt: skip
    firsts: Any = Change.select(Change.subject_id, Change.field, Change.before).join(of, on=(of.c.first == Change.id))
    found: dict[int, dict[str, str | None]] = {}
    for line, field, before in firsts.tuples():
        found.setdefault(line, {})[field] = before
    return found
