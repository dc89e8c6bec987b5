"""Files for TSI's pre-collections service: Start (a placement, 33 fields), Stop (an update, 6 fields), and both as CSV.

The Start layout is that of external collections (`formats.agency.tsi`) with the service type of the fixed-fee letters; file
names and fields are those of docs/formats.md. The same rows in the same order give the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bo_tui import dates, money
from bo_tui.formats.agency import tsi
from bo_tui.formats.agency.row import PlacementRow, piped
from bo_tui.text import no_formula

START, STOP = "start", "stop"
STEMS = {START: "TsiPlacements", STOP: "TsiUpdates"}
LETTERS = "1"  # SERVICETYPE: Accelerator or Profit Recovery, the fixed-fee letters
EXPORT_NAMES = {START: "start_file_export", STOP: "stop_file_export"}

START_FIELDS = tuple(
    (name, (lambda _account: LETTERS) if name == "SERVICETYPE" else value) for name, value in tsi.FIELDS
)


@dataclass(frozen=True, slots=True)
class StopRecord:
    """One thing that TSI is told of an account: `type` is TSI's own (PP, PF, ...), `balance` what is left, in cents."""

    client_number: str
    account: str
    type: str
    date: int
    amount: int
    balance: int


STOP_FIELDS: tuple[tuple[str, Callable[[StopRecord], str]], ...] = (
    ("CLIENT NUMBER", lambda row: row.client_number),
    ("TRANSMITTAL/REFERENCE NUMBER", lambda row: row.account),  # never cut: it would name somebody else
    ("TRANSACTION TYPE", lambda row: row.type),
    ("TRANSACTION DATE", lambda row: dates.compact(row.date, "%m%d%Y")),
    ("TRANSACTION AMOUNT", lambda row: money.plain(row.amount)),
    ("NEW BALANCE", lambda row: money.plain(row.balance)),
)
COLUMNS = {START: tuple(name for name, _ in START_FIELDS), STOP: tuple(name for name, _ in STOP_FIELDS)}
AMOUNTS = {START: frozenset({"AMOUNT DUE"}), STOP: frozenset({"TRANSACTION AMOUNT", "NEW BALANCE"})}
SECRET = frozenset({"DEBTOR SSN", "PATIENTSSN"})  # shown masked, never whole


def render_start(rows: Iterable[PlacementRow]) -> bytes:
    """A header line and a line per account, the sum of its lines, in the order in which accounts first appear."""
    lines = [[value(account) for _, value in START_FIELDS] for account in tsi.accounts(rows)]
    return _piped(COLUMNS[START], lines)


def render_stop(rows: Iterable[StopRecord]) -> bytes:
    """A header line and a line for each thing that TSI is told."""
    return _piped(COLUMNS[STOP], [[value(row) for _, value in STOP_FIELDS] for row in rows])


def parse(content: bytes) -> list[list[str]]:
    """The data lines of a file that was rendered here, cut into their fields."""
    return tsi.parse_tsi(content)


def as_csv(kind: str, content: bytes) -> bytes:
    """A Start or Stop file as CSV: UTF-8, CRLF, a header row, nothing that a spreadsheet would take for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=tsi.LINE_END)
    writer.writerow(COLUMNS[kind])
    writer.writerows([no_formula(cell) for cell in row] for row in parse(content))
    return out.getvalue().encode()


def file_name(kind: str, day: int, sequence: int) -> str:
    """`TsiPlacements_20261120000001.txt`: from the business date and the sequence (docs/formats.md)."""
    return f"{STEMS[kind]}_{dates.compact(day)}{sequence:06d}.txt"


def export_name(kind: str, day: int, time: str) -> str:
    """`start_file_export_20261120_143005.csv`; `time` is the clock's, six digits, given by who asks."""
    return f"{EXPORT_NAMES[kind]}_{dates.compact(day)}_{time}.csv"


def _piped(header: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    lines = ["|".join(header)]
    lines += [piped(row) for row in rows]
    return "".join(line + tsi.LINE_END for line in lines).encode("ascii")
