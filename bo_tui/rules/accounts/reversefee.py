"""Reversing in active AR: a service fee as RVFEE, and by what is selected everything that `external.reverse` reverses."""

from __future__ import annotations

from bo_tui.office import Office
from bo_tui.rules.external.reverse import Reversed


def reverse_in_ar(
    office: Office,
    entry: int,
    reason: str,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Reversed:
    """As `external.reverse.reverse`, and an SVCFE too: its whole remaining fee, refused while the line is placed or pending."""
    raise NotImplementedError
