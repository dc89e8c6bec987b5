"""The accounts that TSI has: what it was told of each, by keyset paging, and the story of one (DESIGN section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import (
    Account,
    PrecollectAccount,
    PrecollectFile,
    Precollection,
    PrecollectMessage,
    ServiceLine,
)
from bo_tui.office import Office
from bo_tui.views import prefixes
from bo_tui.views.files import Key
from bo_tui.views.precollect import page_of, standing

QUICK = 2_000  # accounts up to which a page in any order takes a few milliseconds


@dataclass(frozen=True, slots=True)
class AccountRow:
    """What TSI believes of an account; `began` and `suspended_on` are day numbers, amounts cents.

    `lines` are its open stays, `owed` what these lines owe now, `waiting` the messages in no file yet; `suspended` is the
    account's own flag that keeps it out of later Starts, `account_act` the last act of the account.
    """

    id: int
    account_act: int
    account: int
    number: str
    guarantor: str
    began: int
    told: int
    state: str
    suspended_on: int | None
    suspended: bool
    lines: int
    owed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Stay:
    """A line's stay with TSI: dates are day numbers, amounts cents; `told` what TSI knows of it, `owed` what it owes now."""

    id: int
    act: int
    line_id: int
    line: str
    date_of_service: int
    description: str
    started: int
    amount: int
    told: int
    owed: int
    ended: int | None
    ended_as: str | None


@dataclass(frozen=True, slots=True)
class Message:
    """One record for TSI: in file `sequence` of a `kind`, still to be told (None), or left out for a `reason`."""

    type: str
    date: int
    amount: int
    balance: int
    kind: str | None
    sequence: int | None
    left_out: bool
    line: str | None
    reason: str | None


def _open_stays(what: Any) -> Any:
    stay = Precollection
    return fn.COALESCE(stay.select(what).where((stay.account == PrecollectAccount.account) & stay.ended.is_null()), 0)


def _owed() -> Any:
    stay = Precollection
    owed: Any = stay.select(fn.SUM(ServiceLine.ar)).join(ServiceLine, on=(ServiceLine.id == stay.line))
    return fn.COALESCE(owed.where((stay.account == PrecollectAccount.account) & stay.ended.is_null()), 0)


def _waiting() -> Any:
    told = PrecollectMessage
    mine = (told.account == PrecollectAccount.account) & told.file.is_null() & (told.left_out == False)  # noqa: E712
    return fn.COALESCE(told.select(fn.COUNT(told.id)).where(mine), 0)


ACCOUNT_SORTS: dict[str, Any] = {
    "account": Account.number,
    "guarantor": Account.guarantor,
    "began": PrecollectAccount.began,
    "told": PrecollectAccount.told,
    "state": PrecollectAccount.state,
    "lines": _open_stays(fn.COUNT(Precollection.id)),
    "owed": _owed(),
    "waiting": _waiting(),
}


def accounts(
    office: Office,
    practice: int,
    sort: tuple[str, bool],
    after: Key | None,
    count: int,
    backward: bool = False,
    *,
    prefix: str = "",
    ended: bool = False,
) -> list[tuple[Key, AccountRow]]:
    """Up to `count` accounts next to the key `after`, each with its key; `ended` shows those that TSI no longer has as well.

    `sort` is a name of ACCOUNT_SORTS and whether it descends; `prefix` begins the guarantor's name or the account's number.
    """
    column = ACCOUNT_SORTS[sort[0]]
    query = _accounts(practice, column, prefix, ended)
    with office.reading():
        return page_of(query, PrecollectAccount.id, column, sort[1], after, count, backward, _account_row)


def account(
    office: Office, practice: int, row_id: int, sort: str = "account", *, prefix: str = "", ended: bool = True
) -> tuple[Key, AccountRow] | None:
    """One account as it is now, with its key for a sort; None when there is none or it is not shown."""
    with office.reading():
        query = _accounts(practice, ACCOUNT_SORTS[sort], prefix, ended)
        values = query.where(PrecollectAccount.id == row_id).tuples().first()
    return None if values is None else ((values[0], row_id), _account_row(values))


def count_accounts(office: Office, practice: int, limit: int, *, prefix: str = "", ended: bool = False) -> int:
    """How many accounts there are, counting no further than `limit`."""
    with office.reading():
        return _accounts(practice, PrecollectAccount.id, prefix, ended, few=True).limit(limit).count()


def _accounts(practice: int, column: Any, prefix: str, ended: bool, *, few: bool = False) -> Any:
    p = PrecollectAccount
    wanted: list[Any] = [column, p.id]
    if not few:
        wanted += [
            Account.act, p.account, Account.number, Account.guarantor, p.began, p.told, p.state, p.suspended_on,
            Account.suspend_precollection, ACCOUNT_SORTS["lines"], ACCOUNT_SORTS["owed"], ACCOUNT_SORTS["waiting"],
        ]  # fmt: skip
    query: Any = p.select(*wanted).join(Account, on=(Account.id == p.account)).where(p.practice == practice)
    if not ended:
        query = query.where(standing())
    return query.where(_begins(Account.number, prefix) | _begins(Account.guarantor, prefix)) if prefix else query


def _begins(column: Any, prefix: str) -> Any:
    found: Any = column == prefix
    for first, last in prefixes.text_ranges(prefix):
        found = found | ((column >= first) & (column < last))
    rest = prefixes.the_rest(column, prefix)
    return found if rest is None else found & rest


def _account_row(values: Sequence[Any]) -> AccountRow:
    _, *fields = values
    fields[9] = bool(fields[9])
    return AccountRow(*fields)


def stays(office: Office, account_id: int) -> list[Stay]:
    """The stays of an account's lines, the open ones first, then the latest."""
    s = Precollection
    query: Any = s.select(
        s.id, s.act, s.line, ServiceLine.number, ServiceLine.date_of_service, fn.COALESCE(ServiceLine.description, ""),
        s.started, s.amount, fn.COALESCE(s.told, s.amount), ServiceLine.ar, s.ended, s.ended_as,
    ).join(ServiceLine, on=(ServiceLine.id == s.line))  # fmt: skip
    query = query.where(s.account == account_id).order_by(s.ended.is_null(False), s.started.desc(), s.id)
    with office.reading():
        return [Stay(*values) for values in query.tuples()]


def messages(office: Office, account_id: int, limit: int = 200) -> list[Message]:
    """What TSI was told of an account or will be, and what was left out; the newest first."""
    m = PrecollectMessage
    query: Any = m.select(
        m.type, m.date, m.amount, m.balance, PrecollectFile.kind, PrecollectFile.sequence, m.left_out,
        ServiceLine.number, m.reason,
    )  # fmt: skip
    query = query.join(PrecollectFile, JOIN.LEFT_OUTER, on=(PrecollectFile.id == m.file)).switch(m)
    query = query.join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == m.line)).where(m.account == account_id)
    with office.reading():
        return [Message(*values) for values in query.order_by(m.id.desc()).limit(limit).tuples()]
