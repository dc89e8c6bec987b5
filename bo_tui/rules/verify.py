"""The integrity check with the office's own meaning of the activity codes; nothing is changed (DESIGN section 2, invariants)."""

from __future__ import annotations

from bo_tui.db import integrity
from bo_tui.db.integrity import Finding
from bo_tui.office import Office
from bo_tui.rules.codes import ACTIVITY

MOVES = {code: row.moves for code, row in ACTIVITY.items()}


def verify(office: Office) -> list[Finding]:
    """Everything that `bo-tui check` finds wrong with the store; an empty list when it is good."""
    return integrity.check(office.store, MOVES)


def verify_since(office: Office, act: int, practice: int | None = None) -> list[Finding]:
    """What is wrong with the acts after `act` and what they touched, of one practice or of all: the night's check."""
    return integrity.check_since(office.store, act, MOVES, practice)
