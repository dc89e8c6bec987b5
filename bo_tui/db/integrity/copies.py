"""Agency files: as many placements as they say, what they say as the act that made them has it, their bytes, and their copies."""

from __future__ import annotations

import hashlib
import zlib
from typing import Any

from peewee import SqliteDatabase

from bo_tui import money
from bo_tui.db import outbox, sqltext
from bo_tui.db.connection import Store
from bo_tui.db.integrity.finding import SHOWN, Finding, Scope
from bo_tui.text import counted

_SAID = f"f.count || ' ' || {sqltext.plain('f.total')} || ' ' || f.sha256"  # how the act that made a file keeps what it holds


def check(db: SqliteDatabase, store: Store | None, scope: Scope) -> list[Finding]:
    """What is wrong with the agency files made in the scope; their copies are compared when the store is given."""
    found = [*_counts(db, scope), *_told(db, scope), *_as_made(db, scope), *_bytes(db, store, scope)]
    return [*found, *_precollections(db, scope), *_bytes(db, store, scope, "precollect_file", "Pre-collections file")]


def _where(scope: Scope) -> str:
    words = f"f.made_act > {scope.act}"
    return words if scope.practice is None else f"{words} AND f.practice = {scope.practice}"


def _counts(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    """Files against the placements that name them, which are those of the file's own practice and agency.

    A file's total is what its placements had when it was made, which `_as_made` compares; one of debt that came with an import
    has no bytes, and its total is their amounts.
    """
    sql = (
        "SELECT id, count, total, found, amount, astray FROM (SELECT f.id, f.kind, f.count, f.total, count(p.id) AS found,"
        " coalesce(sum(p.amount), 0) AS amount,"
        " coalesce(sum(p.practice <> f.practice OR p.agency <> f.agency), 0) AS astray"
        " FROM agency_file f LEFT JOIN placement p ON p.file = f.id"
        f" WHERE f.kind <> 'update' AND {_where(scope)} GROUP BY f.id)"
        " WHERE count <> found OR astray > 0 OR (kind = 'earlier' AND total <> amount) ORDER BY id LIMIT ?"
    )
    findings = []
    for file, said, total, found, amount, astray in db.execute_sql(sql, (SHOWN,)).fetchall():
        words = f"Agency file {file} says {counted(said, 'placement')}; {found} name it."
        if said == found:
            words = f"Agency file {file} says {money.plain(total)}; its placements are {money.plain(amount)}."
        if astray:
            words = f"Agency file {file} is named by {astray} placements that are not its agency's."
        findings.append(Finding("file", f"file {file}", words))
    return findings


def _as_made(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    """Files whose count, total or SHA-256 are not those in the change that their act, and so its digest, holds."""
    sql = (
        f"SELECT f.id FROM agency_file f WHERE f.kind <> 'earlier' AND {_where(scope)} AND NOT EXISTS (SELECT 1 FROM change c"
        f" WHERE c.subject = 'agency_file' AND c.subject_id = f.id AND c.field = 'created' AND c.act = f.made_act"
        f" AND c.after = {_SAID}) ORDER BY f.id LIMIT ?"
    )
    words = "Agency file {0} does not say what the act that made it has: count, total or SHA-256 was changed."
    rows = db.execute_sql(sql, (SHOWN,)).fetchall()
    return [Finding("file", f"file {file}", words.format(file)) for (file,) in rows]


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
        said = f"{counted(count, 'update')} of {money.plain(total)}"
        words = f"Agency file {file} tells {said}; {found} of {money.plain(told)} name it."
        if astray:
            words = f"Agency file {file} is named by {astray} updates that are not its agency's."
        findings.append(Finding("file", f"file {file}", words))
    return findings


def _precollections(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    """Start and Stop files against the messages that name them and the act that made them; accounts against their last message."""
    sql = (
        "SELECT f.id FROM precollect_file f LEFT JOIN precollect_message m ON m.file = f.id"
        f" WHERE {_where(scope)} GROUP BY f.id HAVING f.count <> count(m.id) OR f.total <> coalesce(sum(m.amount), 0)"
        " OR sum(m.practice <> f.practice OR (m.type = 'PL') <> (f.kind = 'start')) > 0"
        " OR NOT EXISTS (SELECT 1 FROM change c WHERE c.subject = 'precollect_file' AND c.subject_id = f.id"
        " AND c.field = 'created' AND c.act = f.made_act"
        f" AND c.after = {_SAID}) ORDER BY f.id LIMIT ?"
    )
    words = "Pre-collections file {0} does not hold what its messages and its act say."
    found = [
        Finding("file", f"pre-collections file {file}", words.format(file))
        for (file,) in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]
    touched = f"a.act > {scope.act}" + ("" if scope.practice is None else f" AND a.practice = {scope.practice}")
    sql = (
        f"SELECT n.number FROM precollect_account a JOIN account n ON n.id = a.account WHERE {touched}"
        " AND max(a.told, 0) <> coalesce((SELECT m.balance FROM precollect_message m WHERE m.account = a.account"
        " ORDER BY m.id DESC LIMIT 1), max(a.told, 0))"
        " AND (SELECT kind FROM act WHERE id = a.act) <> 'import' ORDER BY a.id LIMIT ?"  # more debt that TSI had before
    )
    words = "What TSI was told of account {0} is not what its last message says."
    return found + [
        Finding("precollections", f"account {number}", words.format(number))
        for (number,) in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def _bytes(
    db: SqliteDatabase, store: Store | None, scope: Scope, table: str = "agency_file", what: str = "Agency file"
) -> list[Finding]:
    sql = (
        f"SELECT f.id, f.path, f.sha256, f.content, f.written_at, a.digest FROM {table} f LEFT JOIN act a ON a.id = f.made_act"
        f" WHERE f.content IS NOT NULL AND {_where(scope)} ORDER BY f.id"
    )
    findings: list[Finding] = []
    cursor: Any = db.execute_sql(sql)
    for file, path, sha256, content, written, act in cursor:
        words = _stored(bytes(content), sha256)
        if words is None and store is not None and path is not None and written is not None:
            # one not written yet is no finding: the next night writes it
            words = _copied(store, path, sha256) or _explained(store, path, sha256, act)
        if words is not None:
            findings.append(Finding("file", f"file {file}", f"{what} {file} ({path}): {words}."))
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


def _explained(store: Store, path: str, sha256: str, act: str) -> str | None:
    """What is wrong with the manifest beside a copy, where one lies there: it ties the bytes to the act that made them."""
    facts = outbox.manifest_on_disk(store, path)
    if facts is None:
        return None
    if facts.get("act") != act:
        return "its manifest in the outbox names another act than the one that made it"
    return None if facts.get("sha256") == sha256 else "its manifest in the outbox is another file's"
