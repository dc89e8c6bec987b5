"""What a distribution may be: each kind's fields checked against the payment and against lines and placements as they stand.

Gross, net and commission as back_office_rest.md section 3.6 has them: gross at most the placement's balance, gross = net +
commission, commission 0 where none was taken. Lines and placements are looked up some hundreds at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui import money
from bo_tui.db.tables import Account, Distribution, Payment, Placement, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.rules.batches import reasons, rows, takebacks
from bo_tui.rules.batches.model import (
    ALLOWED,
    GUARANTOR,
    INSURANCE,
    LINE,
    MISC,
    NET,
    ON_ACCOUNT,
    PLACEMENT,
    RECOUP,
    REFUND,
    REMOVED,
    SUSPENSE,
    Reason,
    Share,
)
from bo_tui.rules.external import adjust, lookups

COLUMNS = (
    "kind", "account", "line", "placement", "of_entry", "amount", "gross", "net", "commission", "roll", "claim",
    "control_number", "rank", "reasons", "note",
)  # fmt: skip
INSTEAD = (
    "record it on the placement: Create Coll in the batch (Alt+O), Received from Patient. Or transfer the debt back to active AR "
    "first (Transactions, Alt+T; Alt+M X)."
)
"""What an operator does with a guarantor's money for a line whose debt an agency has."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A share that may be kept: ids instead of numbers, and what it takes of the check."""

    kind: str
    amount: int
    account: int | None = None
    line: int | None = None
    placement: int | None = None
    of_entry: int | None = None
    gross: int | None = None
    net: int | None = None
    commission: int | None = None
    roll: str | None = None
    claim: str | None = None
    control_number: str | None = None
    rank: str | None = None
    reasons: str | None = None
    note: str | None = None
    codes: tuple[Reason, ...] = ()

    @property
    def words(self) -> str:
        """The share as its history says it."""
        return words(self)


@dataclass(slots=True)
class _Known:
    """What the shares of one call name, looked up: lines and accounts by number, placements by id with their open successor."""

    payment: Payment
    lines: dict[str, Any]
    accounts: dict[str, int]
    placements: dict[int, Any]
    placed: dict[int, tuple[int, int]]  # line -> its open placement and that one's balance
    codes: dict[str, str]  # transaction code -> direction
    already: set[int]
    balances: dict[int, int]
    promised: takebacks.Promised


def check(payment: Payment, given: Sequence[Share], besides: int | None = None) -> list[Checked]:
    """The shares of a payment as they may be kept; the first that may not raises RuleRefusal or NotFound, naming its field.

    `besides`: a distribution that is being changed and does not count as there already.
    """
    known = _look_up(payment, given, besides)
    return [_CHECKS[_kind(payment, share)](known, share) for share in given]


def words(row: Checked | Distribution) -> str:
    """A distribution in words for its history: the fields that hold something, in one order, amounts as decimals."""
    said = []
    for name in COLUMNS:
        value = getattr(row, name)
        if value is not None:
            cents = name in ("amount", "gross", "net", "commission")
            said.append(f"{name} {money.plain(value) if cents else value}")
    return ", ".join(said)


def _kind(payment: Payment, share: Share) -> str:
    if share.kind not in ALLOWED[payment.kind]:
        whose = {"insurance": "An insurer's", "guarantor": "A guarantor's", "agency": "An agency's"}[payment.kind]
        raise RuleRefusal(
            f"{whose} payment goes to {', '.join(ALLOWED[payment.kind])}, not to {share.kind}.", field="kind"
        )
    return share.kind


def _look_up(payment: Payment, given: Sequence[Share], besides: int | None) -> _Known:
    known = _Known(payment, {}, {}, {}, {}, {}, set(), {}, takebacks.Promised(besides))
    practice = payment.practice
    for chunk in lookups.chunks(sorted({share.line for share in given if share.line})):
        query: Any = ServiceLine.select().where((ServiceLine.practice == practice) & ServiceLine.number.in_(chunk))
        known.lines.update((row.number, row) for row in query)
    for some in lookups.chunks([row.id for row in known.lines.values()]):
        query = Placement.select(Placement.line, Placement.id, Placement.balance)
        query = query.where(Placement.line.in_(some) & Placement.closed.is_null())
        known.placed.update((line, (row, balance)) for line, row, balance in query.tuples())
    for chunk in lookups.chunks(sorted({share.account for share in given if share.account})):
        query = Account.select(Account.number, Account.id)
        known.accounts.update(query.where((Account.practice == practice) & Account.number.in_(chunk)).tuples())
    for these in lookups.chunks(sorted({share.placement for share in given if share.placement})):
        query = Placement.select().where((Placement.practice == practice) & Placement.id.in_(these))
        known.placements.update((row.id, row) for row in query)
    if any(share.reasons for share in given):
        known.codes = {row[0]: row[2] for row in adjust.transaction_codes(practice)}
    _look_at_payment(known, besides)
    return known


def _look_at_payment(known: _Known, besides: int | None) -> None:
    """The lines that the payment goes to already, and what its own unposted distributions leave of its placements' balances."""
    mine: Any = (Distribution.payment == known.payment.id) & (Distribution.state != REMOVED)
    mine &= Distribution.id != (besides or 0)
    lines: Any = Distribution.select(Distribution.line).where(mine & (Distribution.kind == LINE))
    known.already = {line for (line,) in lines.tuples()}
    taken: Any = Distribution.select(Distribution.placement, fn.SUM(Distribution.gross))
    taken = taken.where(mine & (Distribution.gross > 0) & (Distribution.state == "unposted"))
    known.balances = {row: -gross for row, gross in taken.group_by(Distribution.placement).tuples()}


def _line(known: _Known, share: Share) -> Checked:
    payment, row = known.payment, known.lines.get(share.line or "")
    if row is None:
        raise NotFound(f"There is no service fee line {share.line or ''} in this practice.", field="line")
    if row.id in known.already:
        raise RuleRefusal(f"This payment goes to line {row.number} already; change that distribution.", field="line")
    known.already.add(row.id)
    amount = rows.cents(share.amount, "amount", least=0 if payment.kind == INSURANCE else 1)
    if payment.kind == GUARANTOR:
        if share.reasons or share.roll:
            raise RuleRefusal("Reason codes and a roll belong to an insurer's payment.", field="reasons")
        if row.id in known.placed:
            where = lookups.where_placed(known.placed[row.id][0])
            raise RuleRefusal(f"Line {row.number} is {where}; {INSTEAD}", field="line")
        return Checked(LINE, amount, row.account, row.id, note=rows.text(share.note, "note"))
    codes = reasons.check(known.codes, row, known.placed.get(row.id, (0, 0))[1], share)
    if not (amount or codes or share.roll):
        raise RuleRefusal("Enter an amount, reason codes, or whom to roll the line to.", field="amount")
    more: dict[str, Any] = {
        name: rows.text(getattr(share, name), name) for name in ("claim", "control_number", "rank", "note")
    }
    return Checked(
        LINE, amount, row.account, row.id, roll=share.roll, reasons=reasons.words(codes), codes=codes, **more
    )


def _placement(known: _Known, share: Share) -> Checked:
    row = known.placements.get(share.placement or 0)
    if row is None:
        raise NotFound(f"There is no placement {share.placement or ''} in this practice.", field="placement")
    gross, net, commission = figures(share)
    entry = None
    if gross < 0:
        entry, amount = takebacks.check(known.payment, row, share.of_entry, gross, net, commission, known.promised)
    else:
        left = row.balance + known.balances.get(row.id, 0)
        if row.closed is None and gross > left:  # one that moved is weighed where the debt is, when it is posted
            raise RuleRefusal(
                f"Gross {money.shown(gross)} is more than the balance of {lookups.named(row)}, {money.shown(left)}.",
                field="gross",
            )
        known.balances[row.id] = known.balances.get(row.id, 0) - gross
        amount = net if known.payment.remits == NET else gross
    note = rows.text(share.note, "note")
    return Checked(PLACEMENT, amount, row.account, row.line, row.id, entry, gross, net, commission, note=note)


def figures(share: Share) -> tuple[int, int, int]:
    """Gross, net and commission of a placement's share, all of one sign; RuleRefusal, naming the field that does not fit."""
    gross, net, commission = share.gross, share.net, share.commission
    if gross is None or gross == 0:
        raise RuleRefusal("The gross payment is compulsory; a takeback's is below zero.", field="gross")
    if net is None:
        net = gross if commission is None else gross - commission
    if commission is None:
        if gross != net:
            raise RuleRefusal(
                f"The commission is compulsory: gross less net is {money.shown(gross - net)}.", field="commission"
            )
        commission = 0
    if gross != net + commission:
        raise RuleRefusal(
            f"Gross {money.shown(gross)} is not net {money.shown(net)} and commission {money.shown(commission)}.",
            field="commission",
        )
    for field, value in (("net", net), ("commission", commission)):
        if value * gross < 0:
            raise RuleRefusal(f"The {field} must not be of the other sign than the gross.", field=field)
    if abs(gross) > rows.LARGEST:
        raise RuleRefusal(f"The gross is above {money.shown(rows.LARGEST)}.", field="gross")
    return gross, net, commission


def _on_account(known: _Known, share: Share) -> Checked:
    account = known.accounts.get(share.account) if share.account else known.payment.account
    if account is None:
        where = f"There is no account {share.account} in this practice." if share.account else "Name the account."
        raise NotFound(where, field="account")
    return Checked(ON_ACCOUNT, rows.cents(share.amount, "amount"), account, note=rows.text(share.note, "note"))


def _held(known: _Known, share: Share) -> Checked:
    note = rows.text(share.note, "note")
    if share.kind == REFUND and note is None:
        raise RuleRefusal("Say in the note to whom the refund goes.", field="note")
    return Checked(share.kind, rows.cents(share.amount, "amount"), note=note)


def _recoup(known: _Known, share: Share) -> Checked:
    amount = rows.cents(share.amount, "amount")
    entry = takebacks.check_recoup(known.payment, share.of_entry, amount, known.promised)
    note = rows.text(share.note, "note")
    return Checked(RECOUP, -amount, entry.account, entry.line, of_entry=entry.id, note=note)


_CHECKS: dict[str, Callable[[_Known, Share], Checked]] = {
    LINE: _line,
    PLACEMENT: _placement,
    ON_ACCOUNT: _on_account,
    SUSPENSE: _held,
    MISC: _held,
    REFUND: _held,
    RECOUP: _recoup,
}
