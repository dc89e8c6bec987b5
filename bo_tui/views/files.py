"""The Files tab: a practice's agency files by keyset paging, and what is inside one."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db import outbox
from bo_tui.db.tables import Agency, AgencyFile
from bo_tui.errors import NotFound
from bo_tui.formats import agency as formats
from bo_tui.office import Office

Key = tuple[Any, int]  # a row's value of the sort column, and its id


@dataclass(frozen=True, slots=True)
class FileRow:
    """One agency file; dates are day numbers, amounts cents. `path` and `sha256` are None for `earlier`."""

    id: int
    agency: str
    kind: str
    sequence: int
    created: int
    accounts: int
    lines: int
    total: int
    state: str
    sent: int | None
    acknowledged: int | None
    acknowledged_accounts: int | None
    acknowledged_amount: int | None
    file_type: str
    path: str | None
    sha256: str | None
    written: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file says, as text cells in the order of `columns`; `amounts` are the indices of the columns that hold amounts."""

    columns: tuple[str, ...]
    amounts: frozenset[int]
    rows: list[list[str]]
    total_rows: int


SORTS: dict[str, Any] = {
    "file": AgencyFile.id,
    "agency": Agency.name,
    "created": AgencyFile.business_date,
    "accounts": AgencyFile.accounts,
    "lines": AgencyFile.count,
    "balance": AgencyFile.total,
    "state": AgencyFile.state,
    "acknowledged": fn.COALESCE(AgencyFile.acknowledged, 0),
}
_COLUMNS = (
    AgencyFile.id, Agency.name, AgencyFile.kind, AgencyFile.sequence, AgencyFile.business_date, AgencyFile.accounts,
    AgencyFile.count, AgencyFile.total, AgencyFile.state, AgencyFile.sent, AgencyFile.acknowledged,
    AgencyFile.acknowledged_accounts, AgencyFile.acknowledged_amount, AgencyFile.file_type, AgencyFile.path,
    AgencyFile.sha256, AgencyFile.written_at.is_null(False),
)  # fmt: skip


def page(
    office: Office,
    practice_id: int,
    sort: tuple[str, bool],
    after: Key | None,
    count: int,
    backward: bool = False,
    prefix: str = "",
) -> list[tuple[Key, FileRow]]:
    """Up to `count` files next to the key `after`, in the order shown, each with its own key.

    `sort` is a name of SORTS and whether it descends; the id breaks ties in the same direction. With `after` None the page
    is the first, or backward the last. `prefix` keeps the files of agencies whose names begin with it.
    """
    name, descending = sort
    column = SORTS[name]
    falling = descending != backward
    query = _of(practice_id, prefix)
    if after is not None:
        query = query.where(_beyond(column, after, falling))
    order = (column.desc(), AgencyFile.id.desc()) if falling else (column.asc(), AgencyFile.id.asc())
    with office.reading():
        found = [_row(values) for values in query.order_by(*order).limit(count).tuples()]
    keyed = [((_key(name, row), row.id), row) for row in found]
    return keyed[::-1] if backward else keyed


def at(
    office: Office, practice_id: int, file_id: int, sort: str = "file", prefix: str = ""
) -> tuple[Key, FileRow] | None:
    """One file of the practice as it is now, with its key for a sort; None when there is no such file."""
    with office.reading():
        values = _of(practice_id, prefix).where(AgencyFile.id == file_id).tuples().first()
    if values is None:
        return None
    row = _row(values)
    return (_key(sort, row), row.id), row


def unsent_before(office: Office, file_id: int) -> list[FileRow]:
    """The files of the same practice and agency that were made before a file and are not sent yet, the oldest first."""
    mine: Any = AgencyFile.select(AgencyFile.practice, AgencyFile.agency).where(AgencyFile.id == file_id)
    with office.reading():
        values = mine.tuples().first()
        if values is None:
            return []
        practice, agency = values
        earlier = (AgencyFile.agency == agency) & (AgencyFile.id < file_id) & (AgencyFile.state == "created")
        query = _of(practice, "").where(earlier & (AgencyFile.kind != "earlier")).order_by(AgencyFile.id)
        return [_row(found) for found in query.tuples()]


def count(office: Office, practice_id: int, limit: int = 10_000, prefix: str = "") -> int:
    """How many files the practice has (of agencies that begin with `prefix`), counting no further than `limit`."""
    with office.reading():
        return _of(practice_id, prefix).limit(limit).count()


def contents(office: Office, file_id: int, start: int = 0, limit: int | None = None) -> Contents:
    """The data rows of a file from the store's own bytes; NotFound when there is no such file or it has none (`earlier`)."""
    with office.reading():
        query: Any = AgencyFile.select(AgencyFile.file_type, AgencyFile.content, AgencyFile.kind).where(
            AgencyFile.id == file_id
        )
        found = query.tuples().first()
    if found is None or found[1] is None:
        raise NotFound(f"There is no agency file {file_id} with contents.", field="file")
    layout = formats.layout(found[0], found[2])
    rows = layout.parse(zlib.decompress(found[1]))
    amounts = frozenset(index for index, name in enumerate(layout.columns) if name in layout.amounts)
    return Contents(layout.columns, amounts, rows[start : None if limit is None else start + limit], len(rows))


def intact(office: Office, row: FileRow) -> bool | None:
    """Whether the copy in `outbox/` still has the file's bytes; None when it is missing or was not written yet."""
    if row.path is None or row.sha256 is None:
        return None
    return outbox.on_disk(office.store, row.path, row.sha256)


def _of(practice_id: int, prefix: str = "") -> Any:
    query: Any = AgencyFile.select(*_COLUMNS).join(Agency, on=(Agency.id == AgencyFile.agency))
    query = query.where(AgencyFile.practice == practice_id)
    return query.where(Agency.name.startswith(prefix)) if prefix else query


def _beyond(column: Any, after: Key, falling: bool) -> Any:
    key, row_id = after
    further = column < key if falling else column > key
    next_id = AgencyFile.id < row_id if falling else AgencyFile.id > row_id
    return further | ((column == key) & next_id)


def _row(values: Sequence[Any]) -> FileRow:
    *fields, written = values
    return FileRow(*[*fields, bool(written)])


def _key(sort: str, row: FileRow) -> Any:
    keys = {
        "file": row.id,
        "agency": row.agency,
        "created": row.created,
        "accounts": row.accounts,
        "lines": row.lines,
        "balance": row.total,
        "state": row.state,
        "acknowledged": row.acknowledged or 0,
    }
    return keys[sort]
