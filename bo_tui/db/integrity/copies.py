"""Agency files: as many placements as they say, their bytes as they were made, and the copies in `outbox/` equal to them."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

from peewee import SqliteDatabase

from bo_tui import money
from bo_tui.db import outbox
from bo_tui.db.connection import Store
from bo_tui.db.integrity.finding import SHOWN, Finding, Scope


def check(db: SqliteDatabase, store: Store | None, scope: Scope) -> list[Finding]:
    """What is wrong with the agency files made in the scope; their copies are compared when the store is given."""
    return [*_counts(db, scope), *_told(db, scope), *_bytes(db, store, scope)]


def _where(scope: Scope) -> str:
    words = f"f.made_act > {scope.act}"
    return words if scope.practice is None else f"{words} AND f.practice = {scope.practice}"


def _counts(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    sql = (
        "SELECT f.id, f.count, (SELECT count(*) FROM placement p WHERE p.file = f.id) AS found FROM agency_file f"
        f" WHERE f.kind <> 'update' AND {_where(scope)} AND f.count <> found ORDER BY f.id LIMIT ?"
    )
    return [
        Finding("file", f"file {file}", f"Agency file {file} says {said} placements; {found} name it.")
        for file, said, found in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def _told(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    """Update files against the rows that they are said to have told, which are those of the file's own practice and agency."""
    sql = (
        "SELECT id, count, total, found, told, astray FROM (SELECT f.id, f.count, f.total, count(u.id) AS found,"
        " coalesce(sum(u.amount), 0) AS told,"
        " coalesce(sum(p.practice <> f.practice OR p.agency <> f.agency OR f.kind <> 'update'), 0) AS astray"
        " FROM agency_file f LEFT JOIN update_row u ON u.file = f.id LEFT JOIN placement p ON p.id = u.placement"
        f" WHERE {_where(scope)} AND (f.kind = 'update' OR u.id IS NOT NULL) GROUP BY f.id)"
        " WHERE count <> found OR total <> told OR astray > 0 ORDER BY id LIMIT ?"
    )
    findings = []
    for file, count, total, found, told, astray in db.execute_sql(sql, (SHOWN,)).fetchall():
        words = (
            f"Agency file {file} tells {count} updates of {money.plain(total)}; {found} of {money.plain(told)} name it."
        )
        if astray:
            words = f"Agency file {file} is named by {astray} updates that are not its agency's."
        findings.append(Finding("file", f"file {file}", words))
    return findings


def _bytes(db: SqliteDatabase, store: Store | None, scope: Scope) -> list[Finding]:
    sql = (
        "SELECT f.id, f.path, f.sha256, f.content, f.written_at FROM agency_file f"
        f" WHERE f.content IS NOT NULL AND {_where(scope)} ORDER BY f.id"
    )
    findings: list[Finding] = []
    cursor: Any = db.execute_sql(sql)
    for file, path, sha256, content, written in cursor:
        words = _stored(bytes(content), sha256)
        if words is None and store is not None and path is not None and written is not None:
            words = _copied(store, path, sha256)  # one not written yet is no finding: the next night writes it
        if words is not None:
            findings.append(Finding("file", f"file {file}", f"Agency file {file} ({path}): {words}."))
    return findings


def _stored(content: bytes, sha256: str) -> str | None:
    try:
        good = hashlib.sha256(zlib.decompress(content)).hexdigest() == sha256
    except zlib.error:
        return "its stored bytes cannot be read"
    return None if good else "its stored bytes are not those it was made with"


def _copied(store: Store, path: str, sha256: str) -> str | None:
    same = outbox.on_disk(store, path, sha256)
    if same is None:
        return "the copy in the outbox is missing"
    return None if same else "the copy in the outbox has other bytes or cannot be read"
