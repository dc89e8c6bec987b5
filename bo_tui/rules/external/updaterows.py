"""What an agency must still be told of debt it has: set-based reads over the entries since the last look (DESIGN section 3, Files).

Told is what happened after the placement's file was made and changed what the agency is to collect, or was paid to the practice:
recalls (RVCOL, AGTFR, and holds that forbid collecting), adjustments, reversed payments, payments on the line, and payments of
the debt that came from the patient or another agency. Never what the agency collected, or took back, itself. A placement once
recalled is told nothing more. `update_row` has what was told, `told_run` how far the entries were looked through; the latter only
saves looking again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Case, Value, fn

from bo_tui.db.tables import AgencyFile, Entry, Hold, Payment, Placement, ToldRun, UpdateRow
from bo_tui.formats.agency import update
from bo_tui.rules.codes import AGTFR, EPYMT, EXCOL, EXT, GPYMT, IPYMT, MADJN, MADJP, RVCOL, RVPAY
from bo_tui.rules.external.filerows import Recipient

Query = Any  # a peewee query; its stubs type rows, not what we compose

RECALLING_HOLDS = ("bankruptcy", "deceased", "do_not_collect")
_RECALLS = (RVCOL, AGTFR)
# The agency's own money (EPYMT) is not among them; what did not come from it is told by `_from_others`.
_TOLD = {
    RVCOL: update.RECALL,
    AGTFR: update.RECALL,
    MADJN: update.DOWN,
    MADJP: update.UP,
    RVPAY: update.PAYMENT_REVERSED,
    EXCOL: update.PAYMENT_REVERSED,  # money that came back to an open placement: a payment of the line or of an older placement
}
_PAID = (GPYMT, IPYMT)


@dataclass(frozen=True, slots=True)
class ToTell:
    """One update that waits: its row for the file, and the entry or hold that it tells of."""

    row: update.UpdateRow
    placement: int
    entry: int | None
    hold: int | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The next updates for an agency, in the order in which they happened, and the last entry that they account for."""

    rows: list[ToTell]
    through: int


def waiting(to: Recipient, day: int, limit: int) -> Waiting:
    """At most `limit` updates that wait for an agency: entries in the order of their ids, then recalls by holds."""
    last = Entry.select(fn.MAX(Entry.id)).scalar() or 0
    after = _looked_through(to)
    if after is None or after > last:
        return Waiting([], last)
    queries = (_on_placements(to, after), _on_lines(to, after), _from_others(to, after))
    found = [values for query in queries for values in query.limit(limit).tuples()]
    found.sort(key=lambda values: values[0])
    rows = [_row(to, values) for values in found[:limit]]
    if len(rows) == limit:  # there may be more: the next file begins after this one's last entry
        return Waiting(rows, rows[-1].entry or after)
    return Waiting([*rows, *_held(to, day, limit - len(rows))], last)


def _looked_through(to: Recipient) -> int | None:
    """The entry after which to look; None while the agency has no file of this practice."""
    mine = (ToldRun.practice == to.practice) & (ToldRun.agency == to.agency)
    kept = ToldRun.select(ToldRun.entry).where(mine).scalar()
    if kept is not None:
        return kept
    files = (AgencyFile.practice == to.practice) & (AgencyFile.agency == to.agency)
    first = AgencyFile.select(fn.MIN(AgencyFile.made_act)).where(files).scalar()
    if first is None:
        return None
    before = Entry.select(fn.MAX(Entry.act)).where(Entry.act <= first)
    return Entry.select(fn.MAX(Entry.id)).where(Entry.act == before).scalar() or 0


def _columns(balance: Any, record_type: Any) -> tuple[Any, ...]:
    return (
        Entry.id, record_type, Entry.posted, Entry.amount, balance, Placement.id, Placement.client_reference,
        Placement.account_number, Placement.guarantor, _account_balance(Entry.id),
    )  # fmt: skip


def _on_placements(to: Recipient, after: int) -> Query:
    """Entries below placements, other than the EXCOL that began each."""
    record_type = Case(Entry.code, list(_TOLD.items()))
    mine = Entry.code.in_(tuple(_TOLD)) & (Entry.id != Entry.placement) & ~fn.EXISTS(_taken_back())
    query: Query = Entry.select(*_columns(_balance(), record_type)).join(
        Placement, on=(Placement.id == Entry.placement)
    )
    return _tellable(to, after, query.where(mine))


def _taken_back() -> Query:
    """Whether the agency itself took the money back out of a later check, whose payment the reversal then names."""
    paid, later = Entry.alias("paid"), Payment.alias("later")
    by_agency = (later.id == Entry.payment) & (later.agency == Placement.agency) & (Entry.code == RVPAY)
    query: Query = paid.select(Value(1)).join(later, on=by_agency)
    return query.where((paid.id == Entry.parent) & (fn.COALESCE(paid.payment, 0) != Entry.payment))


def _on_lines(to: Recipient, after: int) -> Query:
    """Payments that the practice took on the line while the debt was with the agency."""
    root = Entry.alias("root")
    mine = Entry.code.in_(_PAID) & Entry.placement.is_null() & (Placement.id < Entry.id)
    query: Query = (
        Entry.select(*_columns(_balance(), Value(update.PAYMENT)))
        .join(Placement, on=(Placement.line == Entry.line))
        .join(root, on=(root.id == Placement.id))
        .where(mine & (Entry.act > root.act))  # an import loads payments beside the debt that they came before
    )
    return _tellable(to, after, query)


def _from_others(to: Recipient, after: int) -> Query:
    """Payments of placed debt that the agency did not collect: received from the patient, or from an agency that had it before."""
    query: Query = Entry.select(*_columns(_balance(), Value(update.PAYMENT))).join(
        Placement, on=(Placement.id == Entry.placement)
    )
    query = query.join(Payment, on=(Payment.id == Entry.payment))
    others = Payment.received_from_patient | (Payment.agency != Placement.agency)
    return _tellable(to, after, query.where((Entry.code == EPYMT) & others))


def _tellable(to: Recipient, after: int, query: Query) -> Query:
    """Only what came after the placement's file, before it was taken away, and was not told."""
    closing, told = Entry.alias("closing"), UpdateRow.alias("told")
    closed = closing.select(Value(1)).where(
        (closing.placement == Placement.id) & closing.code.in_(_RECALLS) & (closing.id < Entry.id)
    )
    query = query.join(AgencyFile, on=(AgencyFile.id == Placement.file)).where(
        (Entry.id > after)
        & (Entry.practice == to.practice)
        & (Placement.agency == to.agency)
        & (Entry.act > AgencyFile.made_act)
        & ~fn.EXISTS(closed)
        & ~fn.EXISTS(told.select(Value(1)).where(told.entry == Entry.id))
        & ~fn.EXISTS(_recalled(Placement.id))
    )
    return query.order_by(Entry.id)


def _recalled(placement: Any) -> Query:
    recall = UpdateRow.alias("recall")
    return recall.select(Value(1)).where((recall.placement == placement) & (recall.record_type == update.RECALL))


def _moved(entry: Any) -> Any:
    """What an entry adds to EXT, in cents."""
    return Case(None, [(entry.debit == EXT, entry.amount), (entry.credit == EXT, 0 - entry.amount)], 0)


def _balance() -> Any:
    """The placement's balance after the entry."""
    earlier = Entry.alias("earlier")
    sums: Query = earlier.select(fn.COALESCE(fn.SUM(_moved(earlier)), 0))
    return sums.where((earlier.placement == Placement.id) & (earlier.id <= Entry.id))


def _account_balance(entry: Any) -> Any:
    """What the agency has to collect of the account after the entry: debt in its files, as filed and as moved since."""
    beside, file, earlier = Placement.alias("beside"), AgencyFile.alias("beside_file"), Entry.alias("beside_entry")
    known = (earlier.id <= entry) | (earlier.act <= file.made_act) | (earlier.id == beside.id)
    sums: Query = (
        beside.select(fn.COALESCE(fn.SUM(_moved(earlier)), 0))
        .join(file, on=(file.id == beside.file))
        .join(earlier, on=(earlier.placement == beside.id))
    )
    mine = (beside.account == Placement.account) & (beside.agency == Placement.agency)
    return sums.where(mine & known & ~fn.EXISTS(_recalled(beside.id)))


def _held(to: Recipient, day: int, limit: int) -> list[ToTell]:
    """Recalls of open debt that a hold forbids to collect, once for each placement; the longest-standing hold gives the reason."""
    reaches = Hold.line.is_null() | (Hold.line == Placement.line)
    forbids = Hold.kind.in_(RECALLING_HOLDS) & (Hold.since <= day) & (Hold.until.is_null() | (Hold.until > day))
    with_agency = (Placement.agency == to.agency) & Placement.closed.is_null() & (Placement.balance > 0)
    query: Query = (
        Hold.select(
            Placement.id, fn.MIN(Hold.id), Placement.balance, Placement.client_reference, Placement.account_number,
            Placement.guarantor, _standing(),
        )
        .join(Placement, on=(Placement.account == Hold.account))
        .where((Hold.practice == to.practice) & forbids & reaches & with_agency & Placement.file.is_null(False))
        .where(~fn.EXISTS(_recalled(Placement.id)))
        .group_by(Placement.id)
        .order_by(Placement.id)
        .limit(limit)
    )  # fmt: skip
    found = list(query.tuples())
    kinds = dict(
        Hold.select(Hold.id, Hold.kind).where(Hold.practice == to.practice, Hold.kind.in_(RECALLING_HOLDS)).tuples()
    )
    left: dict[str, int] = {}
    rows = []
    for placement, hold, balance, reference, account, guarantor, standing in found:
        left[account] = left.get(account, standing) - balance
        told = update.UpdateRow(
            update.RECALL, day, balance, 0, to.client_number, placement, reference or "", account, guarantor, kinds[hold],
            left[account],
        )  # fmt: skip
        rows.append(ToTell(told, placement, None, hold))
    return rows


def _standing() -> Any:
    """What the agency has to collect of the account now, of debt in its files that was not recalled."""
    beside = Placement.alias("beside")
    mine = (beside.account == Placement.account) & (beside.agency == Placement.agency) & beside.file.is_null(False)
    sums: Query = beside.select(fn.COALESCE(fn.SUM(beside.balance), 0))
    return sums.where(mine & ~fn.EXISTS(_recalled(beside.id)))


def _row(to: Recipient, values: Sequence[Any]) -> ToTell:
    entry, record_type, posted, amount, balance, placement, reference, account, guarantor, standing = values
    row = update.UpdateRow(
        record_type,
        posted,
        amount,
        balance,
        to.client_number,
        placement,
        reference or "",
        account,
        guarantor,
        "",
        standing,
    )
    return ToTell(row, placement, entry, None)
