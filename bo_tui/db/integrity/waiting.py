"""Whether every pending row is what its acts say: who queued it for which agency, and how its wait ended (DESIGN section 3).

A line's wait stands in the history as changes of the line's `pending`: from nothing to an agency's name when it is queued, and to
`denied` or `withdrawn` at its end; a posting's end is the EXCOL of its act.
"""

from __future__ import annotations

from peewee import SqliteDatabase

from bo_tui.db.integrity.finding import SHOWN, Finding, Moves, Scope
from bo_tui.db.integrity.kept import NAMES

KIND = "history"
_OF_LINE = "FROM change c WHERE c.subject = 'service_line' AND c.subject_id = t.line AND c.field = 'pending'"
_QUEUED = (
    "LEFT JOIN change q ON q.subject = 'service_line' AND q.subject_id = t.line AND q.field = 'pending'"
    " AND q.before IS NULL AND +q.act = t.queued_act"
)
_REROUTED = "EXISTS (SELECT 1 FROM change c WHERE c.subject = 'pending' AND c.subject_id = t.id AND c.field = 'agency')"
_ENDED = f"""CASE
  WHEN t.outcome IN ('denied', 'withdrawn') THEN
    EXISTS (SELECT 1 {_OF_LINE} AND c.act = t.act AND (c.after = t.outcome OR c.after LIKE t.outcome || ': %'))
  WHEN t.outcome = 'posted' THEN
    EXISTS (SELECT 1 FROM placement x JOIN entry e ON e.id = x.id
      WHERE x.line = t.line AND x.agency = t.agency AND e.act = t.act)
  ELSE NOT EXISTS (SELECT 1 {_OF_LINE} AND c.act > t.queued_act)
    AND NOT EXISTS (SELECT 1 FROM placement x JOIN entry e ON e.id = x.id WHERE x.line = t.line AND e.act > t.queued_act)
  END"""


def rows_wait_as_said(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Pending rows of another agency or ground than they were queued for, and those whose end no act made.

    The night's check passes over what the night itself has just queued: nobody was there to change it.
    """
    table, begins = "pending t", "1"
    if not scope.whole:
        table = "pending t INDEXED BY pending_act"
        older = f"(t.queued_act <= {scope.act} OR (SELECT actor FROM act WHERE id = t.queued_act) <> 'night')"
        begins = f"t.act > {scope.act} AND {older}"
    if scope.practice is not None:
        begins += f" AND t.practice = {scope.practice}"
    sql = (
        f"SELECT t.id, t.line, t.outcome, q.after, {_ENDED} FROM {table} JOIN agency a ON a.id = t.agency {_QUEUED}"
        f" WHERE {begins} AND (q.after IS NULL"
        f" OR (q.after <> a.name || ' (' || t.because || ')' AND q.after <> a.name AND NOT {_REROUTED}"
        f" AND NOT EXISTS (SELECT 1 FROM ({NAMES}) AS k WHERE q.after IN (k.name, k.name || ' (' || t.because || ')')))"
        f" OR NOT {_ENDED}) ORDER BY t.id LIMIT ?"
    )
    findings = []
    for row, line, outcome, queued, fits in db.execute_sql(sql, (SHOWN,)).fetchall():
        (number,) = db.execute_sql("SELECT number FROM service_line WHERE id = ?", (line,)).fetchone()
        words = f"Line {number} was queued for {queued}; pending row {row} says otherwise."
        if queued is None:
            words = f"Pending row {row} of line {number} was queued by no act."
        elif not fits:
            words = f"Pending row {row} of line {number} is {outcome or 'open'}; its acts do not say so."
        findings.append(Finding(KIND, f"pending {row}", words))
    return findings


def none_is_gone(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Lines that an act queued and that have no pending row of that act; for the whole store."""
    if not scope.whole:
        return []
    sql = (
        "SELECT c.subject_id, c.act FROM change c NOT INDEXED WHERE c.subject = 'service_line' AND c.field = 'pending'"
        " AND c.before IS NULL AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.line = c.subject_id AND +p.queued_act = c.act)"
        " ORDER BY c.id LIMIT ?"
    )
    words = "The line with id {0} was queued by act {1}; its pending row is gone."
    return [
        Finding(KIND, f"line {line}", words.format(line, act)) for line, act in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


CHECKS = (rows_wait_as_said, none_is_gone)
