"""Posted payments, and what a day put into the bank (back_office_rest.md section 3, external_collections.md section 11).

A payment is told by its posted distributions, in one row for each day, accounting date and operator that posted any of it; what is
refunded later of money held is a row of its own, so that the refunds of all rows are the REFND entries. A deposit is told by
the entries of CASH: what was posted, what was taken back of it later, agencies' invoices, all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from peewee import JOIN, Case, Value, fn

from bo_tui.db.tables import Account, Act, Agency, Change, Distribution, Entry, Payment, PaymentBatch, ServiceLine
from bo_tui.views import entryterms
from bo_tui.views.entryterms import ACCOUNTING, CASH, ENTERED
from bo_tui.views.reports.base import COUNT, DATE, ID, MONEY, Asked, Column, Report, Row, stream

TOOK = ("line", "placement", "on_account", "suspense", "misc", "refund", "recoup")
_HELD = dict.fromkeys(TOOK, "") | {
    "line": "AR", "on_account": "ON_ACCOUNT", "suspense": "SUSPENSE", "misc": "MISC_INCOME",
}  # fmt: skip
POSTED_BY = "payment_post"  # the kind of the acts that post batches
DEPOSIT, IMPORTED, REVERSED, INVOICE = "posted", "imported", "reversed", "invoice"


def payer() -> Any:
    """Who paid: the agency's name, the insurer's, or the guarantor's."""
    return fn.COALESCE(Agency.name, Payment.payer, Account.guarantor, "")


def from_patient() -> Any:
    """Whether the patient had paid the practice: yes or no; NULL where there is no payment."""
    return Case(Payment.received_from_patient, [(1, "yes"), (0, "no")])


def payment_rows(asked: Asked) -> Iterator[Row]:
    """Every payment posted on the days asked for with what it went to, in the order in which they were entered.

    Then the refunds made later, of money held or of a line's credit: out of what it had gone to; agencies' invoices last.
    """
    return chain(stream(_posted(asked)), stream(_refunds(asked)), stream(_invoices(asked)))


def _posted(asked: Asked) -> Any:
    day = {ACCOUNTING: fn.COALESCE(Entry.accounting_date, Payment.accounting_date, Distribution.posted)}.get(
        asked.by, Act.business_date if asked.by == ENTERED else Distribution.posted
    )
    booked = fn.COALESCE(Entry.accounting_date, Payment.accounting_date)
    took = [fn.SUM(Case(None, [(Distribution.kind == kind, Distribution.amount)], 0)) for kind in TOOK]
    gross, kept = fn.SUM(fn.COALESCE(Distribution.gross, 0)), fn.SUM(fn.COALESCE(Distribution.commission, 0))
    query: Any = (
        Distribution.select(
            Payment.id, PaymentBatch.number, Payment.kind, Payment.type, Payment.number, payer(), Payment.date,
            from_patient(), Payment.amount, Distribution.posted, booked, Act.actor, *took,
            fn.SUM(Distribution.amount), gross, kept,
        )
        .join(Payment, on=(Payment.id == Distribution.payment))
        .join(PaymentBatch, JOIN.LEFT_OUTER, on=(PaymentBatch.id == Payment.batch))
        .join(Act, on=(Act.id == Distribution.act))
        .join(Entry, JOIN.LEFT_OUTER, on=(Entry.id == Distribution.entry))
        .join(Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        .join(Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))
        .where(_of_payment(asked) & (Distribution.state == "posted") & asked.within(day))
    )  # fmt: skip
    return query.group_by(Payment.id, Distribution.posted, booked, Act.actor).order_by(Payment.id, Distribution.posted)


def _refunds(asked: Asked) -> Any:
    """Refunds that no batch posted, and whose money it was: no money came or went that day, so that nothing is posted of them."""
    took = [Case(None, [(Entry.debit == book, 0 - Entry.amount)], 0) if book else Value(0) for book in _HELD.values()]
    took[TOOK.index("refund")] = Entry.amount
    how: Any = Change.select(Change.after).where(
        (Change.subject == "entry") & (Change.subject_id == Entry.id) & (Change.field == "type")
    )
    query: Any = (
        Entry.select(
            Payment.id, PaymentBatch.number, Value("refund"), how, Entry.number, payer(), Entry.posted, from_patient(),
            Entry.amount, Entry.posted, Entry.accounting_date, Act.actor, *took, Value(0), Value(0), Value(0),
        )
        .join(Act, on=(Act.id == Entry.act))
        .join_from(Entry, Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
        .join_from(Payment, PaymentBatch, JOIN.LEFT_OUTER, on=(PaymentBatch.id == Payment.batch))
        .join_from(Payment, Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        .join_from(Entry, ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Entry.line))
        .join_from(Entry, Account, JOIN.LEFT_OUTER, on=(Account.id == _owner()))
        .where((Entry.practice == asked.practice) & (Entry.code == "REFND") & (Act.kind != POSTED_BY))
    )  # fmt: skip
    if asked.agency is not None:
        query = query.where(Payment.agency == asked.agency)
    if asked.operator is not None:
        query = query.where(Act.actor == asked.operator)
    return query.where(asked.within(asked.day)).order_by(Entry.id)


def _owner() -> Any:
    return fn.COALESCE(Entry.account, ServiceLine.account, Payment.account)


def _invoices(asked: Asked) -> Any:
    """What was paid to agencies: money that went out, below zero, distributed to nothing."""
    nothing = [Value(0)] * len(TOOK)
    query: Any = (
        Entry.select(
            Payment.id, Value(None), Payment.kind, Payment.type, Payment.number, payer(), Payment.date,
            from_patient(), Payment.amount, Entry.posted, Entry.accounting_date, Act.actor, *nothing,
            0 - Entry.amount, Value(0), Value(0),
        )
        .join(Payment, on=(Payment.id == Entry.payment))
        .join(Act, on=(Act.id == Entry.act))
        .join(Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        .join(Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))
        .where(_of_payment(asked) & (Entry.code == "AGPAY") & asked.within(asked.day))
    )  # fmt: skip
    return query.order_by(Entry.id)


def _of_payment(asked: Asked) -> Any:
    where = Payment.practice == asked.practice
    if asked.agency is not None:
        where &= Payment.agency == asked.agency
    if asked.operator is not None:
        where &= Act.actor == asked.operator
    return where


def deposit_rows(asked: Asked) -> Iterator[Row]:
    """What CASH took in and gave out, by day, batch, type and what it was; all rows together are the CASH entries of those days.

    `posted` is what a batch's posting put into CASH (without a batch: money entered on a line); `imported` a history's from before;
    `reversed` what was taken back of it later, apart from a payment; `invoice` what agencies were paid. The payments of each are
    counted apart: `payments` are those that came.
    """
    day, back = asked.day, ("RVPAY", "RVCOMM", "RVRFD")
    item = Case(
        None,
        [
            ((Act.kind == "import") & Entry.payment.is_null(), IMPORTED),
            (Entry.code.in_(("AGPAY", "RVAGP")), INVOICE),
            (Entry.code.in_(back) & (Act.kind != POSTED_BY), REVERSED),
        ],
        DEPOSIT,
    )
    query: Any = (
        Entry.select(
            day, PaymentBatch.number, Payment.type, item, *_counts(item), fn.SUM(entryterms.added(CASH)),
        )
        .join(Act, on=(Act.id == Entry.act))
        .join(Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
        .join(PaymentBatch, JOIN.LEFT_OUTER, on=(PaymentBatch.id == Payment.batch))
        .where((Entry.practice == asked.practice) & entryterms.touches(CASH) & asked.within(day))
    )  # fmt: skip
    if asked.agency is not None:
        query = query.where(entryterms.concerns(asked.agency, CASH))
    if asked.operator is not None:
        query = query.where(Act.actor == asked.operator)
    by = (day, PaymentBatch.number, Payment.type, item)
    return stream(query.group_by(*by).order_by(*by))


def _counts(item: Any) -> list[Any]:
    """How many payments came, were reversed, and went to agencies; an entry of no payment counts as one."""
    each = fn.COALESCE(Entry.payment, 0 - Entry.id)
    kinds = ((DEPOSIT, IMPORTED), (REVERSED,), (INVOICE,))
    return [fn.COUNT(Case(None, [(item.in_(kind), each)]).distinct()) for kind in kinds]


_NAMES = ("lines", "placements", "on_account", "suspense", "misc_income", "refunds", "recouped")

PAYMENTS = Report(
    "payments",
    "posted payments and refunds: who paid, what it went to, who posted it",
    (
        Column("payment", ID),
        Column("batch", ID),
        Column("kind"),
        Column("type"),
        Column("number"),
        Column("payer"),
        Column("date", DATE),
        Column("received_from_patient"),
        Column("amount", MONEY),
        Column("posted", DATE),
        Column("accounting_date", DATE),
        Column("posted_by"),
        *(Column(name, MONEY, total=True) for name in _NAMES),
        Column("posted_amount", MONEY, total=True),
        Column("gross", MONEY, total=True),
        Column("commission", MONEY, total=True),
    ),
    payment_rows,
    takes=frozenset({"by", "agency", "operator"}),
)

DEPOSITS = Report(
    "deposits",
    "what a day put into the bank, by batch and type; its total is that of the CASH entries",
    (
        Column("day", DATE),
        Column("batch", ID),
        Column("type"),
        Column("item"),
        Column("payments", COUNT, total=True),
        Column("reversed", COUNT, total=True),
        Column("invoices", COUNT, total=True),
        Column("amount", MONEY, total=True),
    ),
    deposit_rows,
    takes=frozenset({"by", "agency", "operator"}),
    begins="day",
)
