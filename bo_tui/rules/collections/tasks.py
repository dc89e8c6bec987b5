"""Collection tasks: what is to be done about an account, kept with who made it and when (DESIGN section 3, Deny).

Denying a pending line offers one. They are kept and listed here; working them off is the Collections page's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.db.tables import CollectionTask, Operator, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups

ASSIGNABLE = (roles.OPERATOR, roles.SUPERVISOR, roles.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task as somebody asks for it: what is to be done, from which day on (a day number), and by which operator, if any."""

    note: str
    follow_up: int
    assigned_to: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A task that was kept: its act, its id, and the day from which it is to be done."""

    act: int
    task: int
    follow_up: int


def keep(office: Office, practice: int, line: str, wanted: Wanted) -> Kept:
    """Keep a task about a service fee line (by number).

    Raises NotFound, field `line`, and RuleRefusal, field `note`, `follow_up` (before the business date) or `assigned_to` (not
    an operator who could do it).
    """
    roles.require(office, "task")
    wanted = checked(wanted, office.business_date)
    with office.act("task", practice, wanted.note) as draft:
        row = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == line))
        if row is None:
            raise NotFound(f"There is no service fee line {line} in this practice.", field="line")
        task = write(draft, practice, row.account, row.id, wanted)
        ledger.seal(draft)
    return Kept(draft.id, task, wanted.follow_up)


def checked(wanted: Wanted, today: int) -> Wanted:
    """What was asked for with its note trimmed; RuleRefusal for what can be told without the store."""
    note = lookups.required(wanted.note, "note", "A note that says what is to be done")
    if wanted.follow_up < today:
        raise RuleRefusal(f"The follow-up date is before today, {dates.iso(today)}.", field="follow_up")
    return Wanted(note, wanted.follow_up, wanted.assigned_to or None)


def write(draft: Draft, practice: int, account: int, line: int | None, wanted: Wanted) -> int:
    """Write a checked task within an act that the caller seals, and return its id."""
    if wanted.assigned_to is not None:
        _require_worker(wanted.assigned_to)
    task: int = CollectionTask.insert(
        practice=practice, account=account, line=line, note=wanted.note, follow_up=wanted.follow_up,
        assigned_to=wanted.assigned_to, made_by=draft.actor, made=draft.business_date, act=draft.id,
    ).execute()  # fmt: skip
    after = {"state": "open", "note": wanted.note, "follow_up": dates.iso(wanted.follow_up)}
    if wanted.assigned_to is not None:
        after["assigned_to"] = wanted.assigned_to
    ledger.change_many(draft, [("collection_task", task, field, None, value) for field, value in after.items()])
    return task


def assignable(office: Office) -> list[str]:
    """The operators whom a task can be assigned to, by name."""
    with office.reading():
        query: Any = Operator.select(Operator.user).where(_working()).order_by(Operator.user)
        return [user for (user,) in query.tuples()]


def _working() -> Any:
    return (Operator.removed == False) & Operator.role.in_(ASSIGNABLE)  # noqa: E712


def _require_worker(user: str) -> None:
    if Operator.get_or_none(_working() & (Operator.user == user)) is None:
        raise RuleRefusal(f"{user} is no operator here whom a task could be assigned to.", field="assigned_to")
