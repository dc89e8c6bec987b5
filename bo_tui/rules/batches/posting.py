"""Posting a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bo_tui.errors import Defect
from bo_tui.office import Office
from bo_tui.rules.batches.model import PostDone


def post(
    office: Office,
    batch: int,
    payments: Sequence[int] | None = None,
    *,
    repoint: bool = False,
    seen: Mapping[int, int] | None = None,
    practice: int | None = None,
) -> PostDone:
    """Post a batch that is in balance, or some of its payments (ids); each must have nothing remaining.

    Each distribution is checked again: one that no longer fits stays unposted and is returned in `refused`, the rest posts. With
    `repoint` an agency's money follows a debt that has moved. `seen` maps payments to their acts. Raises RuleRefusal, field
    `batch` or `payment`, and Conflict.
    """
    raise Defect("Posting is not there yet.")
