"""One row of the Accounts grid: the account's own columns, and what its lines, placements and holds add up to now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Case, fn

from bo_tui.db.tables import Account, Hold, Placement, ServiceLine
from bo_tui.office import Office

CHUNK = 500

_GUARANTORS = ServiceLine.responsibility == "guarantor"
BALANCE = fn.COALESCE(fn.SUM(ServiceLine.ar), 0)
PART = fn.COALESCE(fn.SUM(Case(None, [(_GUARANTORS, ServiceLine.ar)], 0)), 0)
OLDEST = fn.MIN(Case(None, [(_GUARANTORS & (ServiceLine.ar > 0), ServiceLine.aging_date)]))


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account; days are day numbers, amounts cents.

    `balance` is all of it in active AR, `part` the guarantor's share of that, credits taken off in both; `placed` is what agencies
    have; `oldest` is the aging date of the oldest line above zero of the guarantor's; `held` says that a hold is in force.
    """

    id: int
    act: int
    number: str
    guarantor: str
    date_of_birth: int | None
    city: str
    state: str
    phone: str
    returned_mail: bool
    hold_statements: bool
    suspend_precollection: bool
    balance: int = 0
    part: int = 0
    oldest: int | None = None
    placed: int = 0
    held: bool = False


def of_ids(office: Office, ids: Sequence[int]) -> list[AccountRow]:
    """The accounts of some ids as they are now, in the order of the ids; one that is gone is left out. Four queries for 500."""
    found: dict[int, AccountRow] = {}
    with office.reading():
        for start in range(0, len(ids), CHUNK):
            query: Any = columns().where(Account.id.in_(list(ids[start : start + CHUNK])))
            found.update((row.id, row) for row in complete(office, query.tuples()))
    return [found[one] for one in ids if one in found]


def columns(*more: Any) -> Any:
    """The account's own columns, and more after them."""
    return Account.select(
        Account.id,
        Account.act,
        Account.number,
        Account.guarantor,
        Account.date_of_birth,
        fn.COALESCE(Account.city, ""),
        fn.COALESCE(Account.state, ""),
        fn.COALESCE(Account.phone, Account.phone2, ""),
        Account.returned_mail,
        Account.hold_statements,
        Account.suspend_precollection,
        *more,
    )


def complete(office: Office, found: Iterable[Any]) -> list[AccountRow]:
    """Rows of `columns()` with their figures, within a transaction; three queries for at most some hundred accounts."""
    own = list(found)
    ids = [row[0] for row in own]
    sums: dict[int, Any] = {row[0]: row[1:] for row in _sums(ids)}
    placed = dict(_placed(ids))
    held = {account for (account,) in _held(ids, office.business_date)}
    return [AccountRow(*[*row, *sums.get(row[0], (0, 0, None)), placed.get(row[0], 0), row[0] in held]) for row in own]


def _sums(ids: Sequence[int]) -> Any:
    query: Any = ServiceLine.select(ServiceLine.account, BALANCE, PART, OLDEST)
    return query.where(ServiceLine.account.in_(ids)).group_by(ServiceLine.account).tuples()


def _placed(ids: Sequence[int]) -> Any:
    query: Any = Placement.select(Placement.account, fn.SUM(Placement.balance))
    return query.where(Placement.account.in_(ids)).group_by(Placement.account).tuples()


def _held(ids: Sequence[int], day: int) -> Any:
    in_force = (Hold.since <= day) & (Hold.until.is_null() | (Hold.until > day))
    query: Any = Hold.select(Hold.account).where(Hold.account.in_(ids) & in_force)
    return query.group_by(Hold.account).tuples()
