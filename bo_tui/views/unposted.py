"""Payments that are entered but not posted, as the ledgers of an account or a placement show them: `pending` in the Date column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, SQL, Case, fn

from bo_tui.db.compiled import once, room, slots
from bo_tui.db.tables import Account, Agency, Distribution, Payment, PaymentBatch, ServiceLine
from bo_tui.office import Office

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Unposted:
    """A distribution that waits to be posted; `code` is the one that it will have, `amount` cents (a placement's gross).

    `line` is a number, None for money on account; `commission` the agency's share. A takeback's cents are below zero.
    """

    distribution: int
    payment: int
    batch: int
    code: str
    line: str | None
    placement: int | None
    number: str
    payer: str
    date: int
    amount: int
    commission: int
    note: str | None


def unposted(
    office: Office, practice: int, *, account: str | None = None, placement: int | None = None
) -> list[Unposted]:
    """What waits to be posted to an account (by number) or to a placement (by id), in the order in which it was entered."""
    with office.reading():
        mine: Any = (Distribution.state == "unposted") & (Distribution.practice == practice)
        if account is not None:
            owner = Account.select(Account.id).where((Account.practice == practice) & (Account.number == account))
            mine &= Distribution.account == owner
        if placement is not None:
            mine &= Distribution.placement == placement
        return [Unposted(*values) for values in _query().where(mine).order_by(Distribution.id).tuples()]


def below(office: Office, placements: Sequence[int]) -> dict[int, list[Unposted]]:
    """What waits to be posted to each of some placements (by id), in the order of entry; one query for 500 of them."""
    found: dict[int, list[Unposted]] = {}
    with office.reading():
        for start in range(0, len(placements), CHUNK):
            some = placements[start : start + CHUNK]
            for values in _below(room(len(some))).run(placements=some):
                row = Unposted(*values)
                found.setdefault(row.placement or 0, []).append(row)
    return found


@once
def _below(size: int) -> Any:
    return _query().where(_waits() & Distribution.placement.in_(slots("placements", size))).order_by(Distribution.id)


def waits_for(placement: Any) -> Any:
    """Whether something waits to be posted to a placement (a column of a query), as a column."""
    return fn.EXISTS(Distribution.select(Distribution.id).where(_waits() & (Distribution.placement == placement)))


def _waits() -> Any:
    # as a literal: SQLite takes a partial index only where it sees that its condition holds
    return Distribution.state == SQL("'unposted'")


def _query() -> Any:
    paid = Case(Payment.kind, [("insurance", "IPYMT"), ("guarantor", "GPYMT")], "EPYMT")
    back = (Distribution.amount < 0) | (Distribution.gross < 0)
    code = Case(None, [(back, "RVPAY"), (Distribution.kind == "on_account", "ONACCT")], paid)
    payer = fn.COALESCE(Agency.name, Payment.payer, Account.guarantor, "")
    return (
        Distribution.select(
            Distribution.id, Distribution.payment, PaymentBatch.number, code, ServiceLine.number, Distribution.placement,
            Payment.number, payer, Payment.date, fn.COALESCE(Distribution.gross, Distribution.amount),
            fn.COALESCE(Distribution.commission, 0), fn.COALESCE(Distribution.note, Distribution.reasons),
        )
        .join(Payment, on=(Payment.id == Distribution.payment))
        .join(PaymentBatch, on=(PaymentBatch.id == Payment.batch))
        .join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Distribution.line))
        .join(Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        .join(Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))
    )  # fmt: skip
