"""The General tab: who the guarantor is, and what of the account's money waits for agencies or is with them.

What is owed by age is `rules.accounts.aging`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.tables import Account, Act, Agency, Attachment, Note, Pending, Placement, Precollection, ServiceLine
from bo_tui.errors import NotFound
from bo_tui.office import Office
from bo_tui.views.accounts.lines import attached_to


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
class Placed:
    """What one agency has of the account: open placements above zero, and their balances in cents."""

    agency: str
    count: int
    balance: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What of the account's money is not simply owed in active AR: `pending` cents of it wait for agencies, others are `placed`."""

    pending: int
    placed: tuple[Placed, ...]


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


def elsewhere(office: Office, practice: int, account: int) -> Elsewhere:
    """What waits for agencies, and what each of them has; three queries."""
    with office.reading():
        return Elsewhere(_waiting(practice, account), tuple(_placed(account)))


def counts(office: Office, account: int) -> dict[str, int]:
    """What the tabs hold: lines, placements with what waits, stays in pre-collections, notes, documents."""
    lines: Any = ServiceLine.select(ServiceLine.id).where(ServiceLine.account == account)
    waits = Pending.line.in_(lines) & Pending.outcome.is_null()
    with office.reading():
        return {
            "ar": lines.count(),
            "external": _number(Placement, Placement.account == account) + _number(Pending, waits),
            "precollections": _number(Precollection, Precollection.line.in_(lines) & Precollection.ended.is_null()),
            "notes": _number(Note, Note.account == account),
            "documents": _number(Attachment, attached_to(account)),
        }


def _number(table: Any, where: Any) -> int:
    return int(table.select(fn.COUNT(table.id)).where(where).scalar())


def _last_four(ssn: str | None) -> str | None:
    digits = "".join(letter for letter in ssn or "" if letter.isdigit())
    return digits[-4:] or None


def _waiting(practice: int, account: int) -> int:
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
