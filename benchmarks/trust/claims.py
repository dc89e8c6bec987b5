"""Whether a store bears out what operators were told: no confirmed act is missing, changed or overwritten by one who saw less.

Plain `sqlite3`, sharing nothing with the program that wrote the store.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_EXT = "CASE WHEN debit = 'EXT' THEN amount WHEN credit = 'EXT' THEN -amount ELSE 0 END"


def lost(store: Path, logs: list[Path]) -> list[str]:
    """What is not as it was confirmed, as sentences, and acts of operators that no log has; none is good."""
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        found: list[str] = []
        for log in logs:
            rows = list(rows_of(log))
            name = rows[0]["ready"]
            told = {act for row in rows for act in row.get("acts", ())}
            there = {act for (act,) in db.execute("SELECT id FROM act WHERE actor = ?", (name,))}
            found += [f"act {act} of {name} was confirmed and is not there" for act in sorted(told - there)]
            found += [f"act {act} of {name} is there and was not confirmed" for act in sorted(there - told)]
            for row in rows:
                found += [
                    f"{name}, {row['kind']}: {claim}" for claim in row.get("claims", ()) if not _borne_out(db, claim)
                ]
        return found
    finally:
        db.close()


def rows_of(log: Path) -> Iterator[dict[str, Any]]:
    """The rows of an operator's log."""
    with log.open(encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def _borne_out(db: sqlite3.Connection, claim: list[Any]) -> bool:
    kind, *values = claim
    return bool(_CLAIMS[kind](db, *values))


def _one(db: sqlite3.Connection, sql: str, *values: Any) -> Any:
    row = db.execute(sql, values).fetchone()
    return row if row is None or len(row) > 1 else row[0]


def _entry(db: sqlite3.Connection, entry: int, *told: Any) -> bool:
    """An entry of this act, code, amount and placement."""
    return _one(db, "SELECT act, code, amount, placement FROM entry WHERE id = ?", entry) == told


def _sum(db: sqlite3.Connection, act: int, code: str, count: int, amount: int) -> bool:
    """So many entries of a code in an act, and so many cents."""
    sql = "SELECT count(*), coalesce(sum(amount), 0) FROM entry WHERE act = ? AND code = ?"
    return bool(_one(db, sql, act, code) == (count, amount))


def _balance(db: sqlite3.Connection, placement: int, entry: int, balance: int) -> bool:
    """The balance that was told is what the entries up to then say."""
    return bool(_one(db, f"SELECT sum({_EXT}) FROM entry WHERE placement = ? AND id <= ?", placement, entry) == balance)


def _between(db: sqlite3.Connection, what: str, row: int, seen: int, act: int) -> bool:
    """Nobody changed it between what the operator saw and what they did; the act of the row itself may be older than both."""
    later = "act > ? AND act < ?"
    if what == "placement":
        sql = f"SELECT count(*) FROM entry WHERE placement = ? AND {later}"
    elif what == "pending":
        sql = (
            "SELECT count(*) FROM change WHERE subject = 'service_line' AND subject_id = ?"
            f" AND field = 'pending' AND {later}"
        )
    else:
        # what TSI has is kept beside the line, and so is its row in Pending, which a roll of responsibility leaves as it is
        besides = "('precollections')" if what == "line" else "('precollections', 'pending')"
        sql = (
            "SELECT count(*) FROM change WHERE subject = 'service_line' AND subject_id = ?"
            f" AND field NOT IN {besides} AND {later}"
        )
        if _one(db, f"SELECT count(*) FROM entry WHERE line = ? AND {later}", row, seen, act):
            return False
    return seen < act and _one(db, sql, row, seen, act) == 0


def _change(db: sqlite3.Connection, act: int, subject: str, row: int, field: str) -> bool:
    sql = "SELECT count(*) FROM change WHERE act = ? AND subject = ? AND subject_id = ? AND field = ?"
    return bool(_one(db, sql, act, subject, row, field) == 1)


def _made(db: sqlite3.Connection, act: int, subject: str, row: int) -> bool:
    return bool(
        _one(db, "SELECT count(*) FROM change WHERE act = ? AND subject = ? AND subject_id = ?", act, subject, row)
    )


def _note(db: sqlite3.Connection, note: int, act: int, text: str) -> bool:
    return bool(_one(db, "SELECT act, text FROM note WHERE id = ?", note) == (act, text))


def _posted(db: sqlite3.Connection, batch: int, count: int, amount: int) -> bool:
    """The posted shares of a batch, and the entries of its payments."""
    mine = "payment IN (SELECT id FROM payment WHERE batch = ?)"
    shares = f"SELECT count(*), coalesce(sum(amount), 0) FROM distribution WHERE {mine} AND state = 'posted'"
    entries = f"SELECT count(*), coalesce(sum(amount), 0) FROM entry WHERE {mine} AND credit = 'AR'"
    return bool(_one(db, shares, batch) == (count, amount) == _one(db, entries, batch))


_CLAIMS = {
    "entry": _entry, "sum": _sum, "balance": _balance, "between": _between, "change": _change, "made": _made, "note": _note,
    "posted": _posted,
}  # fmt: skip
