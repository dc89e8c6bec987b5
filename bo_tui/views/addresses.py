"""Address Corrections: a practice's corrections by keyset paging, in four lists, and what was done to an account's address.

Pending and History each show corrections or errors; a correction that was denied because of an error stands in two of them
until the error is acknowledged (external_collections.md section 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import Account, Act, AddressCorrection, AddressFile, Change, ExternalRule, Practice
from bo_tui.office import Office

Key = tuple[Any, int]
Address = tuple[str | None, ...]  # address1, address2, city, state, zip
PARTS = ("address1", "address2", "city", "state", "zip")
QUICK = 2_000  # rows of a list up to which a page in any order takes a few milliseconds
CAP = 10_000
CHUNK = 500

_C = AddressCorrection
SORTS: dict[str, Any] = {
    "account": Account.number,
    "guarantor": Account.guarantor,
    "moved": fn.COALESCE(_C.moved, 0),
    "received": _C.received,
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Which list: Pending or History, its corrections or its errors; `prefix` keeps guarantors and accounts that begin with it."""

    history: bool = False
    errors: bool = False
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction with its account as it is now; days are day numbers, `returned_mail` is the account's flag of now."""

    id: int
    act: int
    account_id: int
    account: str
    guarantor: str
    returned_mail: bool
    file: str
    row: int
    record_id: str | None
    sent: str | None
    warning: str | None
    move_type: str | None
    moved: int | None
    return_code: str | None
    undeliverable: str | None
    received: int
    outcome: str | None
    decided: int | None
    decided_by: str | None
    note: str | None
    error: str | None
    error_state: str | None
    ended: int | None
    ended_by: str | None
    old: Address
    new: Address
    now: Address


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows each list holds, no further than CAP and one."""

    pending: int
    pending_errors: int
    history: int
    history_errors: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What the practice's settings do with a file: automatic corrections, and the rule for returned mail."""

    automatic: bool
    roll_returned_mail: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One change of an account's address or flag, or of a correction of it: who, by what act, when, from what to what."""

    act: int
    actor: str
    kind: str
    business_date: int
    field: str
    before: str | None
    after: str | None


def page(
    office: Office, practice: int, listed: Listed, sort: tuple[str, bool], after: Key | None, count: int, backward: bool
) -> list[tuple[Key, CorrectionRow]]:
    """Up to `count` rows next to the key `after`, in the order shown, each with its own key; `sort` is of SORTS and descends."""
    name, descending = sort
    column, falling = SORTS[name], descending != backward
    query = _keys(practice, listed, column)
    if after is not None:
        key, row_id = after
        further = column < key if falling else column > key
        query = query.where(further | ((column == key) & (_C.id < row_id if falling else _C.id > row_id)))
    order = (column.desc(), _C.id.desc()) if falling else (column.asc(), _C.id.asc())
    with office.reading():
        keys: list[Key] = list(query.order_by(*order).limit(count).tuples())
        found = {row.id: row for row in _read([row_id for _, row_id in keys])}
    shown = [(key, found[key[1]]) for key in keys]
    return shown[::-1] if backward else shown


def at(office: Office, practice: int, listed: Listed, row_id: int, sort: str) -> tuple[Key, CorrectionRow] | None:
    """One row as it is now, with its key for a sort; None when the list has it no longer."""
    with office.reading():
        key = _keys(practice, listed, SORTS[sort]).where(_C.id == row_id).tuples().first()
        return None if key is None else (key, _read([row_id])[0])


def count(office: Office, practice: int, listed: Listed, limit: int) -> int:
    """How many rows a list has, counting no further than `limit`."""
    with office.reading():
        return _keys(practice, listed, _C.account).limit(limit).count()


def ids(office: Office, practice: int, listed: Listed) -> list[int]:
    """The ids of all rows of a list."""
    with office.reading():
        return [row_id for _, row_id in _keys(practice, listed, _C.account).tuples()]


def rows(office: Office, practice: int, row_ids: Iterable[int]) -> list[CorrectionRow]:
    """The rows of these ids, whatever list they are in, by guarantor; for a dialog over many rows."""
    wanted, found = sorted(set(row_ids)), []
    with office.reading():
        for chunk in _chunks(wanted):
            mine: Any = (_C.practice == practice) & _C.id.in_(chunk)
            found.extend(_read([row_id for (row_id,) in _C.select(_C.id).where(mine).tuples()]))
    return sorted(found, key=lambda row: (row.guarantor, row.account, row.id))


def counts(office: Office, practice: int) -> Counts:
    """How many rows the four lists hold."""
    with office.reading():
        each = []
        for history in (False, True):
            for errors in (False, True):
                found: Any = _C.select(_C.id).where(_in(practice, Listed(history, errors)))
                each.append(found.limit(CAP + 1).count())
    return Counts(*each)


def settings(office: Office, practice: int) -> Settings:
    """What loading a file does in a practice."""
    with office.reading():
        automatic = Practice.select(Practice.automatic_addresses).where(Practice.id == practice).scalar()
        roll = ExternalRule.select(ExternalRule.roll_returned_mail).where(ExternalRule.practice == practice).scalar()
    return Settings(bool(automatic), bool(roll))


def history(office: Office, account: int) -> list[Told]:
    """Every change of an account's address and of its flag, and of its corrections, the newest act first."""
    mine = _C.select(_C.id).where(_C.account == account)
    of_account = (Change.subject == "account") & (Change.subject_id == account)
    of_account &= Change.field.in_([*PARTS, "returned_mail"])
    of_corrections = (Change.subject == "address_correction") & Change.subject_id.in_(mine)
    query: Any = Change.select(
        Change.act, Act.actor, Act.kind, Act.business_date, Change.field, Change.before, Change.after
    ).join(Act, on=(Act.id == Change.act))
    with office.reading():
        found = [Told(*row) for row in query.where(of_account).tuples()]
        found += [Told(*row) for row in query.where(of_corrections).tuples()]
    return sorted(found, key=lambda told: -told.act)


def _in(practice: int, listed: Listed) -> Any:
    mine: Any = _C.practice == practice
    if listed.history:
        return mine & (_C.ended_by.is_null(False) if listed.errors else _C.outcome.is_null(False))
    return mine & ((_C.error_state == "open") if listed.errors else _C.outcome.is_null() & _C.error.is_null())


def _keys(practice: int, listed: Listed, column: Any) -> Any:
    mine = _in(practice, listed)
    if listed.prefix:
        mine &= Account.guarantor.startswith(listed.prefix) | Account.number.startswith(listed.prefix)
    query: Any = _C.select(column, _C.id)
    return query.join(Account, JOIN.LEFT_OUTER, on=(Account.id == _C.account)).where(mine)


def _read(row_ids: Sequence[int]) -> list[CorrectionRow]:
    """Everything of some rows, at most 500."""
    addresses = [getattr(_C, f"old_{part}") for part in PARTS] + [getattr(_C, f"new_{part}") for part in PARTS]
    query: Any = _C.select(
        _C.id, _C.act, _C.account, Account.number, Account.guarantor, Account.returned_mail, AddressFile.name, _C.row,
        _C.record_id, _C.sent, _C.warning, _C.move_type, _C.moved, _C.return_code, _C.undeliverable, _C.received,
        _C.outcome, _C.decided, _C.decided_by, _C.note, _C.error, _C.error_state, _C.ended, _C.ended_by,
        *addresses, *(getattr(Account, part) for part in PARTS),
    )  # fmt: skip
    query = query.join(Account, on=(Account.id == _C.account)).join_from(
        _C, AddressFile, on=(AddressFile.id == _C.file)
    )
    found = []
    for row in query.where(_C.id.in_(row_ids)).tuples():
        values: list[Any] = [*row[:-15], row[-15:-10], row[-10:-5], row[-5:]]
        found.append(CorrectionRow(*values))
    return found


def _chunks(items: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
