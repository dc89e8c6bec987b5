"""Agency files: as many placements as they say, their bytes as they were made, and the copies in `outbox/` equal to them."""

from __future__ import annotations

import hashlib
import zlib
from pathlib import Path
from typing import Any

from peewee import SqliteDatabase

from bo_tui.db.integrity.finding import SHOWN, Finding, Scope

_PIECE = 1 << 20


def check(db: SqliteDatabase, folder: Path, scope: Scope) -> list[Finding]:
    """What is wrong with the agency files made in the scope; `folder` is the store's."""
    return [*_counts(db, scope), *_bytes(db, folder, scope)]


def _where(scope: Scope) -> str:
    words = f"f.made_act > {scope.act}"
    return words if scope.practice is None else f"{words} AND f.practice = {scope.practice}"


def _counts(db: SqliteDatabase, scope: Scope) -> list[Finding]:
    sql = (
        "SELECT f.id, f.count, (SELECT count(*) FROM placement p WHERE p.file = f.id) AS found FROM agency_file f"
        f" WHERE f.kind = 'placement' AND {_where(scope)} AND f.count <> found ORDER BY f.id LIMIT ?"
    )
    return [
        Finding("file", f"file {file}", f"Agency file {file} says {said} placements; {found} name it.")
        for file, said, found in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def _bytes(db: SqliteDatabase, folder: Path, scope: Scope) -> list[Finding]:
    sql = (
        "SELECT f.id, f.path, f.sha256, f.content, f.written_at FROM agency_file f"
        f" WHERE f.content IS NOT NULL AND {_where(scope)} ORDER BY f.id"
    )
    findings: list[Finding] = []
    cursor: Any = db.execute_sql(sql)
    for file, path, stored, content, written in cursor:
        if (words := _wrong(folder, path, stored, bytes(content), written)) is not None:
            findings.append(Finding("file", f"file {file}", f"Agency file {file} ({path}): {words}."))
    return findings


def _wrong(folder: Path, path: str | None, stored: str | None, content: bytes, written: str | None) -> str | None:
    try:
        digest = hashlib.sha256(zlib.decompress(content)).hexdigest()
    except zlib.error:
        return "its stored bytes cannot be read"
    if digest != stored:
        return "its stored bytes are not those it was made with"
    if path is None or written is None:
        return None  # not written yet; the next night does it
    copy = folder / path
    if not copy.resolve().is_relative_to((folder / "outbox").resolve()):
        return "its path leaves the outbox"
    try:
        return None if _sha256(copy) == stored else "the copy in the outbox has other bytes"
    except FileNotFoundError:
        return "the copy in the outbox is missing"
    except OSError as error:
        return f"the copy in the outbox cannot be read ({error.strerror})"


def _sha256(path: Path) -> str:
    running = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            running.update(piece)
    return running.hexdigest()
