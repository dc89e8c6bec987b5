"""Synthea's three files as they are: cells checked, rows put where they can be taken claim by claim."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from peewee import IntegerField, TextField, fn

from bo_tui import dates, money
from bo_tui.db import staging
from bo_tui.db.tables import Table
from bo_tui.errors import Problem
from bo_tui.formats.office.reading import FIELD_LIMIT, LINE_LIMIT, clip
from bo_tui.rules.importing.stage import Stage
from bo_tui.text import first_unsafe

PATIENTS, CLAIMS, ROWS = "patients.csv", "claims.csv", "claims_transactions.csv"
NEEDED = {
    PATIENTS: ("Id", "BIRTHDATE", "SSN", "FIRST", "LAST", "ADDRESS", "CITY", "STATE", "ZIP"),
    CLAIMS: ("Id", "PATIENTID"),
    ROWS: (
        "ID", "CLAIMID", "CHARGEID", "PATIENTID", "TYPE", "AMOUNT", "METHOD", "FROMDATE", "PROCEDURECODE", "NOTES",
        "TRANSFERTYPE", "PAYMENTS",
    ),
}  # fmt: skip
_TYPES = ("CHARGE", "PAYMENT", "TRANSFERIN", "TRANSFEROUT", "ADJUSTMENT")


class Claim(Table):
    """A claim and its patient."""

    id = TextField()
    patient = TextField()
    row = IntegerField(primary_key=True)

    class Meta:
        schema = staging.SCHEMA
        table_name = "synthea_claim"


class Row(Table):
    """A row of claims_transactions.csv; `party` is its transfer type, `p` for the patient."""

    row = IntegerField(primary_key=True)
    id = TextField()
    claim = TextField()
    charge = IntegerField()
    patient = TextField()
    kind = TextField()
    amount = IntegerField()
    method = TextField()
    day = IntegerField()
    procedure = TextField()
    note = TextField()
    party = TextField()

    class Meta:
        schema = staging.SCHEMA
        table_name = "synthea_row"


def records(stage: Stage, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(row number, cells by column) of a file; rows that cannot be cut are refused, unneeded columns are passed over."""

    def refuse(row: int, column: str, reason: str) -> None:
        stage.problems.add(Problem(path.name, row, column, reason))

    if path.is_dir():
        refuse(0, "", "is a folder, not a file")
        return
    csv.field_size_limit(FIELD_LIMIT)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
        reader = csv.reader(iter(lambda: stream.readline(LINE_LIMIT), ""), strict=True)
        header, number = next(reader, []), 1
        absent = [name for name in NEEDED[path.name] if name not in header]
        for name in absent:
            refuse(1, name, "is required and not in the header")
        try:
            for number, cells in enumerate(reader if not absent else (), 2):
                bad = next((name for name, cell in zip(header, cells, strict=False) if first_unsafe(cell)), None)
                if len(cells) != len(header):
                    refuse(number, "", f"has {len(cells)} cells, the header has {len(header)}")
                elif bad is not None:
                    refuse(number, bad, "holds a control character or bytes that are not UTF-8")
                else:
                    yield number, dict(zip(header, cells, strict=True))
        except csv.Error as error:
            refuse(number + 1, "", f"is not CSV as RFC 4180 has it: {error}")


class Cells:
    """One row's cells, read with refusals."""

    def __init__(self, stage: Stage, file: str, number: int, cells: dict[str, str]) -> None:
        self.good = True
        self._stage, self._file, self._number, self._cells = stage, file, number, cells

    def read(self, column: str, reader: Callable[[str], Any], empty: Any = None) -> Any:
        """A cell that may be empty, as a reader understands it; None when it is refused."""
        cell = self._cells[column].strip()
        if not cell:
            return empty
        try:
            return reader(cell)
        except ValueError as error:
            return self.refuse(column, f"{clip(cell)} {error}")

    def required(self, column: str, reader: Callable[[str], Any] = str) -> Any:
        """A cell that must not be empty."""
        value = self.read(column, reader)
        return self.refuse(column, "is required") if value is None and self.good else value

    def refuse(self, column: str, reason: str) -> None:
        """Say what is wrong with a cell."""
        self.good = False
        self._stage.problems.add(Problem(self._file, self._number, column, reason))


def _day(cell: str) -> int:
    return dates.parse(cell[:10])


def _charge(cell: str) -> int:
    if not (cell.isascii() and cell.isdigit() and len(cell) < 10):
        raise ValueError("is not a whole number")
    return int(cell)


def _kind(cell: str) -> str:
    if cell not in _TYPES:
        raise ValueError(f"is none of {', '.join(_TYPES)}")
    return cell


def _raw_rows(stage: Stage, path: Path) -> Iterator[tuple[Any, ...]]:
    for number, record in records(stage, path):
        cells = Cells(stage, path.name, number, record)
        kind = cells.required("TYPE", _kind)
        if kind == "ADJUSTMENT":
            cells.refuse("TYPE", "ADJUSTMENT rows cannot be loaded yet")
        amount = {"CHARGE": "AMOUNT", "PAYMENT": "PAYMENTS"}.get(kind)
        cents = cells.required(amount, money.parse) if amount else 0
        if cells.good and cents < 0:
            cells.refuse(str(amount), "is below zero")
        values = (
            number, cells.required("ID"), cells.required("CLAIMID"), cells.required("CHARGEID", _charge),
            cells.required("PATIENTID"), kind, cents, record["METHOD"], cells.required("FROMDATE", _day),
            record["PROCEDURECODE"], record["NOTES"], record["TRANSFERTYPE"],
        )  # fmt: skip
        if cells.good:
            yield values


def read_raw(stage: Stage, folder: Path) -> None:
    """Put claims and their rows into tables of the temporary database, to be taken in the order of CHARGEID."""
    for model in (Claim, Row):
        model.create_table(safe=False)
    claims = ((r["Id"].strip(), r["PATIENTID"].strip(), number) for number, r in records(stage, folder / CLAIMS))
    with staging.filling(stage.db):
        for done in staging.fill(stage.db, "synthea_claim", ("id", "patient", "row"), claims):
            stage.tell(f"reading {CLAIMS}", done)
        names = [str(name) for name in Row._meta.sorted_field_names]
        for done in staging.fill(stage.db, "synthea_row", names, _raw_rows(stage, folder / ROWS)):
            stage.tell(f"reading {ROWS}", done)
        staging.index(stage.db, "synthea_claim", ("id",))
        staging.index(stage.db, "synthea_row", ("claim", "charge"))


def check_raw(stage: Stage) -> None:
    """A row's claim is there and is its patient's; a claim begins with a CHARGE (told while lines are put together)."""
    known: Any = Claim.select(Claim.row).where((Claim.id == Row.claim) & (Claim.patient == Row.patient))
    rows: Any = Row.select(Row.row, Row.claim).where(~fn.EXISTS(known))
    for number, claim in rows.tuples():
        reason = f"{clip(claim)} is no claim of this patient in {CLAIMS}"
        stage.problems.add(Problem(ROWS, number, "CLAIMID", reason))
