"""Automatic reassignment: placements move on to an agency with a higher age threshold (DESIGN section 3, seed 001)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import SQL, Case, Value, fn

from bo_tui.db.tables import Agency, Entry, Placement, ServiceLine
from bo_tui.db.tables.scratch import Moving, emptied
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.codes import AGTFR, EXCOL, EXT, EXT_TRANSIT
from bo_tui.rules.external.holds import in_force
from bo_tui.rules.external.posting import PLACED, POSTED
from bo_tui.rules.external.terms import Terms


@dataclass(frozen=True)
class Moved:
    """How many placements moved, their cents, and the last placement looked at (None: there were none left)."""

    count: int
    amount: int
    last: int | None


def choose(terms: Terms, after: int, size: int) -> int | None:
    """Fill the moving table with the next placements beyond `after` that must move; returns the last one's id or None."""
    emptied(Moving)
    if not terms.rules.auto_reassign or not terms.matches:
        return None
    better = _better(terms)
    open_ones = (
        (Placement.practice == terms.practice.id)
        & (Placement.id > after)
        & Placement.closed.is_null()
        & (Placement.balance > 0)
        & (Placement.pinned == SQL("0"))
    )
    found = (
        Placement.select(Placement.id.alias("placement"), Placement.line, better.alias("better"), Placement.balance)
        .join(ServiceLine, on=(ServiceLine.id == Placement.line))
        .where(open_ones & better.is_null(False) & ~in_force(Placement.account, Placement.line, terms.day))
    )
    chunk = found.order_by(Placement.id).limit(size).alias("chunk")  # a window function would look at all that is open
    columns = (chunk.c.placement, chunk.c.line, chunk.c.better, chunk.c.balance)
    rows = Moving.select(fn.ROW_NUMBER().over(order_by=[chunk.c.placement]), *columns).from_(chunk)
    fields = [Moving.seq, Moving.placement, Moving.line, Moving.agency, Moving.amount]
    Moving.insert_from(rows, fields).execute()
    return Moving.select(fn.MAX(Moving.placement)).scalar()


def _better(terms: Terms) -> Any:
    """The agency that balance and age would choose now, where its age threshold is above that of the agency that has the debt."""
    threshold = Case(Placement.agency, [(match.agency, match.age) for match in terms.matches], -1)
    arms = []
    for match in terms.matches:
        meets = (Placement.balance > match.balance) & (ServiceLine.aging_date < terms.day - match.age)
        arms.append((meets, Case(None, [(threshold < match.age, match.agency)], None)))
    return Case(None, arms, None)


def move(draft: Draft, accounting_date: int | None) -> tuple[int, int]:
    """Move what stands in the moving table: AGTFR under the old EXCOL and a new EXCOL, two entries a placement.

    Returns count and cents. The new placement is in no file yet and knows where it came from.
    """
    count, amount = Moving.select(fn.COUNT(Moving.seq), fn.SUM(Moving.amount)).tuples()[0]
    if not count:
        return 0, 0
    first = draft.take_entry_ids(2 * count)
    away, new = Moving.seq + (first - 1), Moving.seq + (first + count - 1)
    _write(draft, AGTFR, (EXT_TRANSIT, EXT), away, Moving.placement, Moving.placement, accounting_date)
    _write(draft, EXCOL, (EXT, EXT_TRANSIT), new, new, SQL("NULL"), accounting_date)
    closing = Moving.select(Moving.placement)
    ledger.settle(draft)
    Placement.update(closed=AGTFR, closed_on=draft.business_date, act=draft.id).where(
        Placement.id.in_(closing)
    ).execute()
    _place(draft, new)
    return count, amount


def _write(
    draft: Draft,
    code: str,
    books: tuple[str, str],
    number: Any,
    placement: Any,
    parent: Any,
    accounting_date: int | None,
) -> None:
    rows = Moving.select(
        number,
        Value(draft.id),
        Value(draft.practice),
        Moving.line,
        placement,
        Value(code),
        Value(books[0]),
        Value(books[1]),
        Moving.amount,
        Value(draft.business_date),
        Value(accounting_date),
        parent,
    ).order_by(Moving.seq)
    ledger.write_many(draft, rows, [*POSTED, Entry.parent])


def _place(draft: Draft, number: Any) -> None:
    rows = (
        Moving.select(
            number,
            Placement.practice,
            Placement.account,
            Placement.line,
            Moving.agency,
            Moving.amount,
            Moving.amount,
            Value(draft.business_date),
            Moving.placement,
            SQL("0"),
            Placement.guarantor,
            Placement.account_number,
            Agency.name,
            Placement.description,
            Placement.date_of_service,
            Value(draft.id),
        )
        .join(Placement, on=(Placement.id == Moving.placement))
        .join(Agency, on=(Agency.id == Moving.agency))
        .order_by(Moving.seq)
    )
    Placement.insert_from(rows, PLACED).execute()
    _name_agencies(draft, number)


def _name_agencies(draft: Draft, number: Any) -> None:
    """Record from whom to whom each debt went: entries name no agency, and the act's digest should say it."""
    rows = (
        Moving.select(Value(draft.id), Value("placement"), number, Value("agency"), Placement.agency_name, Agency.name)
        .join(Placement, on=(Placement.id == Moving.placement))
        .join(Agency, on=(Agency.id == Moving.agency))
        .order_by(Moving.seq)
    )
    ledger.change_from(draft, rows)
