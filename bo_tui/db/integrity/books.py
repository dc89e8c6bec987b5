"""Whether each entry does what its code means, and what is between two agencies is nothing (DESIGN section 2)."""

from __future__ import annotations

from peewee import SqliteDatabase

from bo_tui import money
from bo_tui.db.integrity import payments
from bo_tui.db.integrity.finding import SHOWN, Finding, Moves, Scope


def moves_fit(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Entries whose code does not move money between their books, or that touch AR or EXT without a line or placement."""
    known = [f"{code}|{debit}|{credit}" for code, pairs in moves.items() for debit, credit in pairs]
    marks = ", ".join("?" * len(known))
    sql = (
        f"SELECT id, act, code, debit, credit FROM entry WHERE {scope.new_entries()} AND ("
        f"code || '|' || debit || '|' || credit NOT IN ({marks})"
        " OR (line IS NULL AND (debit IN ('AR', 'EXT') OR credit IN ('AR', 'EXT')))"
        " OR (placement IS NULL AND (debit = 'EXT' OR credit = 'EXT'))) ORDER BY id LIMIT ?"
    )
    rows = db.execute_sql(sql, (*known, SHOWN)).fetchall()
    return [
        Finding("books", f"entry {entry}", f"Entry {entry} of act {act} is not what {code} means: {debit} <- {credit}.")
        for entry, act, code, debit, credit in rows
    ]


def nothing_in_transit(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Acts that left money between two agencies."""
    # `+`: in table order; by the index of acts a night's check would go through the whole ledger.
    sql = (
        "SELECT act, SUM(CASE WHEN debit = 'EXT_TRANSIT' THEN amount ELSE -amount END) AS remaining FROM entry"
        f" WHERE {scope.new_entries()} AND (debit = 'EXT_TRANSIT' OR credit = 'EXT_TRANSIT')"
        " GROUP BY +act HAVING remaining <> 0 LIMIT ?"
    )
    return [
        Finding("transit", f"act {act}", f"Act {act} left {money.plain(left)} between two agencies.")
        for act, left in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def placements_are_entries(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Placements whose entry is not an EXCOL of the same practice, line and amount, or that are another account's than their
    line; and EXCOLs that start a tree without one."""
    wrong = (
        "SELECT p.id FROM placement p LEFT JOIN entry e ON e.id = p.id LEFT JOIN service_line l ON l.id = p.line"
        f" WHERE p.id >= {scope.entry} AND (e.id IS NULL OR e.code <> 'EXCOL' OR e.placement <> p.id"
        " OR e.line <> p.line OR e.practice <> p.practice OR e.amount <> p.amount OR l.account <> p.account)"
        " LIMIT ?"
    )
    orphans = (
        f"SELECT e.id FROM entry e LEFT JOIN placement p ON p.id = e.placement WHERE {scope.new_entries('e.')}"
        " AND e.placement IS NOT NULL AND (p.id IS NULL OR p.line <> e.line OR p.practice <> e.practice) LIMIT ?"
    )
    return [
        *_named(db, wrong, "placement", "Placement {0} is not the one that its EXCOL entry made."),
        *_named(db, orphans, "entry", "Entry {0} names a placement that is not there or is another line's."),
    ]


def _named(db: SqliteDatabase, sql: str, subject: str, sentence: str) -> list[Finding]:
    rows = db.execute_sql(sql, (SHOWN,)).fetchall()
    return [Finding("placement", f"{subject} {row}", sentence.format(row)) for (row,) in rows]


CHECKS = (moves_fit, nothing_in_transit, placements_are_entries, *payments.CHECKS)
