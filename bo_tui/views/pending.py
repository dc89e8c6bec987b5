"""The Pending tab: a practice's open pending rows by keyset paging, with what brought each there and what changed since.

A page is read in two steps: first only ids and sort keys, then everything about the few rows of the page (`pendingrows`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui.db.tables import Account, Act, Agency, Assignment, Entry, ExternalRule, Pending, Practice, ServiceLine
from bo_tui.office import Office
from bo_tui.views import pendingrows
from bo_tui.views.pendingrows import PendingRow

Key = tuple[Any, int]  # a row's value of the sort column, and its id
QUICK = 2_000  # open rows up to which a page in any order takes a few milliseconds
CHUNK = 500
ON_ACCOUNT = "ON_ACCOUNT"

SORTS: dict[str, Any] = {
    "dos": ServiceLine.date_of_service,
    "agency": Agency.name,
    "account": Account.number,
    "guarantor": Account.guarantor,
    "description": fn.COALESCE(ServiceLine.description, ServiceLine.procedure, ""),
    "amount": Pending.amount,
    "balance": ServiceLine.ar,
    "source": Pending.because,
    "queued": Pending.queued,
}


@dataclass(frozen=True, slots=True)
class Sum:
    """So many rows and cents."""

    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Night:
    """What a night queued and is still pending: its date, rows, and the cents they were queued with."""

    day: int
    count: int
    amount: int


def page(
    office: Office,
    practice: int,
    sort: tuple[str, bool],
    after: Key | None,
    count: int,
    backward: bool = False,
    prefix: str = "",
) -> list[tuple[Key, PendingRow]]:
    """Up to `count` open rows next to the key `after`, in the order shown, each with its own key.

    `sort` is a name of SORTS and whether it descends; the id breaks ties in the same direction. `prefix` keeps the rows
    whose guarantor or account number begins with it, in capitals or not.
    """
    name, descending = sort
    column = SORTS[name]
    falling = descending != backward
    query = _open(practice, prefix, column)
    if after is not None:
        query = query.where(_beyond(column, after, falling))
    order = (column.desc(), Pending.id.desc()) if falling else (column.asc(), Pending.id.asc())
    with office.reading():
        keys: list[Key] = list(query.order_by(*order).limit(count).tuples())
        rows = pendingrows.read(office, [row_id for _, row_id in keys])
    found = [(key, rows[key[1]]) for key in keys]
    return found[::-1] if backward else found


def at(office: Office, practice: int, row_id: int, sort: str, prefix: str = "") -> tuple[Key, PendingRow] | None:
    """One open row as it is now, with its key for a sort; None when it waits no longer or the prefix hides it."""
    with office.reading():
        key = _open(practice, prefix, SORTS[sort]).where(Pending.id == row_id).tuples().first()
        if key is None:
            return None
        return key, pendingrows.read(office, [row_id])[row_id]


def count(office: Office, practice: int, limit: int, prefix: str = "") -> int:
    """How many open rows there are, counting no further than `limit`."""
    with office.reading():
        return _open(practice, prefix, Pending.line).limit(limit).count()


def slow(office: Office, practice: int) -> bool:
    """Whether there are so many open rows that a page should be read in a worker."""
    return count(office, practice, QUICK + 1) > QUICK


def version(office: Office, practice: int) -> int:
    """The practice's newest act: another one means that rows may have changed."""
    with office.reading():
        return Act.select(fn.MAX(Act.id)).where(Act.practice == practice).scalar() or 0


def ids(office: Office, practice: int, prefix: str = "") -> list[int]:
    """The ids of all open rows that the prefix shows."""
    with office.reading():
        return [row_id for _, row_id in _open(practice, prefix, Pending.line).tuples()]


def rows(office: Office, practice: int, row_ids: Iterable[int]) -> list[PendingRow]:
    """The rows of these ids that are still open, by line, read in pieces of one snapshot; for a dialog over many rows."""
    wanted = list(row_ids)
    found: list[PendingRow] = []
    with office.reading():
        for chunk in _chunks(wanted):
            mine = (Pending.practice == practice) & Pending.outcome.is_null() & Pending.id.in_(chunk)
            still: Any = Pending.select(Pending.id).where(mine)
            found += pendingrows.read(office, [row_id for (row_id,) in still.tuples()]).values()
    return sorted(found, key=lambda row: row.line_id)


def on_account(office: Office, row_ids: Iterable[int]) -> dict[str, int]:
    """Cents that the accounts (by number) of these rows hold on account, where they hold any; read in pieces of one snapshot."""
    moved = Case(None, [(Entry.credit == ON_ACCOUNT, Entry.amount), (Entry.debit == ON_ACCOUNT, 0 - Entry.amount)], 0)
    found: dict[str, int] = {}
    with office.reading():
        for chunk in _chunks(list(row_ids)):
            accounts = Pending.select(Pending.account).where(Pending.id.in_(chunk))
            query: Any = Entry.select(Account.number, fn.SUM(moved)).join(Account, on=(Account.id == Entry.account))
            query = query.where(Entry.account.in_(accounts)).group_by(Account.number).having(fn.SUM(moved) > 0)
            found.update(query.tuples())
    return found


def waiting(office: Office, practice: int, prefix: str = "") -> Sum:
    """How many open rows there are, and the sum of their lines' balances of now."""
    with office.reading():
        query = _joined(Pending.select(fn.COUNT(Pending.id), fn.COALESCE(fn.SUM(ServiceLine.ar), 0)))
        return Sum(*query.where(_mine(practice, prefix)).tuples().get())


def nights(office: Office, practice: int) -> list[Night]:
    """The nights of which something is still pending, the newest first."""
    mine = _mine(practice, "") & (Pending.source == "night")
    query: Any = Pending.select(Pending.queued, fn.COUNT(Pending.id), fn.SUM(Pending.amount)).where(mine)
    with office.reading():
        return [Night(*values) for values in query.group_by(Pending.queued).order_by(Pending.queued.desc()).tuples()]


def agencies(office: Office, practice: int) -> list[tuple[int, str]]:
    """(id, name) of the agencies assigned to a practice, by name."""
    mine = (Assignment.practice == practice) & (Assignment.removed == False)  # noqa: E712
    query: Any = Agency.select(Agency.id, Agency.name).join(Assignment, on=(Assignment.agency == Agency.id))
    with office.reading():
        return list(query.where(mine).order_by(Agency.name).tuples())


def re_ages(office: Office, practice: int) -> bool:
    """Whether a denied line of the practice ages anew (rule Re-Age if Denied)."""
    with office.reading():
        query: Any = ExternalRule.select(ExternalRule.re_age_if_denied).where(ExternalRule.practice == practice)
        return bool(query.scalar())


def four_eyes_limit(office: Office, practice: int) -> int | None:
    """The cents above which a posting waits for a second person; None where the practice sets no limit."""
    with office.reading():
        return Practice.select(Practice.four_eyes_limit).where(Practice.id == practice).scalar()


def _open(practice: int, prefix: str, column: Any) -> Any:
    """Keys and ids of the open rows; a LEFT join that neither key nor filter needs costs nothing, SQLite leaves it out."""
    return _joined(Pending.select(column, Pending.id)).where(_mine(practice, prefix))


def _joined(query: Any) -> Any:
    return (
        query.join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Pending.line))
        .join_from(Pending, Account, JOIN.LEFT_OUTER, on=(Account.id == Pending.account))
        .join_from(Pending, Agency, JOIN.LEFT_OUTER, on=(Agency.id == Pending.agency))
    )


def _mine(practice: int, prefix: str) -> Any:
    mine = (Pending.practice == practice) & Pending.outcome.is_null()
    if not prefix:
        return mine
    return mine & (Account.guarantor.startswith(prefix) | Account.number.startswith(prefix))


def _beyond(column: Any, after: Key, falling: bool) -> Any:
    key, row_id = after
    further = column < key if falling else column > key
    next_id = Pending.id < row_id if falling else Pending.id > row_id
    return further | ((column == key) & next_id)


def _chunks(items: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
