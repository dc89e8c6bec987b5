"""Adding, changing and removing what of a payment goes where, before it is posted (back_office_rest.md section 3.6).

Each distribution is checked against the line or placement as it stands, and once more when it is posted. What remains of the
payment may be below zero for a while; only Post wants it to be nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bo_tui import money
from bo_tui.db.bulk import insert_rows
from bo_tui.db.tables import Distribution, DistributionReason, Payment
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.batches import rows, shares
from bo_tui.rules.batches.model import PARTLY, POSTED, REMOVED, UNPOSTED, Share, SharesDone
from bo_tui.rules.batches.shares import COLUMNS
from bo_tui.rules.external import lookups


def add(
    office: Office, payment: int, given: Sequence[Share], *, seen: int | None = None, practice: int | None = None
) -> SharesDone:
    """Distribute money of a payment; all of the shares are taken or none.

    Raises RuleRefusal and NotFound with the field of the share that is wrong: `kind`, `amount`, `line`, `account`, `placement`,
    `gross`, `net`, `commission`, `of_entry`, `reasons`, `roll` or `note`; Conflict when the payment is not what was `seen`.
    """
    roles.require(office, "payment")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("distribute", owner) as draft:
        row = _open(payment, seen)
        made = add_within(draft, row, given)
        ledger.seal(draft)
        left = rows.remaining(row)
    return SharesDone(draft.id, payment, made, left)


def add_within(draft: Draft, payment: Payment, given: Sequence[Share]) -> tuple[int, ...]:
    """As `add`, within an act that the caller seals; a query for some hundreds of shares, however many there are."""
    if not given:
        raise RuleRefusal("Distribute the money to something.", field="kind")
    checked = shares.check(payment, given)
    first = (Distribution.select(Distribution.id).order_by(Distribution.id.desc()).limit(1).scalar() or 0) + 1
    db = draft.writing.store.db
    fields = [Distribution.id, Distribution.practice, Distribution.payment, Distribution.made_by, Distribution.act]
    fields += [getattr(Distribution, name) for name in COLUMNS]
    insert_rows(db, fields, [
        (place, payment.practice, payment.id, draft.actor, draft.id, *(getattr(one, name) for name in COLUMNS))
        for place, one in enumerate(checked, start=first)
    ])  # fmt: skip
    made = tuple(range(first, first + len(checked)))
    _insert_reasons(draft, zip(made, checked, strict=True))
    said = [("distribution", row, "distributed", None, one.words) for row, one in zip(made, checked, strict=True)]
    ledger.change_many(draft, said)
    _touch(draft, payment.id)
    return made


def update(
    office: Office, distribution: int, share: Share, *, seen: int | None = None, practice: int | None = None
) -> SharesDone:
    """Change an unposted distribution as a whole; `seen` is its payment's act. Raises as `add`."""
    roles.require(office, "payment")
    owner = lookups.practice_of(office, Distribution, distribution, "distribution", "distribution", practice)
    with office.act("distribute", owner) as draft:
        row, payment = _unposted(distribution, seen)
        before = shares.words(row)
        (one,) = shares.check(payment, [share], besides=distribution)
        values = {name: getattr(one, name) for name in COLUMNS}
        Distribution.update(**values, made_by=draft.actor, act=draft.id).where(
            Distribution.id == distribution
        ).execute()
        DistributionReason.delete().where(DistributionReason.distribution == distribution).execute()
        _insert_reasons(draft, [(distribution, one)])
        ledger.change(draft, "distribution", distribution, "distributed", before, one.words)
        _touch(draft, payment.id)
        ledger.seal(draft)
        left = rows.remaining(payment)
    return SharesDone(draft.id, payment.id, (distribution,), left)


def remove(office: Office, distribution: int, *, seen: int | None = None, practice: int | None = None) -> SharesDone:
    """Take an unposted distribution away; its money remains to be distributed. `seen` is its payment's act.

    A partly posted payment that waits for nothing else, and of which nothing remains, is posted then.
    """
    roles.require(office, "payment")
    owner = lookups.practice_of(office, Distribution, distribution, "distribution", "distribution", practice)
    with office.act("distribute", owner) as draft:
        row, payment = _unposted(distribution, seen)
        before = shares.words(row)
        Distribution.update(state=REMOVED, act=draft.id).where(Distribution.id == distribution).execute()
        ledger.change(draft, "distribution", distribution, "distributed", before, None)
        _touch(draft, payment.id)
        _finish(draft, payment)
        ledger.seal(draft)
        left = rows.remaining(payment)
    return SharesDone(draft.id, payment.id, (), left)


def _open(payment: int, seen: int | None) -> Payment:
    row = rows.the_payment(payment, seen)
    if row.state == POSTED:
        raise RuleRefusal(f"{rows.named(row)} is posted; reverse what is wrong instead.", field="payment")
    return row


def _unposted(distribution: int, seen: int | None) -> tuple[Distribution, Payment]:
    row: Any = Distribution.get_or_none(Distribution.id == distribution)
    if row is None or row.state == REMOVED:
        raise NotFound(f"There is no distribution {distribution}.", field="distribution")
    payment = rows.the_payment(row.payment, seen)
    if row.state == POSTED:
        raise RuleRefusal(
            f"{money.shown(row.amount)} of {rows.named(payment)} is posted; reverse it instead.", field="distribution"
        )
    return row, payment


def _insert_reasons(draft: Draft, made: Any) -> None:
    fields = [DistributionReason.distribution, DistributionReason.group_code, DistributionReason.reason]
    fields += [DistributionReason.amount, DistributionReason.transaction_code, DistributionReason.act]
    given = [
        (row, reason.group, reason.reason, reason.amount, reason.transaction_code, draft.id)
        for row, one in made
        for reason in one.codes
    ]
    if given:
        insert_rows(draft.writing.store.db, fields, given)


def _finish(draft: Draft, payment: Payment) -> None:
    waits = Distribution.select().where((Distribution.payment == payment.id) & (Distribution.state == UNPOSTED))
    if payment.state != PARTLY or waits.exists() or rows.remaining(payment):
        return
    Payment.update(state=POSTED).where(Payment.id == payment.id).execute()
    rows.keep(draft, Payment, payment.id, {"state": PARTLY}, {"state": POSTED})


def _touch(draft: Draft, payment: int) -> None:
    """A payment's act moves with its distributions, so that a screen can tell that something changed."""
    Payment.update(act=draft.id).where(Payment.id == payment).execute()
