"""The External tab: what agencies have or had of one account, and what waits or waited for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import Agency, AgencyFile, Entry, Pending, Placement, ServiceLine
from bo_tui.office import Office
from bo_tui.views import attachments, unposted


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """One placement of the account; days are day numbers, amounts cents; `sequence` and `kind` are its file's."""

    id: int
    act: int
    line: str
    placed: int
    agency: str
    description: str
    date_of_service: int
    amount: int
    balance: int
    closed: str | None
    closed_on: int | None
    sequence: int | None
    kind: str | None
    has_children: bool
    attached: bool


@dataclass(frozen=True, slots=True)
class WaitedRow:
    """One pending row of the account, open while `outcome` is None; `reason` says why it was denied or withdrawn."""

    id: int
    act: int
    line: str
    queued: int
    agency: str
    description: str
    date_of_service: int
    amount: int
    because: str
    outcome: str | None
    resolved: int | None
    reason: str | None


def placements(office: Office, account: int) -> list[PlacedRow]:
    """All placements of an account, the latest first."""
    below = Entry.alias()
    query: Any = Placement.select(
        Placement.id, Placement.act, ServiceLine.number, Placement.placed, Placement.agency_name, Placement.description,
        Placement.date_of_service, Placement.amount, Placement.balance, Placement.closed, Placement.closed_on,
        AgencyFile.sequence, AgencyFile.kind,
        fn.EXISTS(below.select(below.id).where(below.parent == Placement.id)) | unposted.waits_for(Placement.id),
        attachments.on_line(Placement.line),
    )  # fmt: skip
    query = (
        query.join(ServiceLine, on=(ServiceLine.id == Placement.line))
        .join_from(Placement, AgencyFile, JOIN.LEFT_OUTER, on=(AgencyFile.id == Placement.file))
        .where(Placement.account == account)
    )
    with office.reading():
        found = [PlacedRow(*[*row[:-2], bool(row[-2]), bool(row[-1])]) for row in query.tuples()]
    return sorted(found, key=lambda row: row.id, reverse=True)


def waits(office: Office, account: int) -> list[WaitedRow]:
    """What waits for an agency, and what waited and was denied or withdrawn, the latest first; what was posted is a placement."""
    query: Any = (
        Pending.select(
            Pending.id, Pending.act, ServiceLine.number, Pending.queued, Agency.name,
            fn.COALESCE(ServiceLine.description, ""), ServiceLine.date_of_service, Pending.amount, Pending.because,
            Pending.outcome, Pending.resolved, Pending.reason,
        )
        .join(ServiceLine, on=(ServiceLine.id == Pending.line))
        .join_from(Pending, Agency, on=(Agency.id == Pending.agency))
    )  # fmt: skip
    mine = Pending.line.in_(ServiceLine.select(ServiceLine.id).where(ServiceLine.account == account))
    not_posted = Pending.outcome.is_null() | (Pending.outcome != "posted")
    with office.reading():
        found = [WaitedRow(*row) for row in query.where(mine & not_posted).tuples()]
    return sorted(found, key=lambda row: row.id, reverse=True)


def line_id(office: Office, practice: int, number: str) -> int:
    """The id of a line by its number; 0 when there is none."""
    mine = (ServiceLine.practice == practice) & (ServiceLine.number == number)
    with office.reading():
        return ServiceLine.select(ServiceLine.id).where(mine).scalar() or 0
