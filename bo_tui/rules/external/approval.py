"""Approval by the night: pending rows that meet every condition are posted, up to the brakes (DESIGN section 3, Approval)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.compiled import slot
from bo_tui.db.tables import Pending, ServiceLine
from bo_tui.db.tables.scratch import Posting, emptied
from bo_tui.rules.external.conditions import CONDITIONS
from bo_tui.rules.external.terms import Terms

Used = dict[int, tuple[int, int]]  # agency -> lines and cents approved so far this night


@dataclass(frozen=True)
class Chosen:
    """A chunk of approvals: the last line it looked at (None: there was none left), and the agencies that a brake stopped."""

    last: int | None
    braked: set[int]


def choose(terms: Terms, after: int, used: Used, stopped: set[int], size: int) -> Chosen:
    """Fill the posting table with the next so many approvable rows beyond line `after`, in line order, less what brakes stop.

    Per assignment the first row that would pass a brake ends the night's approvals: what would pass stays pending.
    """
    emptied(Posting)
    name = ("approve", size, *sorted(stopped))
    terms.once(name, lambda: _next_rows(terms, stopped, size)).run(after=after)
    last = Posting.select(fn.MAX(Posting.line)).scalar()
    braked = {agency for agency in _braked(terms) if _brake(terms, agency, used.get(agency, (0, 0)))}
    if braked:
        _renumber()
    return Chosen(last, braked)


def _next_rows(terms: Terms, stopped: set[int], size: int) -> Any:
    waiting = _approvable(terms, slot("after"), stopped).select(
        Pending.id.alias("pending"), Pending.account, Pending.line, Pending.agency, ServiceLine.ar
    )
    chunk = waiting.order_by(Pending.line).limit(size).alias("chunk")  # a window function would look at all that waits
    columns = (chunk.c.pending, chunk.c.account, chunk.c.line, chunk.c.agency, chunk.c.ar)
    rows = Posting.select(fn.ROW_NUMBER().over(order_by=[chunk.c.line]), *columns).from_(chunk)
    fields = [Posting.seq, Posting.pending, Posting.account, Posting.line, Posting.agency, Posting.amount]
    return Posting.insert_from(rows, fields)


def _renumber() -> None:
    """Close the gaps that brakes left in the posting table."""
    Posting.update(seq=0 - Posting.seq).execute()
    place = Posting.select(
        Posting.pending.alias("pending"), fn.ROW_NUMBER().over(order_by=[Posting.line]).alias("place")
    )
    ranked = place.alias("ranked")
    Posting.update(seq=ranked.c.place).from_(ranked).where(Posting.pending == ranked.c.pending).execute()


def approved() -> Used:
    """Lines and cents in the posting table by agency."""
    rows = Posting.select(Posting.agency, fn.COUNT(Posting.seq), fn.SUM(Posting.amount)).group_by(Posting.agency)
    return {agency: (count, amount) for agency, count, amount in rows.tuples()}


def _braked(terms: Terms) -> list[int]:
    return [a.agency for a in terms.assignments if a.max_lines is not None or a.max_amount is not None]


def _brake(terms: Terms, agency: int, used: tuple[int, int]) -> bool:
    """Drop from the posting table what an assignment's brakes do not allow; whether anything was dropped."""
    (assignment,) = (a for a in terms.assignments if a.agency == agency)
    order = [Posting.line]
    running = Posting.select(
        Posting.seq,
        fn.COUNT(Posting.seq).over(order_by=order).alias("lines"),
        fn.SUM(Posting.amount).over(order_by=order).alias("cents"),
    ).where(Posting.agency == agency)
    sums = running.alias("running")
    too_much: Any = None
    if assignment.max_lines is not None:
        too_much = sums.c.lines > assignment.max_lines - used[0]
    if assignment.max_amount is not None:
        over = sums.c.cents > assignment.max_amount - used[1]
        too_much = over if too_much is None else too_much | over
    beyond = Posting.select(sums.c.seq).from_(sums).where(too_much)
    return bool(Posting.delete().where(Posting.seq.in_(beyond)).execute())


def _approvable(terms: Terms, after: Any, stopped: set[int]) -> Any:
    """Open pending rows beyond a line that meet every condition, less those of agencies that a brake stopped."""
    met = (
        (
            Pending.practice + 0 == terms.practice.id
        )  # not by the practice's index: line order comes from that of open rows
        & Pending.outcome.is_null()
        & (Pending.line > after)
    )
    if stopped:
        met &= Pending.agency.not_in(sorted(stopped))
    for condition in CONDITIONS:
        met &= condition.passes(terms)
    # `+ 0`: pending rows first, by their index in line order, and only as far as the chunk goes; otherwise SQLite takes the
    # bound on the line for the lines' own, looks at every line behind it in each chunk, and sorts what it finds.
    return Pending.select(Pending.id).join(ServiceLine, on=(ServiceLine.id == Pending.line + 0)).where(met)
