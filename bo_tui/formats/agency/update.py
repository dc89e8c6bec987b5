"""Update files: what happened since to debt that an agency has; a row per thing that happened (docs/formats.md, Updates).

`csv` and `fixed` name the placement; TSI knows accounts only, so that a row of the layout `tsi` (6 fields) tells what became of
the account's whole balance there: one of several debts of an account taken back is a credit, the last one a cancellation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bo_tui import dates, money
from bo_tui.formats.agency import table
from bo_tui.formats.agency.row import ascii_text

RECALL = "recall"
DOWN = "adjustment_down"
UP = "adjustment_up"
PAYMENT = "payment"
PAYMENT_REVERSED = "payment_reversed"
RECORD_TYPES = (RECALL, DOWN, UP, PAYMENT, PAYMENT_REVERSED)


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One thing that happened to a placement, as layouts see it; cents and day numbers.

    `amount` is above zero, the record type says in which direction it went. `new_balance` is what the agency is to collect of
    the placement from then on, `account_balance` of all that it has of the account. `reason` is the kind of a hold, for a
    recall because of one.
    """

    record_type: str
    date: int
    amount: int
    new_balance: int
    client_number: str
    placement: int
    client_reference: str
    account: str
    guarantor: str
    reason: str
    account_balance: int


COLUMNS = (
    table.text_column("record_type", 16),
    table.day_column("date"),
    table.amount_column("amount"),
    table.amount_column("new_balance"),
    table.text_column("client_number", 20),
    table.Column("placement", 12, lambda row: str(row.placement)),
    table.text_column("client_reference", 30),
    table.text_column("account", 30),
    table.text_column("guarantor", 60),
    table.text_column("reason", 16),
)
NAMES = tuple(column.name for column in COLUMNS)
AMOUNTS = frozenset(column.name for column in COLUMNS if column.kind == "amount")
RECORD = sum(column.width for column in COLUMNS)  # characters of a `fixed` record without its line end


def render_csv(rows: Iterable[UpdateRow]) -> bytes:
    """An update file of type `csv`."""
    return table.csv_bytes(COLUMNS, rows)


def render_fixed(rows: Iterable[UpdateRow]) -> bytes:
    """An update file of type `fixed`: records of `RECORD` characters."""
    return table.fixed_bytes(COLUMNS, rows)


def parse_fixed(content: bytes) -> list[list[str]]:
    """The records of a file that `render_fixed` made, cut into their columns."""
    return table.cut(COLUMNS, content)


# --- TSI ------------------------------------------------------------------------------------------------------------


def tsi_type(row: UpdateRow) -> str:
    """TSI's transaction type: PP and PF for a payment, CR and DB for less and more to collect, CN for an account taken back.

    PT (with a thank-you letter), SS and RI belong to pre-collections and are never written here.
    """
    nothing_left = row.account_balance == 0
    if row.record_type == RECALL:
        return "CN" if nothing_left else "CR"
    if row.record_type == PAYMENT:
        return "PF" if nothing_left else "PP"
    return "CR" if row.record_type == DOWN else "DB"


TSI_FIELDS: tuple[tuple[str, Callable[[UpdateRow], str]], ...] = (
    ("CLIENT NUMBER", lambda row: row.client_number),
    ("TRANSMITTAL/REFERENCE NUMBER", lambda row: row.account),
    ("TRANSACTION TYPE", tsi_type),
    ("TRANSACTION DATE", lambda row: dates.compact(row.date, "%m%d%Y")),
    ("TRANSACTION AMOUNT", lambda row: money.plain(row.amount)),
    ("NEW BALANCE", lambda row: money.plain(row.account_balance)),
)
TSI_NAMES = tuple(name for name, _ in TSI_FIELDS)
TSI_AMOUNTS = frozenset({"TRANSACTION AMOUNT", "NEW BALANCE"})


def render_tsi(rows: Iterable[UpdateRow]) -> bytes:
    """A header line and a line for each thing that happened."""
    lines = ["|".join(TSI_NAMES)]
    lines += ["|".join(ascii_text(value(row)).replace("|", "/") for _, value in TSI_FIELDS) for row in rows]
    return "".join(line + table.LINE_END for line in lines).encode("ascii")
