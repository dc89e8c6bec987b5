"""The check, told what the codes mean: the store's own checks know books and amounts, the rules know which code moves what."""

from __future__ import annotations

from bo_tui.db import integrity
from bo_tui.db.connection import Store
from bo_tui.db.integrity import Finding
from bo_tui.rules.codes import ACTIVITY

MOVES = {row.code: row.moves for row in ACTIVITY.values()}


def check(store: Store) -> list[Finding]:
    """Everything that can be checked, as findings; none is good (DESIGN section 2, invariants)."""
    return integrity.check(store, MOVES)


def check_since(store: Store, act: int) -> list[Finding]:
    """The acts after one that was verified, and the lines and placements that they touched."""
    return integrity.check_since(store, act, MOVES)
