"""What a row of Transactions says: a placement with its file and marks, and the entries below it (seed 003)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import AgencyFile, Entry, Placement, TransactionCode
from bo_tui.office import Office
from bo_tui.views import attachments, unposted

Key = tuple[Any, int]  # a row's value of the sort column, and its id
CHUNK = 500


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """One placement; dates are day numbers, amounts cents. `sequence` and `kind` are its file's, None while it is in none.

    `attached`: its line, an entry or a payment of the line has an attachment.
    """

    id: int
    act: int
    date_of_service: int
    agency: str
    account: str
    guarantor: str
    description: str
    amount: int
    balance: int
    closed: str | None
    sequence: int | None
    kind: str | None
    has_children: bool
    attached: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry below a placement; `agency` is where an AGTFR went, `code_text` what its transaction code means.

    `attached`: the entry itself, or its payment, has an attachment.
    """

    id: int
    parent: int
    posted: int
    code: str
    transaction_code: str | None
    debit: str
    credit: str
    amount: int
    number: str | None
    note: str | None
    has_children: bool
    attached: bool
    agency: str | None
    code_text: str | None = None


def children(office: Office, practice: int, parents: Sequence[int]) -> dict[int, list[EntryRow]]:
    """The entries directly below each of these placements or entries, in the order they were written, in one query for 500."""
    found: dict[int, list[EntryRow]] = {}
    with office.reading():
        rows = [row for start in range(0, len(parents), CHUNK) for row in _below(parents[start : start + CHUNK])]
        texts = code_texts(practice, {row.transaction_code for row in rows if row.transaction_code})
    for row in rows:
        found.setdefault(row.parent, []).append(replace(row, code_text=texts.get(row.transaction_code or "")))
    return found


def placements(where: Any, key: Any, order: Sequence[Any], limit: int) -> list[tuple[Key, PlacementRow]]:
    """The first placements of an order that meet a condition, each with its value of `key`; call in a transaction."""
    if limit <= 0:
        return []
    query: Any = _placements(key).where(where).order_by(*order).limit(limit)
    return [_keyed(values) for values in query.tuples()]


def _keyed(values: Any) -> tuple[Key, PlacementRow]:
    *own, kids, attached, key = values
    return (key, own[0]), PlacementRow(*[*own, bool(kids), bool(attached)])


def _placements(key: Any) -> Any:
    below = Entry.alias()
    query: Any = Placement.select(
        Placement.id,
        Placement.act,
        Placement.date_of_service,
        Placement.agency_name,
        Placement.account_number,
        Placement.guarantor,
        Placement.description,
        Placement.amount,
        Placement.balance,
        Placement.closed,
        AgencyFile.sequence,
        AgencyFile.kind,
        fn.EXISTS(below.select(below.id).where(below.parent == Placement.id)) | unposted.waits_for(Placement.id),
        attachments.on_line(Placement.line),
        key.alias("sort_key"),
    )
    return query.join(AgencyFile, JOIN.LEFT_OUTER, on=(AgencyFile.id == Placement.file))


def _below(parents: Sequence[int]) -> list[EntryRow]:
    kid, moved = Entry.alias(), Placement.alias()
    there = (moved.line == Entry.line) & (moved.came_from == Entry.placement) & (Entry.code == "AGTFR")
    query: Any = Entry.select(
        Entry.id,
        Entry.parent,
        Entry.posted,
        Entry.code,
        Entry.transaction_code,
        Entry.debit,
        Entry.credit,
        Entry.amount,
        Entry.number,
        Entry.note,
        fn.EXISTS(kid.select(kid.id).where(kid.parent == Entry.id)),
        attachments.on_entry(),
        fn.MAX(moved.agency_name),
    ).join(moved, JOIN.LEFT_OUTER, on=there)
    query = query.where(Entry.parent.in_(parents)).group_by(Entry.parent, Entry.id).order_by(Entry.parent, Entry.id)
    return [EntryRow(*values) for values in query.tuples()]


def code_texts(practice: int, codes: set[str]) -> dict[str, str]:
    """What transaction codes mean, the practice's own before the common one of the same code."""
    if not codes:
        return {}
    ours = TransactionCode.practice.is_null() | (TransactionCode.practice == practice)
    query: Any = TransactionCode.select(TransactionCode.code, TransactionCode.description)
    query = query.where(ours & TransactionCode.code.in_(sorted(codes)))
    return dict(query.order_by(TransactionCode.practice.asc(nulls="first")).tuples())
