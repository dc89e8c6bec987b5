"""The only writer of acts and entries, and of the balances that entries move.

A rule opens `office.act(...)`, writes entries and changes through this module, calls `settle` so that lines and placements
carry what their entries say, and `seal`. Without `seal` the transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peewee import Case, Field, fn

from bo_tui import dates
from bo_tui.db import digest
from bo_tui.db.tables import Act, Change, Entry, Placement, ServiceLine
from bo_tui.errors import Defect
from bo_tui.office import Draft
from bo_tui.rules.codes import ACTIVITY, AR, EXT, EXT_TRANSIT

Query = Any  # a peewee query; its stubs type rows, not what we compose
ChangeRow = tuple[str, int, str, str | None, str | None]


def write(
    draft: Draft,
    code: str,
    move: tuple[str, str],
    amount: int,
    *,
    line: int | None = None,
    account: int | None = None,
    placement: int | None = None,
    parent: int | None = None,
    transaction_code: str | None = None,
    accounting_date: int | None = None,
    number: str | None = None,
    note: str | None = None,
    payment: int | None = None,
) -> int:
    """Write one entry of so many cents from book to book (`move` is debit, credit) and return its id.

    Raises Defect for an amount that is not above zero or a move that the code does not make.
    """
    if amount <= 0 or move not in ACTIVITY[code].moves:
        raise Defect(f"{code} cannot move {amount} from {move[1]} to {move[0]}.")
    entry = draft.take_entry_ids(1)
    Entry.insert(
        id=entry,
        act=draft.id,
        practice=draft.practice,
        account=account,
        line=line,
        placement=entry if code == "EXCOL" and placement is None else placement,
        parent=parent,
        code=code,
        transaction_code=transaction_code,
        debit=move[0],
        credit=move[1],
        amount=amount,
        posted=draft.business_date,
        accounting_date=accounting_date,
        payment=payment,
        number=number,
        note=note,
    ).execute()
    return entry


def write_many(draft: Draft, query: Query, fields: list[Field]) -> None:
    """Write the entries that a query yields, in one INSERT..SELECT; the query numbers them from `draft.take_entry_ids(count)`."""
    Entry.insert_from(query, fields).execute()


def change(draft: Draft, subject: str, subject_id: int, field: str, before: object, after: object) -> None:
    """Record what an act changed that is not money; values are kept as text, None stays None."""
    change_many(draft, [(subject, subject_id, field, _text(before), _text(after))])


def change_many(draft: Draft, changes: Iterable[ChangeRow]) -> None:
    """Record several changes: (subject, subject id, field, before, after), already as text."""
    rows = [(draft.id, *row) for row in changes]
    fields = [Change.act, Change.subject, Change.subject_id, Change.field, Change.before, Change.after]
    for start in range(0, len(rows), 500):
        Change.insert_many(rows[start : start + 500], fields).execute()


def change_from(draft: Draft, query: Query) -> None:
    """Record the changes that a query yields in one INSERT..SELECT: act, subject, subject id, field, before, after."""
    changes_from(query).execute()


def changes_from(query: Query) -> Query:
    """The INSERT..SELECT of `change_from`, for one that is composed once and run for many acts."""
    fields = [Change.act, Change.subject, Change.subject_id, Change.field, Change.before, Change.after]
    return Change.insert_from(query, fields)


def settle(draft: Draft) -> None:
    """Add what this act's entries since the last call moved to their lines' balances, and of placements that were there before.

    A placement made by this act was inserted with its balance already; its EXCOL is not counted again.
    """
    new = (Entry.id >= draft.settled) & (Entry.id < draft.next_entry)
    draft.settled = draft.next_entry
    moved = _moved(Entry.line, AR).where(new & Entry.line.is_null(False) & _touches(AR)).group_by(Entry.line)
    _add(ServiceLine, ServiceLine.ar, moved, draft)
    placed = _moved(Entry.placement, EXT).where(new & (Entry.placement < draft.first_entry) & _touches(EXT))
    _add(Placement, Placement.balance, placed.group_by(Entry.placement), draft)


def settle_posted(draft: Draft, source: Any, line: Field, amount: Field, count: int) -> None:
    """As `settle`, where each of the last `count` entries took an amount out of another line's AR: from the table it was made of.

    A line stands in `source` once, so that nothing need be summed from the entries again; new placements have their balance.
    """
    if draft.next_entry - draft.settled != count:
        settle(draft)  # other entries wait too
        return
    draft.settled = draft.next_entry
    values = {ServiceLine.ar: ServiceLine.ar - amount, ServiceLine.act: draft.id}
    ServiceLine.update(values).from_(source).where(ServiceLine.id == line).execute()


def _touches(book: str) -> Any:
    return (Entry.debit == book) | (Entry.credit == book)


def _moved(key: Field, book: str) -> Query:
    amount = Case(None, [(Entry.debit == book, Entry.amount)], 0 - Entry.amount)  # peewee reads `-field` as DESC
    return Entry.select(key.alias("owner"), fn.SUM(amount).alias("moved"))


def _add(table: Any, balance: Field, moved: Query, draft: Draft) -> None:
    sums = moved.alias("sums")
    table.update({balance: balance + sums.c.moved, table.act: draft.id}).from_(sums).where(
        table.id == sums.c.owner
    ).execute()


def seal(draft: Draft) -> str:
    """Insert the act with its count (entries and changes), total (cents moved by entries) and digest; then it may commit.

    Returns the digest. Raises Defect when the act would leave money in EXT_TRANSIT (invariant 4).
    """
    count, total, transit = _sums(draft)
    if transit:
        raise Defect(f"An act of kind {draft.kind} would leave {transit} cents between two agencies.")
    changes = Change.select(fn.COUNT(Change.id)).where(Change.id >= draft.first_change).scalar()
    draft.digest = _digest(draft, count + changes, total)
    Act.insert(
        id=draft.id,
        practice=draft.practice,
        actor=draft.actor,
        kind=draft.kind,
        reason=draft.reason,
        business_date=draft.business_date,
        count=count + changes,
        total=total,
        format=digest.FORMAT,
        digest=draft.digest,
        made_at=dates.utc_stamp(),
    ).execute()
    draft.writing.sealed = True
    return draft.digest


def _sums(draft: Draft) -> tuple[int, int, int]:
    transit = Case(
        None, [(Entry.debit == EXT_TRANSIT, Entry.amount), (Entry.credit == EXT_TRANSIT, 0 - Entry.amount)], 0
    )
    query: Query = Entry.select(fn.COUNT(Entry.id), fn.SUM(Entry.amount), fn.SUM(transit))
    count, total, left = query.where(Entry.id >= draft.first_entry).tuples().get()
    return count, total or 0, left or 0


def _digest(draft: Draft, count: int, total: int) -> str:
    db = draft.writing.store.db
    mine = Act.practice == draft.practice if draft.practice is not None else Act.practice.is_null()
    previous = Act.select(Act.digest).where(mine).order_by(Act.id.desc()).limit(1).scalar() or ""
    head = digest.header(
        previous,
        draft.id,
        draft.practice,
        draft.actor,
        draft.kind,
        draft.reason,
        draft.business_date,
        count,
        total,
    )
    return digest.of_rows(db, head, draft.first_entry, draft.first_change)


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
