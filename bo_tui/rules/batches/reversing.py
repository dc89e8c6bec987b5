"""Reversing posted payments and distributions by new entries."""

from __future__ import annotations

from bo_tui.errors import Defect
from bo_tui.office import Office
from bo_tui.rules.batches.model import Moved

DESTINATIONS = ("payer", "suspense", "on_account")


def reverse_distribution(
    office: Office,
    distribution: int,
    reason: str,
    amount: int | None = None,
    to: str = "payer",
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Moved:
    """Reverse a posted distribution, whole or a part of it; its money goes back to the payer, to suspense, or on account."""
    raise Defect("not there yet")


def reverse_payment(
    office: Office,
    payment: int,
    reason: str,
    to: str = "payer",
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Moved:
    """Reverse all that is posted of a payment and still stands (a bounced check)."""
    raise Defect("not there yet")


def reverse_entry(
    office: Office,
    entry: int,
    reason: str,
    amount: int | None = None,
    to: str = "payer",
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Moved:
    """Reverse a payment's entry (IPYMT, GPYMT, EPYMT, ONACCT, REFND, SMISC), by its id, as Active AR and Transactions show it."""
    raise Defect("not there yet")
