"""The whole reversal of payments on lines: what is left of each, its commission, its adjustments, to where the debt is now.

The same entries as one by one (`external.reverse`), written by a few statements for each 500 payments, so that an agency's check
of thousands of lines is taken back in seconds (DESIGN section 2, money that moves after the debt has moved).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import fn

from bo_tui.db.bulk import insert_rows
from bo_tui.db.tables import Entry, Placement, ServiceLine
from bo_tui.errors import Defect
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.batches import rollback
from bo_tui.rules.batches.model import Left
from bo_tui.rules.codes import (
    ACTIVITY,
    ADJUSTMENT,
    AGTFR,
    AR,
    CASH,
    ECOMM,
    EXCOL,
    EXT,
    EXT_TRANSIT,
    MADJN,
    MADJP,
    ON_ACCOUNT,
    RVCOL,
    RVCOMM,
    RVPAY,
)
from bo_tui.rules.external import lookups

_FIELDS: list[Any] = [
    Entry.id, Entry.act, Entry.practice, Entry.posted, Entry.accounting_date, Entry.note, Entry.code, Entry.debit,
    Entry.credit, Entry.amount, Entry.line, Entry.placement, Entry.parent, Entry.payment, Entry.account, Entry.number,
    Entry.transaction_code,
]  # fmt: skip


@dataclass(slots=True)
class _Now:
    """Where the debt of some lines is, what hangs below their payments, and whose the lines are."""

    placed: dict[int, Any] = field(default_factory=dict)  # line -> its open placement
    first: dict[int, int] = field(default_factory=dict)  # open placement -> the one with which the debt left active AR
    below: dict[int, list[tuple[Entry, int]]] = field(
        default_factory=dict
    )  # payment -> ECOMM and MADJN, and what is left
    accounts: dict[int, int] = field(default_factory=dict)  # line -> its account


@dataclass(slots=True)
class Undoing:
    """One whole reversal: the act, why, when it is booked, and the book that keeps the money instead of the payer, if one does."""

    draft: Draft | None  # None: nothing is written, it is only planned
    reason: str
    booked: int | None
    keep: str | None = None
    stays: dict[int, int] = field(default_factory=dict)  # line -> cents of adjustments that stay

    def undo(self, originals: Sequence[tuple[Entry, int]]) -> int:
        """Reverse payments of lines with the cents that are left of each (above zero); the cents. The caller seals."""
        draft = self._to_write()
        for chunk in lookups.chunks(originals):
            self._write(draft, self.planned(chunk))
        ledger.settle(draft)
        return sum(cents for _, cents in originals)

    def planned(self, originals: Sequence[tuple[Entry, int]]) -> list[tuple[Any, ...]]:
        """The entries that `undo` writes, without writing them."""
        rows: list[tuple[Any, ...]] = []
        for chunk in lookups.chunks(originals):
            now = _look([original for original, _ in chunk])
            rows += [row for original, cents in chunk for row in self._entries(now, original, cents)]
        return rows

    def _to_write(self) -> Draft:
        if self.draft is None:
            raise Defect("What is only planned cannot be written.")
        return self.draft

    def _entries(self, now: _Now, original: Entry, cents: int) -> Iterable[tuple[Any, ...]]:
        """(code, debit, credit, cents, line, placement, parent, payment, account, number, transaction code) of a reversal."""
        line, tree, payment = original.line, original.placement, original.payment
        whose = original.account if self.keep != ON_ACCOUNT else now.accounts[line]
        paid_by = original.debit if self.keep is None else self.keep
        yield RVPAY, original.credit, paid_by, cents, line, tree, original.id, payment, whose, original.number, None
        below = now.below.get(original.id, [])
        for row, left in below:
            if row.code == ECOMM:
                bore = self.keep if self.keep is not None and row.credit == CASH else row.credit
                yield RVCOMM, bore, row.debit, left, line, row.placement, row.id, payment, whose, None, None
        open_one = now.placed.get(line)
        here = None if open_one is None else open_one.id
        follow = (cents, line)
        if tree is None and here is not None and original.id < now.first[here]:
            yield EXCOL, EXT, AR, *follow, here, here, payment, None, None, None
        elif tree is not None and here is None:
            yield RVCOL, AR, EXT, *follow, tree, tree, payment, None, None, None
        elif tree is not None and here != tree:
            yield AGTFR, EXT_TRANSIT, EXT, *follow, tree, tree, payment, None, None, None
            yield EXCOL, EXT, EXT_TRANSIT, *follow, here, here, payment, None, None, None
        yield from self._up(now, [(row, left) for row, left in below if row.code == MADJN])

    def _up(self, now: _Now, down: Iterable[tuple[Entry, int]]) -> Iterable[tuple[Any, ...]]:
        """Adjustments back up, unless an agency has the debt: its balance is the agency's, and an operator's to adjust."""
        for row, left in down:
            if row.line in now.placed:
                self.stays[row.line] = self.stays.get(row.line, 0) + left
                continue
            yield MADJP, AR, ADJUSTMENT, left, row.line, None, row.id, row.payment, None, None, row.transaction_code

    def undo_adjustments(self, payment: int, besides: set[int]) -> int:
        """Reverse what a payment's reason codes adjusted without a payment of the line's (`besides`: those undone); the cents."""
        draft, rows = self._to_write(), self.planned_adjustments(payment, besides)
        for chunk in lookups.chunks(rows):
            self._write(draft, chunk)
        ledger.settle(draft)
        return sum(row[3] for row in rows)

    def planned_adjustments(self, payment: int, besides: set[int]) -> list[tuple[Any, ...]]:
        """The entries that `undo_adjustments` writes, without writing them."""
        loose: Any = _resting(Entry.select(), (Entry.payment == payment) & (Entry.code == MADJN))
        found = [(row, row.rest) for row in loose.order_by(Entry.id) if row.parent not in besides]
        rows: list[tuple[Any, ...]] = []
        for chunk in lookups.chunks(found):
            rows += self._up(_look([row for row, _ in chunk]), chunk)
        return rows

    def finish(self, which: Any, planned: Sequence[tuple[Any, ...]] = (), *, part: bool = False) -> tuple[Left, ...]:
        """Give lines back to whom posted distributions (`which`) had rolled them from; what became of them, what is to be decided.

        `planned`: the entries that nobody wrote, where it is only planned. Of a `part` every line stays where it is.
        """
        rolled = rollback.rolls(which, part=part)
        comes = _comes(planned)
        found: list[Left] = []
        back: list[rollback.Roll] = []
        for chunk in lookups.chunks(sorted({*self.stays, *rolled})):
            placed = _open(chunk)
            for row in ServiceLine.select().where(ServiceLine.id.in_(chunk)).order_by(ServiceLine.id):
                one, debt = rolled.get(row.id), placed.get(row.id)
                owes = row.ar + (0 if debt is None else debt.balance) + comes.get(row.id, 0)
                agency = None if debt is None else debt.agency_name
                stays = self.stays.get(row.id, 0)
                if one is None or debt is not None or one.stays:
                    responsible, why = (None, "") if one is None else (one.responsible, one.stays)
                    found.append(Left(row.number, stays, agency, responsible, owes, why))
                else:
                    back.append(one)
                    found.append(Left(row.number, stays, agency, balance=owes, again=one.before["responsibility"]))
        if self.draft is not None:
            rollback.give_back(self.draft, back)
        return tuple(sorted(found, key=lambda one: one.again is not None))  # what stays is told first

    def _write(self, draft: Draft, rows: Sequence[tuple[Any, ...]]) -> None:
        for code, debit, credit, cents, *_ in rows:
            if cents <= 0 or (debit, credit) not in ACTIVITY[code].moves:
                raise Defect(f"{code} cannot move {cents} from {credit} to {debit}.")
        if not rows:
            return
        first = draft.take_entry_ids(len(rows))
        act = (draft.id, draft.practice, draft.business_date, self.booked, self.reason)
        numbered = ((first + place, *act, *row) for place, row in enumerate(rows))
        insert_rows(draft.writing.store.db, _FIELDS, numbered)


def _look(originals: Sequence[Entry]) -> _Now:
    """What the reversal of at most 500 payments has to know, by a few queries."""
    now, lines = _Now(), sorted({row.line for row in originals})
    accounts: Any = ServiceLine.select(ServiceLine.id, ServiceLine.account).where(ServiceLine.id.in_(lines))
    now.accounts = dict(accounts.tuples())
    now.placed = _open(lines)
    now.first = _first(list(now.placed.values()))
    mine = Entry.parent.in_([row.id for row in originals]) & Entry.code.in_((ECOMM, MADJN))
    for row in _resting(Entry.select(), mine).order_by(Entry.id):
        now.below.setdefault(row.parent, []).append((row, row.rest))
    return now


def _resting(query: Any, which: Any) -> Any:
    """Commissions and adjustments of which something is left, as `rest`."""
    undone = Entry.alias("undone")
    taken: Any = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0))
    taken = taken.where((undone.parent == Entry.id) & undone.code.in_((RVCOMM, MADJP)))
    return query.select_extend((Entry.amount - taken).alias("rest")).where(which & (Entry.amount > taken))


def _open(lines: Sequence[int]) -> dict[int, Any]:
    query: Any = Placement.select().where(Placement.line.in_(lines) & Placement.closed.is_null())
    return {row.line: row for row in query}


def _comes(rows: Sequence[tuple[Any, ...]]) -> dict[int, int]:
    """By line: the cents that entries not written yet add to what it owes, wherever its debt is."""
    found: dict[int, int] = {}
    for code, _, _, cents, line, *_ in rows:
        if code in (RVPAY, MADJP):
            found[line] = found.get(line, 0) + cents
    return found


def _first(placed: Sequence[Any]) -> dict[int, int]:
    """For each open placement the one with which the debt left active AR, step by step for all of them at once."""
    first = {row.id: row.id for row in placed}
    came = {row.id: row.came_from for row in placed if row.came_from is not None}
    while came:
        first.update(came)
        query: Any = Placement.select(Placement.id, Placement.came_from).where(Placement.id.in_(sorted(came.values())))
        before = dict(query.tuples())
        came = {here: before[earlier] for here, earlier in came.items() if before[earlier] is not None}
    return first
