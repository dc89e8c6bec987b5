"""The columns and cells of a batch's payments and of its remittance's exceptions."""

from __future__ import annotations

from typing import Any

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.screens.batches import images, words
from bo_tui.screens.external.listsource import Item
from bo_tui.views.batches.payments import ExceptionRow, PaymentRow
from bo_tui.widgets.gridmodel import Column

PAYMENTS = (
    Column("kind", "Kind", 9, priority=5),
    Column("type", "Type", 5, priority=4),
    Column("number", "Number", 10, min_width=6, priority=12),
    Column("payer", "Payer", 16, grow=True, min_width=8, priority=9),
    Column("date", "Date", 10, priority=3),
    Column("amount", "Amount", 10, align="right", priority=11),
    Column("remaining", "Remaining", 10, align="right", priority=10),
    Column("shares", "Dist", 4, align="right", priority=2),
    Column("state", "State", 9, priority=8),
)
EXCEPTIONS = (
    Column("row", "Row", 5, align="right", priority=9),
    Column("account", "Acct", 8, priority=8),
    Column("reference", "Their ref", 10, min_width=6, priority=5),
    Column("date", "Date", 10, priority=3),
    Column("gross", "Gross", 10, align="right", priority=7),
    Column("net", "Net", 10, align="right", priority=4),
    Column("commission", "Comm", 9, align="right", priority=2),
    Column("reason", "Why it does not match", 20, grow=True, min_width=14, priority=6),
    Column("state", "State", 8, priority=10),
)


def item(row: PaymentRow) -> Item:
    """A payment as a row."""
    cells = (
        words.KINDS[row.kind],
        words.TYPES[row.type],
        f"{images.MARK} {row.number}" if row.attached else row.number,
        row.payer,
        dates.iso(row.date),
        shown(row.amount),
        shown(row.remaining),
        f"{row.distributions:,}",
        words.state(row),
    )
    keys: dict[str, Any] = {"entered": row.id, "amount": row.amount, "remaining": row.remaining}
    keys |= {"shares": row.distributions, "date": row.date, "number": row.number}
    return Item(row.id, cells, keys)


def exception_item(row: ExceptionRow) -> Item:
    """A row of a remittance that matched nothing."""
    cells = (
        str(row.row),
        row.account or "",
        row.client_reference or row.placement or "",
        dates.iso(row.date),
        shown(row.gross),
        shown(row.net),
        shown(row.commission),
        row.reason,
        row.state,
    )
    return Item(row.id, cells, {"row": row.row, "gross": row.gross, "net": row.net, "commission": row.commission})
