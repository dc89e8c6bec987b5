"""An agency's remittance as CSV: columns and a reader (docs/formats.md, Remittances).

Amounts are above zero; `type` says whether a row is a payment or one that bounced (`nsf`). An empty net is gross less commission,
an empty commission gross less net.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from bo_tui.formats.office import inmemory
from bo_tui.formats.office.columns import Column, amount, amount_above_zero, choice, day, text
from bo_tui.formats.office.layouts import Layout
from bo_tui.formats.office.reading import Refuse
from bo_tui.formats.office.rowrules import Row

PAYMENT, NSF = "payment", "nsf"
LONGEST = 200  # characters of a reference, which becomes a note


@dataclass(frozen=True, slots=True)
class RemitRow:
    """One row: whose debt it pays (placement, the agency's reference, or the account), the day it was collected, cents."""

    row: int
    placement: int | None
    account: str | None
    client_reference: str | None
    date: int
    gross: int
    net: int
    commission: int
    type: str
    reference: str | None

    @property
    def signed(self) -> tuple[int, int, int]:
        """Gross, net and commission, below zero for what bounced."""
        sign = -1 if self.type == NSF else 1
        return sign * self.gross, sign * self.net, sign * self.commission


def _id(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and 0 < len(cell) < 19):
        raise ValueError("is not a placement's number such as 1204")
    return int(cell)


def _reference(cell: str) -> str:
    if len(cell) > LONGEST:
        raise ValueError(f"has more than {LONGEST} characters")
    return cell


def _rule(row: Row) -> Iterator[tuple[str, str]]:
    """A row says whose debt it pays; what one of net and commission leaves out follows from the other."""
    if row["placement"] is None and row["account"] is None and row["client_reference"] is None:
        yield "placement", "neither a placement, an account nor a client_reference is given"
    if row["net"] is None:
        row["net"] = max(row["gross"] - (row["commission"] or 0), 0)
    if row["commission"] is None:
        row["commission"] = max(row["gross"] - row["net"], 0)


LAYOUT = Layout(
    "remit",
    (
        Column("placement", _id, number=True), text("account"), text("client_reference"), day("date", required=True),
        amount_above_zero("gross"), amount("net"), amount("commission"),
        choice("type", PAYMENT, NSF, default=PAYMENT), Column("reference", _reference),
    ),
    (),
    _rule,
)  # fmt: skip


def read(content: bytes, name: str, refuse: Refuse) -> Iterator[RemitRow]:
    """The good rows of a file called `name`; every other one is given to `refuse` with row, column and reason."""
    for row, values in inmemory.rows(content, LAYOUT, name, refuse):
        yield RemitRow(row, **cast(Any, values))
