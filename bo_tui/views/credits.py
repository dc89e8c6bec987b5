"""A service fee line's credit: what is below zero of its balance in active AR, as the form that refunds it shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bo_tui.db.tables import Account, ServiceLine
from bo_tui.office import Office


@dataclass(frozen=True, slots=True)
class LineCredit:
    """A line (by number) of an account; `credit` is 0 where it has none; cents. `act` is the last that changed the line."""

    line: str
    account: str
    guarantor: str
    credit: int
    balance: int
    act: int


def of_line(office: Office, practice: int, number: str) -> LineCredit | None:
    """The line of a number, or None."""
    query: Any = ServiceLine.select(
        ServiceLine.number, Account.number, Account.guarantor, ServiceLine.ar, ServiceLine.act
    ).join(Account, on=(Account.id == ServiceLine.account))
    with office.reading():
        found = query.where((ServiceLine.practice == practice) & (ServiceLine.number == number)).tuples().first()
    if found is None:
        return None
    line, account, guarantor, balance, act = found
    return LineCredit(line, account, guarantor, max(0, 0 - balance), balance, act)
