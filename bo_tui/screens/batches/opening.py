"""The way from the list to a batch, from a batch to a payment, and back; each page stays alive and is told what to show."""

from __future__ import annotations

from typing import Any, cast

from bo_tui.screens.page import OfficePage
from bo_tui.views import practices
from bo_tui.views.batches import listing
from bo_tui.views.batches.listing import BatchRow


def batch(page: OfficePage, row: int, said: str = "") -> None:
    """Show a batch (by id), with what was just done on its status line."""
    found = listing.one(page.office, row)
    if found is None:
        page.say("This batch was deleted meanwhile.", warning=True)
        return
    owner = next(one for one in practices.all_practices(page.office) if one.id == found.practice)
    page.session.practice = owner  # what the finder looks in
    shown = cast(Any, page.program.page("payment_batch"))
    shown.open(found, owner, said)
    page.program.show("payment_batch")


def back_to_list(page: OfficePage, row: BatchRow | None) -> None:
    """Show the list of batches with the cursor on the one that was open."""
    if row is not None:
        cast(Any, page.program.page("payment_batches")).stand_on(row.id)
    page.program.show("payment_batches")


def payment(page: OfficePage, row: int, said: str = "", *, adding: bool = False) -> None:
    """Show a payment (by id) of the batch that is open; with `adding` its sheet is begun at once."""
    shown = cast(Any, page.program.page("payment"))
    shown.open(row, cast(Any, page.program.page("payment_batch")).practice, said, adding)
    page.program.show("payment")
