"""The Collections page: a practice's collection tasks with what they are about, the most urgent first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import Account, Act, CollectionTask, ServiceLine
from bo_tui.office import Office

MOST = 5_000  # tasks that the page reads


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task; `act` its last act. Dates are day numbers; `balance` is the line's in active AR now, in cents, or the
    account's where no line is meant. A done one says who closed it, when, and with which note.
    """

    id: int
    act: int
    account_id: int
    account: str
    guarantor: str
    line_id: int | None
    line: str | None
    date_of_service: int | None
    balance: int
    follow_up: int
    assigned_to: str | None
    note: str
    made_by: str
    made: int
    state: str
    last_actor: str
    last_day: int
    last_note: str | None


def rows(office: Office, practice: int, *, done: bool = False) -> list[TaskRow]:
    """The open tasks by follow-up date; with `done` the closed ones after them. At most 5,000."""
    wanted = CollectionTask.practice == practice
    if not done:
        wanted &= CollectionTask.state == "open"
    whole = ServiceLine.alias("whole")
    account_ar = whole.select(fn.COALESCE(fn.SUM(whole.ar), 0)).where(whole.account == CollectionTask.account)
    query: Any = (
        CollectionTask.select(
            CollectionTask.id, CollectionTask.act, Account.id, Account.number, Account.guarantor, ServiceLine.id,
            ServiceLine.number, ServiceLine.date_of_service, fn.COALESCE(ServiceLine.ar, account_ar),
            CollectionTask.follow_up, CollectionTask.assigned_to, CollectionTask.note, CollectionTask.made_by,
            CollectionTask.made, CollectionTask.state, Act.actor, Act.business_date, Act.reason,
        )
        .join(Account, on=(Account.id == CollectionTask.account))
        .join_from(CollectionTask, Act, on=(Act.id == CollectionTask.act))
        .join_from(CollectionTask, ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == CollectionTask.line))
        .where(wanted)
        .order_by(CollectionTask.state.desc(), CollectionTask.follow_up, CollectionTask.id)
        .limit(MOST)
    )  # fmt: skip
    with office.reading():
        return [TaskRow(*values) for values in query.tuples()]
