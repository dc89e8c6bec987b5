"""The chain of who looked at what, walked from where its kept part begins (DESIGN section 7)."""

from __future__ import annotations

from peewee import SqliteDatabase

from bo_tui.db.access import Look, digest_of
from bo_tui.db.integrity.finding import Finding

_BATCH = 2000


def check(db: SqliteDatabase) -> list[Finding]:
    """The first row whose digest does not follow from the row before it and its own words, or that is missing."""
    last, digest = db.execute_sql("SELECT access, digest FROM access_floor ORDER BY id DESC LIMIT 1").fetchone() or (
        0,
        "",
    )
    left = db.execute_sql("SELECT count(*) FROM access WHERE id <= ?", (last,)).fetchone()[0]
    findings = [] if not left else [_finding(last, f"{left} rows stand below the floor, which were to be deleted.")]
    cursor = db.execute_sql(
        "SELECT id, actor, kind, subject, subject_id, detail, practice, made_at, digest FROM access WHERE id > ? ORDER BY id",
        (last,),
    )
    while rows := cursor.fetchmany(_BATCH):
        for row_id, *values, kept in rows:
            if row_id != last + 1:
                return [*findings, _finding(row_id, f"Access rows {last + 1} to {row_id - 1} are missing.")]
            digest = digest_of(row_id, digest, Look(*values))
            if digest != kept:
                return [
                    *findings,
                    _finding(row_id, f"Access row {row_id} is not as it was written, or its chain is broken."),
                ]
            last = row_id
    return findings


def _finding(row_id: int, sentence: str) -> Finding:
    return Finding("access", f"access {row_id}", sentence)
