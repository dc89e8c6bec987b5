"""Money that no line has, as the page Money held shows it: on account, in suspense, in miscellaneous income, owed to agencies.

Amounts are sums of entries, as the rules take them (rules/batches/holding.py, invoices.py); what lies behind one is `entries`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, SQL, Case, fn

from bo_tui.db.heldterms import held_in
from bo_tui.db.tables import (
    Account,
    Act,
    Agency,
    Attachment,
    Change,
    Distribution,
    Entry,
    Payment,
    PaymentBatch,
    Placement,
    ServiceLine,
)
from bo_tui.office import Office

ON_ACCOUNT, SUSPENSE, MISC_INCOME, AGENCY_PAYABLE = "ON_ACCOUNT", "SUSPENSE", "MISC_INCOME", "AGENCY_PAYABLE"
RSCND, AGPAY, RVAGP = "RSCND", "AGPAY", "RVAGP"  # as rules.codes names them
CHUNK = 500


@dataclass(frozen=True, slots=True)
class AccountHeld:
    """Money that an account (by id) holds on account, and since when: the day on which it last began from nothing.

    `act` is the last that moved it, here and below: what the acts on it compare (`seen`). `owed` is the account's balance in
    active AR, net; cents all.
    """

    id: int
    number: str
    guarantor: str
    amount: int
    since: int | None
    act: int
    owed: int


@dataclass(frozen=True, slots=True)
class PaymentHeld:
    """Money of a posted payment (by id) in one book: since when, the cents that went there, and what is left of them."""

    id: int
    kind: str
    type: str
    number: str
    payer: str
    posted: int
    came: int
    amount: int
    act: int
    attached: bool


@dataclass(frozen=True, slots=True)
class AgencyOwed:
    """Commission of an agency (by id) that its checks did not bear: earned, paid against invoices, still owed; cents."""

    id: int
    name: str
    earned: int
    paid: int
    amount: int
    last_paid: int | None
    act: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Money of an unposted distribution (by id) that will be held once its batch (by number) is posted; cents."""

    id: int
    payment: int
    batch: int
    kind: str
    type: str
    number: str
    payer: str
    amount: int
    account: str | None
    guarantor: str | None


@dataclass(frozen=True, slots=True)
class HeldEntry:
    """One entry behind an amount; `moved` is what it adds to it, `balance` the amount after it, `left` what is not reversed of it.

    `line` and `account` are numbers, `payer` names the payment. `seen` is the act of the placement or line that it stands on,
    else the last that took anything back of it. `how` and `dated` are of a refund: check, eft, ..., and the day in words.
    """

    id: int
    posted: int
    code: str
    debit: str
    credit: str
    amount: int
    number: str | None
    line: str | None
    account: str | None
    payer: str
    note: str | None
    actor: str
    payment: int | None
    left: int
    seen: int
    moved: int
    how: str | None = None
    dated: str | None = None
    balance: int = 0


def on_account(office: Office, practice: int, *, everything: bool = False) -> list[AccountHeld]:
    """What accounts hold on account, by guarantor; with `everything` also those of which nothing is left."""
    moved = _moved(ON_ACCOUNT)
    after: Any = fn.SUM(moved).over(partition_by=[Entry.account], order_by=[Entry.id])
    each: Any = Entry.select(Entry.account, Entry.posted, Entry.act, moved.alias("moved"), after.alias("after"))
    each = each.where(Entry.account.is_null(False) & (Entry.practice == practice) & held_in(ON_ACCOUNT)).alias("each")
    began = Case(None, [((each.c.moved > 0) & (each.c.after <= each.c.moved), each.c.posted)])
    sums: Any = (
        Entry.select(each.c.account, fn.SUM(each.c.moved), fn.MAX(began), fn.MAX(each.c.act))
        .from_(each)
        .group_by(each.c.account)
    )
    if not everything:
        sums = sums.having(fn.SUM(each.c.moved) != 0)
    found = []
    with office.reading():
        amounts = {account: rest for account, *rest in sums.tuples()}
        for chunk in _chunks(list(amounts)):
            owed = dict(_owed_by(chunk))
            named: Any = Account.select(Account.id, Account.number, Account.guarantor).where(Account.id.in_(chunk))
            found += [AccountHeld(*[*row, *amounts[row[0]], owed.get(row[0], 0)]) for row in named.tuples()]
    return sorted(found, key=lambda row: (row.guarantor, row.number))


def _owed_by(accounts: Sequence[int]) -> Any:
    query: Any = ServiceLine.select(ServiceLine.account, fn.SUM(ServiceLine.ar))
    return query.where(ServiceLine.account.in_(accounts)).group_by(ServiceLine.account).tuples()


def payments(office: Office, practice: int, book: str, *, everything: bool = False) -> list[PaymentHeld]:
    """What payments have in SUSPENSE or MISC_INCOME, oldest first; with `everything` also those of which nothing is left there."""
    # the books as literals: SQLite takes a partial index only where it sees that its condition holds
    went: Any = Entry.select(Entry.payment).where(
        (Entry.practice == practice) & SQL("credit IN ('SUSPENSE', 'MISC_INCOME')") & (Entry.credit == book)
    )
    found: list[PaymentHeld] = []
    with office.reading():
        ids = [payment for (payment,) in went.distinct().tuples() if payment is not None]
        for chunk in _chunks(ids):
            found += [row for row in _held(chunk, book) if row.amount or everything]
    return sorted(found, key=lambda row: (row.posted, row.id))


def _held(ids: Sequence[int], book: str) -> Iterator[PaymentHeld]:
    into = Case(None, [(Entry.credit == book, Entry.amount)], 0)
    sums: Any = Entry.select(
        Entry.payment, fn.MIN(Case(None, [(Entry.credit == book, Entry.posted)])), fn.SUM(into), fn.SUM(_moved(book)),
        fn.MAX(Case(None, [((Entry.credit == book) | (Entry.debit == book), Entry.act)])),
    )  # fmt: skip
    sums = sums.where(Entry.payment.in_(ids) & (Entry.code != RSCND)).group_by(Entry.payment)
    source = Entry.alias("source")
    gone: Any = Entry.select(source.payment, fn.SUM(Entry.amount), fn.MAX(Entry.act)).join(
        source, on=(source.id == Entry.parent)
    )
    gone = gone.where(source.payment.in_(ids) & (Entry.code == RSCND) & (Entry.debit == book)).group_by(source.payment)
    taken = {payment: (cents, act) for payment, cents, act in gone.tuples()}
    seen = fn.EXISTS(Attachment.select(Attachment.id).where(Attachment.payment == Payment.id))
    named: Any = Payment.select(Payment.id, Payment.kind, Payment.type, Payment.number, _payer(), seen)
    named = _with_payer(named).where(Payment.id.in_(ids))
    words = {row: rest for row, *rest in named.tuples()}
    for payment, since, came, left, act in sums.tuples():
        *head, attached = words[payment]
        cents, later = taken.get(payment, (0, 0))
        yield PaymentHeld(*[payment, *head, since, came, left - cents, max(act, later), bool(attached)])


def owed(office: Office, practice: int, *, everything: bool = False) -> list[AgencyOwed]:
    """Commission owed to agencies, by name; with `everything` also those that are owed nothing now."""
    earned, whose = _whose()
    moved = _moved(AGENCY_PAYABLE)
    own = Entry.code.in_((AGPAY, RVAGP))
    query: Any = Entry.select(
        whose, fn.SUM(Case(None, [(own, 0)], moved)), fn.SUM(Case(None, [(own, 0 - moved)], 0)), fn.SUM(moved),
        fn.MAX(Case(None, [(Entry.code == AGPAY, Entry.posted)])), fn.MAX(Entry.act),
    )  # fmt: skip
    query = query.join(earned, JOIN.LEFT_OUTER, on=(earned.id == Entry.payment))
    query = query.join_from(Entry, Placement, JOIN.LEFT_OUTER, on=(Placement.id == Entry.placement))
    query = query.where((Entry.practice == practice) & held_in(AGENCY_PAYABLE)).group_by(whose)
    with office.reading():
        sums = {agency: rest for agency, *rest in query.tuples()}
        names: Any = Agency.select(Agency.id, Agency.name).where(Agency.id.in_(list(sums))).order_by(Agency.name)
        rows = [AgencyOwed(row, name, *sums[row]) for row, name in names.tuples()]
    return [row for row in rows if row.amount or everything]


def waiting(office: Office, practice: int, kind: str) -> list[Waiting]:
    """What unposted payments will put somewhere: distributions of a kind (on_account, suspense, misc), in the order of entry."""
    holder, this = Account.alias("holder"), Distribution
    query: Any = this.select(
        this.id, Payment.id, PaymentBatch.number, Payment.kind, Payment.type, Payment.number, _payer(), this.amount,
        holder.number, holder.guarantor,
    ).join(Payment, on=(Payment.id == this.payment))  # fmt: skip
    query = _with_payer(query.join_from(Payment, PaymentBatch, on=(PaymentBatch.id == Payment.batch)))
    query = query.join_from(this, holder, JOIN.LEFT_OUTER, on=(holder.id == this.account))
    mine = (this.state == SQL("'unposted'")) & (this.practice == practice) & (this.kind == kind)
    with office.reading():
        return [Waiting(*row) for row in query.where(mine).order_by(this.id).tuples()]


def brought(office: Office, practice: int, account: int) -> list[tuple[int, str, str, str, int]]:
    """The payments that brought money on account of an account (by id): (id, type, number, payer, cents), the latest first."""
    mine = (Entry.account == account) & (Entry.practice == practice) & (Entry.credit == ON_ACCOUNT)
    query: Any = Entry.select(Payment.id, Payment.type, Payment.number, _payer(), fn.SUM(Entry.amount))
    query = _with_payer(query.join(Payment, on=(Payment.id == Entry.payment)))
    query = query.where(mine & Payment.posted.is_null(False)).group_by(Payment.id).order_by(Payment.id.desc())
    with office.reading():
        return list(query.tuples())


def entries(
    office: Office, practice: int, book: str, *, account: int = 0, payment: int = 0, agency: int = 0
) -> list[HeldEntry]:
    """The entries behind what an account, a payment or an agency (by id, one of them) has in a book, in the order written."""
    undone, source, earned = Entry.alias("undone"), Entry.alias("source"), Payment.alias("earned")
    of, remitter = Agency.alias("of"), Account.alias("remitter")
    gone: Any = undone.select(fn.SUM(undone.amount)).where(
        (undone.parent == Entry.id) & (undone.debit == Entry.credit) & (undone.code != RSCND)
    )
    last: Any = undone.select(fn.MAX(undone.act)).where(undone.parent == Entry.id)
    mine: Any = (Entry.practice == practice) & held_in(book)
    if account:
        mine &= Entry.account == account
    elif payment:
        mine &= ((Entry.payment == payment) & (Entry.code != RSCND)) | (
            (Entry.code == RSCND) & (source.payment == payment)
        )
    else:
        mine &= fn.COALESCE(earned.agency, Placement.agency) == agency
    query: Any = (
        Entry.select(
            Entry.id, Entry.posted, Entry.code, Entry.debit, Entry.credit, Entry.amount, Entry.number, ServiceLine.number,
            Account.number, fn.COALESCE(of.name, earned.payer, remitter.guarantor, ""), Entry.note, Act.actor, Entry.payment,
            Entry.amount - fn.COALESCE(gone, 0), fn.COALESCE(Placement.act, ServiceLine.act, last, Entry.act),
            _moved(book), _said("type"), _said("date"),
        )
        .join(Act, on=(Act.id == Entry.act))
        .join_from(Entry, source, JOIN.LEFT_OUTER, on=(source.id == Entry.parent))
        .join_from(Entry, earned, JOIN.LEFT_OUTER, on=(earned.id == Entry.payment))
        .join_from(earned, of, JOIN.LEFT_OUTER, on=(of.id == earned.agency))
        .join_from(earned, remitter, JOIN.LEFT_OUTER, on=(remitter.id == earned.account))
        .join_from(Entry, Placement, JOIN.LEFT_OUTER, on=(Placement.id == Entry.placement))
        .join_from(Entry, ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Entry.line))
        .join_from(Entry, Account, JOIN.LEFT_OUTER, on=(Account.id == fn.COALESCE(Entry.account, ServiceLine.account)))
        .where(mine)
        .order_by(Entry.id)
    )  # fmt: skip
    found, balance = [], 0
    with office.reading():
        for row in query.tuples():
            balance += row[-3]
            found.append(HeldEntry(*[*row, balance]))
    return found


def _said(field: str) -> Any:
    """What an entry's act says of it besides the money."""
    mine = (Change.subject == "entry") & (Change.subject_id == Entry.id) & (Change.field == field)
    return Change.select(Change.after).where(mine & (Change.act == Entry.act))


def newest_entry(office: Office) -> int:
    """The highest entry id: how large the ledger is, and so whether reading what is held belongs into a worker."""
    with office.reading():
        return Entry.select(fn.MAX(Entry.id)).scalar() or 0


def _moved(book: str) -> Any:
    """What an entry adds to what is held in a book: credits less debits."""
    return Case(None, [(Entry.credit == book, Entry.amount), (Entry.debit == book, 0 - Entry.amount)], 0)


def _whose() -> tuple[Any, Any]:
    """The payment that earned a commission, and the agency: its own, else (a history from before) the placement's."""
    earned = Payment.alias("earned")
    return earned, fn.COALESCE(earned.agency, Placement.agency)


def _payer() -> Any:
    return fn.COALESCE(Agency.name, Payment.payer, Account.guarantor, "")


def _with_payer(query: Any) -> Any:
    query = query.join_from(Payment, Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
    return query.join_from(Payment, Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
