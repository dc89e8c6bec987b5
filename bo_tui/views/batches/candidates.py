"""What money can go to while a payment is distributed: an agency's placements, or service fee lines, by the start of a text.

At most some hundred at a time: each is found by an index on the account number, the guarantor's name or the line's number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import Account, Distribution, DistributionReason, Placement, ServiceLine
from bo_tui.office import Office
from bo_tui.views import prefixes

MOST = 200


@dataclass(frozen=True, slots=True)
class PlacementChoice:
    """A placement that money may go to; `left` is its balance less what unposted payments will take of it, in cents.

    `own`, `gross`, `net`, `commission`: this payment's unposted distribution to it, its figures; None while there is none.
    """

    id: int
    account: str
    guarantor: str
    agency: str
    description: str
    date_of_service: int
    line: str
    balance: int
    closed: str | None
    left: int = 0
    own: int | None = None
    gross: int | None = None
    net: int | None = None
    commission: int | None = None


@dataclass(frozen=True, slots=True)
class LineChoice:
    """A service fee line that money may go to; `left` is its balance less what unposted payments will pay and adjust.

    `agency` has its debt where that is placed: `placed` cents of the balance.
    """

    id: int
    account: str
    guarantor: str
    line: str
    description: str
    date_of_service: int
    responsibility: str
    fee: int
    balance: int
    agency: str | None
    placed: int = 0
    left: int = 0
    own: int | None = None
    amount: int | None = None


def placements(
    office: Office, practice: int, payment: int, text: str = "", *, agency: str | None = None, zero: bool = False
) -> list[PlacementChoice]:
    """The placements whose account, guarantor or line begins with a text, or whose id it is; by guarantor, at most 200.

    `agency` narrows them to one's (its name); `zero` gives those at zero too: paid, moved on or brought back.
    """
    mine: Any = Placement.practice == practice
    if agency is not None:
        mine &= Placement.agency_name == agency
    query: Any = Placement.select(
        Placement.id, Placement.account_number, Placement.guarantor, Placement.agency_name, Placement.description,
        Placement.date_of_service, ServiceLine.number, Placement.balance, Placement.closed,
    ).join(ServiceLine, on=(ServiceLine.id == Placement.line))  # fmt: skip
    found: dict[int, PlacementChoice] = {}
    with office.reading():
        looked = _beginning(text, Placement.account_number, Placement.guarantor, Placement.id)
        if text.strip():
            looked += [
                ((ServiceLine.practice == practice) & one, by) for one, by in _beginning(text, ServiceLine.number)
            ]
        for half in (1, 0) if zero else (1,):
            for which, column in looked:
                some = query.where(mine & (Placement.has_balance == half) & which).order_by(column)
                found.update((row[0], PlacementChoice(*row)) for row in some.limit(MOST).tuples())
        taken, own = _promised(Distribution.placement, Distribution.gross, payment, list(found))
    rows = sorted(found.values(), key=lambda row: (row.guarantor, row.account, row.id))[:MOST]
    return [_with(row, taken, own) for row in rows]


def lines(office: Office, practice: int, payment: int, text: str, *, zero: bool = False) -> list[LineChoice]:
    """The lines whose account, guarantor or number begins with a text; by guarantor and date of service, at most 200.

    None without a text; those that owe nothing, in active AR and with an agency, only with `zero`.
    """
    if not text.strip():
        return []
    balance = ServiceLine.ar + fn.COALESCE(Placement.balance, 0)
    query: Any = (
        ServiceLine.select(
            ServiceLine.id, Account.number, Account.guarantor, ServiceLine.number, fn.COALESCE(ServiceLine.description, ""),
            ServiceLine.date_of_service, ServiceLine.responsibility, ServiceLine.fee, balance, Placement.agency_name,
            fn.COALESCE(Placement.balance, 0),
        )
        .join(Account, on=(Account.id == ServiceLine.account))
        .join_from(
            ServiceLine, Placement, JOIN.LEFT_OUTER, on=((Placement.line == ServiceLine.id) & Placement.closed.is_null())
        )
    )  # fmt: skip
    looked = [(Account, *one) for one in _beginning(text, Account.number, Account.guarantor)]
    looked += [(ServiceLine, *one) for one in _beginning(text, ServiceLine.number)]
    found: dict[int, LineChoice] = {}
    with office.reading():
        for table, which, column in looked:
            mine: Any = (table.practice == practice) & which
            some = query.where(mine if zero else mine & (balance > 0)).order_by(column)
            found.update((row[0], LineChoice(*row)) for row in some.limit(MOST).tuples())
        taken, own = _promised(Distribution.line, Distribution.amount + _adjusted(), payment, list(found), kind="line")
    rows = sorted(found.values(), key=lambda row: (row.guarantor, row.account, row.date_of_service, row.id))[:MOST]
    return [_with(row, taken, own) for row in rows]


def _beginning(text: str, number: Any, name: Any = None, row_id: Any = None) -> list[tuple[Any, Any]]:
    """Conditions, each with the column whose index answers it; without a text the first by name."""
    text = text.strip()
    if not text:
        return [(name >= "", name)]
    found = [((number >= low) & (number < high), number) for low, high in prefixes.text_ranges(text)]
    if name is not None:
        rest = prefixes.the_rest(name, text)
        for low, high in prefixes.text_ranges(text):
            one = (name >= low) & (name < high)
            found.append((one if rest is None else one & rest, name))
    if row_id is not None and text.isascii() and text.isdecimal() and len(text) < 10:
        found.append((row_id == int(text), row_id))
    return found


def _adjusted() -> Any:
    """Cents that a distribution's reason codes take off its line."""
    codes = DistributionReason.select(fn.COALESCE(fn.SUM(DistributionReason.amount), 0))
    mine = (DistributionReason.distribution == Distribution.id) & DistributionReason.transaction_code.is_null(False)
    return fn.COALESCE(codes.where(mine), 0)  # a bare subquery takes no arithmetic in peewee


def _promised(
    column: Any, cents: Any, payment: int, ids: list[int], kind: str = "placement"
) -> tuple[dict[int, int], dict[int, Any]]:
    """By placement or line: what unposted payments will take, and this payment's own distribution with its figures."""
    this = Distribution
    taken: dict[int, int] = {}
    own: dict[int, Any] = {}
    for at in range(0, len(ids), 500):
        mine: Any = column.in_(ids[at : at + 500]) & (this.kind == kind) & (this.state == "unposted") & (cents > 0)
        sums: Any = this.select(column, fn.SUM(cents)).where(mine).group_by(column)
        for key, value in sums.tuples():
            taken[key] = value
        ours: Any = this.select(column, this.id, this.amount, this.gross, this.net, this.commission)
        ours = ours.where(column.in_(ids[at : at + 500]) & (this.kind == kind) & (this.state == "unposted"))
        for key, *rest in ours.where(this.payment == payment).order_by(this.id).tuples():
            own[key] = rest
    return taken, own


def _with(row: Any, taken: dict[int, int], own: dict[int, Any]) -> Any:
    row = replace(row, left=row.balance - taken.get(row.id, 0))
    mine = own.get(row.id)
    if mine is None:
        return row
    given, amount, gross, net, commission = mine
    if isinstance(row, LineChoice):
        return replace(row, own=given, amount=amount)
    return replace(row, own=given, gross=gross, net=net, commission=commission)
