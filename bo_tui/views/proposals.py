"""What proposals to a second person are about: the line, the account, the guarantor, what is owed now, what was asked in full."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from peewee import Value, fn

from bo_tui.db.tables import Account, Pending, Placement, Practice, Proposal, ServiceLine
from bo_tui.office import Office

MOST = 500  # as many as the rule lists


@dataclass(frozen=True, slots=True)
class Subject:
    """What one proposal is about; `balance` in cents is what is owed now: of the line in active AR, or of the placement.

    `placement` is None for what is not placed. `note` and `accounting_date` (a day number) stand in what was asked.
    """

    line_id: int
    line: str
    placement: int | None
    account: str
    guarantor: str
    balance: int
    note: str
    accounting_date: int | None


def subjects(office: Office, practice: int) -> dict[int, Subject]:
    """The subjects of a practice's newest proposals and of all that are open, by proposal; one query a kind."""
    newest = Proposal.select(Proposal.id).where(Proposal.practice == practice)
    newest = newest.order_by(Proposal.id.desc()).limit(MOST)
    mine = (Proposal.practice == practice) & ((Proposal.state == "open") | Proposal.id.in_(newest))
    found: dict[int, Subject] = {}
    with office.reading():
        for query in (_of_pending(), _of_placements(), _of_lines()):
            for proposal, asked, *values in query.where(mine).tuples():
                wanted = json.loads(asked)
                found[proposal] = Subject(*(*values, wanted.get("note", ""), wanted.get("accounting_date")))
    return found


def waiting(office: Office, practice: int) -> tuple[int, int]:
    """How many proposals are open, and their cents."""
    query: Any = Proposal.select(fn.COUNT(Proposal.id), fn.COALESCE(fn.SUM(Proposal.amount), 0))
    with office.reading():
        count, amount = query.where((Proposal.practice == practice) & (Proposal.state == "open")).tuples().get()
    return count, amount


def limit(office: Office, practice: int) -> int | None:
    """The amount in cents above which a second person is needed, or None where there is no limit."""
    with office.reading():
        found: int | None = Practice.select(Practice.four_eyes_limit).where(Practice.id == practice).scalar()
    return found


_FIRST = (Proposal.id, Proposal.asked, ServiceLine.id, ServiceLine.number)
_OWNER = (Account.number, Account.guarantor)


def _of_pending() -> Any:
    query: Any = Proposal.select(*_FIRST, Value(None), *_OWNER, ServiceLine.ar).join(
        Pending, on=((Pending.id == Proposal.subject) & (Proposal.kind == "post"))
    )
    return query.join(ServiceLine, on=(ServiceLine.id == Pending.line)).join_from(
        Pending, Account, on=(Account.id == Pending.account)
    )


def _of_placements() -> Any:
    query: Any = Proposal.select(*_FIRST, Placement.id, *_OWNER, Placement.balance).join(
        Placement, on=((Placement.id == Proposal.subject) & (Proposal.kind == "adjust"))
    )
    return query.join(ServiceLine, on=(ServiceLine.id == Placement.line)).join_from(
        Placement, Account, on=(Account.id == Placement.account)
    )


def _of_lines() -> Any:
    query: Any = Proposal.select(*_FIRST, Value(None), *_OWNER, ServiceLine.ar).join(
        ServiceLine, on=((ServiceLine.id == Proposal.subject) & (Proposal.kind == "adjust_line"))
    )
    return query.join(Account, on=(Account.id == ServiceLine.account))
