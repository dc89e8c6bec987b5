"""Ext. Transfer: a collection task ends because its account's lines are queued for an agency (domain, 2.2 and section 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bo_tui.office import Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.collections import tasks
from bo_tui.rules.external import pending
from bo_tui.rules.external.pending import Added

SOURCE = "task"  # where Pending says that these rows come from


def transfer(
    office: Office,
    practice: int,
    task: int,
    lines: Sequence[str],
    agency: str,
    *,
    seen: Mapping[str, int] | None = None,
    seen_task: int | None = None,
) -> Added:
    """Queue lines (by number) for an agency (by name) and close the task, in one act.

    `seen` are the lines' acts, `seen_task` the task's. Raises what `pending.add` raises, and RuleRefusal, field `task`.
    """
    roles.require(office, "task")
    roles.require(office, "add")
    with office.act("task_transfer", practice, f"queued for {agency}") as draft:
        row = tasks.open_one(practice, task, seen_task)
        done = pending.queue(draft, practice, lines, agency, source=SOURCE, seen=seen)
        tasks.end(draft, row)
        ledger.settle(draft)
        ledger.seal(draft)
    return Added(draft.id, sum(one.amount for one in done), done)
