"""The text of rows for digests, built in SQL, and the digest of an act over it; a chain per practice (DESIGN section 2).

Format 1: SHA-256 over the header line (format, previous digest, id, practice, actor, kind, reason, business date, count,
total), then the act's entries and then its changes in id order, a line each. Text carries its length, so that no two
different rows have the same text. A later format gets its own number; old acts keep theirs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from peewee import SqliteDatabase

FORMAT = 1
_BATCH = 2000
_BLOCK = 5000  # rows whose texts SQLite joins at a time: a third of the time went into handing them out one by one
_NEVER_EMPTY = {
    "id",
    "act",
    "practice",
    "subject_id",
    "amount",
    "posted",
}  # %d is faster than %s, and turns NULL into 0
_ENTRY_NUMBERS = ("id", "act", "practice", "account", "line", "placement", "parent")
_ENTRY_REST = ("amount", "posted", "accounting_date", "payment")
_ENTRY_CODES = ("code", "debit", "credit")  # ours, never free text
_ENTRY_TEXTS = ("transaction_code", "number", "reference", "note")


def _printf(plain: Iterable[str], texts: Iterable[str], empty: Iterable[str] = ()) -> str:
    """The text of a row; of one in which all the columns of `empty` are, which then cost nothing."""
    plain, texts, empty = list(plain), list(texts), set(empty)
    marks = ["" if name in empty else "%d" if name in _NEVER_EMPTY else "%s" for name in plain]
    pattern = "|".join(marks + [":" if name in empty else "%s:%s" for name in texts])
    values = [name for name in plain if name not in empty]
    values += [part for name in texts if name not in empty for part in (f"length({name})", name)]
    return f"printf('{pattern}', {', '.join(values)})"


_ENTRY = (*_ENTRY_NUMBERS, *_ENTRY_CODES, *_ENTRY_REST)
_SELDOM = ("account", "accounting_date", "payment", *_ENTRY_TEXTS)  # most entries have none of them
ENTRY_TEXT = (
    f"CASE WHEN coalesce({', '.join(_SELDOM)}) IS NULL THEN {_printf(_ENTRY, _ENTRY_TEXTS, _SELDOM)}"
    f" ELSE {_printf(_ENTRY, _ENTRY_TEXTS)} END"
)
CHANGE_TEXT = _printf(("id", "act", "subject_id"), ("subject", "field", "before", "after"))


def header(
    previous: str,
    act: int,
    practice: int | None,
    actor: str,
    kind: str,
    reason: str | None,
    business_date: int,
    count: int,
    total: int,
    number: int = FORMAT,
) -> str:
    """The header line of an act; `previous` is the digest of the practice's act before it, empty for the first."""

    def sized(text: str | None) -> str:
        return ":" if text is None else f"{len(text)}:{text}"

    place = "" if practice is None else practice
    fixed = f"{number}|{previous}|{act}|{place}|{business_date}|{count}|{total}"
    return "|".join([fixed, sized(actor), sized(kind), sized(reason)])


def digest(head: str, entries: Iterable[str], changes: Iterable[str]) -> str:
    """SHA-256 in hexadecimal over the header and the rows' texts, which come in id order."""
    running = hashlib.sha256(head.encode())
    for rows in (entries, changes):
        for chunk in _joined(rows):
            running.update(b"\n" + chunk.encode())
    return running.hexdigest()


def _joined(rows: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    for row in rows:
        held.append(row)
        if len(held) == _BATCH:
            yield "\n".join(held)
            held = []
    if held:
        yield "\n".join(held)


def of_rows(db: SqliteDatabase, head: str, first_entry: int, first_change: int) -> str:
    """The digest of an act whose rows are all entries and changes from these ids on; SQLite joins the texts, block by block."""
    running = hashlib.sha256(head.encode())
    for table, text, first in (("entry", ENTRY_TEXT, first_entry), ("change", CHANGE_TEXT, first_change)):
        (last,) = db.execute_sql(f"SELECT max(id) FROM {table}").fetchone()
        for begin in range(first, (last or 0) + 1, _BLOCK):
            rows = f"SELECT {text} AS text FROM {table} WHERE id BETWEEN ? AND ? ORDER BY id"
            sql = f"SELECT CAST(group_concat(text, char(10)) AS BLOB) FROM ({rows})"
            (joined,) = db.execute_sql(sql, (begin, begin + _BLOCK - 1)).fetchone()
            if joined is not None:  # none of the ids of this block
                running.update(b"\n" + joined)
    return running.hexdigest()


def entry_texts(db: SqliteDatabase, first: int, last: int | None = None) -> Iterator[tuple[int, str]]:
    """(act, text) of the entries whose ids lie from `first` to `last`, in id order."""
    return _texts(db, "entry", ENTRY_TEXT, first, last)


def change_texts(db: SqliteDatabase, first: int, last: int | None = None) -> Iterator[tuple[int, str]]:
    """(act, text) of the changes whose ids lie from `first` to `last`, in id order."""
    return _texts(db, "change", CHANGE_TEXT, first, last)


def _texts(db: SqliteDatabase, table: str, text: str, first: int, last: int | None) -> Iterator[tuple[int, str]]:
    sql = f"SELECT act, {text} FROM {table} WHERE id >= ?" + ("" if last is None else " AND id <= ?") + " ORDER BY id"
    cursor = db.execute_sql(sql, (first,) if last is None else (first, last))
    while rows := cursor.fetchmany(_BATCH):
        yield from rows
