"""Whether what lines, placements and files carry is what their entries and rows say (DESIGN section 2, invariants 1 to 5)."""

from __future__ import annotations

from peewee import SqliteDatabase

from bo_tui import money
from bo_tui.db.integrity.finding import SHOWN, Finding, Moves, Scope

_DEBT = ("AR", "EXT")


def lines(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Lines whose fee or AR balance is not their entries', or whose AR and EXT are not fee less payments and adjustments."""
    sql = (
        "SELECT id, number, kept, booked, kept + ext, net, fee, charged FROM ("
        " SELECT l.id, l.number, l.fee, l.ar AS kept,"
        "  coalesce(SUM(CASE WHEN e.code = 'SVCFE' THEN e.amount END), 0) AS charged,"
        "  coalesce(SUM(CASE 'AR' WHEN e.debit THEN e.amount WHEN e.credit THEN -e.amount END), 0) AS booked,"
        f"  coalesce(SUM(CASE {_net(moves)} END), 0) AS net,"
        "  (SELECT coalesce(SUM(balance), 0) FROM placement WHERE line = l.id) AS ext"
        f" FROM service_line l LEFT JOIN entry e ON e.line = l.id WHERE {scope.owners('l.id')} GROUP BY l.id"
        ") WHERE kept <> booked OR kept + ext <> net OR fee <> charged LIMIT ?"
    )
    findings = []
    for line, number, kept, booked, both, net, fee, charged in db.execute_sql(sql, (SHOWN,)).fetchall():
        if kept != booked:
            words = f"Line {number} carries {money.plain(kept)} in AR; its entries say {money.plain(booked)}."
            findings.append(Finding("balance", f"line {line}", words))
        elif both != net:
            words = f"Line {number} has {money.plain(both)} in AR and EXT; fee, payments and adjustments say {money.plain(net)}."
            findings.append(Finding("identity", f"line {line}", words))
        else:
            words = f"Line {number} carries a fee of {money.plain(fee)}; its entries say {money.plain(charged)}."
            findings.append(Finding("balance", f"line {line}", words))
    return findings


def _net(moves: Moves) -> str:
    """What each code adds to a line's debt wherever it is: SQL cases; a code that only moves debt about adds nothing.

    A code that touches debt in some of its moves alone (a payment straight to suspense, a refund) adds in those.
    """
    cases = []
    for code, pairs in sorted(moves.items()):
        signs = [
            (debit in _DEBT) - (credit in _DEBT) for debit, credit in pairs if "EXT_TRANSIT" not in (debit, credit)
        ]
        for sign, side, words in ((1, "debit", ""), (-1, "credit", "-")):
            if sign in signs:
                only = "" if set(signs) == {sign} else f" AND e.{side} IN {_DEBT}"
                cases.append(f"WHEN e.code = '{code}'{only} THEN {words}e.amount")
    return " ".join(cases) or "WHEN 1 THEN 0"


def placements(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Placements whose balance is not their entries', is below zero, or is not zero although they are closed; and those that
    are not open or closed as their first AGTFR or RVCOL says."""
    sql = (
        "SELECT b.id, b.balance, b.closed, b.booked, taken.code FROM ("
        "SELECT p.id, p.balance, p.closed, min(CASE WHEN e.code IN ('AGTFR', 'RVCOL') THEN e.id END) AS taken,"
        " coalesce(SUM(CASE 'EXT' WHEN e.debit THEN e.amount WHEN e.credit THEN -e.amount END), 0) AS booked"
        f" FROM placement p LEFT JOIN entry e ON e.placement = p.id WHERE {scope.owners('p.id')} GROUP BY p.id"
        ") AS b LEFT JOIN entry taken ON taken.id = b.taken WHERE b.balance <> b.booked OR b.balance < 0"
        " OR b.closed IS NOT taken.code OR (b.closed IS NOT NULL AND b.balance <> 0) LIMIT ?"
    )
    findings = []
    for placement, kept, closed, booked, taken in db.execute_sql(sql, (SHOWN,)).fetchall():
        words = f"Placement {placement} carries {money.plain(kept)}; its entries say {money.plain(booked)}."
        if kept == booked and closed == taken:
            words = f"Placement {placement} is {'closed' if closed else 'open'} with a balance of {money.plain(kept)}."
        elif kept == booked:
            words = f"Placement {placement} says that it was closed by {closed or 'nothing'}; its entries say {taken or 'nothing'}."
        findings.append(Finding("balance", f"placement {placement}", words))
    return findings


def one_open(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Lines with more than one open placement or more than one row that waits."""
    findings = []
    for table, condition, words in (
        ("placement", "closed IS NULL", "open placements"),
        ("pending", "outcome IS NULL", "rows that wait"),
    ):
        # `+`: read the table itself; the unique index that should make this impossible is what is being doubted
        sql = f"SELECT line, count(*) FROM {table} WHERE +{condition} GROUP BY +line HAVING count(*) > 1 LIMIT ?"
        for line, count in db.execute_sql(sql, (SHOWN,)).fetchall():
            findings.append(Finding("open", f"line {line}", f"The line with id {line} has {count} {words}."))
    return findings


CHECKS = (lines, placements, one_open)
