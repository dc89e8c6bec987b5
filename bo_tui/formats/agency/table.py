"""The layouts `csv` and `fixed`: a row per placement, the columns of CONTRACT "Agency file" in its order.

Both are one list of columns; a new column is one more line at the end. Widths are those of docs/formats.md.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Literal

from bo_tui import dates, money, text
from bo_tui.formats.agency.row import PlacementRow, ascii_text, fitted, one_line, ssn

LINE_END = "\r\n"
Kind = Literal["text", "date", "amount"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its width in `fixed`, the value of a row in either layout, and what kind of value that is."""

    name: str
    width: int
    value: Callable[[PlacementRow], str]
    kind: Kind = "text"


_iso = lru_cache(maxsize=4096)(dates.iso)  # a file names few days, many times


def _day(name: str) -> Column:
    value = attrgetter(name)
    return Column(name, 10, lambda row: _iso(value(row)), "date")


def _amount(name: str) -> Column:
    value = attrgetter(name)
    return Column(name, 15, lambda row: money.plain(value(row)), "amount")


def _text(name: str, width: int) -> Column:
    return Column(name, width, attrgetter(name))


COLUMNS = (
    _text("client_number", 20),
    Column("placement", 12, lambda row: str(row.placement)),
    _text("account", 30),
    Column("guarantor_last", 60, lambda row: row.debtor_last),
    Column("guarantor_first", 35, lambda row: row.first),
    Column("guarantor_middle", 25, lambda row: row.middle),
    _text("address1", 50),
    _text("address2", 50),
    _text("city", 30),
    _text("state", 2),
    _text("zip", 10),
    _text("phone", 20),
    _text("phone2", 20),
    _text("email", 60),
    _day("date_of_birth"),
    Column("ssn", 11, lambda row: ssn(row.ssn, row.ssn_setting, dashes=True)),
    _text("patient_last", 60),
    _text("patient_first", 35),
    _text("relationship", 20),
    _day("date_of_service"),
    _day("responsible_since"),
    _amount("original_amount"),
    _amount("payments"),
    _amount("adjustments"),
    _amount("balance"),
    _day("last_payment_date"),
    _day("itemization_date"),
    _amount("itemization_amount"),
)
NAMES = tuple(column.name for column in COLUMNS)
RECORD = sum(column.width for column in COLUMNS)  # characters of a `fixed` record without its line end


def render_csv(rows: Iterable[PlacementRow]) -> bytes:
    """RFC 4180 in UTF-8: a header line, CRLF, quotes where needed; no text can become a spreadsheet's formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=LINE_END)
    writer.writerow(NAMES)
    writer.writerows([_cell(column, row) for column in COLUMNS] for row in rows)
    return out.getvalue().encode()


def _cell(column: Column, row: PlacementRow) -> str:
    value = column.value(row)
    if not value or column.kind != "text":
        return value
    return text.no_formula(one_line(value))


def render_fixed(rows: Iterable[PlacementRow]) -> bytes:
    """ASCII records of `RECORD` characters and CRLF, no header; text left and cut, amounts right and never cut."""
    return "".join("".join([_placed(column, row) for column in COLUMNS]) + LINE_END for row in rows).encode("ascii")


def _placed(column: Column, row: PlacementRow) -> str:
    value = column.value(row)
    if column.kind == "text" and value:
        value = ascii_text(value)
    return fitted(value, column.width, right=column.kind == "amount", name=column.name)


def parse_csv(content: bytes) -> list[list[str]]:
    """The data rows of a file that `render_csv` made."""
    return list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]


def parse_fixed(content: bytes) -> list[list[str]]:
    """The records of a file that `render_fixed` made, cut into their columns."""
    return [_cut(line) for line in content.decode("ascii").split(LINE_END) if line]


def _cut(line: str) -> list[str]:
    cells, start = [], 0
    for column in COLUMNS:
        cells.append(line[start : start + column.width].strip())
        start += column.width
    return cells
