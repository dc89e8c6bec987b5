"""The columns and cells of what a payment goes to, by its kind and tab."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.batches.model import AGENCY, GUARANTOR
from bo_tui.screens.batches import words
from bo_tui.screens.external.listsource import Item
from bo_tui.views.batches.shares import ShareRow
from bo_tui.widgets.gridmodel import Column

TAB = {
    "line": "distributions", "placement": "distributions", "on_account": "distributions", "suspense": "suspense",
    "refund": "suspense", "recoup": "recoup", "misc": "misc",
}  # fmt: skip

_ACCOUNT = (
    Column("account", "Acct", 8, min_width=7, priority=8),
    Column("guarantor", "Guarantor", 14, grow=True, min_width=9, priority=7),
    Column("line", "Line", 8, min_width=7, priority=5),
    Column("dos", "DOS", 10, priority=3),
)
_STATE = Column("state", "State", 10, priority=9)
PLACEMENTS = (
    *_ACCOUNT,
    Column("gross", "Gross", 10, align="right", priority=12),
    Column("net", "Net", 10, align="right", priority=11),
    Column("commission", "Comm", 9, align="right", priority=10),
    _STATE,
)
LINES = (
    *_ACCOUNT,
    Column("where", "Goes to", 10, priority=2),
    Column("amount", "Amount", 10, align="right", priority=12),
    Column("adjusted", "Adjusted", 9, align="right", priority=6),
    Column("reasons", "Codes", 12, grow=True, min_width=8, priority=1),
    Column("roll", "Rolls to", 9, priority=4),
    _STATE,
)
GUARANTORS = tuple(one for one in LINES if one.key not in ("adjusted", "reasons", "roll"))
HELD = (
    Column("where", "Goes to", 12, priority=8),
    Column("amount", "Amount", 10, align="right", priority=12),
    Column("of", "Of entry", 8, align="right", priority=5),
    Column("account", "Acct", 8, priority=4),
    Column("line", "Line", 8, priority=3),
    Column("note", "Note", 20, grow=True, min_width=8, priority=6),
    _STATE,
)


def columns(kind: str, tab: str) -> Sequence[Column]:
    """The columns of a tab of a payment of that kind."""
    if tab != "distributions":
        return HELD
    return {AGENCY: PLACEMENTS, GUARANTOR: GUARANTORS}.get(kind, LINES)


def state(row: ShareRow) -> str:
    """pending; posted; or what became of a posted one since."""
    if row.posted is None:
        return "pending"
    if not row.reversed:
        return "posted"
    return "reversed" if row.left <= 0 else "part rev."


def item(row: ShareRow, shown_columns: Sequence[Column]) -> Item:
    """A distribution as a row of these columns."""
    cells = {
        "account": row.account or "",
        "guarantor": row.guarantor or "",
        "line": row.line or "",
        "dos": dates.iso(row.date_of_service),
        "gross": shown(row.gross),
        "net": shown(row.net),
        "commission": shown(row.commission),
        "where": words.WHERE[row.kind],
        "amount": shown(row.amount),
        "adjusted": shown(row.adjusted) if row.adjusted else "",
        "reasons": row.reasons or "",
        "roll": row.roll or "",
        "of": "" if row.of_entry is None else str(row.of_entry),
        "note": row.note or "",
        "state": state(row),
    }
    keys: dict[str, Any] = {"entered": row.id, "amount": row.amount, "adjusted": row.adjusted}
    keys |= {"gross": row.gross or 0, "net": row.net or 0, "commission": row.commission or 0, "of": row.of_entry or 0}
    return Item(row.id, tuple(cells[column.key] for column in shown_columns), keys)
