"""A payment's page: what of it goes where, posted or not, and what of a posted share was reversed since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui.db.tables import Account, Agency, Distribution, DistributionReason, Entry, Payment, Placement, ServiceLine
from bo_tui.office import Office

RSCND = "RSCND"  # as rules.codes names it


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


def sources(office: Office, practice: int, line: str | None = None) -> list[tuple[int, str, int]]:
    """What can be recouped from: (entry, words, cents left), the latest first.

    Insurers' payments of a line (by number), or without one what went to suspense or income; one whose money was used since is
    refused by the rule.
    """
    undone = Entry.alias("undone")
    undoing = undone.select(fn.SUM(undone.amount)).where((undone.parent == Entry.id) & (undone.debit == Entry.credit))
    taken = fn.COALESCE(undoing, 0)  # a bare subquery takes no arithmetic in peewee
    payer = fn.COALESCE(Agency.name, Payment.payer, Account.guarantor, "")
    number = fn.COALESCE(Payment.number, Entry.number, "")
    query: Any = (
        Entry.select(Entry.id, Entry.code, Entry.credit, number, payer, Entry.posted, Entry.amount - taken)
        .join(Payment, JOIN.LEFT_OUTER, on=(Payment.id == Entry.payment))
        .join_from(Payment, Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        .join_from(Payment, Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))
    )
    mine: Any = Entry.practice == practice
    if line is None:
        mine &= Entry.credit.in_(("SUSPENSE", "MISC_INCOME"))
    else:
        own = ServiceLine.select(ServiceLine.id).where(
            (ServiceLine.practice == practice) & (ServiceLine.number == line)
        )
        mine &= (Entry.code == "IPYMT") & (Entry.line == own)
    with office.reading():
        found = list(query.where(mine & (Entry.amount > taken)).order_by(Entry.id.desc()).limit(200).tuples())
    where = {"SUSPENSE": "suspense", "MISC_INCOME": "misc income"}
    return [
        (entry, f"{where.get(credit, code)} {number} {payer}".strip(), left)
        for entry, code, credit, number, payer, _, left in found
    ]
