"""The digest chains: every act's digest is made again from its rows and compared, in one pass over the ledger.

Acts, entries and changes are read in id order at the same time. Where an act does not fit, its rows are looked for once
more by the act that they name, because one displaced row puts everything after it out of step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import SqliteDatabase

from bo_tui.db import digest
from bo_tui.db.integrity.finding import SHOWN, Finding, Scope
from bo_tui.text import counted

_BATCH = 2000
_LARGE = 1000  # rows of an act from which SQLite joins their texts: a third of the time goes into handing out rows
_BLOCK = 5000

_ENTRIES = f"SELECT act, {digest.ENTRY_TEXT} AS text, amount, id FROM entry"
_CHANGES = f"SELECT act, {digest.CHANGE_TEXT} AS text, 0 AS amount, id FROM change"
_COLUMNS = "id, practice, actor, kind, reason, business_date, count, total, format, digest"


class _Act(NamedTuple):
    id: int
    practice: int | None
    actor: str
    kind: str
    reason: str | None
    business_date: int
    rows: int
    total: int
    format: int
    digest: str


_Row = tuple[Any, ...]  # act, text, cents and, from the readers, id


class _Sums:
    """A digest in the making, with the count and the cents of the rows that went in."""

    def __init__(self, head: str) -> None:
        self.running = hashlib.sha256(head.encode())
        self.count = 0
        self.total = 0

    def add(self, rows: list[_Row]) -> None:
        self.running.update(("\n" + "\n".join([row[1] for row in rows])).encode())
        self.count += len(rows)
        self.total += sum(row[2] for row in rows)

    def add_joined(self, text: bytes | None, count: int, total: int | None) -> None:
        """Rows whose texts are joined already; none where ids are missing."""
        if text is not None:
            self.running.update(b"\n" + text)
        self.count += count
        self.total += total or 0

    def fits(self, act: _Act) -> bool:
        return (self.count, self.total, self.running.hexdigest()) == (act.rows, act.total, act.digest)


class _Rows:
    """The rows of one ledger table in id order, handed out act by act; of a large act as texts that SQLite has joined."""

    def __init__(self, db: SqliteDatabase, table: str, texts: str, first: int, where: str) -> None:
        self.db = db
        self.table = table
        self.texts = texts  # SELECT act, text, amount
        self.where = where
        self.after = first - 1  # everything up to this id was handed out, where no cursor is open
        self.groups: Iterator[tuple[int, list[_Row]]] | None = None
        self.displaced: list[int] = []
        self.act = 0
        self.rows: list[_Row] = []

    def _next(self) -> tuple[int, int] | None:
        """Id and act of the next row; asked without its text."""
        if self.groups is not None:
            return (self.rows[0][3], self.act) if self.rows else None
        sql = f"SELECT id, act FROM {self.table} WHERE id > {self.after} AND {self.where} ORDER BY id LIMIT 1"
        return self.db.execute_sql(sql).fetchone()

    def _advance(self) -> None:
        if self.groups is None:
            sql = f"{self.texts} WHERE id > {self.after} AND {self.where} ORDER BY id"
            self.groups = _grouped(self.db.execute_sql(sql))
        self.act, self.rows = next(self.groups, (0, []))

    def give(self, act: _Act, sums: _Sums) -> None:
        """Add the rows that stand at this act's place; rows of an earlier act that stand too late are set aside."""
        following = self._next()
        if following is not None and act.rows >= _LARGE and following[1] == act.id:
            self._join(*following, sums)
            following = self._next()
        if following is None or following[1] > act.id:
            return
        if self.groups is None:
            self._advance()
        while self.rows and self.act <= act.id:
            if self.act == act.id:
                sums.add(self.rows)
            elif len(self.displaced) < SHOWN:
                self.displaced.append(self.act)
            self._advance()

    def _join(self, first: int, act: int, sums: _Sums) -> None:
        """Add the rows from an id on until another act's, in large blocks."""
        end = f"SELECT id FROM {self.table} WHERE id > {first} AND +act <> {act} ORDER BY id LIMIT 1"
        other = self.db.execute_sql(end).fetchone()
        last = self.db.execute_sql(f"SELECT max(id) FROM {self.table}").fetchone()[0] if other is None else other[0] - 1
        for begin in range(first, last + 1, _BLOCK):
            rows = f"{self.texts} WHERE id BETWEEN {begin} AND {min(begin + _BLOCK - 1, last)} ORDER BY id"
            sql = f"SELECT CAST(group_concat(text, char(10)) AS BLOB), count(*), sum(amount) FROM ({rows})"
            sums.add_joined(*self.db.execute_sql(sql).fetchone())
        self.groups, self.after, self.rows = None, last, []

    def left(self) -> int | None:
        """The act of a row that stands behind the last act."""
        following = self._next()
        return None if following is None else following[1]


def _grouped(cursor: Any) -> Iterator[tuple[int, list[_Row]]]:
    while batch := cursor.fetchmany(_BATCH):
        for act, rows in groupby(batch, itemgetter(0)):
            yield act, list(rows)


def check(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    """The first broken act of each chain, and rows that stand outside the act that they name."""
    previous = _heads(db, scope)
    entries = _Rows(db, "entry", _ENTRIES, scope.entry, _of_practice(scope))
    changes = _Rows(db, "change", _CHANGES, scope.change, _changes(scope))
    broken: dict[int | None, Finding] = {}
    for row in _acts(db, scope):
        act = _Act(*row)
        head = _head(previous.get(act.practice, ""), act)
        sums = _Sums(head)
        entries.give(act, sums)
        changes.give(act, sums)
        if act.practice not in broken and not _good(db, act, head, sums):
            broken[act.practice] = _finding(db, act, sums)
        previous[act.practice] = act.digest
    return [*broken.values(), *_outside(entries), *_outside(changes)]


def broken(db: SqliteDatabase, act_id: int) -> str | None:
    """Why one act does not verify against its own rows and the act before it in its chain, as a sentence; None: it does.

    What came before it is not judged: that is `check`'s. The act is there. Its rows are found by the index on the act.
    """
    act = _Act(*db.execute_sql(f"SELECT {_COLUMNS} FROM act WHERE id = ?", (act_id,)).fetchone())
    sql = "SELECT digest FROM act WHERE practice IS ? AND id < ? ORDER BY id DESC LIMIT 1"
    before = db.execute_sql(sql, (act.practice, act_id)).fetchone()
    sums = _again(db, act, _head(before[0] if before else "", act), by_index=True)
    if act.format == digest.FORMAT and sums.fits(act):
        return None
    return _finding(db, act, sums).sentence.replace("is the first broken act of", "is broken in")


def _good(db: SqliteDatabase, act: _Act, head: str, sums: _Sums) -> bool:
    if act.format != digest.FORMAT:
        return False
    return sums.fits(act) or _again(db, act, head).fits(act)


def _again(db: SqliteDatabase, act: _Act, head: str, *, by_index: bool = False) -> _Sums:
    """The act's rows wherever they stand: the definition, at the price of reading both tables; or as the index finds them."""
    sums = _Sums(head)
    column = "act" if by_index else "+act"
    for table, text, amount in (("entry", digest.ENTRY_TEXT, "amount"), ("change", digest.CHANGE_TEXT, "0")):
        cursor = db.execute_sql(f"SELECT act, {text}, {amount} FROM {table} WHERE {column} = ? ORDER BY id", (act.id,))
        while batch := cursor.fetchmany(_BATCH):
            sums.add(batch)
    return sums


def _head(previous: str, act: _Act) -> str:
    return digest.header(
        previous, act.id, act.practice, act.actor, act.kind, act.reason, act.business_date, act.rows, act.total, act.format
    )  # fmt: skip


def _finding(db: SqliteDatabase, act: _Act, sums: _Sums) -> Finding:
    chain = "the enterprise's chain"
    if act.practice is not None:
        row = db.execute_sql("SELECT code FROM practice WHERE id = ?", (act.practice,)).fetchone()
        chain = f"the chain of practice {row[0] if row else act.practice}"
    why = "its rows or its digest were changed"
    if act.format != digest.FORMAT:
        why = f"its format {act.format} is not known to this program"
    elif sums.count != act.rows:
        why = f"it says {counted(act.rows, 'row')} and has {sums.count}"
    elif sums.total != act.total:
        why = f"it says {act.total} cents and has {sums.total}"
    words = f"Act {act.id} ({act.kind} by {act.actor}) is the first broken act of {chain}: {why}."
    return Finding("chain", f"act {act.id}", words)


def _outside(rows: _Rows) -> list[Finding]:
    left = [act] if (act := rows.left()) is not None else []
    return [
        Finding("chain", f"act {act}", f"Rows of table {rows.table} that name act {act} stand outside it.")
        for act in sorted({*rows.displaced, *left})
    ]


def _heads(db: SqliteDatabase, scope: Scope) -> dict[int | None, str]:
    """Practice -> the digest that the first act of the scope continues from."""
    if not scope.act:
        return {}
    chains = "SELECT id FROM practice UNION ALL SELECT NULL"
    sql = (
        f"SELECT c.id, (SELECT digest FROM act WHERE practice IS c.id AND id <= ? ORDER BY id DESC LIMIT 1) "
        f"FROM ({chains}) AS c"
    )
    return {practice: digest or "" for practice, digest in db.execute_sql(sql, (scope.act,)).fetchall()}


def _acts(db: SqliteDatabase, scope: Scope) -> Any:
    sql = f"SELECT {_COLUMNS} FROM act WHERE id > ?"
    values = [scope.act]
    if scope.practice is not None:
        sql += " AND (practice = ? OR practice IS NULL)"
        values.append(scope.practice)
    return db.execute_sql(sql + " ORDER BY id", values)


def _of_practice(scope: Scope) -> str:
    return "1" if scope.practice is None else f"+practice = {scope.practice}"


def _changes(scope: Scope) -> str:
    if scope.practice is None:
        return "1"
    mine = f"practice = {scope.practice} OR practice IS NULL"
    return f"+act IN (SELECT id FROM act WHERE id > {scope.act} AND ({mine}))"
