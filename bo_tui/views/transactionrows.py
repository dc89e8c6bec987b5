"""What a row of Transactions says: a placement with its file and marks, and the entries below it (seed 003)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.compiled import once, room, slot, slots
from bo_tui.db.tables import AgencyFile, Entry, Placement, TransactionCode
from bo_tui.office import Office
from bo_tui.views import attachments, standing, unposted

Key = tuple[Any, int]  # a row's value of the sort column, and its id
CHUNK = 500


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """One placement; dates are day numbers, amounts cents. `sequence` and `kind` are its file's, None while it is in none.

    `attached`: its line, an entry or a payment of the line has an attachment. `stands`: it has a balance and is on hold on
    the business date, or something about it waits for a second person.
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
    stands: bool


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


def columns(key: Any) -> Any:
    """The query for what a row of Transactions says and its value of `key`; it has a slot `day`, the business date."""
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
        standing.is_marked(slot("day")),
        key.alias("sort_key"),
    )
    return in_file(query)


def in_file(query: Any) -> Any:
    """A query over `Placement` with the file of each."""
    return query.join(AgencyFile, JOIN.LEFT_OUTER, on=(AgencyFile.id == Placement.file))


def keyed(rows: Iterable[Any]) -> list[tuple[Key, PlacementRow]]:
    """The rows of `columns`, each with its key."""
    return [
        ((key, own[0]), PlacementRow(*[*own, bool(kids), bool(attached), bool(stands)]))
        for *own, kids, attached, stands, key in rows
    ]


def _below(parents: Sequence[int]) -> list[EntryRow]:
    return [EntryRow(*values) for values in _entries(room(len(parents))).run(parents=parents)]


@once
def _entries(size: int) -> Any:
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
    query = query.where(Entry.parent.in_(slots("parents", size)))
    return query.group_by(Entry.parent, Entry.id).order_by(Entry.parent, Entry.id)


def code_texts(practice: int, codes: set[str]) -> dict[str, str]:
    """What transaction codes mean, the practice's own before the common one of the same code."""
    if not codes:
        return {}
    ours = TransactionCode.practice.is_null() | (TransactionCode.practice == practice)
    query: Any = TransactionCode.select(TransactionCode.code, TransactionCode.description)
    query = query.where(ours & TransactionCode.code.in_(sorted(codes)))
    return dict(query.order_by(TransactionCode.practice.asc(nulls="first")).tuples())
