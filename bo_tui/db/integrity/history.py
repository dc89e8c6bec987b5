"""Whether what stands in the tables is what the change rows last said of it (DESIGN section 2: rows change only by acts).

Money is replayed by `balances`, what waits by `waiting`; here it is settings, roles, holds, flags, responsibility, agencies of
debts, files' states, proposals and tasks. A row or field of which no change speaks (what an import made) is not judged. The
night's check looks only at what its acts changed; rows that no act made, or that are gone, are for the whole check.
"""

from __future__ import annotations

from typing import Any

from peewee import SqliteDatabase

from bo_tui.db.integrity.finding import SHOWN, Finding, Moves, Scope
from bo_tui.db.integrity.kept import KEPT, Kept

KIND = "history"


def stands_as_said(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Fields that are not what the last change of them says, and rows that are gone although no act took them away."""
    findings: list[Finding] = []
    spoken = _subjects(db, scope)
    for kept in KEPT:
        if kept.table in spoken:
            findings += [_differs(kept, *row) for row in db.execute_sql(_differing(kept, scope), (SHOWN,)).fetchall()]
    return findings


def _subjects(db: SqliteDatabase, scope: Scope) -> set[str]:
    """The tables that changes of the scope speak of; all of them for the whole store, where asking would read every change."""
    if scope.whole:
        return {kept.table for kept in KEPT}
    sql = f"SELECT DISTINCT subject FROM change c NOT INDEXED WHERE {_changes(scope)} AND field <> 'pending'"
    return {subject for (subject,) in db.execute_sql(sql).fetchall()}


def _changes(scope: Scope) -> str:
    words = f"c.id >= {scope.change}"
    if scope.practice is None:
        return words
    mine = f"practice = {scope.practice} OR practice IS NULL"
    return f"{words} AND +c.act IN (SELECT id FROM act WHERE id > {scope.act} AND ({mine}))"


def _differing(kept: Kept, scope: Scope) -> str:
    """Compare first, then ask whether it was the last word: few differ from what stands, most of them followed."""
    stands = " ".join(f"WHEN '{name}' THEN {sql}" for name, sql in kept.said.items())
    fields = ", ".join(f"'{name}'" for name in kept.said)
    # In table order where the subject's changes are most of the table, or where the scope begins late: no jumping about.
    through = "NOT INDEXED" if kept.table == "service_line" or not scope.whole else ""
    return (
        "SELECT subject_id, field, after, stands, act, gone FROM ("
        f"SELECT c.id, c.subject_id, c.field, c.after, c.act, t.{kept.key} IS NULL AS gone, CASE c.field {stands} END AS stands"
        f" FROM change c {through} LEFT JOIN {kept.table} t ON t.{kept.key} = c.subject_id"
        f" WHERE c.subject = '{kept.table}' AND c.field IN ({fields}) AND {_changes(scope)}"
        ") AS said WHERE stands IS NOT after AND NOT EXISTS ("
        f"SELECT 1 FROM change n WHERE n.subject = '{kept.table}' AND n.subject_id = said.subject_id"
        " AND n.field = said.field AND n.id > said.id) ORDER BY id LIMIT ?"
    )


def _differs(kept: Kept, row: int, name: str, said: str | None, stands: str | None, act: int, gone: int) -> Finding:
    subject = f"{kept.table} {row}"
    if gone:
        return Finding(KIND, subject, f"Table {kept.table}, row {row}, is gone; act {act} had changed its {name}.")
    words = "is not what the history says" if name in kept.private else f"stands as {_shown(stands)}"
    last = f"act {act} was the last to change it" if name in kept.private else f"act {act} last said {_shown(said)}"
    return Finding(KIND, subject, f"Table {kept.table}, row {row}: {name} {words}; {last}.")


def _shown(value: str | None) -> str:
    return "nothing" if value is None else value


def nothing_unsaid(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Rows that no act made, and fields never spoken of, of rows that are wholly in the history, that hold something."""
    if not scope.whole:
        return []
    findings: list[Finding] = []
    for kept in KEPT:
        if kept.born:
            findings += _unmade(db, kept)
        if kept.made:
            findings += _unspoken(db, kept)
    return findings


def _unmade(db: SqliteDatabase, kept: Kept) -> list[Finding]:
    sql = (
        f"SELECT t.{kept.key} FROM {kept.table} t WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.subject = '{kept.table}'"
        f" AND c.subject_id = t.{kept.key}) ORDER BY 1 LIMIT ?"
    )
    return [
        Finding(KIND, f"{kept.table} {row}", f"Table {kept.table}, row {row}, was made by no act.")
        for (row,) in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def _unspoken(db: SqliteDatabase, kept: Kept) -> list[Finding]:
    columns: list[Any] = db.execute_sql(f"PRAGMA table_info({kept.table})").fetchall()
    # What must be given has no empty state.
    empty = {name: default or "NULL" for _, name, _, must, default, _ in columns if default is not None or not must}
    of_row = f"c.subject = '{kept.table}' AND c.subject_id = t.{kept.key} AND c.field ="
    made = f"EXISTS (SELECT 1 FROM change c WHERE {of_row} '{kept.made}' AND c.before IS NULL)"
    arms = [
        f"SELECT t.{kept.key}, '{name}' FROM {kept.table} t WHERE t.{column} IS NOT {empty[column]} AND {made}"
        f" AND NOT EXISTS (SELECT 1 FROM change c WHERE {of_row} '{name}')"
        for name, column in kept.columns.items()
        if column in empty
    ]
    rows: list[Any] = db.execute_sql(" UNION ALL ".join(arms) + " LIMIT ?", (SHOWN,)).fetchall()
    words = "Table {0}, row {1}: {2} holds something that no act put there."
    return [Finding(KIND, f"{kept.table} {row}", words.format(kept.table, row, name)) for row, name in rows]


def people_are_who_they_were(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Proposals whose proposer or decider is not the actor of the act that says so: the four eyes must be two persons'."""
    begins = f"p.act > {scope.act}" + ("" if scope.practice is None else f" AND p.practice = {scope.practice}")
    sql = (
        "SELECT p.id, m.actor, d.actor FROM proposal p"
        " JOIN change c ON c.subject = 'proposal' AND c.subject_id = p.id AND c.field = 'state' AND c.before IS NULL"
        f" JOIN act m ON m.id = c.act JOIN act d ON d.id = p.act WHERE {begins}"
        " AND (p.proposed_by <> m.actor OR (p.state <> 'open' AND p.decided_by IS NOT d.actor)) ORDER BY p.id LIMIT ?"
    )
    words = "Proposal {0} does not name who proposed or decided it: its acts are {1}'s and {2}'s."
    return [
        Finding(KIND, f"proposal {row}", words.format(row, maker, decider))
        for row, maker, decider in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def marks_name_their_act(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Accounts whose returned mail is not dated by the act that last set it, and sequences that may be used again."""
    flagged = (
        "SELECT c.subject_id FROM change c JOIN account t ON t.id = c.subject_id WHERE c.subject = 'account'"
        f" AND c.field = 'returned_mail' AND c.after = 'yes' AND {_changes(scope)} AND t.returned_mail_act IS NOT c.act"
        " AND NOT EXISTS (SELECT 1 FROM change n WHERE n.subject = 'account' AND n.subject_id = c.subject_id"
        " AND n.field = 'returned_mail' AND n.after = 'yes' AND n.id > c.id) ORDER BY 1 LIMIT ?"
    )
    floors = (
        "SELECT c.subject_id, f.floor, max(CAST(c.after AS INTEGER)) AS said FROM change c LEFT JOIN sequence_floor f"
        " ON f.agency = c.subject_id AND 'sequence_floor ' || f.practice = c.field"
        f" WHERE c.subject = 'agency' AND c.field LIKE 'sequence_floor %' AND {_changes(scope)}"
        " GROUP BY c.subject_id, c.field HAVING f.floor IS NOT said LIMIT ?"
    )
    mail = "Account with id {0}: the act that set its returned mail is not the one that it names."
    floor = "The sequences of agency {0} may begin after {1}; a restore had said {2}."
    return [
        *(Finding(KIND, f"account {row}", mail.format(row)) for (row,) in db.execute_sql(flagged, (SHOWN,)).fetchall()),
        *(Finding(KIND, f"agency {r[0]}", floor.format(*r)) for r in db.execute_sql(floors, (SHOWN,)).fetchall()),
    ]


CHECKS = (stands_as_said, nothing_unsaid, people_are_who_they_were, marks_name_their_act)
