"""Adjusting a placement's balance up or down with a transaction code: MADJP or MADJN under its EXCOL (DESIGN section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bo_tui import money
from bo_tui.db.tables import Placement, TransactionCode
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.codes import ADJUSTMENT, EXT, MADJN, MADJP
from bo_tui.rules.external import lookups, proposals
from bo_tui.rules.external.proposals import Waiting


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An adjustment made: its entry, its activity code, the amount and the balance that remains, in cents."""

    act: int
    entry: int
    placement: int
    code: str
    amount: int
    balance: int


def preview_adjust(balance: int, direction: str, amount: int) -> int:
    """What a balance in cents becomes by an adjustment `up` or `down`; below zero means that it will be refused."""
    return balance + amount if direction == "up" else balance - amount


def transaction_codes(practice: int) -> list[tuple[str, str, str]]:
    """The (code, description, direction) that may be chosen in a practice, its own before the common one of the same code."""
    ours = TransactionCode.practice.is_null() | (TransactionCode.practice == practice)
    query: Any = TransactionCode.select(
        TransactionCode.code, TransactionCode.description, TransactionCode.direction, TransactionCode.active
    )
    # Common codes come first, so that a practice's own row of the same code takes its place, an inactive one too.
    rows = {row[0]: row for row in query.where(ours).order_by(TransactionCode.practice.asc(nulls="first")).tuples()}
    return sorted(row[:3] for row in rows.values() if row[3])


def adjust(
    office: Office,
    placement: int,
    code: str,
    amount: int,
    note: str,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Adjusted | Waiting:
    """Adjust an open placement by an amount in cents above zero; the transaction code says whether up or down.

    The note is compulsory, the balance never goes below zero. `seen` is the placement's act as the operator saw it;
    `practice` confines the act to one practice. An amount above the practice's four-eyes limit is only proposed: the answer is
    then `Waiting`. Raises RuleRefusal, field `code`, `amount`, `note` or `placement`.
    """
    roles.require(office, "adjust")
    note = lookups.required(note, "note", "A note")
    if amount <= 0:
        raise RuleRefusal("The amount must be above 0.00.", field="amount")
    owner = lookups.practice_of(office, Placement, placement, "placement", "placement", practice)
    with office.act("adjust", owner, note) as draft:
        done = adjust_within(draft, owner, placement, code, amount, note, accounting_date, seen)
        ledger.seal(draft)
    return done


def adjust_within(
    draft: Draft,
    practice: int,
    placement: int,
    code: str,
    amount: int,
    note: str,
    accounting_date: int | None,
    seen: int | None,
    *,
    second: bool = False,
) -> Adjusted | Waiting:
    """As `adjust`, within an act that the caller seals; with `second` a second person asks, and no limit holds."""
    the_practice = lookups.the_practice(practice)
    booked = accounting.resolve(the_practice, accounting_date, draft.business_date)
    row = lookups.open_placement(placement, seen)
    up, balance = resulting(practice, code, row.balance, amount)
    if not second and proposals.over_limit(the_practice, amount):
        asked = {"code": code, "amount": amount, "note": note, "accounting_date": accounting_date}
        subject = (row.id, lookups.called(row))
        return proposals.propose(draft, the_practice, proposals.ADJUST, subject, amount, asked, "amount")
    activity, move = (MADJP, (EXT, ADJUSTMENT)) if up else (MADJN, (ADJUSTMENT, EXT))
    entry = ledger.write(
        draft,
        activity,
        move,
        amount,
        line=row.line,
        placement=row.id,
        parent=row.id,
        transaction_code=code,
        accounting_date=booked,
        note=note,
    )
    ledger.settle(draft)
    return Adjusted(draft.id, entry, placement, activity, amount, balance)


def resulting(practice: int, code: str, balance: int, amount: int) -> tuple[bool, int]:
    """Whether a transaction code adjusts up, and the balance in cents that it makes of another.

    Raises NotFound, field `code`, and RuleRefusal, field `amount`, where a downward one would end below zero.
    """
    direction = _direction(practice, code)
    after = preview_adjust(balance, direction, amount)
    if direction == "down" and after < 0:
        shown = f"{money.shown(amount)} is more than the balance of {money.shown(balance)}"
        raise RuleRefusal(f"{shown}; an adjustment never goes below zero.", field="amount")
    if after > money.LARGEST:
        raise RuleRefusal("The amount is too large.", field="amount")
    return direction == "up", after


def _direction(practice: int, code: str) -> str:
    """The direction of a transaction code that may be chosen now."""
    for known, _, direction in transaction_codes(practice):
        if known == code:
            return direction
    raise NotFound(f"There is no active transaction code {code}.", field="code")
