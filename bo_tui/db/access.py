"""The chain of who looked at what: each row's digest covers the digest of the row before it (DESIGN section 7).

Unlike an act's, the moment is under the digest: when somebody looked is what this chain is for.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass

from bo_tui import dates
from bo_tui.db.connection import Store
from bo_tui.db.tables.access import Access, AccessFloor
from bo_tui.errors import NotAllowed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """Something that an operator looked at or took out; `made_at` is its moment in UTC."""

    actor: str
    kind: str  # open, look, report, export, print, unmask, refused
    subject: str  # a page or a table
    subject_id: int | None
    detail: str | None
    practice: int | None
    made_at: str


def text_of(row_id: int, previous: str, look: Look) -> str:
    """The text that a row's digest is made of; free text carries its length, so that no two different rows have the same."""
    parts: list[object] = [1, previous, row_id, look.made_at]
    for value in (look.practice, look.subject_id):
        parts.append("" if value is None else value)
    for text in (look.actor, look.kind, look.subject, look.detail):
        parts.append(":" if text is None else f"{len(text)}:{text}")
    return "|".join(str(part) for part in parts)


def digest_of(row_id: int, previous: str, look: Look) -> str:
    """SHA-256 in hexadecimal of a row that follows one with the digest `previous`."""
    return hashlib.sha256(text_of(row_id, previous, look).encode()).hexdigest()


def head() -> tuple[int, str]:
    """The last row's id and digest, or those of the floor; (0, "") where there is none. Call inside a transaction."""
    last = Access.select(Access.id, Access.digest).order_by(Access.id.desc()).limit(1).tuples().first()
    return last or floor()


def floor() -> tuple[int, str]:
    """The row after which the kept chain begins, and its digest; (0, "") where nothing was ever deleted."""
    found = AccessFloor.select(AccessFloor.access, AccessFloor.digest).order_by(AccessFloor.id.desc()).limit(1)
    return found.tuples().first() or (0, "")


def follows(row_id: int) -> bool:
    """Whether a kept row is as it was written, after the row before it. Call inside a transaction; the row is there."""
    row = Access.get_by_id(row_id)
    kept = Access.select(Access.digest).where(Access.id == row_id - 1).scalar()
    previous = floor()[1] if kept is None else kept
    look = Look(row.actor, row.kind, row.subject, row.subject_id, row.detail, row.practice, row.made_at)
    return bool(digest_of(row_id, previous, look) == row.digest)


def keep_refused(store: Store, actor: str, refusal: NotAllowed) -> None:
    """Write that somebody was not allowed something, once, in a transaction of its own; never raises.

    Inside a transaction it waits for whoever began that one, which will be rolled back. A store that stays busy, or cannot be
    written to, must not hide the refusal itself: then only the log has it.
    """
    if refusal.kept:
        return
    try:
        if store.use().connection().in_transaction:
            return
        refusal.kept = True
        words = (actor, "refused", refusal.subject, refusal.subject_id, refusal.detail)
        write(store, [Look(*words, None, dates.utc_stamp())])
    except Exception as error:
        log.warning("a refusal is not in the chain of looks", extra={"kind": type(error).__name__})


def write(store: Store, looks: Iterable[Look]) -> int:
    """Append looks to the chain in one transaction of their own; how many. Raises Locked where the store stays busy."""
    looks = list(looks)
    if not looks:
        return 0
    with store.act() as writing:
        last, digest = head()
        rows = []
        for row_id, look in enumerate(looks, last + 1):
            digest = digest_of(row_id, digest, look)
            values = (look.practice, look.actor, look.kind, look.subject, look.subject_id, look.detail, look.made_at)
            rows.append((row_id, *values, digest))
        fields = [
            Access.id, Access.practice, Access.actor, Access.kind, Access.subject, Access.subject_id, Access.detail,
            Access.made_at, Access.digest,
        ]  # fmt: skip
        for start in range(0, len(rows), 100):
            Access.insert_many(rows[start : start + 100], fields).execute()
        writing.sealed = True
    return len(rows)
