"""The chain of who looked at what, walked from where its kept part begins (DESIGN section 7)."""

from __future__ import annotations

from peewee import SqliteDatabase

from bo_tui.db.access import Look, digest_of
from bo_tui.db.integrity.finding import Finding

_BATCH = 2000
_FORGED = (
    "SELECT access FROM access_floor f WHERE NOT EXISTS (SELECT 1 FROM change c JOIN act a ON a.id = c.act WHERE c.act = f.act"
    " AND a.kind = 'prune' AND c.subject = 'access' AND c.subject_id = f.access AND c.field = 'floor' AND c.after = f.digest)"
    " ORDER BY f.id"
)


def check(db: SqliteDatabase) -> list[Finding]:
    """The first row whose digest does not follow from the row before it and its own words, or that is missing.

    Where the kept part begins is the word of an act, which stands in the chain of acts.
    """
    last, digest = db.execute_sql("SELECT access, digest FROM access_floor ORDER BY id DESC LIMIT 1").fetchone() or (
        0,
        "",
    )
    forged = [
        _finding(
            row_id,
            f"The floor at access row {row_id} is no act's: what stood below it was not deleted by `audit prune`.",
        )
        for (row_id,) in db.execute_sql(_FORGED).fetchall()
    ]
    left = db.execute_sql("SELECT count(*) FROM access WHERE id <= ?", (last,)).fetchone()[0]
    below = f"{left} rows stand below the floor, which were to be deleted."
    findings = forged + ([_finding(last, below)] if left else [])
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
