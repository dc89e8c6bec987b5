"""Transfer: the office takes one or several debts back to active AR as RVCOL "transferred" (DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Value, fn

from bo_tui import dates
from bo_tui.db.tables import Entry, Placement, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.codes import AR, EXT, RVCOL
from bo_tui.rules.external import lookups
from bo_tui.rules.ledger import ChangeRow

PARTIES = ("guarantor", "insurance")
NOTE = "transferred"
_WRITTEN: list[Any] = [
    Entry.id, Entry.act, Entry.practice, Entry.line, Entry.placement, Entry.parent, Entry.code, Entry.debit,
    Entry.credit, Entry.amount, Entry.posted, Entry.accounting_date, Entry.note,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Back:
    """One debt brought back: its placement, its line's number, the cents that went back to active AR."""

    placement: int
    line: str
    amount: int


@dataclass(frozen=True, slots=True)
class Transferred:
    """Debts brought back to active AR, in the order asked for; the sum in cents."""

    act: int
    amount: int
    lines: tuple[Back, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A placement to bring back, with what its line says now."""

    id: int
    act: int
    balance: int
    closed: str | None
    line: int
    number: str
    responsibility: str
    responsible_since: int | None
    aging_date: int | None
    brought_back: bool


def transfer(
    office: Office,
    placements: Sequence[int],
    responsible: str,
    re_age: bool = False,
    accounting_date: int | None = None,
    *,
    seen: Mapping[int, int] | None = None,
    practice: int | None = None,
) -> Transferred:
    """Bring the whole balances of open placements of one practice back to active AR, for the `guarantor` or `insurance`.

    The guarantor's line keeps its aging date and is marked brought back; with `re_age`, or when it was the insurer's, it
    ages from the business date, and with `re_age` the night may take it again. The insurer's has no aging date. `seen` maps
    placements to their acts.
    Raises RuleRefusal, field `placement`, `responsible` or `re_age`.
    """
    roles.require(office, "transfer")
    wanted = list(dict.fromkeys(placements))
    _refuse_call(wanted, responsible, re_age)
    owner = lookups.practice_of(office, Placement, wanted[0], "placement", "placement", practice)
    with office.act("transfer", owner, NOTE) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, office.business_date)
        found = _fetch(owner, wanted)
        for row in found:
            _refuse(row, (seen or {}).get(row.id))
        _bring_back(draft, wanted, booked)
        if responsible == "guarantor":  # the aging date first: the guarantor's line must have one
            _age(draft, found, re_age)
            _mark(draft, found, not re_age)
        _responsible(draft, found, responsible)
        if responsible == "insurance":
            _set_aging(draft, [row for row in found if row.aging_date is not None], None)
        ledger.seal(draft)
    back = tuple(Back(row.id, row.number, row.balance) for row in found)
    return Transferred(draft.id, sum(row.amount for row in back), back)


def _refuse_call(placements: Sequence[int], responsible: str, re_age: bool) -> None:
    if not placements:
        raise RuleRefusal("Choose at least one placement.", field="placement")
    if responsible not in PARTIES:
        raise RuleRefusal("The responsible party is guarantor or insurance.", field="responsible")
    if re_age and responsible != "guarantor":
        raise RuleRefusal("Only the guarantor's lines age; leave re-age out for the insurer.", field="re_age")


def _fetch(practice: int, placements: Sequence[int]) -> list[_Found]:
    found: dict[int, _Found] = {}
    for chunk in lookups.chunks(placements):
        query: Any = Placement.select(
            Placement.id,
            Placement.act,
            Placement.balance,
            Placement.closed,
            Placement.line,
            ServiceLine.number,
            ServiceLine.responsibility,
            ServiceLine.responsible_since,
            ServiceLine.aging_date,
            ServiceLine.brought_back,
        ).join(ServiceLine, on=ServiceLine.id == Placement.line)
        mine = (Placement.practice == practice) & Placement.id.in_(chunk)
        found.update((row["id"], _Found(**row)) for row in query.where(mine).dicts())
    for placement in placements:
        if placement not in found:
            raise NotFound(
                f"There is no placement {placement} in this practice; one transfer is one practice's.",
                field="placement",
            )
    return [found[placement] for placement in placements]


def _refuse(row: _Found, seen: int | None) -> None:
    if row.closed is not None or seen not in (None, row.act):
        lookups.open_placement(row.id, seen)  # says in words why not
    if row.balance == 0:
        words = f"Placement {row.id} of line {row.number} stands at zero; there is nothing to transfer."
        raise RuleRefusal(words, field="placement")


def _bring_back(draft: Draft, placements: Sequence[int], booked: int | None) -> None:
    """RVCOL of each whole balance, then the placements are closed."""
    for chunk in lookups.chunks(placements):
        first = draft.take_entry_ids(len(chunk))
        rows: Any = Placement.select(
            fn.ROW_NUMBER().over(order_by=[Placement.id]) + (first - 1),
            Value(draft.id),
            Placement.practice,
            Placement.line,
            Placement.id,
            Placement.id,
            Value(RVCOL),
            Value(AR),
            Value(EXT),
            Placement.balance,
            Value(draft.business_date),
            Value(booked),
            Value(NOTE),
        )
        ledger.write_many(draft, rows.where(Placement.id.in_(chunk)).order_by(Placement.id), _WRITTEN)
    ledger.settle(draft)
    closed = {Placement.closed: RVCOL, Placement.closed_on: draft.business_date, Placement.act: draft.id}
    for chunk in lookups.chunks(placements):
        Placement.update(closed).where(Placement.id.in_(chunk)).execute()


def _responsible(draft: Draft, found: Sequence[_Found], responsible: str) -> None:
    moved = [row for row in found if row.responsibility != responsible]
    today = dates.iso(draft.business_date)
    who: list[ChangeRow] = [
        ("service_line", row.line, "responsibility", row.responsibility, responsible) for row in moved
    ]
    since: list[ChangeRow] = [
        ("service_line", row.line, "responsible_since", dates.iso(row.responsible_since) or None, today)
        for row in moved
        if row.responsible_since != draft.business_date
    ]
    ledger.change_many(draft, who + since)
    _update(moved, {ServiceLine.responsibility: responsible, ServiceLine.responsible_since: draft.business_date})


def _age(draft: Draft, found: Sequence[_Found], re_age: bool) -> None:
    """The aging date is set by a re-age and each time the line becomes the guarantor's; nothing else changes it."""
    today = draft.business_date
    anew = [row for row in found if (re_age or row.responsibility != "guarantor") and row.aging_date != today]
    _set_aging(draft, anew, today)


def _set_aging(draft: Draft, rows: Sequence[_Found], day: int | None) -> None:
    """Give lines an aging date, or take it away: only the guarantor's lines have one, as after a roll and an import."""
    after = dates.iso(day) or None
    ledger.change_many(
        draft, [("service_line", row.line, "aging_date", dates.iso(row.aging_date) or None, after) for row in rows]
    )
    _update(rows, {ServiceLine.aging_date: day})


def _mark(draft: Draft, found: Sequence[_Found], brought_back: bool) -> None:
    moved = [row for row in found if row.brought_back != brought_back]
    before, after = ("no", "yes") if brought_back else ("yes", "no")
    ledger.change_many(draft, [("service_line", row.line, "brought_back", before, after) for row in moved])
    _update(moved, {ServiceLine.brought_back: brought_back})


def _update(found: Sequence[_Found], values: dict[Any, Any]) -> None:
    """Change lines whose act `ledger.settle` has already set: each of them has just had money moved."""
    for chunk in lookups.chunks([row.line for row in found]):
        ServiceLine.update(values).where(ServiceLine.id.in_(chunk)).execute()
