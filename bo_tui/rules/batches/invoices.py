"""Commission that agencies are owed, and paying it against their invoices."""

from __future__ import annotations

from bo_tui.errors import Defect
from bo_tui.office import Office
from bo_tui.rules.batches.model import Moved


def owed(office: Office, practice: int) -> dict[str, int]:
    """Commission owed by agency, in cents: on gross remits and on money received from patients, less what was paid."""
    raise Defect("not there yet")


def pay_agency(
    office: Office,
    practice: int,
    agency: str,
    amount: int,
    number: str,
    date: int,
    accounting_date: int | None = None,
    *,
    type: str = "check",
    note: str | None = None,
) -> Moved:
    """Pay an agency's invoice (AGPAY), at most what it is owed."""
    raise Defect("not there yet")
