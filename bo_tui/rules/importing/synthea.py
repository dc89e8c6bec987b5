"""Synthea's claims into the temporary database, as if an office had written them.

One practice; a patient is the guarantor of one account, numbered by the patient's id; a claim is a case. Within a claim, in
the order of CHARGEID, a CHARGE is a service fee line (keyed CLAIMID-CHARGEID) and what follows it is its payments and
transfers. ECHECK is the insurer's money, the rest the guarantor's. Amounts with fractions of a cent are refused, not rounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bo_tui import dates
from bo_tui.errors import NoInput
from bo_tui.formats.office import LAYOUTS
from bo_tui.rules.importing.folder import require_folder
from bo_tui.rules.importing.stage import STAGED, Stage
from bo_tui.rules.importing.synthearows import CLAIMS, NEEDED, PATIENTS, ROWS, Cells, Row, check_raw, read_raw, records
from bo_tui.rules.setup import require_practice_code

DEFAULT_PRACTICE = "SYNTHEA"
_INSURER, _COPAY = "ECHECK", "COPAY"


@dataclass
class _Line:
    """A service fee line being put together from a CHARGE and what follows it."""

    row: Any
    since: int | None = None
    payments: list[Any] = field(default_factory=list)


def stage_synthea(stage: Stage, folder: Path, practice: str | None, hold_back: bool) -> None:
    """Read the three files; `hold_back` leaves out the guarantor's payments other than COPAY. NoInput (66) when one is missing."""
    require_folder(folder)
    missing = [name for name in NEEDED if not (folder / name).exists()]
    if missing:
        raise NoInput(f"{folder} lacks {', '.join(missing)}; Synthea's output has {', '.join(NEEDED)}.")
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
    read_raw(stage, folder)
    check_raw(stage)
    if not stage.problems.total:
        stage.fill("service_lines", (_line(item, mine) for item in _lines(stage)))
        stage.fill("transactions", (one for item in _lines(stage) for one in _payments(item, mine, hold_back)))
        _name_patients()


def _row(layout: str, number: int, /, **values: Any) -> tuple[Any, ...]:
    """A staged row from named cells; the rest are the layout's defaults."""
    columns = (*LAYOUTS[layout].columns, *LAYOUTS[layout].derived)
    return (number, *(values.get(column.name, column.default) for column in columns))


def _accounts(stage: Stage, path: Path, practice: int) -> Iterator[tuple[Any, ...]]:
    for number, record in records(stage, path):
        cells = Cells(stage, path.name, number, record)
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


def _lines(stage: Stage) -> Iterator[_Line]:
    """The service fee lines, claim by claim, each with its payments and the day that made it the guarantor's."""
    line: _Line | None = None
    query: Any = Row.select().order_by(Row.claim, Row.charge, Row.row).namedtuples()
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
