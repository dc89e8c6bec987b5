"""Collection tasks: what is to be done about an account, kept with who made it and when (DESIGN section 3, Deny).

Denying a pending line offers one. They are kept, changed and closed here; the Collections page works them off.
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


def update(office: Office, practice: int, task: int, wanted: Wanted, *, seen: int | None = None) -> Kept:
    """Give an open task another note, follow-up date or operator; what stays as it is writes no change.

    `seen` is the task's act as the operator saw it. Raises what `keep` raises, NotFound and RuleRefusal, field `task`.
    """
    roles.require(office, "task")
    wanted = checked(wanted, office.business_date)
    with office.act("task_update", practice) as draft:
        row = open_one(practice, task, seen)
        if wanted.assigned_to is not None and wanted.assigned_to != row.assigned_to:
            _require_worker(wanted.assigned_to)
        before = Wanted(row.note, row.follow_up, row.assigned_to)
        if wanted == before:
            raise RuleRefusal(f"Task {task} is so already; nothing was changed.", field="note")
        pairs = [(name, _text(name, before), _text(name, wanted)) for name in ("note", "follow_up", "assigned_to")]
        ledger.change_many(draft, [("collection_task", task, name, was, now) for name, was, now in pairs if was != now])
        values = {"note": wanted.note, "follow_up": wanted.follow_up, "assigned_to": wanted.assigned_to}
        CollectionTask.update(**values, act=draft.id).where(CollectionTask.id == task).execute()
        ledger.seal(draft)
    return Kept(draft.id, task, wanted.follow_up)


def close(office: Office, practice: int, task: int, note: str, *, seen: int | None = None) -> Kept:
    """End an open task with a note that says what was done; it stays kept, with who closed it.

    Raises RuleRefusal, field `note` or `task`, and NotFound.
    """
    roles.require(office, "task")
    note = lookups.required(note, "note", "A note that says what was done")
    with office.act("task_done", practice, note) as draft:
        row = open_one(practice, task, seen)
        end(draft, row)
        ledger.seal(draft)
    return Kept(draft.id, task, row.follow_up)


def open_one(practice: int, task: int, seen: int | None) -> CollectionTask:
    """The open task of an id, unchanged since the act `seen`; call in a transaction."""
    row: CollectionTask | None = CollectionTask.get_or_none(
        (CollectionTask.id == task) & (CollectionTask.practice == practice)
    )
    if row is None:
        raise NotFound(f"There is no task {task} in this practice.", field="task")
    state = (
        "is done" if row.state == "done" else f"is for {row.assigned_to or 'nobody yet'}, {dates.iso(row.follow_up)}"
    )
    lookups.unchanged(seen, row.act, f"Task {task}", f"{state}: {row.note}")
    if row.state != "open":
        raise RuleRefusal(f"Task {task} is done already.", field="task")
    return row


def end(draft: Draft, row: CollectionTask) -> None:
    """Mark an open task done within an act that the caller seals; the act's reason says what was done."""
    ledger.change(draft, "collection_task", row.id, "state", "open", "done")
    CollectionTask.update(state="done", act=draft.id).where(CollectionTask.id == row.id).execute()


def _text(name: str, wanted: Wanted) -> str | None:
    value = getattr(wanted, name)
    return dates.iso(value) if name == "follow_up" else value


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
