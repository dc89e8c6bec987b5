"""The list of Create: the lines that may go into a Start file now (external_collections.md 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.tables import Account, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.external import criteria as external
from bo_tui.rules.precollect import criteria, gate
from bo_tui.rules.precollect.terms import load_terms

RESULTS = (100, 200, 500, None)  # Number of Returned Results; None: all records


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that meets every criterion; cents, day numbers, days. `queued`: it waits for a Start file; `act` is the line's."""

    id: int
    line: str
    account: str
    guarantor: str
    date_of_service: int
    description: str
    balance: int
    age: int
    account_balance: int
    queued: bool
    act: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """The oldest lines first, at most as many as asked for, and whether there are more."""

    rows: list[Candidate]
    more: bool


def candidates(office: Office, practice: int, *, dos: int | None = None, most: int | None = None) -> Candidates:
    """The lines that may start on the business date, oldest first; `dos` keeps one date of service, `most` their number.

    RuleRefusal, field `practice` without enrolment, field `most` for a number below one.
    """
    roles.require(office, "look")
    if most is not None and most < 1:
        raise RuleRefusal("The number of results is at least 1.", field="most")
    with office.reading():
        terms = load_terms(gate.the_practice(practice), office.business_date)
        query: Any = ServiceLine.select(
            ServiceLine.id, ServiceLine.number, Account.number, Account.guarantor, ServiceLine.date_of_service,
            fn.COALESCE(ServiceLine.description, ServiceLine.procedure, ""), ServiceLine.ar,
            terms.day - ServiceLine.aging_date, criteria.account_balance(), criteria.queued(), ServiceLine.act,
        ).join(Account, on=(Account.id == ServiceLine.account))  # fmt: skip
        wanted = (ServiceLine.practice == practice) & external.candidate() & criteria.qualifies(terms)
        if dos is not None:
            wanted &= ServiceLine.date_of_service == dos
        query = query.where(wanted).order_by(ServiceLine.aging_date, ServiceLine.id)
        found = list((query if most is None else query.limit(most + 1)).tuples())
    rows = [_row(values) for values in found[:most]]
    return Candidates(rows, most is not None and len(found) > most)


def _row(values: Any) -> Candidate:
    return Candidate(*(*values[:-2], bool(values[-2]), values[-1]))
