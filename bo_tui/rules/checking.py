"""The check, told what the codes mean: the store's own checks know books and amounts, the rules know which code moves what."""

from __future__ import annotations

from collections.abc import Sequence

from peewee import fn

from bo_tui.db import integrity
from bo_tui.db.connection import Store
from bo_tui.db.integrity import Finding
from bo_tui.db.tables import Access, Act, VerifiedRun
from bo_tui.rules.codes import ACTIVITY

MOVES = {row.code: row.moves for row in ACTIVITY.values()}


def check(store: Store) -> list[Finding]:
    """Everything that can be checked, as findings; none is good (DESIGN section 2, invariants)."""
    return integrity.check(store, MOVES)


def missing_anchors(store: Store, anchors: Sequence[str]) -> list[Finding]:
    """Which of the digests kept outside the store - a nightly report's head, a manifest's act - no act or look of it has.

    With a silent `check` beside it, a digest that is found says that everything before it is as it was then (DESIGN section 2).
    """
    findings = []
    with store.reading():
        for anchor in anchors:  # a few, typed by a person
            found = [table for table in (Act, Access) if table.select().where(table.digest == anchor.lower()).exists()]
            if not found:
                findings.append(
                    Finding("anchor", anchor, f"Nothing here has the digest {anchor[:16]}...: what led to it is gone.")
                )
    return findings


def check_new(store: Store, practice: int) -> list[Finding]:
    """A practice's acts since the last verified one, and the lines and placements that they touched.

    When nothing is found they count as verified, and the next call begins after them (DESIGN section 5). The night calls it
    for what was done since.
    """
    with store.reading():
        verified, last = _range(practice)
        findings = integrity.check_since(store, verified, MOVES, practice) if last > verified else []
    if last > verified and not findings:
        with store.act() as writing:
            _remember(practice, last)
            writing.sealed = True
    return findings


def check_before_commit(store: Store, practice: int) -> list[Finding]:
    """The same inside a write transaction whose acts are sealed but not committed: an import that does not add up is undone."""
    verified, last = _range(practice)
    findings = integrity.check_since(store, verified, MOVES, practice) if last > verified else []
    if last > verified and not findings:
        _remember(practice, last)
    return findings


def _range(practice: int) -> tuple[int, int]:
    """The last verified act of a practice and its last act; 0 for none."""
    verified = VerifiedRun.select(VerifiedRun.act).where(VerifiedRun.practice == practice).scalar() or 0
    return verified, Act.select(fn.MAX(Act.id)).where(Act.practice == practice).scalar() or 0


def _remember(practice: int, act: int) -> None:
    VerifiedRun.insert(practice=practice, act=act).on_conflict(
        conflict_target=[VerifiedRun.practice], preserve=[VerifiedRun.act]
    ).execute()
