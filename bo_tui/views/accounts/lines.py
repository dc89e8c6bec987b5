"""An account's service fee lines, each with what stands in the way of collecting it: the roots of Active AR.

All of them at once, in eight queries however many there are: an account has tens of lines, rarely thousands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from peewee import SQL, fn

from bo_tui.db.tables import Agency, Attachment, Hold, Pending, Placement, Precollection, ServiceLine, StatementHold
from bo_tui.office import Office
from bo_tui.views import attachments
from bo_tui.views.accounts import criteria
from bo_tui.views.accounts.criteria import Criteria


@dataclass(frozen=True, slots=True)
class LineRow:
    """One service fee line; days are day numbers, amounts cents, `ar` is its balance in active AR.

    `placed` cents are with `agency` under the open placement `placement`; `waits_for` is the agency that it is queued for.
    `held`: a hold of it or of the account is in force; `silent`: it goes on no statement; `started`: the day it went to
    pre-collections; `attached`: it, an entry or a payment of it has an attachment.
    """

    id: int
    act: int
    number: str
    date_of_service: int
    case: str | None
    procedure: str | None
    description: str
    fee: int
    ar: int
    responsibility: str
    responsible_since: int | None
    aging_date: int | None
    brought_back: bool
    posted: int
    patient: str = ""
    placement: int | None = None
    agency: str | None = None
    placed: int = 0
    waits_for: str | None = None
    held: bool = False
    silent: bool = False
    started: int | None = None
    attached: bool = False

    @property
    def ages_from(self) -> int:
        """The day from which the line's age is shown: as `rules.accounts.aging` counts it. No night selects an insurer's line."""
        if self.aging_date is not None:
            return self.aging_date
        return self.date_of_service if self.responsible_since is None else self.responsible_since


def lines(office: Office, practice: int, account: int, only: int | None = None) -> list[LineRow]:
    """All service fee lines of an account of a practice by date of service, the earliest first, or `only` one of them (by id)."""
    with office.reading():
        own = list(_own(account, only))
        placed = {row[0]: row[1:] for row in _placements(account)}
        waits = dict(_waits(practice, account))
        held, whole = _held(account, office.business_date)
        silent = _lines_of(StatementHold, (StatementHold.account == account) & StatementHold.lifted.is_null())
        started = dict(_started(account))
        attached = _lines_of(Attachment, attached_to(account)) | _paid_by_what_has_images(account)
    found = []
    for *row, last, first in own:
        line = row[0]
        patient = ", ".join(part for part in (last, first) if part)
        states = (waits.get(line), whole or line in held, line in silent, started.get(line), line in attached)
        found.append(LineRow(*[*row, patient, *placed.get(line, (None, None, 0)), *states]))
    return sorted(found, key=lambda one: (one.date_of_service, one.id))


def number_of(office: Office, account: int) -> int:
    """How many lines an account has."""
    with office.reading():
        return ServiceLine.select(ServiceLine.id).where(ServiceLine.account == account).count()


def that_fit(office: Office, practice: int, account: int, wanted: Criteria) -> set[int]:
    """The ids of the account's lines that what is looked for of lines chooses; none when nothing is, which means all."""
    fits = criteria.lines(practice, wanted)
    if fits is None:
        return set()
    query: Any = ServiceLine.select(ServiceLine.id).where((ServiceLine.account == account) & fits)
    with office.reading():
        return {line for (line,) in query.tuples()}


def attached_to(account: int) -> Any:
    """The condition on an attachment of an account, in the words of the index that answers it."""
    return fn.COALESCE(Attachment.account, SQL("0")) == account


def _paid_by_what_has_images(account: int) -> set[int]:
    own: Any = ServiceLine.select(ServiceLine.id).where(ServiceLine.account == account)
    return {line for (line,) in attachments.paid_on(own).distinct().tuples()}


def _own(account: int, only: int | None) -> Iterator[Any]:
    query: Any = ServiceLine.select(
        ServiceLine.id,
        ServiceLine.act,
        ServiceLine.number,
        ServiceLine.date_of_service,
        ServiceLine.case,
        ServiceLine.procedure,
        fn.COALESCE(ServiceLine.description, ""),
        ServiceLine.fee,
        ServiceLine.ar,
        ServiceLine.responsibility,
        ServiceLine.responsible_since,
        ServiceLine.aging_date,
        ServiceLine.brought_back,
        ServiceLine.posted,
        ServiceLine.patient_last,
        ServiceLine.patient_first,
    )
    mine = ServiceLine.account == account
    return iter(query.where(mine if only is None else mine & (ServiceLine.id == only)).tuples())


def _placements(account: int) -> Any:
    query: Any = Placement.select(Placement.line, Placement.id, Placement.agency_name, Placement.balance)
    return query.where((Placement.account == account) & Placement.closed.is_null()).tuples()


def _waits(practice: int, account: int) -> Any:
    query: Any = Pending.select(Pending.line, Agency.name).join(Agency, on=(Agency.id == Pending.agency))
    mine = (Pending.practice == practice) & (Pending.account == account) & Pending.outcome.is_null()
    return query.where(mine).tuples()


def _held(account: int, day: int) -> tuple[set[int], bool]:
    """The lines of which a hold is in force, and whether one holds the whole account."""
    in_force = (Hold.since <= day) & (Hold.until.is_null() | (Hold.until > day))
    found = _lines_of(Hold, (Hold.account == account) & in_force)
    return found - {None}, None in found


def _started(account: int) -> Any:
    """The lines whose stay in pre-collections goes on, and since when."""
    mine: Any = ServiceLine.select(ServiceLine.id).where(ServiceLine.account == account)
    query: Any = Precollection.select(Precollection.line, Precollection.started)
    return query.where(Precollection.line.in_(mine) & Precollection.ended.is_null()).tuples()


def _lines_of(table: Any, where: Any) -> set[Any]:
    return {line for (line,) in table.select(table.line).where(where).tuples()}
