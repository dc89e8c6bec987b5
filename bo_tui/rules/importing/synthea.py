"""Synthea's claims into the temporary database, as if an office had written them (issue 2 item 4).

One practice; a patient is the guarantor of one account, numbered by the patient's id; a claim is a case. Within a claim, in
the order of CHARGEID, a CHARGE is a service fee line (keyed CLAIMID-CHARGEID) and what follows it is its payments and
transfers. ECHECK is the insurer's money, the rest the guarantor's. Amounts with fractions of a cent are refused, not rounded.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peewee import IntegerField, TextField, fn

from bo_tui import dates, money
from bo_tui.db import staging
from bo_tui.db.tables import Table
from bo_tui.errors import NoInput, Problem
from bo_tui.formats.office import LAYOUTS
from bo_tui.formats.office.reading import FIELD_LIMIT, LINE_LIMIT, clip
from bo_tui.rules.importing.folder import require_folder
from bo_tui.rules.importing.stage import STAGED, Stage
from bo_tui.rules.setup import require_practice_code
from bo_tui.text import first_unsafe

DEFAULT_PRACTICE = "SYNTHEA"
PATIENTS, CLAIMS, ROWS = "patients.csv", "claims.csv", "claims_transactions.csv"
_NEEDED = {
    PATIENTS: ("Id", "BIRTHDATE", "SSN", "FIRST", "LAST", "ADDRESS", "CITY", "STATE", "ZIP"),
    CLAIMS: ("Id", "PATIENTID"),
    ROWS: (
        "ID", "CLAIMID", "CHARGEID", "PATIENTID", "TYPE", "AMOUNT", "METHOD", "FROMDATE", "PROCEDURECODE", "NOTES",
        "TRANSFERTYPE", "PAYMENTS",
    ),
}  # fmt: skip
_TYPES = ("CHARGE", "PAYMENT", "TRANSFERIN", "TRANSFEROUT", "ADJUSTMENT")
_INSURER, _COPAY = "ECHECK", "COPAY"


class _Claim(Table):
    id = TextField()
    patient = TextField()
    row = IntegerField(primary_key=True)

    class Meta:
        schema = staging.SCHEMA
        table_name = "synthea_claim"


class _Row(Table):
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


@dataclass
class _Line:
    """A service fee line being put together from a CHARGE and what follows it."""

    row: Any
    since: int | None = None
    payments: list[Any] = field(default_factory=list)


def stage_synthea(stage: Stage, folder: Path, practice: str | None, hold_back: bool) -> None:
    """Read the three files; `hold_back` leaves out the guarantor's payments other than COPAY. NoInput (66) when one is missing."""
    require_folder(folder)
    missing = [name for name in _NEEDED if not (folder / name).exists()]
    if missing:
        raise NoInput(f"{folder} lacks {', '.join(missing)}; Synthea's output has {', '.join(_NEEDED)}.")
    code = practice or DEFAULT_PRACTICE
    require_practice_code(code)
    stage.files |= {"accounts": PATIENTS, "service_lines": ROWS, "transactions": ROWS, "practices": CLAIMS}
    new = code not in stage.practices
    mine = stage.practice(code)
    if new:
        stage.given["practices"] = {"practice", "name"}
        stage.fill("practices", [_row("practices", 2, practice=mine, name=code)])
    for name in ("accounts", "service_lines", "transactions"):
        stage.given[name] = {column.name for column in LAYOUTS[name].columns}
    stage.fill("accounts", _accounts(stage, folder / PATIENTS, mine))
    _read_raw(stage, folder)
    _check_raw(stage)
    if not stage.problems.total:
        stage.fill("service_lines", (_line(item, mine) for item in _lines(stage)))
        stage.fill("transactions", (one for item in _lines(stage) for one in _payments(item, mine, hold_back)))
        _name_patients()


def _records(stage: Stage, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
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
        absent = [name for name in _NEEDED[path.name] if name not in header]
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


class _Cells:
    """One row's cells, read with refusals."""

    def __init__(self, stage: Stage, file: str, number: int, cells: dict[str, str]) -> None:
        self.good = True
        self._stage, self._file, self._number, self._cells = stage, file, number, cells

    def read(self, column: str, reader: Callable[[str], Any], empty: Any = None) -> Any:
        cell = self._cells[column].strip()
        if not cell:
            return empty
        try:
            return reader(cell)
        except ValueError as error:
            return self.refuse(column, f"{clip(cell)} {error}")

    def required(self, column: str, reader: Callable[[str], Any] = str) -> Any:
        value = self.read(column, reader)
        return self.refuse(column, "is required") if value is None and self.good else value

    def refuse(self, column: str, reason: str) -> None:
        self.good = False
        self._stage.problems.add(Problem(self._file, self._number, column, reason))


def _row(layout: str, number: int, /, **values: Any) -> tuple[Any, ...]:
    """A staged row from named cells; the rest are the layout's defaults."""
    columns = (*LAYOUTS[layout].columns, *LAYOUTS[layout].derived)
    return (number, *(values.get(column.name, column.default) for column in columns))


def _accounts(stage: Stage, path: Path, practice: int) -> Iterator[tuple[Any, ...]]:
    for number, record in _records(stage, path):
        cells = _Cells(stage, path.name, number, record)
        last, first = cells.required("LAST"), cells.read("FIRST", str)
        values = {
            "account": cells.required("Id"),
            "last": last,
            "first": first,
            "guarantor": f"{last}, {first}" if first else last,
            "date_of_birth": cells.read("BIRTHDATE", dates.parse),
            "ssn": cells.read("SSN", str),
            "address1": cells.read("ADDRESS", str),
            "city": cells.read("CITY", str),
            "state": cells.read("STATE", str),
            "zip": cells.read("ZIP", str),
        }
        if cells.good:
            yield _row("accounts", number, practice=practice, **values)


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
    for number, record in _records(stage, path):
        cells = _Cells(stage, path.name, number, record)
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


def _read_raw(stage: Stage, folder: Path) -> None:
    for model in (_Claim, _Row):
        model.create_table(safe=False)
    claims = ((r["Id"].strip(), r["PATIENTID"].strip(), number) for number, r in _records(stage, folder / CLAIMS))
    with staging.filling(stage.db):
        for done in staging.fill(stage.db, "synthea_claim", ("id", "patient", "row"), claims):
            stage.tell(f"reading {CLAIMS}", done)
        names = [str(name) for name in _Row._meta.sorted_field_names]
        for done in staging.fill(stage.db, "synthea_row", names, _raw_rows(stage, folder / ROWS)):
            stage.tell(f"reading {ROWS}", done)
        staging.index(stage.db, "synthea_claim", ("id",))
        staging.index(stage.db, "synthea_row", ("claim", "charge"))


def _check_raw(stage: Stage) -> None:
    """A row's claim is there and is its patient's; a claim begins with a CHARGE (told while lines are put together)."""
    known: Any = _Claim.select(_Claim.row).where((_Claim.id == _Row.claim) & (_Claim.patient == _Row.patient))
    rows: Any = _Row.select(_Row.row, _Row.claim).where(~fn.EXISTS(known))
    for number, claim in rows.tuples():
        reason = f"{clip(claim)} is no claim of this patient in {CLAIMS}"
        stage.problems.add(Problem(ROWS, number, "CLAIMID", reason))


def _lines(stage: Stage) -> Iterator[_Line]:
    """The service fee lines, claim by claim, each with its payments and the day that made it the guarantor's."""
    line: _Line | None = None
    query: Any = _Row.select().order_by(_Row.claim, _Row.charge, _Row.row).namedtuples()
    for row in query.iterator():
        if row.kind == "CHARGE":
            if line is not None:
                yield line
            line = _Line(row, row.day if row.party == "p" else None)
        elif line is None or line.row.claim != row.claim:
            stage.refuse("service_lines", row.row, "CHARGEID", f"{row.kind} comes before any CHARGE of its claim")
        elif row.kind == "PAYMENT":
            line.payments.append(row)
        elif row.kind == "TRANSFERIN":
            line.since = row.day if row.party == "p" else None
    if line is not None:
        yield line


def _key(line: _Line) -> str:
    return f"{line.row.claim}-{line.row.charge}"


def _line(line: _Line, practice: int) -> tuple[Any, ...]:
    row = line.row
    return _row(
        "service_lines",
        row.row,
        practice=practice,
        account=row.patient,
        line=_key(line),
        case=row.claim,
        relationship="self",
        date_of_service=row.day,
        procedure=row.procedure.strip() or None,
        description=row.note.strip() or None,
        fee=row.amount,
        responsibility="insurance" if line.since is None else "guarantor",
        responsible_since=line.since,
    )


def _payments(line: _Line, practice: int, hold_back: bool) -> Iterator[tuple[Any, ...]]:
    for row in line.payments:
        if row.amount == 0 or (hold_back and row.method not in (_INSURER, _COPAY)):
            continue
        code = "IPYMT" if row.method == _INSURER else "GPYMT"
        cells = {"id": row.id, "line": _key(line), "code": code, "amount": row.amount, "posted": row.day}
        yield _row("transactions", row.row, practice=practice, note=row.method.strip() or None, **cells)


def _name_patients() -> None:
    """The patient is the guarantor: names come from the account."""
    lines, accounts = STAGED["service_lines"], STAGED["accounts"]
    mine = (accounts.practice == lines.practice) & (accounts.account == lines.account)
    names = {
        lines.patient_last: accounts.last,
        lines.patient_first: accounts.first,
        lines.patient_date_of_birth: accounts.date_of_birth,
    }
    lines.update(names).from_(accounts).where(mine).execute()
