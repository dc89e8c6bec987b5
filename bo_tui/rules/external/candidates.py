"""Which lines an operator may add to Pending by hand, and what is to be known of each before (external_collections.md 2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.tables import Account, ServiceLine
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.external import criteria, lookups
from bo_tui.rules.external.terms import Terms, load_terms

MOST = 2_000  # rows of one list; a longer one is narrowed, not read


@dataclass(frozen=True, slots=True)
class Candidate:
    """A line that is active, the guarantor's and above zero; `act` is its last act, `balance` cents, `age` days.

    `held` cannot be added; `brought_back` and `recently_paid` keep only the night from it.
    """

    id: int
    line: str
    account: str
    guarantor: str
    date_of_service: int
    description: str
    balance: int
    age: int
    act: int
    brought_back: bool
    held: bool
    recently_paid: bool


@dataclass(frozen=True, slots=True)
class Candidates:
    """The first `MOST` lines by guarantor, and whether there are more."""

    rows: list[Candidate]
    more: bool


def candidates(
    office: Office,
    practice: int,
    *,
    above: int | None = None,
    older: int | None = None,
    prefix: str = "",
    account: int | None = None,
) -> Candidates:
    """The lines with a balance greater than `above` cents, older than `older` days, whose guarantor or account begins so.

    Each criterion may be left out; `account` keeps those of one account, by its id. Ages count on the business date.
    """
    roles.require(office, "look")
    with office.reading():
        terms = load_terms(lookups.the_practice(practice), office.business_date)
        query = _query(terms).where(_wanted(terms, above, older, prefix, account))
        found = list(query.order_by(Account.guarantor, ServiceLine.id).limit(MOST + 1).tuples())
    rows = [Candidate(*values[:9], *(bool(flag) for flag in values[9:])) for values in found[:MOST]]
    return Candidates(rows, len(found) > MOST)


def _query(terms: Terms) -> Any:
    return ServiceLine.select(
        ServiceLine.id,
        ServiceLine.number,
        Account.number,
        Account.guarantor,
        ServiceLine.date_of_service,
        fn.COALESCE(ServiceLine.description, ServiceLine.procedure, ""),
        ServiceLine.ar,
        terms.day - ServiceLine.aging_date,
        ServiceLine.act,
        ServiceLine.brought_back,
        ~criteria.ON_HOLD.passes(terms, None),
        ~criteria.RECENT_PAYMENT.passes(terms, None),
    ).join(Account, on=(Account.id == ServiceLine.account))


def _wanted(terms: Terms, above: int | None, older: int | None, prefix: str, account: int | None) -> Any:
    wanted = (ServiceLine.practice == terms.practice.id) & criteria.candidate()
    if above is not None:
        wanted &= ServiceLine.ar > above
    if older is not None:
        wanted &= ServiceLine.aging_date < terms.day - older
    if account is not None:
        wanted &= ServiceLine.account == account
    if prefix:
        wanted &= Account.guarantor.startswith(prefix) | Account.number.startswith(prefix)
    return wanted
