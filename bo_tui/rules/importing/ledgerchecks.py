"""Debt that is already with an agency: it must be in active AR first, whole, once (DESIGN section 2; CONTRACT, placements.csv)."""

from __future__ import annotations

from typing import Any

from peewee import Case, fn

from bo_tui import money
from bo_tui.db.tables import Pending, ServiceLine
from bo_tui.formats.office.reading import clip
from bo_tui.rules.importing.specs import line_of
from bo_tui.rules.importing.stage import NEW, STAGED, Stage

_DOWN = ("IPYMT", "GPYMT", "MADJN")


def check(stage: Stage) -> None:
    """Refuse placements of more than the line's balance after its transactions, and of lines that wait for an agency."""
    if "placements" not in stage.given or stage.problems.total:
        return
    staged = STAGED["placements"]
    new = staged.fate == NEW
    left = _in_store(staged) + _fee(staged) + _moved(staged)
    query = staged.select(staged.row, staged.line, staged.amount, left.alias("rest")).where(
        new & (staged.amount > left)
    )
    stage.refuse_all("placements", "amount", query.order_by(staged.row), _too_much)
    waits = Pending.select().where((Pending.line == line_of(staged)) & Pending.outcome.is_null())
    query = staged.select(staged.row, staged.line).where(new & fn.EXISTS(waits))
    stage.refuse_all("placements", "line", query, lambda line: f"{clip(line)} is pending for an agency; deny it first")


def _too_much(line: str, amount: int, left: int) -> str:
    rest = money.plain(left)
    return f"{money.plain(amount)} is more than line {clip(line)} has in active AR after all transactions, {rest}"


def _in_store(staged: Any) -> Any:
    mine = (ServiceLine.practice == staged.practice) & (ServiceLine.number == staged.line)
    return fn.COALESCE(ServiceLine.select(ServiceLine.ar).where(mine), 0)


def _fee(staged: Any) -> Any:
    lines = STAGED["service_lines"]
    mine = (lines.practice == staged.practice) & (lines.line == staged.line) & (lines.fate == NEW)
    return fn.COALESCE(lines.select(fn.SUM(lines.fee)).where(mine), 0)


def _moved(staged: Any) -> Any:
    """What the staged transactions of a line add to it."""
    rows = STAGED["transactions"]
    mine = (rows.practice == staged.practice) & (rows.line == staged.line) & (rows.fate == NEW)
    signed = Case(None, [(rows.code.in_(_DOWN), 0 - rows.amount)], rows.amount)
    return fn.COALESCE(rows.select(fn.SUM(signed)).where(mine), 0)
