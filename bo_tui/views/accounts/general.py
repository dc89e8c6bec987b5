"""The General tab: who the guarantor is, and every figure of the account, added up from its lines and placements.

Ages are counted on the business date: the guarantor's part from each line's aging date, the insurer's from the date of
service. What is below zero stands apart, as credit, and in no age.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import Case, fn

from bo_tui.db.tables import Account, Act, Agency, Entry, Pending, Placement, Practice, ServiceLine
from bo_tui.errors import NotFound
from bo_tui.office import Office

BUCKETS = ((None, 30), (31, 60), (61, 90), (91, 120), (121, None))  # days, both ends included, as report aging has them
ON_ACCOUNT = "ON_ACCOUNT"


@dataclass(frozen=True, slots=True)
class Person:
    """The guarantor and the account's own settings; days are day numbers, `ssn` holds its last four digits alone."""

    id: int
    act: int
    practice: int
    number: str
    guarantor: str
    date_of_birth: int | None
    ssn: str | None
    address1: str | None
    address2: str | None
    city: str | None
    state: str | None
    zip: str | None
    phone: str | None
    phone2: str | None
    email: str | None
    returned_mail: bool
    returned_mail_on: int | None
    hold_statements: bool
    suspend_precollection: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What one party owes in active AR: cents by age (BUCKETS), `credit` the sum below zero, `total` all of it."""

    party: str  # guarantor, insurance
    ages: tuple[int, ...]
    credit: int
    total: int


@dataclass(frozen=True, slots=True)
class Placed:
    """What one agency has of the account: open placements above zero, and their balances in cents."""

    agency: str
    count: int
    balance: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The account's money in cents; `ar` is all of active AR, `pending` of it waits for agencies, `on_account` is on no line."""

    parts: tuple[Part, ...]
    ar: int
    pending: int
    placed: tuple[Placed, ...]
    on_account: int

    @property
    def ext(self) -> int:
        """What agencies have together."""
        return sum(one.balance for one in self.placed)


def person(office: Office, account: int) -> Person:
    """The account's own columns; NotFound when there is no such account."""
    query: Any = Account.select(
        Account.id, Account.act, Account.practice, Account.number, Account.guarantor, Account.date_of_birth, Account.ssn,
        Account.address1, Account.address2, Account.city, Account.state, Account.zip, Account.phone, Account.phone2,
        Account.email, Account.returned_mail, Account.returned_mail_act, Account.hold_statements,
        Account.suspend_precollection,
    )  # fmt: skip
    with office.reading():
        row = query.where(Account.id == account).tuples().first()
        if row is None:
            raise NotFound(f"There is no account {account}.", field="account")
        own = list(row)
        own[6] = _last_four(own[6])
        if own[16] is not None:
            own[16] = Act.select(Act.business_date).where(Act.id == own[16]).scalar()
    return Person(*own)


def figures(office: Office, account: int) -> Figures:
    """What the account owes, by party and age, and where the rest of it is; four queries."""
    with office.reading():
        practice = Account.select(Account.practice).where(Account.id == account).scalar()
        parts = tuple(_parts(account, office.business_date))
        pending = _waiting(practice, account)
        placed = tuple(_placed(account))
        on_account = _on_account(account)
    return Figures(parts, sum(part.total for part in parts), pending, placed, on_account)


def uses_precollections(office: Office, practice: int) -> bool:
    """Whether a practice is enrolled in pre-collections."""
    with office.reading():
        return bool(Practice.select(Practice.precollections_enrolled).where(Practice.id == practice).scalar())


def _last_four(ssn: str | None) -> str | None:
    digits = "".join(letter for letter in ssn or "" if letter.isdigit())
    return digits[-4:] or None


def _parts(account: int, day: int) -> list[Part]:
    since = Case(
        None, [(ServiceLine.responsibility == "guarantor", ServiceLine.aging_date)], ServiceLine.date_of_service
    )
    age: Any = day - since
    above = ServiceLine.ar > 0
    sums = []
    for first, last in BUCKETS:
        inside = (age <= last) if first is None else (age >= first) if last is None else age.between(first, last)
        sums.append(fn.SUM(Case(None, [(above & inside, ServiceLine.ar)], 0)))
    credit = fn.SUM(Case(None, [(ServiceLine.ar < 0, ServiceLine.ar)], 0))
    query: Any = ServiceLine.select(ServiceLine.responsibility, *sums, credit, fn.SUM(ServiceLine.ar))
    query = query.where(ServiceLine.account == account).group_by(ServiceLine.responsibility)
    found = {row[0]: Part(row[0], tuple(row[1:-2]), row[-2], row[-1]) for row in query.tuples()}
    none = (0,) * len(BUCKETS)
    return [found.get(party, Part(party, none, 0, 0)) for party in ("guarantor", "insurance")]


def _waiting(practice: int | None, account: int) -> int:
    """What waits is what the lines owe now, not what they owed when they were queued."""
    mine = (Pending.practice == practice) & (Pending.account == account) & Pending.outcome.is_null()
    query: Any = Pending.select(fn.COALESCE(fn.SUM(ServiceLine.ar), 0))
    return query.join(ServiceLine, on=(ServiceLine.id == Pending.line)).where(mine).scalar()


def _placed(account: int) -> list[Placed]:
    query: Any = Placement.select(Placement.agency, fn.COUNT(Placement.id), fn.SUM(Placement.balance))
    query = query.where((Placement.account == account) & (Placement.balance > 0)).group_by(Placement.agency)
    found = {row[0]: row[1:] for row in query.tuples()}
    names = dict(Agency.select(Agency.id, Agency.name).where(Agency.id.in_(list(found))).tuples()) if found else {}
    return sorted((Placed(names[agency], *row) for agency, row in found.items()), key=lambda one: one.agency)


def _on_account(account: int) -> int:
    """Money of the account that is on no line: what was received on account less what was taken from it."""
    kept = Case(None, [(Entry.credit == ON_ACCOUNT, Entry.amount), (Entry.debit == ON_ACCOUNT, 0 - Entry.amount)], 0)
    query: Any = Entry.select(fn.COALESCE(fn.SUM(kept), 0))
    return query.where(Entry.account == account).scalar()
