"""An agency's remittance CSV fills a batch."""

from __future__ import annotations

from pathlib import Path

from bo_tui.errors import Defect
from bo_tui.office import Office
from bo_tui.rules.batches.model import Imported


def import_remit(
    office: Office,
    practice: int,
    agency: str,
    path: Path,
    number: str,
    date: int,
    amount: int | None = None,
    *,
    type: str = "check",
    accounting_date: int | None = None,
    another_check: bool = False,
) -> Imported:
    """Make a batch with one payment of an agency from its remittance file; what does not match is kept as exceptions."""
    raise Defect("not there yet")


def settle_exception(office: Office, exception: int, note: str, *, practice: int | None = None) -> int:
    """Say that a remittance's exception was dealt with, and how; the act."""
    raise Defect("not there yet")
