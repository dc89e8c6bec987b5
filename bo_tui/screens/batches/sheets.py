"""Which sheet a payment is distributed on, and the way back from it to the payment's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bo_tui.rules.batches.model import AGENCY, GUARANTOR, INSURANCE
from bo_tui.screens.batches import words
from bo_tui.screens.batches.agencysheet import AgencySheet
from bo_tui.screens.batches.insurersheet import InsuranceSheet
from bo_tui.screens.batches.linesheet import GuarantorSheet
from bo_tui.screens.batches.sheet import Sheet
from bo_tui.text import counted
from bo_tui.views.batches.shares import ShareRow

if TYPE_CHECKING:
    from bo_tui.screens.batches.payment import PaymentPage

_SHEETS: dict[str, type[Sheet]] = {AGENCY: AgencySheet, GUARANTOR: GuarantorSheet, INSURANCE: InsuranceSheet}


def start(page: PaymentPage, text: str, row: ShareRow | None = None) -> None:
    """Open the sheet of the payment at what a text finds; with `row` (an unposted distribution) in its fields."""
    standing, practice, shown = page.standing, page.practice, page.row
    if standing is None or practice is None or shown is None:
        return
    sheet = _SHEETS[standing.header.kind](page, practice, standing, words.payment_title(shown), text)
    sheet.first_row = row

    def closed(kept: int | None) -> None:
        if kept:
            page.announce(f"Kept {counted(kept, 'row')}; remaining {words.remaining(sheet.standing.remaining)}.")

    page.app.push_screen(sheet, closed)
