"""A payment batch's page: its payments with what remains of each, and what of a remittance matched nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Case, Value, fn

from bo_tui.db.tables import Account, Agency, Attachment, Distribution, Entry, Payment, PaymentException, Placement
from bo_tui.office import Office
from bo_tui.views import attachments
from bo_tui.views.attachments import AttachmentRow

MOST = 10_000  # payments that the page reads
RSCND = "RSCND"  # as rules.codes names it: another payment's recoupment, no reversal


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment; dates are day numbers, amounts cents. `remaining` is not distributed yet, below zero when too much is.

    `unposted` are distributions that wait, `distributions` all; `attached`: it has an image or PDF. `moved` cents were posted in
    entries, `reversed` of them were reversed since.
    """

    id: int
    act: int
    kind: str
    type: str
    number: str
    payer: str
    date: int
    amount: int
    state: str
    posted: int | None
    received_from_patient: bool
    made_by: str
    remaining: int
    distributions: int
    unposted: int
    attached: bool
    moved: int = 0
    reversed: int = 0

    @property
    def postable(self) -> bool:
        """Whether Post may take it."""
        return self.remaining == 0 and self.unposted > 0


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """A row of a remittance that matched nothing, as it was given; `row` is its place in the file, amounts cents."""

    id: int
    act: int
    row: int
    account: str | None
    placement: str | None
    client_reference: str | None
    date: int | None
    type: str
    gross: int
    net: int
    commission: int
    reason: str
    state: str
    note: str | None


def rows(office: Office, batch: int) -> list[PaymentRow]:
    """The payments of a batch in the order of entry, at most 10,000; removed ones are left out."""
    with office.reading():
        return _read((Payment.batch == batch) & (Payment.state != "removed"))


def one(office: Office, payment: int) -> PaymentRow | None:
    """A payment as it is now, or None when it was removed."""
    with office.reading():
        found = _read((Payment.id == payment) & (Payment.state != "removed"))
    return found[0] if found else None


def _read(which: Any) -> list[PaymentRow]:
    waits = Case(None, [(Distribution.state == "unposted", 1)], 0)
    sums: Any = Distribution.select(
        Distribution.payment, fn.SUM(Distribution.amount).alias("cents"), fn.COUNT(Distribution.id).alias("count"),
        fn.SUM(waits).alias("waits"),
    )  # fmt: skip
    inside = Payment.select(Payment.id).where(which)
    sums = sums.where(Distribution.payment.in_(inside) & (Distribution.state != "removed"))
    of = sums.group_by(Distribution.payment).alias("of")
    seen = fn.EXISTS(Attachment.select(Value(1)).where(Attachment.payment == Payment.id))
    query: Any = (
        Payment.select(
            Payment.id, Payment.act, Payment.kind, Payment.type, Payment.number,
            fn.COALESCE(Agency.name, Payment.payer, Account.guarantor, ""), Payment.date, Payment.amount, Payment.state,
            Payment.posted, Payment.received_from_patient, Payment.made_by,
            Payment.amount - fn.COALESCE(of.c.cents, 0), fn.COALESCE(of.c.count, 0), fn.COALESCE(of.c.waits, 0), seen,
        )
        .join(Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        .join_from(Payment, Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))
        .join_from(Payment, of, JOIN.LEFT_OUTER, on=(of.c.payment == Payment.id))
        .where(which)
        .order_by(Payment.id)
        .limit(MOST)
    )  # fmt: skip
    back = _reversed(inside)
    return [PaymentRow(*[*values, *back.get(values[0], (0, 0))]) for values in query.tuples()]


def _reversed(inside: Any) -> dict[int, tuple[int, int]]:
    """By payment: the cents of the entries that its distributions made, and what of them was reversed since."""
    made, undone = Entry.alias("made"), Entry.alias("undone")
    taken: Any = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0)).where(
        (undone.parent == made.id) & (undone.debit == made.credit) & (undone.code != RSCND)
    )
    query: Any = Distribution.select(Distribution.payment, fn.SUM(made.amount), fn.SUM(taken))
    query = query.join(made, on=(made.id == Distribution.entry)).where(Distribution.payment.in_(inside))
    return {payment: (moved, gone) for payment, moved, gone in query.group_by(Distribution.payment).tuples()}


def recalls(office: Office, payments: Sequence[int]) -> tuple[int, int]:
    """How many placements, and cents of debt, the posting of payments brings back: insurers' money on placed lines."""
    waits = (
        Distribution.payment.in_(list(payments)) & (Distribution.kind == "line") & (Distribution.state == "unposted")
    )
    insured: Any = Distribution.select(Distribution.line).join(Payment, on=(Payment.id == Distribution.payment))
    lines = insured.where(waits & (Payment.kind == "insurance"))
    query: Any = Placement.select(fn.COUNT(Placement.id), fn.COALESCE(fn.SUM(Placement.balance), 0))
    there = Placement.closed.is_null() & (Placement.balance > 0) & Placement.line.in_(lines)
    with office.reading():
        found: tuple[int, int] = query.where(there).tuples()[0]
    return found


def exceptions(office: Office, batch: int) -> list[ExceptionRow]:
    """What of a batch's remittance matched nothing, open and settled, in the order of the file."""
    this = PaymentException
    query: Any = this.select(
        this.id, this.act, this.row, this.account, this.placement, this.client_reference, this.date, this.type, this.gross,
        this.net, this.commission, this.reason, this.state, this.note,
    )  # fmt: skip
    with office.reading():
        return [ExceptionRow(*row) for row in query.where(this.batch == batch).order_by(this.row, this.id).tuples()]


def images(office: Office, payment: int) -> list[AttachmentRow]:
    """What is attached to a payment, or to an entry that it made, the oldest first."""
    return attachments.of_payment(office, payment)
