"""Money that no line has yet, after its payment was posted: on account, in suspense, in miscellaneous income, refunded.

None of them ever goes below nothing. What is there is read in `holding`; `onaccount`, `suspense` and `refunds` move it.
"""

from __future__ import annotations

from bo_tui.rules.batches.holding import held, on_account
from bo_tui.rules.batches.onaccount import apply_on_account, on_account_to_suspense
from bo_tui.rules.batches.refunds import refund
from bo_tui.rules.batches.suspense import DESTINATIONS, from_misc, from_suspense

__all__ = [
    "DESTINATIONS",
    "apply_on_account",
    "from_misc",
    "from_suspense",
    "held",
    "on_account",
    "on_account_to_suspense",
    "refund",
]
