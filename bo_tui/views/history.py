"""The history of one service fee line: who did what and when, from acts, entries, changes and pending rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from peewee import JOIN

from bo_tui.db.tables import (
    Act,
    Agency,
    Attachment,
    Change,
    CollectionTask,
    Entry,
    Hold,
    Operator,
    Pending,
    Placement,
    Proposal,
    ServiceLine,
)
from bo_tui.office import Office

CHUNK = 500
_OF_ATTACHMENTS = ("name", "to")
_OF_PROPOSALS = ("state", "kind", "amount")  # of a proposal's changes; the others are for programs


@dataclass(slots=True)
class Event:
    """One act and what it did to the line; `business_date` a day number, `made_at` UTC text.

    `entries` are (code, debit, credit, cents, note), `changes` (subject, field, before, after), `waiting` (outcome or
    'queued', agency, cents, reason).
    """

    act: int
    actor: str
    kind: str
    reason: str | None
    business_date: int
    made_at: str
    entries: list[tuple[str, str, str, int, str | None]] = field(default_factory=list)
    changes: list[tuple[str, str, str | None, str | None]] = field(default_factory=list)
    waiting: list[tuple[str, str, int, str | None]] = field(default_factory=list)


def of_line(office: Office, line: int) -> list[Event]:
    """Every act that moved the line's money, changed or held it, its placements or its account, queued it, asked a second
    person about it, or kept a task; the oldest first.
    """
    with office.reading():
        entries = list(_entries(line))
        pending = list(_pending(line))
        account = ServiceLine.select(ServiceLine.account).where(ServiceLine.id == line).scalar()
        placed = _ids(Placement, Placement.line == line)
        waited = [row[0] for row in pending]
        reaching = (Hold.account == account) & (Hold.line.is_null() | (Hold.line == line))
        changes = [
            *_changes("service_line", [line]),
            *_changes("placement", placed),
            *_changes("pending", waited),
            *_changes("account", [account]),
            *_changes("hold", _ids(Hold, reaching)),
            *(
                row
                for row in _changes("attachment", _ids(Attachment, Attachment.line == line))
                if row[2] in _OF_ATTACHMENTS
            ),
            *_changes("collection_task", _ids(CollectionTask, CollectionTask.line == line)),
            *(row for row in _changes("proposal", _proposals(line, waited, placed)) if row[2] in _OF_PROPOSALS),
        ]
        ids = {row[0] for row in (*entries, *changes)} | {act for row in pending for act in row[1:3]}
        events = _events(sorted(ids))
    for act, *entry in entries:
        events[act].entries.append(tuple(entry))
    for act, *change in changes:
        events[act].changes.append(tuple(change))
    for _, queued, resolved, outcome, agency, amount, reason in pending:
        events[queued].waiting.append(("queued", agency, amount, None))
        if outcome is not None and outcome != "posted":
            events[resolved].waiting.append((outcome, agency, amount, reason))
    return [events[act] for act in sorted(events)]


def of_act(office: Office, act: int, most: int) -> tuple[Event, int]:
    """One act with its first `most` entries and changes, each naming its line or row, and how many rows it has more."""
    with office.reading():
        event = _events([act])[act]
        moved: Any = Entry.select(Entry.code, Entry.debit, Entry.credit, Entry.amount, Entry.note, ServiceLine.number)
        moved = moved.join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Entry.line)).where(Entry.act == act)
        for *entry, note, line in moved.order_by(Entry.id).limit(most).tuples():
            of_line = None if line is None else f"line {line}"
            event.entries.append((*entry, ": ".join(part for part in (of_line, note) if part) or None))
        changed: Any = Change.select(Change.subject, Change.subject_id, Change.field, Change.before, Change.after)
        changed = changed.where(Change.act == act).order_by(Change.id).limit(most)
        rows = list(changed.tuples())
        users = _users({row for subject, row, *_ in rows if subject == "operator"})
        for subject, row, *change in rows:
            known = users.get(row, row) if subject == "operator" else row
            event.changes.append((f"{subject} {known}", *change))
        count = Act.select(Act.count).where(Act.id == act).scalar()
    return event, count - len(event.entries) - len(event.changes)


def _users(operators: set[int]) -> dict[int, str]:
    """The users of operators by id, also of those who have no access any more."""
    if not operators:
        return {}
    query: Any = Operator.select(Operator.id, Operator.user).where(Operator.id.in_(operators))
    return dict(query.tuples())


def _entries(line: int) -> Any:
    query: Any = Entry.select(Entry.act, Entry.code, Entry.debit, Entry.credit, Entry.amount, Entry.note)
    return query.where(Entry.line == line).order_by(Entry.id).tuples()


def _pending(line: int) -> Any:
    query: Any = Pending.select(
        Pending.id, Pending.queued_act, Pending.act, Pending.outcome, Agency.name, Pending.amount, Pending.reason
    ).join(Agency, on=(Agency.id == Pending.agency))
    return query.where(Pending.line == line).order_by(Pending.id).tuples()


def _proposals(line: int, waited: list[int], placed: list[int]) -> list[int]:
    """What was proposed to a second person about the line, by a row of Pending, a placement, or the line itself."""
    about = ((Proposal.kind == "post") & Proposal.subject.in_(waited)) | (
        (Proposal.kind == "adjust") & Proposal.subject.in_(placed)
    )
    mine = about | ((Proposal.kind == "adjust_line") & (Proposal.subject == line))
    practice = ServiceLine.select(ServiceLine.practice).where(ServiceLine.id == line).scalar()
    return _ids(Proposal, (Proposal.practice == practice) & mine)


def _ids(table: Any, where: Any) -> list[int]:
    return [row for (row,) in table.select(table.id).where(where).order_by(table.id).tuples()]


def _changes(subject: str, ids: list[int]) -> list[Any]:
    if not ids:
        return []
    query: Any = Change.select(Change.act, Change.subject, Change.field, Change.before, Change.after)
    return list(query.where((Change.subject == subject) & Change.subject_id.in_(ids)).order_by(Change.id).tuples())


def _events(ids: list[int]) -> dict[int, Event]:
    found: dict[int, Event] = {}
    for start in range(0, len(ids), CHUNK):
        query: Any = Act.select(Act.id, Act.actor, Act.kind, Act.reason, Act.business_date, Act.made_at)
        rows = query.where(Act.id.in_(ids[start : start + CHUNK])).tuples()
        found.update((row[0], Event(*row)) for row in rows)
    return found
