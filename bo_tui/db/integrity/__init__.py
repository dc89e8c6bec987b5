"""The integrity check: small functions that each return findings; nothing is changed (DESIGN sections 2 and 7).

The queries are written out as SQL and share nothing with the rules that write the ledger, so that a mistake there cannot
hide itself here. The meaning of the activity codes comes from the caller (`rules.checking`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from bo_tui.db.connection import Store
from bo_tui.db.integrity import attachments, balances, books, chain, copies, history, looks, structure, waiting
from bo_tui.db.integrity.finding import Finding, Moves, Scope

_CHECKS = (*books.CHECKS, *balances.CHECKS, *history.CHECKS, *waiting.CHECKS)
__all__ = ["Finding", "Moves", "Scope", "check", "check_since"]


def check(store: Store, moves: Moves, *, outbox: bool = True) -> list[Finding]:
    """Verify everything: schema, file, references, chains, books, balances, history, agency files and attachments.

    `moves`: activity code -> the (debit, credit) pairs that it may move money between. Without `outbox` what lies in files
    beside the store is left out, for one that stands alone (a backup). Nothing found is an empty list.
    """
    findings = structure.schema(store)
    if findings:
        return findings  # the other queries cannot be trusted on another schema
    with ThreadPoolExecutor(1) as beside:  # SQLite works outside Python's lock: two processors, half the wait
        others = beside.submit(_all_but_chains, store, moves, outbox)
        with store.reading() as db:
            chains = chain.check(db, Scope())
        return [*chains, *others.result()]


def _all_but_chains(store: Store, moves: Moves, outbox: bool) -> list[Finding]:
    """In a thread with its own connection, and so its own snapshot; each check needs only to agree with itself."""
    try:
        with store.reading() as db:
            findings = structure.file(db) + looks.check(db)
            for part in _CHECKS:
                findings += part(db, moves, Scope())
            beside = store if outbox else None
            return findings + copies.check(db, beside, Scope()) + attachments.check(db, beside, Scope())
    finally:
        store.close()


def check_since(store: Store, act: int, moves: Moves, practice: int | None = None) -> list[Finding]:
    """Verify the acts after `act`, and the lines, placements and files that they touched; of one practice or of all.

    The night's check: it trusts what an earlier one has verified, and leaves pages and the copies in `outbox/` to `check`.
    """
    findings = structure.schema(store)
    if findings:
        return findings
    with store.reading() as db:
        scope = Scope.after(db, act, practice)
        findings += chain.check(db, scope)
        for part in _CHECKS:
            findings += part(db, moves, scope)
        findings += copies.check(db, None, scope) + attachments.check(db, None, scope)
    return findings
