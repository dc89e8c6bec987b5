"""Reverse: by what is selected, a placement, a payment, a commission or an adjustment is undone by another entry.

EXCOL -> RVCOL; EPYMT, GPYMT, IPYMT -> RVPAY with its share of commission; ECOMM -> RVCOMM; an adjustment -> its opposite
(DESIGN sections 2 and 3). Parts may be reversed, never more than the original together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui import money
from bo_tui.db.tables import Entry, Payment, Placement, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.codes import (
    ADJUSTMENT,
    AGTFR,
    AR,
    CASH,
    ECOMM,
    EXCOL,
    EXT,
    EXT_TRANSIT,
    MADJN,
    MADJP,
    PAYMENTS,
    RVCOL,
    RVCOMM,
    RVPAY,
)
from bo_tui.rules.external import lookups

ADJUSTMENTS = (MADJN, MADJP)


@dataclass(frozen=True, slots=True)
class Reversed:
    """What was reversed: the entry made and its code, cents reversed, commission taken back, and where the debt is now.

    `placement` is the line's open placement or None, `balance` its balance, or the line's in active AR; with `on_line` False the
    entry was no line's and `balance` is what is left of it. `adjusted`: cents of adjustments that came back along; `left` says
    what a person has to decide.
    """

    act: int
    entry: int
    code: str
    amount: int
    commission: int
    placement: int | None
    balance: int
    on_line: bool = True
    adjusted: int = 0
    left: tuple[str, ...] = ()


@dataclass(slots=True)
class _Work:
    """One reversal under way: what every entry of it bears."""

    draft: Draft
    original: Entry
    asked: int | None
    reason: str
    booked: int | None
    commission: int = 0
    payment: int | None = None  # the payment that takes it back; otherwise the one that it reverses
    number: str | None = None
    keep: tuple[str, int | None] | None = None  # the book that keeps the money (and the account), instead of going back
    kept: int | None = None  # commission that the agency says it gave back, where it says so

    def write(
        self, code: str, move: tuple[str, str], amount: int, parent: int, placement: int | None, **more: Any
    ) -> int:
        return ledger.write(
            self.draft,
            code,
            move,
            amount,
            line=self.original.line,
            parent=parent,
            placement=placement,
            accounting_date=self.booked,
            payment=self.payment if self.payment is not None else self.original.payment,
            note=self.reason,
            **more,
        )

    @property
    def account(self) -> int | None:
        """The account that the money belongs to where no line says so."""
        return self.original.account if self.keep is None else self.keep[1]

    def back(self, original: Entry) -> tuple[str, str]:
        """The books of an entry the other way: what the payer takes back leaves with its next check, whatever it came through."""
        if self.payment is not None and original.code in PAYMENTS:
            return original.credit, CASH
        if self.keep is None or CASH not in (original.debit, original.credit):
            return original.credit, original.debit
        return (original.credit, self.keep[0]) if original.debit == CASH else (self.keep[0], original.debit)

    def part(self, codes: tuple[str, ...]) -> int:
        """The cents to reverse: what was asked, or all that is left; RuleRefusal when that is more than is left."""
        left = self.original.amount - _already(self.original.id, codes)
        if left == 0:
            raise RuleRefusal(f"{self.original.code} {self.original.id} is reversed in full already.", field="entry")
        part = left if self.asked is None else self.asked
        if part > left:
            more = f"{money.shown(part)} is more than is left to reverse, {money.shown(left)}"
            raise RuleRefusal(f"{more}, of {self.original.code} {self.original.id}.", field="amount")
        return part


def reverse(
    office: Office,
    entry: int,
    reason: str,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Reversed:
    """Reverse an entry, or so many cents of it; the reason is compulsory.

    An EXCOL goes back whole: `amount` is refused for it. `seen` is the act of the entry's placement (of its line, for an
    entry of active AR). Raises RuleRefusal, field `entry`, `reason` or `amount`, and Conflict.
    """
    roles.require(office, "reverse")
    reason = lookups.required(reason, "reason", "A reason")
    if amount is not None and amount <= 0:
        raise RuleRefusal("The amount must be above 0.00.", field="amount")
    owner = lookups.practice_of(office, Entry, entry, "entry", "entry", practice)
    with office.act("reverse", owner, reason) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, office.business_date)
        original = Entry.get_by_id(entry)
        if original.line is None:
            raise RuleRefusal(
                f"{original.code} {entry} belongs to no service fee line; it cannot be reversed here.", field="entry"
            )
        _refuse_changed(original, seen)
        work = _Work(draft, original, amount, reason, booked)
        made, code, part = _reverse(work)
        placement, balance = whereabouts(original.line)
        if code in (RVPAY, RVCOMM):  # who saw the payment before is told
            mine = (Payment.id == original.payment) & Payment.batch.is_null(False)
            Payment.update({Payment.act: draft.id}).where(mine).execute()
        ledger.seal(draft)
    return Reversed(draft.id, made, code, part, work.commission, placement, balance)


def reverse_payment_within(
    draft: Draft,
    original: Entry,
    amount: int | None,
    reason: str,
    booked: int | None,
    *,
    keep: tuple[str, int | None] | None = None,
    payment: int | None = None,
    number: str | None = None,
    commission: int | None = None,
) -> tuple[int, int]:
    """Reverse an IPYMT, GPYMT or EPYMT of a line, within an act that the caller seals; RVPAY's id and the cents.

    `keep`: the book that keeps the money (SUSPENSE, or ON_ACCOUNT with the account). `payment` and `number`: of the payment that
    takes it back. `commission`: what the agency gives back of its own, instead of its share. Raises RuleRefusal.
    """
    work = _Work(draft, original, amount, reason, booked, 0, payment, number, keep, commission)
    made, _, part = _payment(work)
    return made, part


def _refuse_changed(original: Entry, seen: int | None) -> None:
    if original.placement is not None:
        tree = Placement.get_by_id(original.placement)
        lookups.unchanged(seen, tree.act, lookups.called(tree), lookups.standing(tree))
        return
    line = ServiceLine.get_by_id(original.line)
    lookups.unchanged(seen, line.act, f"Line {line.number}", f"has a balance of {money.shown(line.ar)} in active AR")


def _reverse(work: _Work) -> tuple[int, str, int]:
    code = work.original.code
    if code == EXCOL:
        return _placement(work)
    if code in PAYMENTS:
        return _payment(work)
    if code == ECOMM:
        return _commission(work)
    if code in ADJUSTMENTS:
        return _adjustment(work)
    raise RuleRefusal(f"{code} {work.original.id} cannot be reversed.", field="entry")


def _placement(work: _Work) -> tuple[int, str, int]:
    """EXCOL -> RVCOL of all that is left, and the line is marked brought back."""
    original = work.original
    if original.id != original.placement:
        raise RuleRefusal(
            f"EXCOL {original.id} came back to placement {original.placement}; reverse that EXCOL instead.",
            field="entry",
        )
    if work.asked is not None:
        raise RuleRefusal("A placement goes back whole; leave the amount out.", field="amount")
    row = lookups.open_placement(original.placement, None)
    if row.balance == 0:
        raise RuleRefusal(f"{lookups.called(row)} is at zero; what stands at zero cannot be reversed.", field="entry")
    made = work.write(RVCOL, (AR, EXT), row.balance, row.id, row.id)
    ledger.settle(work.draft)
    closed = {Placement.closed: RVCOL, Placement.closed_on: work.draft.business_date, Placement.act: work.draft.id}
    Placement.update(closed).where(Placement.id == row.id).execute()
    line = ServiceLine.get_by_id(row.line)
    if not line.brought_back:
        ledger.change(work.draft, "service_line", line.id, "brought_back", False, True)
        marked = {ServiceLine.brought_back: True, ServiceLine.act: work.draft.id}
        ServiceLine.update(marked).where(ServiceLine.id == line.id).execute()
    return made, RVCOL, row.balance


def _payment(work: _Work) -> tuple[int, str, int]:
    """A payment -> RVPAY, its commission in proportion, and the amount goes to where the debt is now."""
    original, done = work.original, _already(work.original.id, (RVPAY,))
    part = work.part((RVPAY,))
    number = work.number or original.number
    made = work.write(
        RVPAY, work.back(original), part, original.id, original.placement, number=number, account=work.account
    )
    _take_back_commission(work, done + part)
    _follow_the_debt(work, part)
    ledger.settle(work.draft)
    return made, RVPAY, part


def _take_back_commission(work: _Work, reversed_so_far: int) -> None:
    """Commission in proportion to all that is reversed of the payment, less what was taken back before (a share of 0.00: none)."""
    rows = Entry.select().where((Entry.parent == work.original.id) & (Entry.code == ECOMM)).order_by(Entry.id)
    for row in list(rows):  # a payment has one commission, rarely two
        due = money.proportion(row.amount, reversed_so_far, work.original.amount) - _already(row.id, (RVCOMM,))
        if work.kept is not None:
            due, work.kept = work.kept, 0
        if due > 0:
            work.write(RVCOMM, work.back(row), due, row.id, row.placement, account=work.account)
            work.commission += due


def _follow_the_debt(work: _Work, part: int) -> None:
    """Money that comes back on a debt that has moved since goes where the debt is now (DESIGN section 2)."""
    now = lookups.open_placement_of(work.original.line)
    tree = work.original.placement
    if tree is None:
        if now is not None and work.original.id < _first_of(now):  # what was paid while it was placed never lowered it
            work.write(EXCOL, (EXT, AR), part, now.id, now.id)
    elif now is None:
        work.write(RVCOL, (AR, EXT), part, tree, tree)
    elif now.id != tree:
        work.write(AGTFR, (EXT_TRANSIT, EXT), part, tree, tree)
        work.write(EXCOL, (EXT, EXT_TRANSIT), part, now.id, now.id)


def _first_of(placement: Placement) -> int:
    """The placement with which the debt left active AR; reassignments only moved it on."""
    while placement.came_from is not None:
        placement = Placement.get_by_id(placement.came_from)
    return placement.id


def _commission(work: _Work) -> tuple[int, str, int]:
    """ECOMM -> RVCOMM alone; a closed placement takes no such act."""
    original = work.original
    part = work.part((RVCOMM,))
    if original.placement is not None:
        lookups.open_placement(original.placement, None)
    made = work.write(RVCOMM, (original.credit, original.debit), part, original.id, original.placement)
    work.commission = part
    return made, RVCOMM, part


def _adjustment(work: _Work) -> tuple[int, str, int]:
    """MADJN <-> MADJP with the same transaction code, on the placement or, where none is open, on the AR line."""
    original = work.original
    if Entry.select().where((Entry.id == original.parent) & Entry.code.in_(ADJUSTMENTS)).exists():
        raise RuleRefusal(f"{original.code} {original.id} is a reversal itself; adjust again instead.", field="entry")
    part = work.part(ADJUSTMENTS)
    if original.placement is None:
        lookups.refuse_if_placed(original.line)
        balance, book = ServiceLine.get_by_id(original.line).ar, AR
    else:
        balance, book = lookups.open_placement(original.placement, None).balance, EXT
    up = original.code == MADJN
    if not up and part > balance:
        more = f"{money.shown(part)} is more than the balance of {money.shown(balance)}"
        raise RuleRefusal(f"{more}; an adjustment never goes below zero.", field="amount")
    code, move = (MADJP, (book, ADJUSTMENT)) if up else (MADJN, (ADJUSTMENT, book))
    made = work.write(code, move, part, original.id, original.placement, transaction_code=original.transaction_code)
    ledger.settle(work.draft)
    return made, code, part


def _already(entry: int, codes: tuple[str, ...]) -> int:
    """Cents of an entry reversed so far: its children of these codes."""
    mine = (Entry.parent == entry) & Entry.code.in_(codes)
    return Entry.select(fn.COALESCE(fn.SUM(Entry.amount), 0)).where(mine).scalar()


def whereabouts(line: int) -> tuple[int | None, int]:
    """Within a transaction: the line's open placement and its balance, or None and the balance in active AR."""
    now = lookups.open_placement_of(line)
    return (None, ServiceLine.get_by_id(line).ar) if now is None else (now.id, now.balance)
