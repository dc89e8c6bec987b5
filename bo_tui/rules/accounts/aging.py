"""What an account owes by age (back_office_rest.md 2.6): current to 30 days, 31-60, 61-90, 91-120, 121 and more, credits apart.

The guarantor's lines age from their aging date (the day they became the guarantor's), the insurer's from the day
they became the insurer's where that is known, else from the date of service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import SQL, Case, fn

from bo_tui.db.tables import Entry, Placement, ServiceLine
from bo_tui.office import Office
from bo_tui.rules.codes import ON_ACCOUNT
from bo_tui.rules.holds import the_account

NAMES = ("0-30", "31-60", "61-90", "91-120", "121+")
LAST_DAYS = (30, 60, 90, 120)  # of each bucket but the last


@dataclass(frozen=True, slots=True)
class Buckets:
    """Cents owed by age, in the order of NAMES, and credits (lines below zero, so at most 0)."""

    amounts: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    credits: int = 0

    @property
    def total(self) -> int:
        """What is owed, credits included."""
        return sum(self.amounts) + self.credits


@dataclass(frozen=True, slots=True)
class Aging:
    """An account's balances: in active AR by who is responsible, with agencies, and money on account; cents."""

    guarantor: Buckets
    insurance: Buckets
    placed: int
    on_account: int

    @property
    def total(self) -> int:
        """The account's balance in active AR, which equals its lines' entries."""
        return self.guarantor.total + self.insurance.total


def aging(office: Office, practice: int, account: str, day: int | None = None) -> Aging:
    """The balances of an account (by number) as the ledger has them now, aged on a day (default: the business date)."""
    with office.reading():
        return aging_of(the_account(practice, account).id, office.business_date if day is None else day)


def aging_of(account: int, day: int) -> Aging:
    """As `aging`, of an account's id, within a transaction."""
    guarantor = ServiceLine.responsibility == "guarantor"
    insurers = fn.COALESCE(ServiceLine.responsible_since, ServiceLine.date_of_service)
    age: Any = day - Case(None, [(guarantor, ServiceLine.aging_date)], insurers)
    bucket = Case(None, [(ServiceLine.ar < 0, -1)] + [(age <= last, at) for at, last in enumerate(LAST_DAYS)], 4)
    query: Any = ServiceLine.select(ServiceLine.responsibility, bucket.alias("bucket"), fn.SUM(ServiceLine.ar))
    query = query.where((ServiceLine.account == account) & (ServiceLine.ar != 0))
    rows = query.group_by(ServiceLine.responsibility, SQL("bucket")).tuples()
    sums = {(party, at): amount for party, at, amount in rows}
    return Aging(_buckets(sums, "guarantor"), _buckets(sums, "insurance"), _placed(account), _on_account(account))


def _buckets(sums: dict[tuple[str, int], int], party: str) -> Buckets:
    first, second, third, fourth, fifth = (sums.get((party, at), 0) for at in range(5))
    return Buckets((first, second, third, fourth, fifth), sums.get((party, -1), 0))


def _placed(account: int) -> int:
    mine = (Placement.account == account) & Placement.closed.is_null()
    return int(Placement.select(fn.COALESCE(fn.SUM(Placement.balance), 0)).where(mine).scalar())


def _on_account(account: int) -> int:
    """Money of the account that is on no line: what was received on account less what was taken from it."""
    moved = Case(None, [(Entry.credit == ON_ACCOUNT, Entry.amount), (Entry.debit == ON_ACCOUNT, 0 - Entry.amount)], 0)
    return int(Entry.select(fn.COALESCE(fn.SUM(moved), 0)).where(Entry.account == account).scalar())
