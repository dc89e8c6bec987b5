"""The Pre-Collections page: a practice's Start and Stop files by keyset paging, and what is inside one (DESIGN section 4)."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.tables import Account, Practice, PrecollectAccount, PrecollectFile
from bo_tui.errors import NotFound
from bo_tui.office import Office
from bo_tui.views import prefixes
from bo_tui.views.files import Contents, FileRow, Key

CAP = 10_000
START, STOP = "start", "stop"
DATE = 4  # characters from which a filter is a date's beginning, not a file's number
AMOUNTS = frozenset({"AMOUNT DUE", "TRANSACTION AMOUNT", "NEW BALANCE"})


@dataclass(frozen=True, slots=True)
class TabCounts:
    """What the tabs hold: Start files, Stop files, accounts with TSI; at most CAP and one."""

    start_files: int
    stop_files: int
    in_precollections: int


@dataclass(frozen=True, slots=True)
class EnrolledRow:
    """One practice that is enrolled for pre-collections."""

    id: int
    code: str
    name: str


FILE_SORTS: dict[str, Any] = {
    "file": PrecollectFile.id,
    "practice": PrecollectFile.practice,
    "created": PrecollectFile.business_date,
    "accounts": PrecollectFile.accounts,
    "lines": PrecollectFile.lines,
    "balance": PrecollectFile.total,
    "state": PrecollectFile.state,
    "acknowledged": fn.COALESCE(PrecollectFile.acknowledged, 0),
}


def page(
    office: Office,
    practice: int,
    kind: str,
    sort: tuple[str, bool],
    after: Key | None,
    count: int,
    backward: bool = False,
    prefix: str = "",
) -> list[tuple[Key, FileRow]]:
    """Up to `count` files of a kind (`start`, `stop`) next to the key `after`, in the order shown, each with its own key.

    `sort` is a name of FILE_SORTS and whether it descends; `prefix` keeps the file of that number or, from four characters on,
    those whose date of creation it begins. A FileRow's `lines` are the lines of a Start file, the records of a Stop file; its
    `agency` is the practice.
    """
    column = _file_column(kind, sort[0])
    query = _files(practice, kind, prefix, column)
    with office.reading():
        return page_of(query, PrecollectFile.id, column, sort[1], after, count, backward, _file_row)


def at(
    office: Office, practice: int, kind: str, file_id: int, sort: str = "file", prefix: str = ""
) -> tuple[Key, FileRow] | None:
    """One file as it is now, with its key for a sort; None when there is no such file."""
    with office.reading():
        query = _files(practice, kind, prefix, _file_column(kind, sort))
        values = query.where(PrecollectFile.id == file_id).tuples().first()
    return None if values is None else ((values[0], file_id), _file_row(values))


def count(office: Office, practice: int, kind: str, limit: int, prefix: str = "") -> int:
    """How many files of a kind the practice has, counting no further than `limit`."""
    with office.reading():
        return _files(practice, kind, prefix, PrecollectFile.id).limit(limit).count()


def unsent_before(office: Office, practice: int, file_id: int) -> list[FileRow]:
    """The practice's Start and Stop files that were made before a file and are not sent yet, the oldest first."""
    earlier = (PrecollectFile.id < file_id) & (PrecollectFile.state == "created")
    with office.reading():
        found = [
            values
            for kind in (START, STOP)
            for values in _files(practice, kind, "", PrecollectFile.id).where(earlier).tuples()
        ]
    return [_file_row(values) for values in sorted(found, key=lambda values: values[0])]


def contents(office: Office, file_id: int) -> Contents:
    """The records of a Start or Stop file from the store's own bytes, by the header that they bear; NotFound."""
    with office.reading():
        content = PrecollectFile.select(PrecollectFile.content).where(PrecollectFile.id == file_id).scalar()
    if content is None:
        raise NotFound(f"There is no pre-collections file {file_id}.", field="file")
    header, *rows = [line.split("|") for line in zlib.decompress(content).decode("ascii").split("\r\n") if line]
    amounts = frozenset(at for at, name in enumerate(header) if name in AMOUNTS)
    return Contents(tuple(header), amounts, rows, len(rows))


def _file_column(kind: str, sort: str) -> Any:
    return PrecollectFile.count if (sort, kind) == ("lines", STOP) else FILE_SORTS[sort]


def _files(practice: int, kind: str, prefix: str, column: Any) -> Any:
    f = PrecollectFile
    query: Any = f.select(
        column, f.id, Practice.name, f.kind, f.sequence, f.business_date, f.accounts, f.count if kind == STOP else f.lines,
        f.total, f.state, f.sent, f.acknowledged, f.acknowledged_accounts, f.acknowledged_amount, f.path, f.sha256,
        f.written_at.is_null(False),
    )  # fmt: skip
    query = query.join(Practice, on=(Practice.id == f.practice)).where((f.practice == practice) & (f.kind == kind))
    if not prefix:
        return query
    found: Any = f.id == 0
    if prefix.isdecimal() and len(prefix) < DATE:
        found = f.sequence == int(prefix)
    for first, last in prefixes.date_ranges(prefix) if len(prefix) >= DATE else []:
        found = found | ((f.business_date >= first) & (f.business_date < last))
    return query.where(found)


def _file_row(values: Sequence[Any]) -> FileRow:
    _, *fields, path, sha256, written = values
    return FileRow(*[*fields, "tsi", path, sha256, bool(written)])


def tab_counts(office: Office, practice: int) -> TabCounts:
    """What each tab holds."""
    p = PrecollectAccount
    starts, stops = (count(office, practice, kind, CAP + 1) for kind in (START, STOP))
    with office.reading():
        owned: Any = p.select(p.id).join(Account, on=(Account.id == p.account)).where(p.practice == practice)
        with_tsi = owned.where(standing()).limit(CAP + 1).count()
    return TabCounts(starts, stops, with_tsi)


def standing() -> Any:
    """Whether an account (joined) is with TSI, suspended there, or ended but kept out of later Starts."""
    return (PrecollectAccount.state != "ended") | (Account.suspend_precollection == True)  # noqa: E712


def enrolled(office: Office) -> list[EnrolledRow]:
    """The practices that are enrolled, by name."""
    p = Practice
    query: Any = p.select(p.id, p.code, p.name).where(p.precollections_enrolled == True)  # noqa: E712
    with office.reading():
        return [EnrolledRow(*values) for values in query.order_by(p.name, p.id).tuples()]


def page_of(
    query: Any, own: Any, column: Any, descending: bool, after: Key | None, count: int, backward: bool, row: Any
) -> list[tuple[Key, Any]]:
    """Rows of a query whose first two columns are the sort key and the id, next to a key."""
    falling = descending != backward
    if after is not None:
        key, last = after
        further = column < key if falling else column > key
        query = query.where(further | ((column == key) & (own < last if falling else own > last)))
    order = (column.desc(), own.desc()) if falling else (column.asc(), own.asc())
    found = [((values[0], values[1]), row(values)) for values in query.order_by(*order).limit(count).tuples()]
    return found[::-1] if backward else found
