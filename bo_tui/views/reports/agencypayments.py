"""External Collection Payment Detail: agencies' money debt by debt, with its commission (external_collections.md section 11).

Its gross, commission and net are those of the scoreboard: by the agency that sent the money.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui.db.tables import Account, Act, Agency, Entry, Payment, PaymentBatch, Placement, ServiceLine
from bo_tui.views import entryterms
from bo_tui.views.entryterms import DEBTS, SENT
from bo_tui.views.reports.base import DATE, ID, MONEY, Asked, Column, Report, Row, stream
from bo_tui.views.reports.payments import from_patient


def agency_payment_rows(asked: Asked) -> Iterator[Row]:
    """A row for each payment and reversal on a debt, and for each commission given back, in the order they were written."""
    payer, now = Agency.alias("payer"), Placement.alias("now")
    of = fn.COALESCE(Payment.agency, Placement.agency)
    placed = entryterms.vintage(Placement, of)
    below = Entry.alias("below")
    kept = below.select(fn.COALESCE(fn.SUM(below.amount), 0)).where(
        (below.parent == Entry.id) & (below.code == "ECOMM")
    )
    gross = Case(Entry.code, [("RVCOMM", 0), ("RVPAY", 0 - Entry.amount)], Entry.amount)
    commission = Case(Entry.code, [("RVCOMM", 0 - Entry.amount), ("RVPAY", 0)], kept)
    current = now.select(now.agency_name).where((now.line == Entry.line) & now.closed.is_null())
    patient = fn.COALESCE(ServiceLine.patient_last, "")
    patient = Case(
        None, [(ServiceLine.patient_first.is_null(), patient)], patient.concat(", ").concat(ServiceLine.patient_first)
    )
    query: Any = (
        Entry.select(
            Account.number, PaymentBatch.number, Entry.payment, fn.COALESCE(Payment.number, Entry.number), Payment.date,
            Payment.amount, from_patient(), payer.name, current, patient, Account.guarantor,
            ServiceLine.date_of_service, ServiceLine.procedure, ServiceLine.number, Entry.placement, placed, Entry.id,
            Entry.code, Entry.posted, Entry.accounting_date, gross, commission, gross - commission, Act.actor,
        )
        .join(Act, on=(Act.id == Entry.act))
        .join(ServiceLine, on=(ServiceLine.id == Entry.line))
        .join(Account, on=(Account.id == ServiceLine.account))
        .join(Placement, JOIN.LEFT_OUTER, on=(Placement.id == Entry.placement))
        .join(Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
        .join(PaymentBatch, JOIN.LEFT_OUTER, on=(PaymentBatch.id == Payment.batch))
        .join(payer, on=(payer.id == of))
        .where((Entry.practice == asked.practice) & _paid() & asked.within(asked.day))
    )  # fmt: skip
    if asked.agency is not None:
        query = query.where(of == asked.agency)
    if asked.operator is not None:
        query = query.where(Act.actor == asked.operator)
    if asked.placed is not None:
        query = query.where(placed.between(*asked.placed))
    return stream(query.order_by(Entry.id))


def _paid() -> Any:
    return (Entry.code.in_(SENT) & entryterms.touches(*DEBTS)) | (Entry.code == "RVCOMM")


AGENCY_PAYMENTS = Report(
    "agency_payments",
    "External Collection Payment Detail: agencies' money, debt by debt",
    (
        Column("account"),
        Column("batch", ID),
        Column("payment", ID),
        Column("number"),
        Column("date", DATE),
        Column("amount", MONEY),
        Column("received_from_patient"),
        Column("agency"),
        Column("current_agency"),
        Column("patient"),
        Column("guarantor"),
        Column("date_of_service", DATE),
        Column("procedure"),
        Column("line"),
        Column("placement", ID),
        Column("placed", DATE),
        Column("entry", ID),
        Column("code"),
        Column("posted", DATE),
        Column("accounting_date", DATE),
        Column("gross", MONEY, total=True),
        Column("commission", MONEY, total=True),
        Column("net", MONEY, total=True),
        Column("posted_by"),
    ),
    agency_payment_rows,
    takes=frozenset({"by", "agency", "operator", "placed"}),
)
