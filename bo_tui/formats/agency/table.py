"""The layouts `csv` and `fixed`: a row per placement, the columns of CONTRACT "Agency file" in its order.

Both are one list of columns; a new column is one more line at the end. Widths are those of docs/formats.md. The update
files (`update`) have columns of their own and are written by the same functions.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any, Literal

from bo_tui import dates, money, text
from bo_tui.formats.agency.row import PlacementRow, ascii_text, fitted, one_line, ssn

LINE_END = "\r\n"
Kind = Literal["text", "date", "amount"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its width in `fixed`, the value of a row in either layout, and what kind of value that is."""

    name: str
    width: int
    value: Callable[[Any], str]  # of a PlacementRow, or of an UpdateRow
    kind: Kind = "text"


_iso = lru_cache(maxsize=4096)(dates.iso)  # a file names few days, many times


def day_column(name: str) -> Column:
    """A column that shows a day number, by the attribute of its name."""
    value = attrgetter(name)
    return Column(name, 10, lambda row: _iso(value(row)), "date")


def amount_column(name: str) -> Column:
    """A column that shows cents."""
    value = attrgetter(name)
    return Column(name, 15, lambda row: money.plain(value(row)), "amount")


def text_column(name: str, width: int) -> Column:
    """A column of so many characters that shows text."""
    return Column(name, width, attrgetter(name))


COLUMNS = (
    text_column("client_number", 20),
    Column("placement", 12, lambda row: str(row.placement)),
    text_column("account", 30),
    Column("guarantor_last", 60, lambda row: row.debtor_last),
    Column("guarantor_first", 35, lambda row: row.first),
    Column("guarantor_middle", 25, lambda row: row.middle),
    text_column("address1", 50),
    text_column("address2", 50),
    text_column("city", 30),
    text_column("state", 2),
    text_column("zip", 10),
    text_column("phone", 20),
    text_column("phone2", 20),
    text_column("email", 60),
    day_column("date_of_birth"),
    Column("ssn", 11, lambda row: ssn(row.ssn, row.ssn_setting, dashes=True)),
    text_column("patient_last", 60),
    text_column("patient_first", 35),
    text_column("relationship", 20),
    day_column("date_of_service"),
    day_column("responsible_since"),
    amount_column("original_amount"),
    amount_column("payments"),
    amount_column("adjustments"),
    amount_column("balance"),
    day_column("last_payment_date"),
    day_column("itemization_date"),
    amount_column("itemization_amount"),
)
NAMES = tuple(column.name for column in COLUMNS)
RECORD = sum(column.width for column in COLUMNS)  # characters of a `fixed` record without its line end


def render_csv(rows: Iterable[PlacementRow]) -> bytes:
    """A placement file of type `csv`."""
    return csv_bytes(COLUMNS, rows)


def render_fixed(rows: Iterable[PlacementRow]) -> bytes:
    """A placement file of type `fixed`: records of `RECORD` characters."""
    return fixed_bytes(COLUMNS, rows)


def parse_fixed(content: bytes) -> list[list[str]]:
    """The records of a file that `render_fixed` made, cut into their columns."""
    return cut(COLUMNS, content)


def csv_bytes(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """RFC 4180 in UTF-8: a header line, CRLF, quotes where needed; no text can become a spreadsheet's formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow([column.name for column in columns])
    writer.writerows([_cell(column, row) for column in columns] for row in rows)
    return out.getvalue().encode()


def _cell(column: Column, row: Any) -> str:
    value = column.value(row)
    if not value or column.kind != "text":
        return value
    return text.no_formula(one_line(value))


def fixed_bytes(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """ASCII records with CRLF, no header; text left and cut, amounts right and never cut."""
    return "".join("".join([_placed(column, row) for column in columns]) + LINE_END for row in rows).encode("ascii")


def _placed(column: Column, row: Any) -> str:
    value = column.value(row)
    if column.kind == "text" and value:
        value = ascii_text(value)
    return fitted(value, column.width, right=column.kind == "amount", name=column.name)


def parse_csv(content: bytes) -> list[list[str]]:
    """The data rows of a file that `csv_bytes` made."""
    return list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]


def cut(columns: Sequence[Column], content: bytes) -> list[list[str]]:
    """The records of a file that `fixed_bytes` made, cut into their columns."""
    return [_cut(columns, line) for line in content.decode("ascii").split(LINE_END) if line]


def _cut(columns: Sequence[Column], line: str) -> list[str]:
    cells, start = [], 0
    for column in columns:
        cells.append(line[start : start + column.width].strip())
        start += column.width
    return cells
