"""Attachments: each row as its act made it, its file in `attachments/` there and with the bytes that were attached."""

from __future__ import annotations

from typing import Any

from peewee import SqliteDatabase

from bo_tui.db import attachments
from bo_tui.db.connection import Store
from bo_tui.db.integrity.finding import SHOWN, Finding, Scope
from bo_tui.errors import Refusal


def check(db: SqliteDatabase, store: Store | None, scope: Scope) -> list[Finding]:
    """What is wrong with the attachments made in the scope; their files are read and compared when the store is given."""
    files = _files(db, store, scope) if store is not None else []
    return [*_unsaid(db, scope), *_gone(db, scope), *_astray(db, scope), *files]


def _where(scope: Scope) -> str:
    words = f"a.act > {scope.act}"
    return words if scope.practice is None else f"{words} AND a.practice = {scope.practice}"


def _unsaid(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    """A hash, a name or an owner that is not the one its act has in the chain; a payment's number may have been corrected since."""
    owner = (
        "CASE WHEN a.payment IS NOT NULL THEN 'payment ' WHEN a.entry IS NOT NULL THEN 'entry ' || a.entry || ' ('"
        " ELSE 'line ' || (SELECT number FROM service_line WHERE id = a.line) || char(10) END"
    )
    sql = (
        f"SELECT a.id FROM attachment a WHERE {_where(scope)} AND (SELECT count(*) FROM change c"
        " WHERE c.subject = 'attachment' AND c.subject_id = a.id AND c.act = a.act"
        " AND ((c.field = 'sha256' AND c.after = a.sha256) OR (c.field = 'name' AND c.after = a.name)"
        f" OR (c.field = 'to' AND substr(c.after || char(10), 1, length({owner})) = {owner}))) <> 3"
        " ORDER BY a.id LIMIT ?"
    )
    return [
        Finding("attachment", f"attachment {row}", f"Attachment {row} is not what its act attached.")
        for (row,) in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def _gone(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    sql = (
        "SELECT c.act, c.subject_id, c.after FROM change c LEFT JOIN attachment a ON a.id = c.subject_id"
        f" WHERE c.subject = 'attachment' AND c.field = 'name' AND c.id >= {scope.change} AND a.id IS NULL"
        " ORDER BY c.id LIMIT ?"
    )
    return [
        Finding("attachment", f"attachment {row}", f"Attachment {row} ({name}) of act {act} is gone from the store.")
        for act, row, name in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def _astray(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    """An entry, line, account and payment that do not belong together, or none of them."""
    sql = (
        "SELECT a.id FROM attachment a LEFT JOIN entry e ON e.id = a.entry LEFT JOIN service_line l ON l.id = a.line"
        " LEFT JOIN payment p ON p.id = a.payment"
        f" WHERE {_where(scope)} AND ("
        " (a.entry IS NOT NULL AND (e.practice IS NOT a.practice OR e.line IS NOT a.line))"
        " OR (a.line IS NOT NULL AND (l.practice IS NOT a.practice OR l.account IS NOT a.account))"
        " OR (a.line IS NULL AND a.entry IS NOT NULL AND e.account IS NOT a.account)"
        " OR (a.payment IS NOT NULL AND (p.practice IS NOT a.practice OR coalesce(a.entry, a.line, a.account) IS NOT NULL))"
        " OR coalesce(a.payment, a.entry, a.line, a.account) IS NULL) ORDER BY a.id LIMIT ?"
    )
    words = "names an entry, a line, an account or a payment that do not belong together"
    return [
        Finding("attachment", f"attachment {row}", f"Attachment {row} {words}.")
        for (row,) in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def _files(db: SqliteDatabase, store: Store, scope: Scope) -> list[Finding]:
    sql = (
        "SELECT a.sha256, a.kind, min(a.id), min(a.name) FROM attachment a"
        f" WHERE {_where(scope)} GROUP BY a.sha256, a.kind ORDER BY min(a.id)"
    )
    findings: list[Finding] = []
    cursor: Any = db.execute_sql(sql)
    for sha256, kind, row, name in cursor:
        words = _wrong(store, sha256, kind)
        if words is not None:
            findings.append(Finding("attachment", f"attachment {row}", f"Attachment {row} ({name}): {words}."))
            if len(findings) == SHOWN:
                break
    return findings


def _wrong(store: Store, sha256: str, kind: str) -> str | None:
    try:
        attachments.read(store, sha256, kind)
    except Refusal as refusal:
        return refusal.sentence.rstrip(".")
    return None
