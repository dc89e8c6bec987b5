"""Whether lines' stays with TSI and their held statements are what the acts say that began and ended them (DESIGN section 4).

A stay stands in the history of its line as `started: PL 100.00` and, at its end, as a change from `started` to how it ended.
What TSI was told, and its files, are with the other copies.
"""

from __future__ import annotations

from peewee import SqliteDatabase

from bo_tui.db.integrity.finding import SHOWN, Finding, Moves, Scope
from bo_tui.db.sqltext import plain

KIND = "history"
_OF_LINE = (
    "SELECT 1 FROM change c WHERE c.subject = 'service_line' AND c.subject_id = t.line AND c.field = 'precollections'"
)
_BEGAN = f"(t.message IS NULL OR EXISTS ({_OF_LINE} AND c.act = m.made_act AND c.after LIKE 'started: __ ' || {plain('t.amount')}))"
_ENDED = (
    f"CASE WHEN t.ended IS NULL THEN NOT EXISTS ({_OF_LINE} AND c.before = 'started' AND c.act > coalesce(m.made_act, 0))"
    f" ELSE EXISTS ({_OF_LINE} AND c.before = 'started' AND c.act = t.act AND c.after = t.ended_as) END"
)


def _where(scope: Scope) -> str:
    words = f"t.act > {scope.act}"
    return words if scope.practice is None else f"{words} AND t.practice = {scope.practice}"


def stays(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Stays that no act began as they stand, or whose end is not what the acts say."""
    sql = (
        f"SELECT t.id, l.number, {_BEGAN} FROM precollection t LEFT JOIN precollect_message m ON m.id = t.message"
        f" LEFT JOIN service_line l ON l.id = t.line WHERE {_where(scope)} AND NOT ({_BEGAN} AND {_ENDED})"
        " ORDER BY t.id LIMIT ?"
    )
    words = ("ended, or goes on, otherwise than its acts say", "was not begun so by its act")
    return [
        Finding(KIND, f"precollection {row}", f"The stay {row} of line {line} with TSI {words[not began]}.")
        for row, line, began in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def held_statements(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Lines whose statements are held, or sent again, otherwise than the last act said."""
    last = (
        "(SELECT c.after = 'yes' FROM change c WHERE c.subject = 'service_line' AND c.subject_id = t.line"
        " AND c.field = 'statement_hold' ORDER BY c.id DESC LIMIT 1)"
    )
    sql = (
        f"SELECT t.id, l.number FROM statement_hold t LEFT JOIN service_line l ON l.id = t.line WHERE {_where(scope)}"
        f" AND (t.lifted IS NULL) IS NOT {last}"
        " AND NOT EXISTS (SELECT 1 FROM statement_hold n WHERE n.line = t.line AND n.id > t.id) ORDER BY t.id LIMIT ?"
    )
    words = "The statements of line {} are held, or sent, otherwise than the last act said."
    return [
        Finding(KIND, f"statement_hold {row}", words.format(line))
        for row, line in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


CHECKS = (stays, held_statements)
