"""The holds of an account: what is in force or to come, what ended, and who did what to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from bo_tui.db.tables import Account, Act, Change, Hold, ServiceLine
from bo_tui.office import Office


@dataclass(frozen=True, slots=True)
class HoldRow:
    """One hold; `line` is None for the whole account; days are day numbers; `act` is the last that changed it."""

    id: int
    act: int
    kind: str
    line: str | None
    since: int
    until: int | None
    reason: str

    def goes_on(self, day: int) -> bool:
        """Whether it is in force on a day or begins after it."""
        return self.until is None or self.until > max(day, self.since)


@dataclass(frozen=True, slots=True)
class HoldEvent:
    """One change of a hold: when (a day number), by whom, the act's kind and reason, the field, before and after."""

    hold: int
    business_date: int
    actor: str
    kind: str
    reason: str | None
    field: str
    before: str | None
    after: str | None


def of_account(office: Office, practice: int, account: str, line: str | None = None) -> list[HoldRow]:
    """The holds of an account (by number), the oldest first; with `line` those of the whole account and of that line only."""
    query: Any = (
        Hold.select(Hold.id, Hold.act, Hold.kind, ServiceLine.number, Hold.since, Hold.until, Hold.reason)
        .join(Account, on=(Account.id == Hold.account))
        .join_from(Hold, ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Hold.line))
        .where((Account.practice == practice) & (Account.number == account))
        .order_by(Hold.since, Hold.id)
    )
    if line is not None:
        query = query.where(Hold.line.is_null() | (ServiceLine.number == line))
    with office.reading():
        return [HoldRow(*values) for values in query.tuples()]


def events(office: Office, holds: list[int]) -> list[HoldEvent]:
    """What was done to some holds, the oldest first."""
    query: Any = (
        Change.select(
            Change.subject_id, Act.business_date, Act.actor, Act.kind, Act.reason, Change.field, Change.before, Change.after
        )
        .join(Act, on=(Act.id == Change.act))
        .where((Change.subject == "hold") & Change.subject_id.in_(holds))
        .order_by(Change.id)
    )  # fmt: skip
    with office.reading():
        return [HoldEvent(*values) for values in query.tuples()]
