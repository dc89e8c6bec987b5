"""Adjusting a placement's balance up or down with a transaction code: MADJP or MADJN under its EXCOL (DESIGN section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bo_tui import money
from bo_tui.db.tables import Placement, TransactionCode
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.codes import ADJUSTMENT, EXT, MADJN, MADJP
from bo_tui.rules.external import lookups


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
) -> Adjusted:
    """Adjust an open placement by an amount in cents above zero; the transaction code says whether up or down.

    The note is compulsory, the balance never goes below zero. `seen` is the placement's act as the operator saw it;
    `practice` confines the act to one practice. Raises RuleRefusal, field `code`, `amount`, `note` or `placement`.
    """
    roles.require(office, "adjust")
    note = lookups.required(note, "note", "A note")
    if amount <= 0:
        raise RuleRefusal("The amount must be above 0.00.", field="amount")
    owner = lookups.practice_of(office, Placement, placement, "placement", "placement", practice)
    with office.act("adjust", owner, note) as draft:
        the_practice = lookups.the_practice(owner)
        booked = accounting.resolve(the_practice, accounting_date, office.business_date)
        row = lookups.open_placement(placement, seen)
        direction = _direction(owner, code)
        balance = preview_adjust(row.balance, direction, amount)
        if balance < 0:
            shown = f"{money.shown(amount)} is more than the balance of {money.shown(row.balance)}"
            raise RuleRefusal(f"{shown}; an adjustment never goes below zero.", field="amount")
        if balance > money.LARGEST:
            raise RuleRefusal("The amount is too large.", field="amount")
        activity, move = (MADJP, (EXT, ADJUSTMENT)) if direction == "up" else (MADJN, (ADJUSTMENT, EXT))
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
        ledger.seal(draft)
    return Adjusted(draft.id, entry, placement, activity, amount, balance)


def _direction(practice: int, code: str) -> str:
    """The direction of a transaction code that may be chosen now."""
    for known, _, direction in transaction_codes(practice):
        if known == code:
            return direction
    raise NotFound(f"There is no active transaction code {code}.", field="code")
