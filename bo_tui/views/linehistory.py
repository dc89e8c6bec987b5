"""What happened to one service fee line, act by act: its money and whatever else was changed on it, from the ledger."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from bo_tui import dates, money
from bo_tui.db.tables import Act, Change, Entry, Hold, Pending, ServiceLine
from bo_tui.errors import NotFound
from bo_tui.office import Office

MOST = 500  # acts; a line with more shows its newest ones


@dataclass(frozen=True, slots=True)
class Happened:
    """One act as it concerns the line: business date, the moment in UTC, who, its kind and reason, and what it did, in words."""

    act: int
    day: int
    made_at: str
    actor: str
    kind: str
    reason: str
    words: tuple[str, ...]


def history(office: Office, practice: int, line: str) -> list[Happened]:
    """The acts that touched a line (by number), the newest first; NotFound for an unknown line."""
    with office.reading():
        row = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == line))
        if row is None:
            raise NotFound(f"There is no service fee line {line}.", field="line")
        words: dict[int, list[str]] = defaultdict(list)
        _entries(row.id, words)
        _changes(row, words)
        newest = sorted(words, reverse=True)[:MOST]
        found: Any = Act.select().where(Act.id.in_(newest)).order_by(Act.id.desc())
        return [
            Happened(
                act.id, act.business_date, act.made_at, act.actor, act.kind, act.reason or "", tuple(words[act.id])
            )
            for act in found
        ]


def _entries(line: int, words: dict[int, list[str]]) -> None:
    for entry in Entry.select().where(Entry.line == line).order_by(Entry.id):
        detail = " ".join(part for part in (entry.transaction_code, entry.number, entry.note) if part)
        text = f"{entry.code} {money.shown(entry.amount)}: {entry.debit} from {entry.credit}, posted {dates.iso(entry.posted)}"
        words[entry.act].append(f"{text}; {detail}" if detail else text)


def _changes(row: Any, words: dict[int, list[str]]) -> None:
    pending: Any = Pending.select(Pending.id).where(Pending.line == row.id)
    holds: Any = Hold.select(Hold.id).where(
        (Hold.account == row.account) & (Hold.line.is_null() | (Hold.line == row.id))
    )
    mine = (
        ((Change.subject == "service_line") & (Change.subject_id == row.id))
        | ((Change.subject == "pending") & Change.subject_id.in_(pending))
        | ((Change.subject == "hold") & Change.subject_id.in_(holds))
    )
    for change in Change.select().where(mine).order_by(Change.id):
        what = "hold: " if change.subject == "hold" else ""
        before, after = change.before or "nothing", change.after or "nothing"
        words[change.act].append(f"{what}{change.field.replace('_', ' ')}: {before} -> {after}")
