"""What the acts on batches look up and write down: rows as they stand, refusals about them, and changes before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peewee import Case, fn

from bo_tui import dates, money
from bo_tui.db.fields import CentsField, DayField, FlagField
from bo_tui.db.tables import Account, Agency, Distribution, Payment, PaymentBatch
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger
from bo_tui.rules.batches.model import POSTED, REMOVED, UNPOSTED, BatchStanding, Header, PaymentStanding
from bo_tui.rules.external import lookups
from bo_tui.text import counted, first_unsafe

LONGEST = 200  # characters of a text that an operator types
LARGEST = 9_999_999_99  # of a check, and of anything that is done with its money: more is a slip of the keyboard
LARGEST_TOTAL = 999_999_999_99  # that a batch expects


def the_batch(batch: int, seen: int | None, practice: int | None = None) -> PaymentBatch:
    """A batch that is not deleted, unchanged since the act `seen`; NotFound, field `batch`, and Conflict."""
    row: Any = PaymentBatch.get_or_none(PaymentBatch.id == batch)
    if row is None or practice not in (None, row.practice):
        raise NotFound(f"There is no payment batch {batch}.", field="batch")
    total = "" if row.expected_total is None else f" of {money.shown(row.expected_total)}"
    stands = "was deleted" if row.deleted else f"expects {counted(row.expected_count, 'payment')}{total}"
    lookups.unchanged(seen, row.act, f"Batch {row.number}", stands)
    if row.deleted:
        raise RuleRefusal(f"Batch {row.number} was deleted.", field="batch")
    return row


def the_payment(payment: int, seen: int | None, practice: int | None = None) -> Payment:
    """A payment of a batch that was not removed, unchanged since the act `seen`; NotFound, field `payment`, and Conflict."""
    row: Any = Payment.get_or_none(Payment.id == payment)
    if row is None or row.batch is None or practice not in (None, row.practice):
        raise NotFound(f"There is no payment {payment}.", field="payment")
    lookups.unchanged(seen, row.act, named(row), f"is {row.state}, with {money.shown(remaining(row))} to distribute")
    if row.state == REMOVED:
        raise RuleRefusal(f"{named(row)} was removed.", field="payment")
    return row


def named(row: Payment) -> str:
    """How a sentence calls a payment: `Check 4471 of First Bay`."""
    word = {"check": "Check", "cash": "Cash", "card": "Card payment", "eft": "EFT"}[row.type]
    return f"{word} {row.number} of {payer_of(row)}"


def payer_of(row: Payment) -> str:
    """Who paid: the agency's name, the insurer's, or the guarantor's."""
    if row.agency is not None:
        return lookups.agency_name(row.agency)
    if row.payer:
        return row.payer
    return Account.select(Account.guarantor).where(Account.id == row.account).scalar()


def folded(payer: str | None) -> str:
    """A payer's name whatever its capitals and spaces."""
    return " ".join((payer or "").casefold().split())


def distributed(payment: int) -> int:
    """Cents of a payment's check that its distributions take, posted or not."""
    mine = (Distribution.payment == payment) & (Distribution.state != REMOVED)
    return Distribution.select(fn.COALESCE(fn.SUM(Distribution.amount), 0)).where(mine).scalar()


def remaining(row: Payment) -> int:
    """Cents of a payment that are not distributed yet; below zero when too much is."""
    return row.amount - distributed(row.id)


def batch_standing(office: Office, batch: int, practice: int | None = None) -> BatchStanding:
    """A batch with its counts and amounts; NotFound."""
    with office.reading():
        return standing_of(the_batch(batch, None, practice))


def standing_of(row: PaymentBatch) -> BatchStanding:
    """As `batch_standing`, within a transaction."""
    whole = Case(None, [(Payment.state == POSTED, 1)], 0)
    entered: Any = Payment.select(
        fn.COUNT(Payment.id), fn.COALESCE(fn.SUM(Payment.amount), 0), fn.COALESCE(fn.SUM(whole), 0)
    ).where((Payment.batch == row.id) & (Payment.state != REMOVED))
    count, total, posted = entered.tuples()[0]
    of_batch: Any = Distribution.select(fn.COALESCE(fn.SUM(Distribution.amount), 0))
    of_batch = of_batch.join(Payment, on=(Payment.id == Distribution.payment))
    cents = of_batch.where((Payment.batch == row.id) & (Distribution.state == POSTED)).scalar()
    return BatchStanding(
        row.id, row.practice, row.number, row.description, row.accounting_date, row.source, row.created, row.created_by,
        row.expected_count, row.expected_total, count, total, posted, cents, row.act,
    )  # fmt: skip


def payment_standing(office: Office, payment: int) -> PaymentStanding:
    """A payment with its running figures; NotFound."""
    with office.reading():
        row: Any = Payment.get_or_none((Payment.id == payment) & Payment.batch.is_null(False))
        if row is None:
            raise NotFound(f"There is no payment {payment}.", field="payment")
        waits = Case(None, [(Distribution.state == UNPOSTED, 1)], 0)
        sums: Any = Distribution.select(
            fn.COUNT(Distribution.id), fn.COALESCE(fn.SUM(Distribution.amount), 0), fn.COALESCE(fn.SUM(waits), 0)
        ).where((Distribution.payment == payment) & (Distribution.state != REMOVED))
        count, cents, unposted = sums.tuples()[0]
        return PaymentStanding(
            row.id, row.practice, row.batch, header_of(row), row.remits, row.state, row.posted, row.made_by, cents,
            row.amount - cents, count, unposted, row.act,
        )  # fmt: skip


def header_of(row: Payment) -> Header:
    """A payment's header as it would be entered."""
    account = None if row.account is None else Account.select(Account.number).where(Account.id == row.account).scalar()
    agency = None if row.agency is None else Agency.select(Agency.name).where(Agency.id == row.agency).scalar()
    return Header(
        row.kind, row.number, row.amount, row.date, row.type, row.payer, row.plan, account, agency,
        bool(row.received_from_patient), row.accounting_date, row.note, bool(row.another_check),
    )  # fmt: skip


def keep(draft: Draft, model: Any, row: int, before: Mapping[str, Any] | None, values: Mapping[str, Any]) -> None:
    """Write down what an act made of a row's fields (names of the model's): those that differ from before, or all but None."""
    said = []
    for name, value in values.items():
        old = None if before is None else before[name]
        field = getattr(model, name)
        if before is None and (value is None or value is False):
            continue
        if old != value or before is None:
            said.append((model._meta.table_name, row, name, _words(field, old), _words(field, value)))
    ledger.change_many(draft, said)


def _words(field: Any, value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(field, DayField):
        return dates.iso(value)
    if isinstance(field, CentsField):
        return money.plain(value)
    if isinstance(field, FlagField):
        return "yes" if value else "no"
    return str(value)


def text(value: str | None, field: str) -> str | None:
    """A text without surrounding space, None when empty; RuleRefusal for a control character or more than 200 characters."""
    value = (value or "").strip()
    if unsafe := first_unsafe(value):
        raise RuleRefusal(f"The {field.replace('_', ' ')} cannot hold the character {unsafe}.", field=field)
    if len(value) > LONGEST:
        raise RuleRefusal(f"The {field.replace('_', ' ')} has more than {LONGEST} characters.", field=field)
    return value or None


def cents(amount: int | None, field: str, *, least: int = 1, most: int = LARGEST) -> int:
    """An amount within these cents, both included; RuleRefusal, naming the field."""
    if amount is None:
        raise RuleRefusal(f"The {field.replace('_', ' ')} is compulsory.", field=field)
    if amount < least:
        words = "above 0.00" if least == 1 else "0.00 or more"
        raise RuleRefusal(f"The {field.replace('_', ' ')} must be {words}.", field=field)
    if amount > most:
        raise RuleRefusal(f"The {field.replace('_', ' ')} is above {money.shown(most)}.", field=field)
    return amount
