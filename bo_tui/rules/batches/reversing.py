"""Reversing posted payments and distributions, whole or in part, by new entries that restore every book (DESIGN section 2).

The money of a payment taken off its line goes back to the payer, or stays with the office: in suspense, or on account. Money that
never reached a line goes back the way it came. A takeback is not reversed: money that comes again is a new payment.
"""

from __future__ import annotations

from typing import Any

from peewee import fn

from bo_tui import money
from bo_tui.db.tables import Distribution, Entry, Payment, Placement, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.batches import holding, rest, rows, takebacks
from bo_tui.rules.batches.model import POSTED, Left, Moved
from bo_tui.rules.batches.undoing import Undoing
from bo_tui.rules.codes import (
    AGPAY,
    CASH,
    GSUSP,
    MISC_INCOME,
    ON_ACCOUNT,
    ONACCT,
    PAYMENTS,
    REFND,
    RSCND,
    RVAGP,
    RVMIS,
    RVPAY,
    RVRFD,
    SMISC,
    SUSPENSE,
)
from bo_tui.rules.external import lookups
from bo_tui.rules.external.reverse import reverse_payment_within

PAYER, TO_SUSPENSE, TO_ON_ACCOUNT = "payer", "suspense", "on_account"
DESTINATIONS = (PAYER, TO_SUSPENSE, TO_ON_ACCOUNT)
_KEPT_IN = {PAYER: None, TO_SUSPENSE: SUSPENSE, TO_ON_ACCOUNT: ON_ACCOUNT}
_UNDONE_BY = {ONACCT: RVPAY, SMISC: RVMIS, REFND: RVRFD, AGPAY: RVAGP, **dict.fromkeys(PAYMENTS, RVPAY)}
REVERSED_HERE = frozenset(_UNDONE_BY)  # codes of the entries that `reverse_entry` reverses


def reverse_entry(
    office: Office,
    entry: int,
    reason: str,
    amount: int | None = None,
    to: str = PAYER,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Moved:
    """Reverse an entry of a payment (IPYMT, GPYMT, EPYMT, ONACCT), a refund, money moved to income, or an invoice's payment.

    `amount`: a part in cents; None: all that is left, and then an insurer's payment takes its adjustments along and gives a line
    that it rolled back (`rollback`). `to`: whither the money goes. `seen` is the act of the entry's placement or line, else the
    last that took anything back of it. Raises RuleRefusal, field `entry`, `amount`, `reason` or `to`, and Conflict.
    """
    roles.require(office, "reverse")
    owner = lookups.practice_of(office, Entry, entry, "entry", "entry", practice)
    with office.act("reverse", owner, reason := lookups.required(reason, "reason", "A reason")) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, draft.business_date)
        _refuse_call(amount, to)
        original = Entry.get_by_id(entry)
        _refuse_changed(original, seen)
        done = _sealed(draft, original.payment, *_reverse(draft, original, amount, to, reason, booked))
    return done


def reverse_distribution(
    office: Office,
    distribution: int,
    reason: str,
    amount: int | None = None,
    to: str = PAYER,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Moved:
    """Reverse a posted distribution, whole or a part of it, as `reverse_entry`; `seen` is its payment's act."""
    roles.require(office, "reverse")
    owner = lookups.practice_of(office, Distribution, distribution, "distribution", "distribution", practice)
    with office.act("reverse", owner, reason := lookups.required(reason, "reason", "A reason")) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, draft.business_date)
        _refuse_call(amount, to)
        row: Any = Distribution.get_by_id(distribution)
        rows.the_payment(row.payment, seen)
        if row.state != POSTED or row.entry is None:
            raise RuleRefusal(
                "This distribution moved no money yet; there is nothing to reverse.", field="distribution"
            )
        done = _sealed(draft, row.payment, *_reverse(draft, Entry.get_by_id(row.entry), amount, to, reason, booked))
    return done


def reverse_payment(
    office: Office,
    payment: int,
    reason: str,
    to: str = PAYER,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Moved:
    """Reverse all that was posted of a payment and still stands, in one act: a check that bounced, or was another's.

    Where it goes back to the payer, what of it was not posted yet is taken away (`rest`). Refused as a whole when a part
    cannot be: money that was applied or refunded since, a takeback. Raises as `reverse_entry`.
    """
    roles.require(office, "reverse")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("reverse", owner, reason := lookups.required(reason, "reason", "A reason")) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, draft.business_date)
        _refuse_call(None, to)
        row: Any = Payment.get_by_id(payment)
        if row.batch is not None:
            rows.the_payment(payment, seen)
        found = standing(payment)
        lines = [one for one in found if is_on_a_line(one[0])]
        cents = 0
        for original, _ in found:
            if not is_on_a_line(original):  # few: a check's money on account, in suspense, refunded
                cents += _reverse(draft, original, None, to, reason, booked)[0]
        for original, _ in lines:
            _refuse_keeping(original, to)
        undoing = Undoing(draft, reason, booked, _KEPT_IN[to])
        cents += undoing.undo(lines)
        adjusted = undoing.undo_adjustments(payment, {original.id for original, _ in lines})
        left = undoing.finish((Distribution.payment == payment) & (Distribution.state == POSTED))
        dropped = rest.close(draft, row) if to == PAYER else ""
        if not cents and not adjusted and not dropped and not any(one.again for one in left):
            raise RuleRefusal(f"Nothing of {rows.named(row)} is left to reverse.", field="payment")
        done = _sealed(draft, payment, cents, left, dropped)
    return done


def _sealed(draft: Draft, payment: int | None, cents: int, left: tuple[Left, ...], dropped: str = "") -> Moved:
    """Seal; the payment carries the act, so that who saw it before is told that it was reversed."""
    Payment.update({Payment.act: draft.id}).where((Payment.id == payment) & Payment.batch.is_null(False)).execute()
    ledger.seal(draft)
    return Moved(draft.id, tuple(range(draft.first_entry, draft.next_entry)), cents, left, dropped)


def _refuse_call(amount: int | None, to: str) -> None:
    if to not in DESTINATIONS:
        raise RuleRefusal(f"The money goes to {', '.join(DESTINATIONS)}.", field="to")
    if amount is not None:
        rows.cents(amount, "amount")


def _refuse_changed(original: Entry, seen: int | None) -> None:
    if seen is None:
        return
    if original.line is None:
        latest = Entry.select(fn.MAX(Entry.act)).where(Entry.parent == original.id).scalar() or original.act
        state = f"has {money.shown(left_to_reverse(original))} left to reverse"
        lookups.unchanged(seen, latest, f"{original.code} {original.id}", state)
        return
    placed = original.placement is not None
    row = Placement.get_by_id(original.placement) if placed else ServiceLine.get_by_id(original.line)
    state = lookups.standing(row) if placed else f"has a balance of {money.shown(row.ar)} in active AR"
    lookups.unchanged(seen, row.act, lookups.called(row) if placed else f"Line {row.number}", state)


def standing(payment: int) -> list[tuple[Entry, int]]:
    """What a payment's distributions posted and was not reversed in full, with the cents left of it; an invoice's payment too."""
    undone = Entry.alias("undone")
    taken = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0)).where(
        (undone.parent == Entry.id) & (undone.debit == Entry.credit) & (undone.code != RSCND)
    )
    there: Any = Entry.select().select_extend((Entry.amount - taken).alias("rest")).where(Entry.amount > taken)
    query = there.join(Distribution, on=(Distribution.entry == Entry.id)).where(Distribution.payment == payment)
    invoices = there.where((Entry.payment == payment) & (Entry.code == AGPAY))
    return [(row, row.rest) for row in (*query.order_by(Entry.id), *invoices.order_by(Entry.id))]


def is_on_a_line(original: Entry) -> bool:
    """Whether an entry is a payment of a service fee line."""
    return original.code in PAYMENTS and original.line is not None


def _reverse(
    draft: Draft, original: Entry, amount: int | None, to: str, reason: str, booked: int | None
) -> tuple[int, tuple[Left, ...]]:
    """Reverse one entry, or a part of it; the cents, and what is left to decide. The caller seals."""
    if original.code not in _UNDONE_BY:
        raise RuleRefusal(
            f"{original.code} {original.id} cannot be reversed here; money that comes again is a new payment.",
            field="entry",
        )
    if is_on_a_line(original):
        return _off_a_line(draft, original, amount, to, reason, booked)
    return _back(draft, original, amount, to, reason, booked), ()


def _off_a_line(
    draft: Draft, original: Entry, amount: int | None, to: str, reason: str, booked: int | None
) -> tuple[int, tuple[Left, ...]]:
    """All that is left, also where its amount was given, takes adjustments and responsibility along; a part does not."""
    keep, left = _keeper(original, to), takebacks.left_of(original)
    mine = (Distribution.entry == original.id) & (Distribution.state == POSTED)
    undoing = Undoing(draft, reason, booked, None if keep is None else keep[0])
    if left and amount in (None, left):
        return undoing.undo([(original, left)]), undoing.finish(mine)
    _, cents = reverse_payment_within(draft, original, amount, reason, booked, keep=keep)
    return cents, undoing.finish(mine, part=True)


def _keeper(original: Entry, to: str) -> tuple[str, int | None] | None:
    """The book that keeps a line's payment, and the account whose money it then is; None: it goes back. RuleRefusal, field `to`."""
    _refuse_keeping(original, to)
    if to == PAYER:
        return None
    if to == TO_SUSPENSE:
        return SUSPENSE, original.account
    return ON_ACCOUNT, ServiceLine.select(ServiceLine.account).where(ServiceLine.id == original.line).scalar()


def _refuse_keeping(original: Entry, to: str) -> None:
    if to == PAYER:
        return
    if original.debit != CASH:
        raise RuleRefusal(f"This money came from {original.debit}; it goes back there.", field="to")
    if to == TO_SUSPENSE and original.payment is None:
        raise RuleRefusal("Money in suspense is a payment's; this one was entered without a batch.", field="to")


def _back(draft: Draft, original: Entry, amount: int | None, to: str, reason: str, booked: int | None) -> int:
    """Money that stands on account, in suspense, in income or refunded goes back the way it came, as far as it is there."""
    code, move = _UNDONE_BY[original.code], (original.credit, original.debit)
    if to == TO_SUSPENSE and original.credit == ON_ACCOUNT and original.debit == CASH and original.payment is not None:
        code, move = GSUSP, (ON_ACCOUNT, SUSPENSE)
    elif to != PAYER:
        raise RuleRefusal(f"{original.code} {original.id} goes back the way it came.", field="to")
    elif original.code == ONACCT and original.debit == SUSPENSE:
        code = GSUSP
    left = left_to_reverse(original)
    if left <= 0:
        raise RuleRefusal(f"{original.code} {original.id} is reversed in full already.", field="entry")
    cents = left if amount is None else amount
    holding.refuse_above(left, cents, f"{{}} is left to reverse of {original.code} {original.id}.")
    holding.refuse_above(still_there(original), cents, "{} is still there; reverse first what it was used for.")
    ledger.write(
        draft, code, move, cents, account=original.account, line=original.line, parent=original.id, payment=original.payment,
        number=original.number, accounting_date=booked, note=reason,
    )  # fmt: skip
    ledger.settle(draft)
    return cents


def left_to_reverse(original: Entry) -> int:
    """Cents of an entry that were not reversed, whatever became of the money; within a transaction."""
    undone = (Entry.parent == original.id) & (Entry.debit == original.credit) & (Entry.code != RSCND)
    return original.amount - Entry.select(fn.COALESCE(fn.SUM(Entry.amount), 0)).where(undone).scalar()


def still_there(original: Entry) -> int:
    """Cents that are still where an entry put them."""
    if original.credit == ON_ACCOUNT:
        return holding.on_account_of(original.account)
    if original.credit in (SUSPENSE, MISC_INCOME):
        return takebacks.held_of(original.payment, original.credit)
    return original.amount
