"""Taking lines out of the queue for the next Start file by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.db.tables import PrecollectTask, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.precollect import gate
from bo_tui.rules.precollect.selection import FIELD, QUEUED


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Lines (by number) taken out of the queue, and the cents that they were queued with."""

    act: int
    lines: tuple[str, ...]
    amount: int


def cancel(
    office: Office, practice: int, lines: Sequence[str], reason: str, *, seen: Mapping[str, int] | None = None
) -> Cancelled:
    """Take queued lines (by number) out of the queue, with a compulsory reason; a later night may queue them again.

    To keep an account out for good, suspend it. `seen` maps a line's number to its task's act. Raises Conflict, and RuleRefusal,
    field `practice`, `reason` or `line`.
    """
    roles.require(office, gate.ACTION)
    reason = lookups.required(reason, "reason", "A reason")
    with office.act("precollect_unqueue", practice, reason) as draft:
        gate.the_practice(practice)
        tasks = _tasks(practice, lines, seen or {})
        cancel_within(draft, list(tasks.values()), reason)
        ledger.seal(draft)
    return Cancelled(draft.id, tuple(tasks), sum(task.amount for task in tasks.values()))


def cancel_within(draft: Draft, tasks: Sequence[PrecollectTask], reason: str) -> None:
    """As `cancel`, of open tasks, within an act that the caller seals."""
    ended = {"outcome": "cancelled", "resolved": draft.business_date, "reason": reason, "act": draft.id}
    for chunk in lookups.chunks([task.id for task in tasks]):
        PrecollectTask.update(ended).where(PrecollectTask.id.in_(chunk)).execute()
    ledger.change_many(draft, [("service_line", task.line, FIELD, QUEUED, "cancelled") for task in tasks])


def _tasks(practice: int, numbers: Sequence[str], seen: Mapping[str, int]) -> dict[str, PrecollectTask]:
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise RuleRefusal("Choose at least one service fee line.", field="line")
    found: dict[str, Any] = {}
    for chunk in lookups.chunks(wanted):
        query: Any = PrecollectTask.select(PrecollectTask, ServiceLine.number.alias("number"))
        query = query.join(ServiceLine, on=(ServiceLine.id == PrecollectTask.line)).objects()
        mine = (PrecollectTask.practice == practice) & PrecollectTask.outcome.is_null()
        found.update((task.number, task) for task in query.where(mine & ServiceLine.number.in_(chunk)))
    for number in wanted:
        if number not in found:
            raise RuleRefusal(f"Line {number} is not queued for pre-collections.", field="line")
        state = f"is queued since {dates.iso(found[number].queued)}"
        lookups.unchanged(seen.get(number), found[number].act, f"The queued line {number}", state)
    return {number: found[number] for number in wanted}
