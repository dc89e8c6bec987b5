"""Lines that a distribution had rolled, given back to whom they were when all of it is reversed (DESIGN section 2, invariant 6).

A line goes back as it was, its aging date too, where nobody rolled it since and no agency has its debt. Where that is not so, or
only a part is reversed, it stays with whoever is responsible, and that is said with what it owes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bo_tui import dates
from bo_tui.db.tables import Change, Distribution, Entry, ServiceLine
from bo_tui.db.tables.scratch import Paying
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.batches.model import POSTED, RECOUP, Left
from bo_tui.rules.codes import RVPAY
from bo_tui.rules.external import lookups

PARTY = ("responsibility", "responsible_since", "aging_date")
SINCE, PART = "it was rolled since", "only a part is reversed"
RECOUPED = "what rolled it was recouped by its payer"


@dataclass(frozen=True, slots=True)
class Roll:
    """A line (by id) that was rolled to the party that is still responsible, and what it was before, texts by field.

    `stays` says why it cannot go back, empty where it can, as far as its own history says it.
    """

    line: int
    responsible: str
    before: Mapping[str, str | None]
    stays: str = ""


def rolls(which: Any, *, part: bool = False) -> dict[int, Roll]:
    """The lines that posted distributions (`which`) rolled to the party that still is responsible; some queries for 500 of them."""
    acts: dict[int, tuple[int, str]] = {}
    query: Any = Distribution.select(Distribution.line, fn.MAX(Distribution.act), Distribution.roll).join(
        ServiceLine, on=(ServiceLine.id == Distribution.line)
    )
    query = query.where(which & (Distribution.roll == ServiceLine.responsibility)).group_by(Distribution.line)
    for line, act, party in query.tuples():
        acts[line] = act, party
    found: dict[int, Roll] = {}
    for chunk in lookups.chunks(sorted(acts)):
        history = _history(chunk, min(acts[line][0] for line in chunk))
        others = _others(chunk, which)
        for line in chunk:
            act, party = acts[line]
            of_act: dict[str, str | None] = {}
            last = 0
            for at, field, before in history.get(line, []):
                if at == act:
                    of_act.setdefault(field, before)
                last = at if field == "responsibility" else last
            if "responsibility" in of_act:
                stays = SINCE if last != act or (line, act) in others else PART if part else ""
                found[line] = Roll(line, party, of_act, stays)
    return found


def _history(lines: Sequence[int], act: int) -> dict[int, list[tuple[int, str, str | None]]]:
    """By line: (act, field, before) of what changed its party from an act on, in the order written."""
    said = (Change.subject == "service_line") & Change.subject_id.in_(lines) & Change.field.in_(PARTY)
    query: Any = Change.select(Change.subject_id, Change.act, Change.field, Change.before).where(
        said & (Change.act >= act)
    )
    found: dict[int, list[tuple[int, str, str | None]]] = {}
    for line, *rest in query.order_by(Change.id).tuples():
        found.setdefault(line, []).append((rest[0], rest[1], rest[2]))
    return found


def _others(lines: Sequence[int], which: Any) -> set[tuple[int, int]]:
    """(line, act) where another posted distribution than these, not reversed in full, rolled the line too."""
    undone = Entry.alias("undone")
    taken: Any = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0))
    stands = taken.where((undone.parent == Entry.id) & (undone.code == RVPAY)) < Entry.amount
    rolled = Distribution.line.in_(lines) & (Distribution.state == POSTED) & Distribution.roll.is_null(False)
    mine: Any = Distribution.select(Distribution.id).where(which)
    query: Any = Distribution.select(Distribution.line, Distribution.act)
    query = query.join(Entry, JOIN.LEFT_OUTER, on=(Entry.id == Distribution.entry))
    return set(query.where(rolled & Distribution.id.not_in(mine) & (Entry.id.is_null() | stands)).tuples())


def recouped() -> tuple[Left, ...]:
    """The lines of which a posting (its temporary table) took back all of a payment that rolled them: they stay, a person decides.

    A payer recoups for many reasons, that it was never its to pay among them, so that nothing is given back by itself.
    """
    done: Any = Paying.select(Paying.of_entry).where((Paying.kind == RECOUP) & Paying.entry.is_null(False))
    if not done.where(Paying.line.is_null(False)).exists():
        return ()
    undone = Entry.alias("undone")
    taken: Any = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0))
    taken = taken.where((undone.parent == Entry.id) & (undone.code == RVPAY))
    whole = Entry.select(Entry.id).where(Entry.id.in_(done) & (Entry.amount <= taken))
    found = rolls(Distribution.entry.in_(whole) & (Distribution.state == POSTED))
    left: list[Left] = []
    for chunk in lookups.chunks(sorted(line for line, one in found.items() if not one.stays)):
        owes: Any = ServiceLine.select(ServiceLine.id, ServiceLine.number, ServiceLine.ar)
        for line, number, ar in owes.where(ServiceLine.id.in_(chunk)).order_by(ServiceLine.id).tuples():
            left.append(Left(number, responsible=found[line].responsible, balance=ar, why=RECOUPED))
    return tuple(left)


def give_back(draft: Draft, found: Sequence[Roll]) -> None:
    """Make lines what they were before they were rolled: party, since when, and the day they age from."""
    said: list[ledger.ChangeRow] = []
    for chunk in lookups.chunks(found):
        rows: Any = ServiceLine.select().where(ServiceLine.id.in_([one.line for one in chunk]))
        now = {row.id: row for row in rows}
        same: dict[tuple[Any, ...], list[int]] = {}
        for one in chunk:
            row = now[one.line]
            was = {"responsibility": row.responsibility} | {
                name: dates.iso(getattr(row, name)) or None for name in PARTY[1:]
            }
            then = was | dict(one.before)
            said += [
                ("service_line", one.line, name, was[name], then[name]) for name in PARTY if was[name] != then[name]
            ]
            same.setdefault(tuple(then[name] for name in PARTY), []).append(one.line)
        for (party, *days), lines in same.items():
            since, aging = (dates.parse(text) if text else None for text in days)
            values = {"responsibility": party, "responsible_since": since, "aging_date": aging, "act": draft.id}
            ServiceLine.update(values).where(ServiceLine.id.in_(lines)).execute()
    ledger.change_many(draft, said)
