"""The integrity check: small functions that each return findings; nothing is changed (DESIGN sections 2 and 7).

The queries are written out as SQL and share nothing with the rules that write the ledger, so that a mistake there cannot
hide itself here. The meaning of the activity codes comes from the caller (`rules.checking`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from peewee import SqliteDatabase

from bo_tui.db.connection import Store
from bo_tui.db.integrity import attachments, balances, books, chain, copies, history, looks, staying, structure, waiting
from bo_tui.db.integrity.finding import Finding, Moves, Scope

_CHECKS = (*books.CHECKS, *balances.CHECKS, *history.CHECKS, *waiting.CHECKS, *staying.CHECKS)
__all__ = ["Finding", "Moves", "Scope", "check", "check_since"]


def check(store: Store, moves: Moves, *, outbox: bool = True) -> list[Finding]:
    """Verify everything: schema, file, references, chains, books, balances, history, agency files and attachments.

    `moves`: activity code -> the (debit, credit) pairs that it may move money between. Without `outbox` what lies in files
    beside the store is left out, for one that stands alone (a backup). Nothing found is an empty list.
    """
    findings = structure.schema(store)
    if findings:
        return findings  # the other queries cannot be trusted on another schema
    parts = _parts(moves, store if outbox else None)
    todo, found = deque(sorted(parts, key=lambda name: name not in _LONG)), dict[str, list[Finding]]()
    with ThreadPoolExecutor(1) as beside:  # SQLite works outside Python's lock: two processors, half the wait
        other = beside.submit(_beside, store, parts, todo, found)
        _work(store, parts, todo, found)
        other.result()
    return [finding for name in parts for finding in found[name]]


Parts = dict[str, Callable[[SqliteDatabase], list[Finding]]]
_LONG = ("chain", "file", "lines")  # begun first, so that no one waits for the other at the end


def _parts(moves: Moves, beside: Store | None) -> Parts:
    """Every check by name, in the order in which findings are told; each reads its own snapshot: it need only agree with itself."""
    whole = Scope()
    parts: Parts = {"chain": lambda db: chain.check(db, whole), "file": structure.file, "looks": looks.check}
    for part in _CHECKS:
        parts[part.__name__] = lambda db, part=part: part(db, moves, whole)  # type: ignore[misc]
    parts["copies"] = lambda db: copies.check(db, beside, whole)
    parts["attachments"] = lambda db: attachments.check(db, beside, whole)
    return parts


def _work(store: Store, parts: Parts, todo: deque[str], found: dict[str, list[Finding]]) -> None:
    """Take one check after the other until none is left."""
    try:
        while (name := _taken(todo)) is not None:
            with store.reading() as db:
                found[name] = parts[name](db)
    except BaseException:
        todo.clear()
        raise


def _taken(todo: deque[str]) -> str | None:
    try:
        return todo.popleft()
    except IndexError:
        return None


def _beside(store: Store, parts: Parts, todo: deque[str], found: dict[str, list[Finding]]) -> None:
    """The same in a thread with its own connection."""
    try:
        _work(store, parts, todo, found)
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
