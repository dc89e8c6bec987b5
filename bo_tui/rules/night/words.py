"""A night's steps and control identity in words: the same for the command's report and for Home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bo_tui.rules.external.criteria import NAMES

STEP_WORDS = {
    "withdraw": "Withdrawn from pending",
    "returned_mail": "Queued for returned mail",
    "reassign": "Reassigned to another agency",
    "select": "Queued by balance and age",
    "approve": "Approved and posted",
    "files": "Put into agency files",
    "updates": "Told to agencies in updates",
    "precollect_stop": "To tell TSI of pre-collections",
    "precollect_start": "Queued for pre-collections",
    "check": "Findings of the check",
}
EXCLUDED_WORDS = {
    "on_hold": "on hold",
    "brought_back": "brought back earlier",
    "no_assignment": "no agency with thresholds",
    "below_balance": "balance not above the threshold",
    "too_young": "not older than the threshold",
    "recent_payment": "recent payment reaches the bar",
}


def control_rows(control: Mapping[str, Sequence[int]]) -> list[tuple[str, int, int]]:
    """The control identity as rows: words, lines, cents. Candidates are queued, excluded under one criterion, or failed."""
    names = [("Candidates", "candidates"), ("= queued", "queued")]
    names += [(f"+ {EXCLUDED_WORDS[name]}", name) for name in NAMES] + [("+ failed", "failed")]
    return [(words, *_sums(control.get(name, (0, 0)))) for words, name in names]


def _sums(values: Sequence[int]) -> tuple[int, int]:
    return values[0], values[1]
