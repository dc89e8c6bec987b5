"""Creating, changing and deleting payment batches (back_office_rest.md sections 3.2 and 3.3)."""

from __future__ import annotations

from typing import Any

from peewee import Value, fn

from bo_tui.db.tables import Distribution, Payment, PaymentBatch
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.batches import rows
from bo_tui.rules.batches.model import REMOVED, BatchDone, BatchStanding
from bo_tui.rules.external import lookups
from bo_tui.text import counted

_TABLE, _STATE, _GONE = Value("payment"), Value("state"), Value(REMOVED)
MOST = 100_000  # payments that a batch can expect


def create(
    office: Office,
    practice: int,
    expected_count: int,
    expected_total: int | None = None,
    accounting_date: int | None = None,
    description: str | None = None,
) -> BatchDone:
    """Make a payment batch that expects so many payments and, where given, so many cents together.

    An accounting date is offered to its payments; it may be left out even where the practice uses them. Raises RuleRefusal, field
    `expected_count`, `expected_total`, `accounting_date` or `description`.
    """
    roles.require(office, "payment")
    with office.act("batch", practice) as draft:
        done = create_within(draft, practice, expected_count, expected_total, accounting_date, description)
        ledger.seal(draft)
    return done


def create_within(
    draft: Draft,
    practice: int,
    expected_count: int,
    expected_total: int | None,
    accounting_date: int | None,
    description: str | None,
    source: str = "hand",
) -> BatchDone:
    """As `create`, within an act that the caller seals; `source` is hand, remit or era."""
    values = _values(draft, practice, expected_count, expected_total, accounting_date, description)
    last = PaymentBatch.select(fn.MAX(PaymentBatch.number)).where(PaymentBatch.practice == practice).scalar() or 0
    born = {"practice": practice, "number": last + 1, "source": source, "created": draft.business_date}
    row: int = PaymentBatch.insert(
        **values, **born, created_by=draft.actor, created_act=draft.id, act=draft.id
    ).execute()
    rows.keep(draft, PaymentBatch, row, None, {"number": last + 1, "source": source, **values})
    return BatchDone(draft.id, row, last + 1)


def update(
    office: Office,
    batch: int,
    expected_count: int,
    expected_total: int | None = None,
    accounting_date: int | None = None,
    description: str | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> BatchDone:
    """Change what a batch expects, its accounting date or its description; all four are given as they shall be.

    Payments keep the accounting date they have. Raises RuleRefusal as `create`, also when nothing would change, and Conflict.
    """
    roles.require(office, "payment")
    owner = lookups.practice_of(office, PaymentBatch, batch, "batch", "payment batch", practice)
    with office.act("batch_update", owner) as draft:
        row: Any = rows.the_batch(batch, seen)
        values = _values(draft, owner, expected_count, expected_total, accounting_date, description, row)
        before = {name: getattr(row, name) for name in values}
        if before == values:
            raise RuleRefusal(f"Batch {row.number} is like that already.", field="expected_count")
        PaymentBatch.update(**values, act=draft.id).where(PaymentBatch.id == batch).execute()
        rows.keep(draft, PaymentBatch, batch, before, values)
        ledger.seal(draft)
    return BatchDone(draft.id, batch, row.number)


def delete(office: Office, batch: int, *, seen: int | None = None, practice: int | None = None) -> BatchDone:
    """Delete a batch with its payments, for good; only when nothing in it was posted (RuleRefusal, field `batch`)."""
    roles.require(office, "payment")
    owner = lookups.practice_of(office, PaymentBatch, batch, "batch", "payment batch", practice)
    with office.act("batch_delete", owner) as draft:
        row = rows.the_batch(batch, seen)
        inside = Payment.batch == batch
        posted = Payment.select(fn.COUNT(Payment.id)).where(inside & Payment.posted.is_null(False)).scalar()
        if posted:
            raise RuleRefusal(
                f"Batch {row.number} has {counted(posted, 'posted payment')}; posted money is reversed, not deleted.",
                field="batch",
            )
        _remove_all(draft, batch)
        PaymentBatch.update(deleted=True, act=draft.id).where(PaymentBatch.id == batch).execute()
        rows.keep(draft, PaymentBatch, batch, {"deleted": False}, {"deleted": True})
        ledger.seal(draft)
    return BatchDone(draft.id, batch, row.number)


def standing(office: Office, batch: int, *, practice: int | None = None) -> BatchStanding:
    """A batch (of the practice, where one is named) as it stands now: expected, current, posted, in balance or not; NotFound."""
    roles.require(office, "look")
    return rows.batch_standing(office, batch, practice)


def _remove_all(draft: Draft, batch: int) -> None:
    mine: Any = (Payment.batch == batch) & (Payment.state != REMOVED)
    said = Payment.select(Value(draft.id), _TABLE, Payment.id, _STATE, Payment.state, _GONE).where(mine)
    ledger.change_from(draft, said)
    inside = Payment.select(Payment.id).where(mine)
    unposted = Distribution.payment.in_(inside) & (Distribution.state != REMOVED)
    Distribution.update(state=REMOVED, act=draft.id).where(unposted).execute()
    Payment.update(state=REMOVED, act=draft.id).where(mine).execute()


def _values(
    draft: Draft,
    practice: int,
    expected_count: int,
    expected_total: int | None,
    accounting_date: int | None,
    description: str | None,
    row: PaymentBatch | None = None,
) -> dict[str, Any]:
    if not 0 <= expected_count <= MOST:
        raise RuleRefusal(f"The expected count is a number from 0 to {MOST:,}.", field="expected_count")
    if expected_total is not None:
        rows.cents(expected_total, "expected_total", least=0, most=rows.LARGEST_TOTAL)
    if accounting_date is not None and (row is None or accounting_date != row.accounting_date):
        accounting.resolve(lookups.the_practice(practice), accounting_date, draft.business_date)
    return {
        "expected_count": expected_count,
        "expected_total": expected_total,
        "accounting_date": accounting_date,
        "description": rows.text(description, "description"),
    }
