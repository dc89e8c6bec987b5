"""The Payment Batches page: batches with what they expect, what was entered, and what is posted (back_office_rest.md 3.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui.db.tables import Account, Act, Agency, Distribution, Payment, PaymentBatch, PaymentException, Practice
from bo_tui.office import Office

MOST = 5_000  # batches that the page reads, the youngest
OPEN, BALANCED, OUT, POSTED = "open", "balanced", "out", "posted"
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which batches: of a practice (None: all), created on or after a day (None: whenever), by number, in a state (None: all).

    `creator` and `payer` are beginnings; `check`, `amount` (cents), `date` and `payer` are of one payment in the batch, together.
    """

    practice: int | None = None
    since: int | None = None
    number: int | None = None
    state: str | None = None
    creator: str = ""
    check: str = ""
    payer: str = ""
    amount: int | None = None
    date: int | None = None

    @property
    def narrow(self) -> bool:
        """Whether it asks for one batch or payment, which is looked for whenever the batch was made."""
        return self.number is not None or self.of_payment

    @property
    def of_payment(self) -> bool:
        """Whether it asks for a payment in the batch."""
        return bool(self.check or self.payer) or self.amount is not None or self.date is not None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch; dates are day numbers, totals cents. `made_at` is UTC text; `exceptions` are open ones of a remittance.

    `touched`: a payment of it has something posted, so that it cannot be deleted; `ready`: payments that may be posted.
    """

    id: int
    act: int
    practice: int
    code: str
    number: int
    accounting_date: int | None
    created: int
    made_at: str
    creator: str
    description: str | None
    source: str
    expected_count: int
    expected_total: int | None
    current_count: int = 0
    current_total: int = 0
    posted_count: int = 0
    posted_total: int = 0
    touched: bool = False
    exceptions: int = 0

    @property
    def in_balance(self) -> bool:
        """Whether what was entered is what was expected."""
        return self.expected_count == self.current_count and self.expected_total in (None, self.current_total)

    @property
    def state(self) -> str:
        """posted: all that it expects; balanced: it may be posted; out: it may not."""
        if self.in_balance and self.current_count and self.posted_count == self.current_count:
            return POSTED
        return BALANCED if self.in_balance else OUT


def rows(office: Office, wanted: Wanted) -> list[BatchRow]:
    """The batches wanted, the youngest 5,000, by practice and number; a few queries for some hundred batches."""
    mine: Any = PaymentBatch.deleted == False  # noqa: E712
    if wanted.practice is not None:
        mine &= PaymentBatch.practice == wanted.practice
    if wanted.since is not None:
        mine &= PaymentBatch.created >= wanted.since
    if wanted.number is not None:
        mine &= PaymentBatch.number == wanted.number
    if wanted.creator:
        mine &= PaymentBatch.created_by.startswith(wanted.creator)
    if wanted.of_payment:
        mine &= PaymentBatch.id.in_(_with_payment(wanted))
    with office.reading():
        found = _read(mine)
    return [row for row in found if _fits(row, wanted.state)]


def one(office: Office, batch: int) -> BatchRow | None:
    """A batch as it is now, or None when it was deleted."""
    with office.reading():
        found = _read((PaymentBatch.id == batch) & (PaymentBatch.deleted == False))  # noqa: E712
    return found[0] if found else None


def _with_payment(wanted: Wanted) -> Any:
    """The batches that have a payment of this number, amount, date and payer."""
    mine: Any = (Payment.state != "removed") & Payment.batch.is_null(False)
    if wanted.practice is not None:
        mine &= Payment.practice == wanted.practice
    given = ((Payment.number, wanted.check or None), (Payment.amount, wanted.amount), (Payment.date, wanted.date))
    for column, value in given:
        if value is not None:
            mine &= column == value
    query: Any = Payment.select(Payment.batch)
    if wanted.payer:
        query = query.join(Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        query = query.join_from(Payment, Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))
        mine &= fn.COALESCE(Agency.name, Payment.payer, Account.guarantor, "").startswith(wanted.payer)
    return query.where(mine)


def _fits(row: BatchRow, state: str | None) -> bool:
    return state is None or row.state == state or (state == OPEN and row.state != POSTED)


def _read(which: Any) -> list[BatchRow]:
    query: Any = (
        PaymentBatch.select(
            PaymentBatch.id, PaymentBatch.act, PaymentBatch.practice, Practice.code, PaymentBatch.number,
            PaymentBatch.accounting_date, PaymentBatch.created, Act.made_at, PaymentBatch.created_by,
            PaymentBatch.description, PaymentBatch.source, PaymentBatch.expected_count, PaymentBatch.expected_total,
        )
        .join(Practice, on=(Practice.id == PaymentBatch.practice))
        .join_from(PaymentBatch, Act, on=(Act.id == PaymentBatch.created_act))
        .where(which)
        .order_by(PaymentBatch.id.desc())
        .limit(MOST)
    )  # fmt: skip
    found = [BatchRow(*values) for values in query.tuples()]
    entered, posted, open_ones = _sums([row.id for row in found])
    filled = []
    for row in sorted(found, key=lambda one: (one.code, one.number)):
        count, total, whole, touched = entered.get(row.id, (0, 0, 0, 0))
        filled.append(
            replace(
                row, current_count=count, current_total=total, posted_count=whole, touched=bool(touched),
                posted_total=posted.get(row.id, 0), exceptions=open_ones.get(row.id, 0),
            )
        )  # fmt: skip
    return filled


def _sums(batches: list[int]) -> tuple[dict[int, Any], dict[int, int], dict[int, int]]:
    """By batch: (payments, cents, wholly posted ones, touched ones), cents posted, open exceptions."""
    entered: dict[int, Any] = {}
    posted: dict[int, int] = {}
    exceptions: dict[int, int] = {}
    whole = Case(None, [(Payment.state == "posted", 1)], 0)
    touched = Case(None, [(Payment.posted.is_null(False), 1)], 0)
    for chunk in _chunks(batches):
        sums: Any = Payment.select(
            Payment.batch, fn.COUNT(Payment.id), fn.SUM(Payment.amount), fn.SUM(whole), fn.SUM(touched)
        ).where(Payment.batch.in_(chunk) & (Payment.state != "removed"))
        entered.update((batch, rest) for batch, *rest in sums.group_by(Payment.batch).tuples())
        cents: Any = Payment.select(Payment.batch, fn.SUM(Distribution.amount))
        cents = cents.join(Distribution, on=(Distribution.payment == Payment.id))
        cents = cents.where(Payment.batch.in_(chunk) & (Distribution.state == "posted")).group_by(Payment.batch)
        posted.update(cents.tuples())
        left: Any = PaymentException.select(PaymentException.batch, fn.COUNT(PaymentException.id))
        left = left.where(PaymentException.batch.in_(chunk) & (PaymentException.state == "open"))
        exceptions.update(left.group_by(PaymentException.batch).tuples())
    return entered, posted, exceptions


def _chunks(ids: list[int]) -> Iterable[list[int]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
