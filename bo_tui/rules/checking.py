"""The check, told what the codes mean: the store's own checks know books and amounts, the rules know which code moves what."""

from __future__ import annotations

from peewee import fn

from bo_tui.db import integrity
from bo_tui.db.connection import Store
from bo_tui.db.integrity import Finding
from bo_tui.db.tables import Act, VerifiedRun
from bo_tui.rules.codes import ACTIVITY

MOVES = {row.code: row.moves for row in ACTIVITY.values()}


def check(store: Store) -> list[Finding]:
    """Everything that can be checked, as findings; none is good (DESIGN section 2, invariants)."""
    return integrity.check(store, MOVES)


def check_new(store: Store, practice: int) -> list[Finding]:
    """A practice's acts since the last verified one, and the lines and placements that they touched.

    When nothing is found they count as verified, and the next call begins after them (DESIGN section 5). The night calls it
    for what was done since, an import for what it has loaded.
    """
    with store.reading():
        verified = VerifiedRun.select(VerifiedRun.act).where(VerifiedRun.practice == practice).scalar() or 0
        last = Act.select(fn.MAX(Act.id)).where(Act.practice == practice).scalar() or 0
    if last <= verified:
        return []
    findings = integrity.check_since(store, verified, MOVES, practice)
    if not findings:
        with store.act() as writing:
            VerifiedRun.insert(practice=practice, act=last).on_conflict(
                conflict_target=[VerifiedRun.practice], preserve=[VerifiedRun.act]
            ).execute()
            writing.sealed = True
    return findings
