"""A payment's page: what of it goes where, posted or not, and what of a posted share was reversed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui.db.tables import Account, Agency, Distribution, DistributionReason, Entry, Payment, Placement, ServiceLine
from bo_tui.office import Office

RSCND = "RSCND"  # as rules.codes names it
_HELD = {"SUSPENSE": "suspense", "MISC_INCOME": "misc income"}


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One distribution; amounts cents, `amount` what it takes of the check, below zero for what a payer takes back.

    `whole` are the cents of its entry, `reversed` those reversed since; `adjusted` is what its reason codes take off the line.
    """

    id: int
    kind: str
    account: str | None
    guarantor: str | None
    line: str | None
    date_of_service: int | None
    description: str | None
    placement: int | None
    agency: str | None
    of_entry: int | None
    amount: int
    gross: int | None
    net: int | None
    commission: int | None
    roll: str | None
    reasons: str | None
    claim: str | None
    control_number: str | None
    note: str | None
    state: str
    posted: int | None
    entry: int | None
    code: str | None
    whole: int
    reversed: int
    made_by: str
    adjusted: int

    @property
    def left(self) -> int:
        """Cents of its entry that can be reversed."""
        return self.whole - self.reversed


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A group and reason code of a distribution, with what it adjusts by (transaction code) where it does."""

    group: str
    reason: str
    amount: int
    transaction_code: str | None


def rows(office: Office, payment: int) -> list[ShareRow]:
    """What a payment goes to, in the order of entry; removed shares are left out. One query."""
    undone, made = Entry.alias("undone"), Entry.alias("made")
    taken: Any = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0)).where(
        (undone.parent == made.id) & (undone.debit == made.credit) & (undone.code != RSCND)
    )
    down: Any = DistributionReason.select(fn.COALESCE(fn.SUM(DistributionReason.amount), 0)).where(
        (DistributionReason.distribution == Distribution.id) & DistributionReason.transaction_code.is_null(False)
    )
    this = Distribution
    query: Any = (
        this.select(
            this.id, this.kind, Account.number, Account.guarantor, ServiceLine.number, ServiceLine.date_of_service,
            fn.COALESCE(Placement.description, ServiceLine.description), this.placement, Placement.agency_name, this.of_entry,
            this.amount, this.gross, this.net, this.commission, this.roll, this.reasons, this.claim, this.control_number,
            this.note, this.state, this.posted, this.entry, made.code, fn.COALESCE(made.amount, 0),
            Case(None, [(made.id.is_null(False), taken)], 0), this.made_by, down,
        )
        .join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == this.line))
        .join_from(this, Account, JOIN.LEFT_OUTER, on=(Account.id == this.account))
        .join_from(this, Placement, JOIN.LEFT_OUTER, on=(Placement.id == this.placement))
        .join_from(this, made, JOIN.LEFT_OUTER, on=(made.id == this.entry))
        .where((this.payment == payment) & (this.state != "removed"))
        .order_by(this.id)
    )  # fmt: skip
    with office.reading():
        return [ShareRow(*values) for values in query.tuples()]


def reasons(office: Office, distribution: int) -> list[ReasonRow]:
    """The reason codes of a distribution, in the order of entry."""
    this = DistributionReason
    query: Any = this.select(this.group_code, this.reason, this.amount, this.transaction_code)
    with office.reading():
        return [ReasonRow(*row) for row in query.where(this.distribution == distribution).order_by(this.id).tuples()]


def sources(office: Office, practice: int, payment: int, line: str | None = None) -> list[tuple[int, str, int]]:
    """What a payment may recoup from: (entry, words, cents left), the latest first.

    Insurers' payments of a line (by number); without one, money in suspense or income of the same payer, as far as it is there:
    what was applied, refunded or recouped of it since, and what other unposted payments will take, is not left.
    """
    undone = Entry.alias("undone")
    undoing = undone.select(fn.SUM(undone.amount)).where((undone.parent == Entry.id) & (undone.debit == Entry.credit))
    taken = fn.COALESCE(undoing, 0)  # a bare subquery takes no arithmetic in peewee
    waits: Any = Distribution.select(fn.SUM(Distribution.amount)).where(
        (Distribution.of_entry == Entry.id) & (Distribution.state == "unposted") & (Distribution.payment != payment)
    )
    payer = fn.COALESCE(Agency.name, Payment.payer, Account.guarantor, "")
    number = fn.COALESCE(Payment.number, Entry.number, "")
    promised = 0 - fn.COALESCE(waits, 0)  # a recoupment's cents are below zero
    query: Any = (
        Entry.select(Entry.id, Entry.code, Entry.credit, number, payer, Payment.id, Entry.amount - taken, promised)
        .join(Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
        .join_from(Payment, Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        .join_from(Payment, Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))
    )
    with office.reading():
        this: Any = Payment.get_by_id(payment)
        same = (Payment.kind == this.kind) & (fn.COALESCE(Payment.agency, 0) == (this.agency or 0))
        if this.agency is None:
            same &= fn.LOWER(fn.COALESCE(Payment.payer, "")) == (this.payer or "").lower()
        mine: Any = Entry.practice == practice
        if line is None:
            mine &= Entry.credit.in_(("SUSPENSE", "MISC_INCOME")) & same
        else:
            own = ServiceLine.select(ServiceLine.id).where(
                (ServiceLine.practice == practice) & (ServiceLine.number == line)
            )
            mine &= (Entry.code == "IPYMT") & (Entry.line == own)
        found = list(query.where(mine & (Entry.amount > taken)).order_by(Entry.id.desc()).limit(200).tuples())
        lies = _held([row[5] for row in found if row[2] in _HELD])
    offered = []
    for entry, code, credit, text, who, source, cents, waiting in found:
        there = (min(cents, lies.get((source, credit), 0)) if credit in _HELD else cents) - waiting
        if there > 0:
            offered.append((entry, f"{_HELD.get(credit, code)} {text} {who}".strip(), there))
    return offered


def _held(payments: Sequence[int]) -> dict[tuple[int, str], int]:
    """By payment and book: the cents that still lie there; what another payment recouped of it is gone."""
    found: dict[tuple[int, str], int] = {}
    source = Entry.alias("source")
    for book in _HELD:
        moved = fn.SUM(Case(None, [(Entry.credit == book, Entry.amount), (Entry.debit == book, 0 - Entry.amount)], 0))
        own: Any = Entry.select(Entry.payment, moved).where(Entry.payment.in_(payments) & (Entry.code != RSCND))
        gone: Any = Entry.select(source.payment, fn.SUM(0 - Entry.amount)).join(source, on=(source.id == Entry.parent))
        gone = gone.where(source.payment.in_(payments) & (Entry.code == RSCND) & (Entry.debit == book))
        for query in (own.group_by(Entry.payment), gone.group_by(source.payment)):
            for payment, cents in query.tuples():
                found[payment, book] = found.get((payment, book), 0) + cents
    return found
