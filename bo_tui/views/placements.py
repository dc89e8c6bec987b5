"""One placement and one entry as dialogs and *Why* show them: the debt, its line, its file, and how it came to be placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.compiled import once, slot
from bo_tui.db.tables import Act, Agency, AgencyFile, Assignment, Entry, Pending, Placement, ServiceLine
from bo_tui.errors import NotFound
from bo_tui.office import Office
from bo_tui.views import standing
from bo_tui.views.standing import Asked, Held

CHUNK = 500
OWN, FILE, ORIGIN = 22, 6, 7
"""So many columns of `_facts` are the placement's own, its file's and its origin's."""


@dataclass(frozen=True, slots=True)
class File:
    """The agency file a placement is in; `sent` and `acknowledged` are day numbers or None."""

    sequence: int
    kind: str
    state: str
    created: int
    sent: int | None
    acknowledged: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """The pending row that became the placement: age in days and cents when queued, why, and by whom."""

    queued: int
    queued_by: str
    source: str
    because: str
    age: int
    amount: int
    ground: str | None  # the line that pulled it


@dataclass(frozen=True, slots=True)
class Facts:
    """A placement as it is now; dates are day numbers, amounts cents. `act` is what an act on it passes as seen."""

    id: int
    act: int
    practice: int
    account: str
    guarantor: str
    line: str
    line_id: int
    agency: str
    agency_id: int
    description: str
    date_of_service: int
    amount: int
    balance: int
    placed: int
    placed_by: str
    placed_kind: str
    closed: str | None
    closed_on: int | None
    came_from: int | None
    came_from_agency: str | None
    responsibility: str
    aging_date: int | None
    pinned: bool
    file: File | None = None
    origin: Origin | None = None
    held: tuple[Held, ...] = ()  # holds in force on the business date
    recalled: bool = False  # the agency was told that it is taken away
    asked: Asked | None = None  # an adjustment that waits for a second person


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry as it is now; `reversed` are the cents of it that other entries took back, `commission` what it pays."""

    id: int
    placement: int | None
    code: str
    amount: int
    reversed: int
    commission: int
    number: str | None
    note: str | None
    posted: int
    reverses: bool  # whether it is itself the reversal of an adjustment


def facts(office: Office, placement: int) -> Facts:
    """A placement with its line, file and origin; NotFound when there is none.

    Asked at each move over a page of rows: one query, and a second where a hold or a proposal stands over it.
    """
    day = office.business_date
    with office.reading():
        values = _facts().one(placement=placement, day=day)
        if values is None:
            raise NotFound(f"There is no placement {placement}.", field="placement")
        rest = iter(values)
        own, file, origin = (list(islice(rest, count)) for count in (OWN, FILE, ORIGIN))
        pinned, account, is_held, recalled, is_asked = rest
        found = Facts(*[*own, bool(pinned)])
        return replace(
            found,
            file=None if file[0] is None else File(*file),
            origin=None if origin[0] is None or found.came_from is not None else Origin(*origin),
            held=standing.holds(found.line_id, account, day) if is_held else (),
            recalled=bool(recalled),
            asked=standing.asked(placement) if is_asked else None,
        )


@once
def _facts() -> Any:
    before, queued, ground, newest = Placement.alias(), Act.alias(), ServiceLine.alias(), Pending.alias()
    # the line's pending row that the placing act posted
    posted = newest.select(fn.MAX(newest.id)).where((newest.line == Placement.line) & (newest.act == Entry.act))
    query: Any = Placement.select(
        Placement.id, Placement.act, Placement.practice, Placement.account_number, Placement.guarantor,
        ServiceLine.number, Placement.line, Placement.agency_name, Placement.agency, Placement.description,
        Placement.date_of_service, Placement.amount, Placement.balance, Placement.placed, Act.actor, Act.kind,
        Placement.closed, Placement.closed_on, Placement.came_from, before.agency_name,
        ServiceLine.responsibility, ServiceLine.aging_date,
        AgencyFile.sequence, AgencyFile.kind, AgencyFile.state, AgencyFile.business_date, AgencyFile.sent,
        AgencyFile.acknowledged,
        Pending.queued, queued.actor, Pending.source, Pending.because, Pending.age, Pending.amount, ground.number,
        Placement.pinned, Placement.account,
        standing.is_held(slot("day")), standing.is_recalled(), standing.is_asked(),
    )  # fmt: skip
    query = (
        query.join(ServiceLine, on=(ServiceLine.id == Placement.line))
        .join_from(Placement, Entry, on=(Entry.id == Placement.id))
        .join(Act, on=(Act.id == Entry.act))
        .join_from(Placement, before, JOIN.LEFT_OUTER, on=(before.id == Placement.came_from))
        .join_from(Placement, AgencyFile, JOIN.LEFT_OUTER, on=(AgencyFile.id == Placement.file))
        .join_from(Placement, Pending, JOIN.LEFT_OUTER, on=(Pending.id == posted))
        .join(queued, JOIN.LEFT_OUTER, on=(queued.id == Pending.queued_act))
        .join_from(Pending, ground, JOIN.LEFT_OUTER, on=(ground.id == Pending.ground))
    )
    return query.where(Placement.id == slot("placement"))


def entry(office: Office, entry_id: int) -> EntryFacts:
    """An entry with what was reversed of it so far; NotFound when there is none."""
    parent, kid = Entry.alias(), Entry.alias()
    adjustments = ["MADJN", "MADJP"]
    query: Any = Entry.select(
        Entry.id, Entry.placement, Entry.code, Entry.amount, Entry.number, Entry.note, Entry.posted, parent.code
    ).join(parent, JOIN.LEFT_OUTER, on=(parent.id == Entry.parent))
    with office.reading():
        values = query.where(Entry.id == entry_id).tuples().first()
        if values is None:
            raise NotFound(f"There is no entry {entry_id}.", field="entry")
        number, placement, code, amount, check, note, posted, parent_code = values
        below: Any = kid.select(kid.code, fn.SUM(kid.amount)).where(kid.parent == entry_id).group_by(kid.code)
        sums = dict(below.tuples())
    taken = sum(sums.get(one, 0) for one in ("RVPAY", "RVCOMM", *adjustments))
    reverses = code in adjustments and parent_code in adjustments
    return EntryFacts(number, placement, code, amount, taken, sums.get("ECOMM", 0), check, note, posted, reverses)


def account_of(office: Office, line: int) -> int | None:
    """The account (by id) of a service fee line (by id)."""
    with office.reading():
        return ServiceLine.select(ServiceLine.account).where(ServiceLine.id == line).scalar()


def several(office: Office, practice: int, ids: Sequence[int]) -> list[tuple[int, int, int, str | None]]:
    """(id, act, balance in cents, closed) of placements of a practice; 500 in one query."""
    found: list[tuple[int, int, int, str | None]] = []
    with office.reading():
        for start in range(0, len(ids), CHUNK):
            some = ids[start : start + CHUNK]
            query: Any = Placement.select(Placement.id, Placement.act, Placement.balance, Placement.closed)
            found.extend(query.where(Placement.id.in_(some) & (Placement.practice == practice)).tuples())
    return found


def assigned_agencies(office: Office, practice: int) -> list[tuple[int, str]]:
    """(id, name) of the agencies that are assigned to a practice now, by name."""
    query: Any = Agency.select(Agency.id, Agency.name).join(Assignment, on=(Assignment.agency == Agency.id))
    mine = (Assignment.practice == practice) & (Assignment.removed == False)  # noqa: E712
    with office.reading():
        return list(query.where(mine).order_by(Agency.name).tuples())
