"""Whether money that no line has is never less than nothing, and posted payments are what their entries say (DESIGN section 2)."""

from __future__ import annotations

from peewee import SqliteDatabase

from bo_tui import money
from bo_tui.db.integrity.finding import SHOWN, Finding, Moves, Scope

KIND = "payment"


def _touched(db: SqliteDatabase, scope: Scope, book: str) -> bool:
    """Whether an entry of the scope moved money of a book; asked of these alone, as a night's are a few of a long ledger."""
    if scope.whole:
        return True
    sql = f"SELECT 1 FROM entry WHERE {scope.new_entries()} AND '{book}' IN (debit, credit) LIMIT 1"
    return db.execute_sql(sql).fetchone() is not None


def on_account(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Accounts that hold less than nothing on account, and money on account that is nobody's."""
    if not _touched(db, scope, "ON_ACCOUNT"):
        return []
    touched = "1" if scope.whole else f"account IN (SELECT account FROM entry WHERE {scope.new_entries()})"
    sql = (
        "SELECT coalesce(account, 0), SUM(CASE WHEN credit = 'ON_ACCOUNT' THEN amount ELSE -amount END) AS there FROM entry"
        f" WHERE 'ON_ACCOUNT' IN (debit, credit) AND (account IS NULL OR {touched})"
        " GROUP BY account HAVING account IS NULL OR there < 0 LIMIT ?"
    )
    return [
        Finding(KIND, f"account {account}", f"Account with id {account} holds {money.plain(there)} on account.")
        for account, there in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def held(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Payments of whose money more was taken out of suspense or miscellaneous income than went there."""
    findings = []
    for book in (name for name in ("SUSPENSE", "MISC_INCOME") if _touched(db, scope, name)):
        sql = (
            f"SELECT coalesce(CASE WHEN e.code = 'RSCND' THEN p.payment ELSE e.payment END, 0) AS whose,"
            f" SUM(CASE WHEN e.credit = '{book}' THEN e.amount ELSE -e.amount END) AS there"
            f" FROM entry e LEFT JOIN entry p ON p.id = e.parent WHERE '{book}' IN (e.debit, e.credit)"
            " GROUP BY whose HAVING there < 0 OR whose = 0 LIMIT ?"
        )
        findings += [
            Finding(KIND, f"payment {payment}", f"Payment {payment} has {money.plain(there)} in {book}.")
            for payment, there in db.execute_sql(sql, (SHOWN,)).fetchall()
        ]
    return findings


def distributions(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Posted distributions that are not what their entry moved."""
    sql = (
        "SELECT d.id, d.entry FROM distribution d LEFT JOIN entry e ON e.id = d.entry"
        " LEFT JOIN entry c ON c.id = d.commission_entry"
        f" WHERE d.act > {scope.act} AND d.state = 'posted' AND ("
        " (d.entry IS NULL AND d.amount <> 0) OR (d.entry IS NOT NULL AND ("
        "  e.payment IS NOT d.payment OR e.act <> d.act OR e.amount <> abs(coalesce(d.gross, d.amount))))"
        " OR coalesce(c.amount, 0) <> abs(coalesce(d.commission, 0))) LIMIT ?"
    )
    return [
        Finding(
            KIND, f"distribution {row}", f"Distribution {row} is posted as entry {entry}, which moved something else."
        )
        for row, entry in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


def payments(db: SqliteDatabase, moves: Moves, scope: Scope) -> list[Finding]:
    """Payments that are called posted although something of them is not, or the other way.

    Of one that was reversed the rest was never posted: the reversal's act says that it called it posted.
    """
    closed = (
        "EXISTS (SELECT 1 FROM change c JOIN act a ON a.id = c.act WHERE c.subject = 'payment' AND c.subject_id = p.id"
        " AND c.field = 'state' AND c.before = 'partly' AND c.after = 'posted' AND a.kind = 'reverse')"
    )
    sql = (
        "SELECT p.id, p.state, p.amount, SUM(d.state = 'posted') AS done, SUM(d.state = 'unposted') AS waits,"
        " coalesce(SUM(CASE WHEN d.state = 'posted' THEN d.amount END), 0) AS cents"
        f" FROM payment p LEFT JOIN distribution d ON d.payment = p.id WHERE p.act > {scope.act} AND p.batch IS NOT NULL"
        " GROUP BY p.id HAVING (p.state = 'posted' AND (coalesce(waits, 0) > 0 OR (cents <> p.amount"
        f" AND NOT {closed})))"
        " OR (p.state = 'partly' AND coalesce(done, 0) = 0) OR (p.state IN ('unposted', 'removed') AND done > 0) LIMIT ?"
    )
    words = "Payment {} of {} is {}; its distributions posted {}."
    return [
        Finding(KIND, f"payment {row}", words.format(row, money.plain(amount), state, money.plain(cents)))
        for row, state, amount, _, _, cents in db.execute_sql(sql, (SHOWN,)).fetchall()
    ]


CHECKS = (on_account, held, distributions, payments)
