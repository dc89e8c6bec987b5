"""Posting a batch, or some of its payments: distributions become entries (back_office_rest.md section 3.7).

Only a batch in balance posts, and only a payment with nothing remaining. Each distribution is judged again against what stands now
(`judging`); what no longer fits stays unposted with a sentence, the rest posts. Plain ones are written by a few statements for a
thousand payments (`writing`); a debt that is brought back, taken back or has moved is a case of its own (`cases`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from peewee import Case, Value, fn

from bo_tui import dates, money
from bo_tui.db.tables import Distribution, Entry, Payment, PaymentBatch, PaymentException
from bo_tui.db.tables.scratch import Paying
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.batches import cases, judging, rollback, rows, writing
from bo_tui.rules.batches.model import OPEN, PARTLY, POSTED, REMOVED, UNPOSTED, PostDone
from bo_tui.rules.codes import RVCOL
from bo_tui.rules.external import lookups
from bo_tui.rules.payments import RECALL
from bo_tui.text import counted

CHUNK_PAYMENTS = 1000  # of one act
CHUNK_DISTRIBUTIONS = 3000  # of one act, unless a single payment has more


def post(
    office: Office,
    batch: int,
    payments: Sequence[int] | None = None,
    *,
    repoint: bool = False,
    accounting_date: int | None = None,
    seen: Mapping[int, int] | None = None,
    practice: int | None = None,
) -> PostDone:
    """Post all of a batch's payments that have nothing remaining, or those chosen (ids), in acts of a thousand payments or so.

    `repoint`: the operator agrees that an agency's money follows a debt that has moved to another agency or back to active AR.
    What is refused of a payment leaves it partly posted. `accounting_date`: of what is posted now, instead of each payment's own,
    which it becomes. `seen` maps payments to their acts. Raises RuleRefusal, field `batch`
    (not in balance, nothing to post), `payment` (something remains) or `accounting_date`, and Conflict; also for what changed
    between two of the acts, of which the earlier ones then stand.
    """
    roles.require(office, "payment")
    owner = lookups.practice_of(office, PaymentBatch, batch, "batch", "payment batch", practice)
    with office.reading():
        chosen = _chosen(batch, payments, seen or {})
        _refuse_dates(owner, [row for row, _ in chosen], office.business_date, accounting_date)
        acts = _acts(batch, [row for row, _ in chosen])
    done = PostDone((), 0, 0, 0, 0, ())
    for chunk in _chunks(chosen):
        with office.act("payment_post", owner) as draft:
            _refuse_unbalanced(batch)
            _refuse_changed(batch, chunk, acts)  # others may have worked since the reading
            _refuse_dates(owner, chunk, draft.business_date, accounting_date)
            part = _post(draft, chunk, repoint, accounting_date)
            if part.distributions:
                ledger.seal(draft)
        done = _joined(done, part)
    return done


def _chosen(batch: int, payments: Sequence[int] | None, seen: Mapping[int, int]) -> list[tuple[int, int]]:
    """(id, number of unposted distributions) of what is to be posted, in order."""
    _refuse_unbalanced(batch)
    postable = {row: count for row, left, count in _open_payments(batch) if not left and count}
    if payments is None:
        if not postable:
            raise RuleRefusal("Nothing of this batch is ready to be posted.", field="batch")
        return sorted(postable.items())
    _refuse_changed(batch, payments, seen)
    for payment in payments:
        if payment not in postable:
            raise RuleRefusal(_not_postable(rows.the_payment(payment, None)), field="payment")
    return [(payment, postable[payment]) for payment in sorted(set(payments))]


def _acts(batch: int, payments: Sequence[int]) -> dict[int, int]:
    """The acts that last changed these payments of a batch, or their distributions; removed ones are left out."""
    found: dict[int, int] = {}
    for chunk in lookups.chunks(payments):
        inside = (Payment.batch == batch) & (Payment.state != REMOVED)
        query: Any = Payment.select(Payment.id, Payment.act).where(inside & Payment.id.in_(chunk))
        found.update(query.tuples())
    return found


def _refuse_changed(batch: int, payments: Sequence[int], seen: Mapping[int, int]) -> None:
    """Conflict for the first payment that changed since the act `seen`; NotFound and RuleRefusal where it is gone."""
    now = _acts(batch, payments)
    for payment in payments:
        if payment not in now or seen.get(payment, now[payment]) != now[payment]:
            rows.the_payment(payment, seen.get(payment))
            raise NotFound(f"Payment {payment} is not in this batch.", field="payment")


def _not_postable(row: Payment) -> str:
    left = rows.remaining(row)
    if row.state == POSTED:
        return f"{rows.named(row)} is posted already."
    if left:
        words = "remains to be distributed" if left > 0 else "too much is distributed"
        return f"{rows.named(row)}: {money.shown(abs(left))} {words}."
    first = PaymentException.select(fn.MIN(PaymentException.row)).where(_waiting(row.batch, row.id)).scalar()
    if first is not None:
        return f"{rows.named(row)}: row {first} of the remittance waits; distribute or settle it first."
    return f"{rows.named(row)} is distributed to nothing."


def _open_payments(batch: int) -> list[tuple[int, int, int]]:
    """(id, cents remaining, unposted distributions) of the payments of a batch that are not wholly posted."""
    waits = Case(None, [(Distribution.state == UNPOSTED, 1)], 0)
    sums: Any = Distribution.select(
        Distribution.payment,
        fn.SUM(Distribution.amount).alias("cents"),
        fn.SUM(waits).alias("waits"),
    ).where(Distribution.state != REMOVED)
    mine: Any = (Payment.batch == batch) & Payment.state.in_((UNPOSTED, PARTLY)) & ~_untouched()
    found = sums.where(Distribution.payment.in_(Payment.select(Payment.id).where(mine))).group_by(Distribution.payment)
    of = found.alias("found")
    query: Any = Payment.select(Payment.id, Payment.amount - of.c.cents, of.c.waits).join(
        of, on=(of.c.payment == Payment.id)
    )
    return list(query.tuples())


def _untouched() -> Any:
    """Whether a remittance's payment is as it was loaded while rows of it wait: what they say may add up to nothing."""
    rows_of = PaymentException.select(Value(1)).where(_waiting(Payment.batch, Payment.id))
    loaded = PaymentBatch.select(PaymentBatch.created_act).where(PaymentBatch.id == Payment.batch)
    return fn.EXISTS(rows_of) & (Payment.act == loaded)


def _waiting(batch: Any, payment: Any) -> Any:
    """The open exceptions of a payment; the batch is what an index knows them by."""
    mine = (PaymentException.batch == batch) & (PaymentException.payment == payment)
    return mine & (PaymentException.state == OPEN)


def _refuse_unbalanced(batch: int) -> None:
    row = rows.the_batch(batch, None)
    stands = rows.standing_of(row)
    if stands.in_balance:
        return
    expected = "" if stands.expected_total is None else f" and {money.shown(stands.expected_total)}"
    entered = "" if stands.expected_total is None else f" and {money.shown(stands.current_total)}"
    raise RuleRefusal(
        f"Batch {row.number} is not in balance: {counted(stands.expected_count, 'payment')}{expected} expected, "
        f"{stands.current_count}{entered} entered.",
        field="batch",
    )


def _refuse_dates(practice: int, payments: Sequence[int], today: int, given: int | None) -> None:
    """Refuse the accounting date that was given, or one closed since its payment was entered, naming the first such payment."""
    the_practice = lookups.the_practice(practice)
    if given is not None:
        accounting.resolve(the_practice, given, today)
        return
    for chunk in lookups.chunks(payments):
        query: Any = Payment.select(Payment.accounting_date, fn.MIN(Payment.id)).where(Payment.id.in_(chunk))
        for booked, first in query.group_by(Payment.accounting_date).tuples():
            try:
                accounting.resolve(the_practice, booked, today)
            except RuleRefusal as refusal:
                name = rows.named(Payment.get_by_id(first))
                raise RuleRefusal(f"{name}: {refusal.sentence}", field=accounting.FIELD) from refusal


def _chunks(chosen: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Whole payments, as many as one act takes."""
    chunk: list[int] = []
    size = 0
    for payment, count in chosen:
        if chunk and (len(chunk) == CHUNK_PAYMENTS or size + count > CHUNK_DISTRIBUTIONS):
            yield chunk
            chunk, size = [], 0
        chunk.append(payment)
        size += count
    if chunk:
        yield chunk


def _post(draft: Draft, payments: Sequence[int], repoint: bool, booked: int | None) -> PostDone:
    """Post a chunk's payments within an act; the caller seals when something was posted."""
    practice = lookups.the_practice(draft.practice or 0)
    judging.judge(draft, practice, payments)
    if booked is not None:
        Paying.update({Paying.accounting_date: booked}).execute()
    writing.write_plain(draft)
    refused = cases.do(draft, practice, repoint)
    refused += judging.refusals(practice)
    count, cents = _finish(draft, booked)
    states: Any = Payment.select(Payment.state, fn.COUNT(Payment.id))
    by = dict(states.where(Payment.id.in_(list(payments)) & (Payment.act == draft.id)).group_by(Payment.state).tuples())
    acts = (draft.id,) if count else ()
    came: Any = Entry.select(fn.COUNT(Entry.id), fn.COALESCE(fn.SUM(Entry.amount), 0))
    recalled = came.where((Entry.act == draft.id) & (Entry.code == RVCOL) & (Entry.note == RECALL)).tuples()[0]
    whole, partly = by.get(POSTED, 0), by.get(PARTLY, 0)
    lines, back = recalled
    return PostDone(acts, whole, partly, count, cents, tuple(refused), lines, back, rollback.recouped())


def _finish(draft: Draft, booked: int | None) -> tuple[int, int]:
    """Mark distributions and payments posted; how many distributions, and what they take of their checks."""
    done: Any = Paying.how.in_((judging.PLAIN, cases.DONE))
    count, cents = Paying.select(fn.COUNT(Paying.distribution), fn.SUM(Paying.amount)).where(done).tuples()[0]
    if not count:
        return 0, 0
    posted = {
        Distribution.state: POSTED, Distribution.entry: Paying.entry, Distribution.commission_entry: Paying.commission_entry,
        Distribution.posted: draft.business_date, Distribution.act: draft.id,
    }  # fmt: skip
    Distribution.update(posted).from_(Paying).where((Distribution.id == Paying.distribution) & done).execute()
    touched = Payment.id.in_(Paying.select(Paying.payment).where(done))
    waits = Distribution.select(Value(1)).where((Distribution.payment == Payment.id) & (Distribution.state == UNPOSTED))
    state = Case(None, [(fn.EXISTS(waits), PARTLY)], POSTED)
    said = Payment.select(Value(draft.id), Value("payment"), Payment.id, Value("state"), Payment.state, state)
    ledger.change_from(draft, said.where(touched).order_by(Payment.id))
    if booked is not None:
        _book(draft, touched, booked)
    Payment.update({Payment.state: state, Payment.posted: draft.business_date, Payment.act: draft.id}).where(
        touched
    ).execute()
    return count, cents


def _book(draft: Draft, touched: Any, booked: int) -> None:
    """The payments of which something was posted have the accounting date that it was posted on."""
    other = touched & (Payment.accounting_date.is_null() | (Payment.accounting_date != booked))
    was: Any = Payment.select(Payment.id, Payment.accounting_date).where(other).order_by(Payment.id)
    said = [("payment", row, "accounting_date", dates.iso(day) or None, dates.iso(booked)) for row, day in was.tuples()]
    Payment.update({Payment.accounting_date: booked}).where(other).execute()
    ledger.change_many(draft, said)


def _joined(done: PostDone, part: PostDone) -> PostDone:
    return PostDone(
        done.acts + part.acts,
        done.payments + part.payments,
        done.partly + part.partly,
        done.distributions + part.distributions,
        done.amount + part.amount,
        done.refused + part.refused,
        done.recalled + part.recalled,
        done.recalled_amount + part.recalled_amount,
        done.left + part.left,
    )
