"""The practices of the office, for choosing one and for what its pages must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.tables import Act, AgencyFile, Pending, Placement, Practice
from bo_tui.office import Office
from bo_tui.rules import accounting

CAP = 10_000
"""Counts go no further than this and one more; a person reads `10,000+`."""


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """One practice. `offered_accounting_date` is what a form offers first (a day number), None where it uses none."""

    id: int
    code: str
    name: str
    offered_accounting_date: int | None = None

    @property
    def uses_accounting_dates(self) -> bool:
        """Whether acts must say an accounting date."""
        return self.offered_accounting_date is not None


@dataclass(frozen=True, slots=True)
class TabCounts:
    """What the tabs of External Collections hold: waiting rows, placements with a balance, files; at most CAP and one."""

    pending: int
    transactions: int
    files: int


def all_practices(office: Office) -> list[PracticeRow]:
    """Every practice by name."""
    with office.reading():
        rows = list(Practice.select().order_by(Practice.name, Practice.id))
    return [_row(office, row) for row in rows]


def practice(office: Office, practice_id: int) -> PracticeRow:
    """One practice as it is now."""
    with office.reading():
        return _row(office, Practice.get_by_id(practice_id))


def _row(office: Office, row: Practice) -> PracticeRow:
    offered = accounting.first_open(row, office.business_date) if row.uses_accounting_dates else None
    return PracticeRow(row.id, row.code, row.name, offered)


def tab_counts(office: Office, practice_id: int) -> TabCounts:
    """What waits, is placed with a balance, and was filed in a practice; each count is capped."""
    waiting: Any = Pending.select(Pending.id).where((Pending.practice == practice_id) & Pending.outcome.is_null())
    placed: Any = Placement.select(Placement.id).where(
        (Placement.practice == practice_id) & (Placement.has_balance == 1)
    )
    files: Any = AgencyFile.select(AgencyFile.id).where(AgencyFile.practice == practice_id)
    with office.reading():
        return TabCounts(*(query.limit(CAP + 1).count() for query in (waiting, placed, files)))


def capped(count: int) -> str:
    """A capped count for a person: `1,204`, or `10,000+`."""
    return f"{CAP:,}+" if count > CAP else f"{count:,}"


def version(office: Office) -> int:
    """The highest act id, which changes with whatever anybody commits."""
    with office.reading():
        return Act.select(fn.MAX(Act.id)).scalar() or 0
