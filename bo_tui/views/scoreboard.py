"""The scoreboard: what each agency was given, collected and kept, by the day on which the debt was placed with it.

Two readings of the entries. The debt's: what was placed, adjusted, brought back and moved on, by the agency that had it. The
money's: collected (gross) and commission, by the agency that sent it, wherever the debt was by then. So that they meet,
`elsewhere` says what of its money went to debts it no longer had, `by_others` what others sent for the debts it has:

    placed + adjusted - collected + elsewhere - by_others - recalled - reassigned = open
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

from peewee import JOIN, Case, Value, fn

from bo_tui import dates, money
from bo_tui.db.tables import Agency, Entry, Payment, Placement
from bo_tui.office import Office
from bo_tui.views import entryterms
from bo_tui.views.entryterms import COMMISSIONS, DEBTS, EXT, SENT

Within = Callable[[Any], Any]  # the condition that a day (an expression) is asked for


@dataclass(slots=True)
class Figures:
    """Sums in cents (`placements` is a count); `adjusted` is below zero when debt was written off."""

    placements: int = 0
    placed: int = 0
    adjusted: int = 0
    collected: int = 0
    commission: int = 0
    recalled: int = 0
    reassigned: int = 0
    elsewhere: int = 0
    by_others: int = 0
    open: int = 0

    @property
    def net(self) -> int:
        """Collected less commission."""
        return self.collected - self.commission

    @property
    def percent(self) -> int | None:
        """Collected of placed in hundredths of a percent, half up; None where nothing was placed or more was taken back."""
        if self.placed <= 0 or self.collected < 0:
            return None
        return money.proportion(self.collected, 10000, self.placed)

    def add(self, other: Figures) -> Figures:
        """Add another's sums to these."""
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))
        return self


@dataclass(frozen=True, slots=True)
class Month:
    """The figures of what was placed with an agency in one month; `first` is its first day, None for debts never placed with it."""

    agency: str
    first: int | None
    figures: Figures


def total(months: Iterable[Month]) -> Figures:
    """All months together."""
    found = Figures()
    for month in months:
        found.add(month.figures)
    return found


def by_agency(practice: int, within: Within, by: str) -> dict[str, Figures]:
    """The figures of the entries of the days asked for by agency (its name), in the order of names; within a transaction.

    An agency that was ever given something stands there, with zeros where nothing happened on these days.
    """
    given: Any = Agency.select(Agency.name).join(Placement, on=(Placement.agency == Agency.id)).distinct()
    found = {name: Figures() for (name,) in given.where(Placement.practice == practice).tuples()}
    for agency, _, figures in _parts(practice, within, by, None):
        found.setdefault(agency, Figures()).add(figures)
    return dict(sorted(found.items()))


def balances(practice: int, within: Within, by: str) -> dict[str, int]:
    """What each agency (its name) has after the entries of the days asked for, in cents; within a transaction."""
    signed = fn.SUM(entryterms.added(EXT))
    query: Any = (
        Entry.select(Agency.name, signed)
        .join(Placement, on=(Placement.id == Entry.placement))
        .join(Agency, on=(Agency.id == Placement.agency))
        .where((Entry.practice == practice) & within(entryterms.day_of(by)) & entryterms.touches(EXT))
    )
    return dict(query.group_by(Agency.id).having(signed != 0).tuples())


def by_month(
    practice: int, within: Within, placed: Within | None = None, by: str = entryterms.POSTED, agency: int | None = None
) -> list[Month]:
    """The figures by agency and month of placement, oldest first, of entries `within` and debts `placed` on days asked for.

    Within a transaction. Money for a debt that was never with the agency that sent it stands under no month, last.
    """
    found: dict[tuple[str, int | None], Figures] = {}
    for name, day, figures in _parts(practice, within, by, agency, placed):
        first = None if day is None else dates.month_start(day)
        found.setdefault((name, first), Figures()).add(figures)
    order = sorted(found, key=lambda key: (key[0], key[1] is None, key[1] or 0))
    return [Month(*key, found[key]) for key in order]


def of_agency(office: Office, practice: int, agency: int) -> list[Month]:
    """All that one agency (id) was given by a practice, by month of placement; what the Agency page shows."""
    with office.reading():
        return by_month(practice, lambda day: day.is_null(False), agency=agency)


def _parts(
    practice: int, within: Within, by: str, agency: int | None, placed: Within | None = None
) -> Iterable[tuple[str, int | None, Figures]]:
    """(agency's name, day of placement, figures) in no order; the same agency and day may come twice."""
    names = dict(Agency.select(Agency.id, Agency.name).tuples())
    asked = (Entry.practice == practice) & within(entryterms.day_of(by))
    for of, day, *sums in _debts(practice, asked, agency, placed):
        yield names[of], day, Figures(**dict(zip(_DEBT, sums, strict=True)))
    for of, day, *sums in _money(asked, agency, placed):
        yield names[of], day, Figures(**dict(zip(_MONEY, sums, strict=True)))


_DEBT = ("placements", "placed", "adjusted", "recalled", "reassigned", "by_others", "open")
_MONEY = ("collected", "commission", "elsewhere")


def _sum(*when: tuple[Any, Any]) -> Any:
    return fn.SUM(Case(None, list(when), 0))


def _debts(practice: int, asked: Any, agency: int | None, placed: Within | None) -> Any:
    """What happened to debts, by the agency that has or had them and the day they were placed."""
    signed, code = entryterms.added(EXT), Entry.code
    others = code.in_(SENT) & (fn.COALESCE(Payment.agency, Placement.agency) != Placement.agency)
    query: Any = (
        Entry.select(
            Placement.agency,
            Placement.placed,
            # an EXCOL under an open placement is money that came back to it, not another placement
            _sum(((code == "EXCOL") & (Entry.id == Entry.placement), 1)),
            _sum((code == "EXCOL", Entry.amount)),
            _sum((code.in_(("MADJN", "MADJP")), signed)),
            _sum((code == "RVCOL", Entry.amount)),
            _sum((code == "AGTFR", Entry.amount)),
            _sum((others, 0 - signed)),
            fn.SUM(signed),
        )
        .join(Placement, on=(Placement.id == Entry.placement))
        .join_from(Entry, Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
        .where(asked & (Placement.practice == practice) & entryterms.touches(EXT))
    )
    if agency is not None:
        query = query.where(Placement.agency == agency)
    if placed is not None:
        query = query.where(placed(Placement.placed))
    return query.group_by(Placement.agency, Placement.placed).tuples()


def _money(asked: Any, agency: int | None, placed: Within | None) -> Any:
    """What agencies sent, by the one that sent it and the day on which the debt was placed with that one."""
    payer = fn.COALESCE(Payment.agency, Placement.agency)
    day = entryterms.vintage(Placement, payer)
    paid = Entry.code.in_(SENT) & entryterms.touches(*DEBTS)
    gross = Case(None, [(Entry.code == "RVPAY", 0 - Entry.amount)], Entry.amount)
    kept = Case(None, [(Entry.code == "RVCOMM", 0 - Entry.amount)], Entry.amount)
    away = paid & ((fn.COALESCE(Placement.agency, Value(0))) != payer)
    query: Any = (
        Entry.select(payer, day, _sum((paid, gross)), _sum((Entry.code.in_(COMMISSIONS), kept)), _sum((away, gross)))
        .join(Placement, JOIN.LEFT_OUTER, on=(Placement.id == Entry.placement))
        .join_from(Entry, Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
        .where(asked & Entry.code.in_(SENT + COMMISSIONS) & (paid | Entry.code.in_(COMMISSIONS)) & payer.is_null(False))
    )
    if agency is not None:
        query = query.where(payer == agency)
    if placed is not None:
        query = query.where(placed(day))
    return query.group_by(payer, day).tuples()
