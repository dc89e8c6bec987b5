"""What an import did, or in a dry run would do: rows and cents, counted in the temporary database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from peewee import fn

from bo_tui.rules.importing.stage import CHANGED, NEW, SAME, STAGED, Stage

_AMOUNTS = {"service_lines": "fee", "transactions": "amount", "placements": "amount", "precollections": "amount"}


@dataclass(frozen=True, slots=True)
class FileCount:
    """One file: rows read, new, changed, skipped as unchanged, left out as another practice's; cents of the new ones."""

    file: str
    rows: int
    loaded: int
    changed: int
    skipped: int
    left_out: int
    amount: int | None


@dataclass(frozen=True, slots=True)
class Summary:
    """An import's result. `money`: code -> (entries, cents) of the new transactions. Nothing was written when `dry_run`."""

    dry_run: bool
    files: list[FileCount]
    money: dict[str, tuple[int, int]] = field(default_factory=dict)


def summarize(stage: Stage, dry_run: bool) -> Summary:
    """Count the staged rows; to be asked before loading."""
    return Summary(dry_run, [_count(stage, name) for name in stage.given], _money(stage))


def _count(stage: Stage, name: str) -> FileCount:
    staged = STAGED[name]
    counts = dict(staged.select(staged.fate, fn.COUNT(staged.row)).group_by(staged.fate).tuples())
    out = stage.left_out.get(name, 0)
    amount = None
    if name in _AMOUNTS:
        column = getattr(staged, _AMOUNTS[name])
        amount = staged.select(fn.SUM(column)).where(staged.fate == NEW).scalar() or 0
    new, changed, same = (counts.get(fate, 0) for fate in (NEW, CHANGED, SAME))
    return FileCount(f"{name}.csv", new + changed + same + out, new, changed, same, out, amount)


def _money(stage: Stage) -> dict[str, tuple[int, int]]:
    if "transactions" not in stage.given:
        return {}
    staged = STAGED["transactions"]
    sums: Any = staged.select(staged.code, fn.COUNT(staged.row), fn.SUM(staged.amount)).where(staged.fate == NEW)
    return {code: (count, cents) for code, count, cents in sums.group_by(staged.code).order_by(staged.code).tuples()}
