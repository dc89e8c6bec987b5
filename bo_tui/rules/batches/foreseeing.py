"""What a whole reversal will leave, told before it is asked for: where the money goes, what stays for an operator, what forbids it.

The same reading as the reversal's own (`undoing`), without writing; a part of a payment takes no adjustments along, and
rolls no line back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bo_tui import money
from bo_tui.db.tables import Distribution, Entry, Payment, Placement, ServiceLine
from bo_tui.errors import NotFound
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.batches import rest, reversing, takebacks
from bo_tui.rules.batches.model import POSTED, Left
from bo_tui.rules.batches.undoing import Undoing
from bo_tui.rules.codes import ADJUSTMENT, AGTFR, COMMISSION, EXCOL, ON_ACCOUNT, RVCOL, SUSPENSE
from bo_tui.rules.external import lookups

_PLACES = {"ON_ACCOUNT": "on account", "SUSPENSE": "in suspense", "MISC_INCOME": "in miscellaneous income"}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Cents that go back, with commission and adjustments; `follows` says where debts are that moved since, `left` what stays.

    `forbids`: why it would be refused as it stands, such as money on account that was used since. `rest`: what becomes of what
    of the payment is not posted. `part`: what stays where only a part is reversed, with the balances of now.
    """

    amount: int = 0
    commission: int = 0
    adjusted: int = 0
    follows: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    forbids: tuple[str, ...] = ()
    rest: str = ""
    part: tuple[Left, ...] = ()

    def of_part(self, cents: int) -> tuple[str, ...]:
        """What a part of an entry (so many cents) leaves, for a person."""
        return tuple(replace(one, balance=one.balance + cents).sentence for one in self.part)

    @property
    def sentences(self) -> tuple[str, ...]:
        """All of it for a person, what forbids it first."""
        first = (self.rest,) if self.rest else ()
        return (*self.forbids, *first, *self.follows, *(one.sentence for one in self.left))


def of_payment(office: Office, payment: int) -> Foreseen:
    """What reversing all that stands of a posted payment leaves; NotFound, field `payment`."""
    roles.require(office, "look")
    with office.reading():
        row: Any = Payment.get_or_none(Payment.id == payment)
        if row is None:
            raise NotFound(f"There is no payment {payment}.", field="payment")
        mine = (Distribution.payment == payment) & (Distribution.state == POSTED)
        originals = reversing.standing(payment)
        said = " ".join(one for one in (rest.foretold(row), _kept(payment, originals)) if one)
        return replace(_foreseen(originals, mine, payment), rest=said)


def of_entry(office: Office, entry: int) -> Foreseen:
    """What reversing all that is left of an entry leaves; NotFound, field `entry`."""
    roles.require(office, "look")
    with office.reading():
        row: Any = Entry.get_or_none(Entry.id == entry)
        if row is None:
            raise NotFound(f"There is no entry {entry}.", field="entry")
        left = reversing.left_to_reverse(row)
        mine = (Distribution.entry == entry) & (Distribution.state == POSTED)
        return _foreseen([(row, left)] if left > 0 else [], mine, None)


def _foreseen(originals: Sequence[tuple[Entry, int]], which: Any, payment: int | None) -> Foreseen:
    lines = [(row, left) for row, left in originals if reversing.is_on_a_line(row)]
    others = [(row, left) for row, left in originals if not reversing.is_on_a_line(row)]
    undoing = Undoing(None, "", None)
    rows = undoing.planned(lines)
    if payment is not None:
        rows += undoing.planned_adjustments(payment, {row.id for row, _ in lines})
    return Foreseen(
        sum(left for _, left in originals),
        sum(row[3] for row in rows if COMMISSION in row[1:3]),
        sum(row[3] for row in rows if ADJUSTMENT in row[1:3]),
        tuple(_follows(rows)),
        undoing.finish(which, rows),
        _forbids(others),
        part=() if payment is not None else Undoing(None, "", None).finish(which, part=True),
    )


def _kept(payment: int, originals: Sequence[tuple[Entry, int]]) -> str:
    """What an earlier reversal put in suspense is no distribution's any more: it stays there, and that is said."""
    going = sum(left for row, left in originals if row.credit == SUSPENSE)
    there = takebacks.held_of(payment, SUSPENSE) - going
    if there <= 0:
        return ""
    return (
        f"{money.shown(there)} of it stays in suspense, where a reversal put it; if the check bounced, see Money held."
    )


def _follows(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """Where the money of debts that moved since goes, line by line."""
    moved = [row for row in rows if row[0] in (EXCOL, RVCOL)]
    away = {row[4] for row in rows if row[0] == AGTFR}
    numbers: dict[int, str] = {}
    agencies: dict[int, str] = {}
    for chunk in lookups.chunks(sorted({row[4] for row in moved})):
        named: Any = ServiceLine.select(ServiceLine.id, ServiceLine.number).where(ServiceLine.id.in_(chunk))
        numbers.update(named.tuples())
    for chunk in lookups.chunks(sorted({row[5] for row in moved})):
        placed: Any = Placement.select(Placement.id, Placement.agency_name).where(Placement.id.in_(chunk))
        agencies.update(placed.tuples())
    said = []
    for code, _, _, cents, line, placement, *_ in moved:
        told = f"Line {numbers[line]}: {money.shown(cents)}"
        if code == RVCOL:
            said.append(f"{told} goes to active AR, where the debt is now.")
        else:
            since = "reassigned" if line in away else "placed"
            said.append(f"{told} goes to {agencies[placement]}, with whom the debt was {since} since.")
    return said


def _forbids(others: Sequence[tuple[Entry, int]]) -> tuple[str, ...]:
    """What is not there any more to go back; of two that went to the same place the first takes what is there."""
    gone: dict[tuple[str, int | None], int] = {}
    said = []
    for original, left in others:
        if original.credit not in _PLACES:
            continue
        whose = original.credit, original.account if original.credit == ON_ACCOUNT else original.payment
        there = reversing.still_there(original) - gone.get(whose, 0)
        gone[whose] = gone.get(whose, 0) + left
        if there < left:
            much = f"Of {money.shown(left)} {_PLACES[original.credit]} only {money.shown(max(there, 0))} is still there"
            said.append(f"{much}; reverse first what it was used for.")
    return tuple(said)
