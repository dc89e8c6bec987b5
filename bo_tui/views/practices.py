"""The practices of the office, for choosing one and for what its pages must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.compiled import counting, once, slot
from bo_tui.db.tables import Account, Act, AgencyFile, Pending, Placement, Practice
from bo_tui.office import Office

CAP = 10_000
"""Counts go no further than this and one more; a person reads `10,000+`."""


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """One practice; `closed_through` is a day number or None."""

    id: int
    code: str
    name: str
    uses_accounting_dates: bool = False
    closed_through: int | None = None


@dataclass(frozen=True, slots=True)
class TabCounts:
    """What the tabs of External Collections hold: waiting rows, placements with a balance, files; at most CAP and one."""

    pending: int
    transactions: int
    files: int


def all_practices(office: Office) -> list[PracticeRow]:
    """Every practice by name."""
    query: Any = Practice.select(
        Practice.id, Practice.code, Practice.name, Practice.uses_accounting_dates, Practice.closed_through
    )
    with office.reading():
        return [PracticeRow(*row) for row in query.order_by(Practice.name, Practice.id).tuples()]


def of_account(office: Office, account: int) -> PracticeRow | None:
    """The practice of an account (by id); None when there is no such account."""
    with office.reading():
        practice = Account.select(Account.practice).where(Account.id == account).scalar()
    return next((row for row in all_practices(office) if row.id == practice), None)


def tab_counts(office: Office, practice_id: int) -> TabCounts:
    """What waits, is placed with a balance, and was filed in a practice; each count is capped."""
    with office.reading():
        return TabCounts(
            *(_tab_count(tab).one(practice=practice_id)[0] for tab in ("pending", "transactions", "files"))
        )


@once
def _tab_count(tab: str) -> Any:
    practice = slot("practice")
    holds = {
        "pending": Pending.select(Pending.id).where((Pending.practice == practice) & Pending.outcome.is_null()),
        "transactions": Placement.select(Placement.id).where(
            (Placement.practice == practice) & (Placement.has_balance == 1)
        ),
        "files": AgencyFile.select(AgencyFile.id).where(AgencyFile.practice == practice),
    }
    return counting(holds[tab].limit(CAP + 1))


def capped(count: int) -> str:
    """A capped count for a person: `1,204`, or `10,000+`."""
    return f"{CAP:,}+" if count > CAP else f"{count:,}"


def version(office: Office) -> int:
    """The highest act id, which changes with whatever anybody commits."""
    with office.reading():
        return _newest().one()[0] or 0


@once
def _newest() -> Any:
    return Act.select(fn.MAX(Act.id))
