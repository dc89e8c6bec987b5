"""Adding, changing and taking away what a payment goes to: by the sheet, by a form, or from the account finder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bo_tui.rules.batches import distributions
from bo_tui.rules.batches.model import AGENCY, MISC
from bo_tui.screens.accounts import finder
from bo_tui.screens.batches import shareforms, sheets, words
from bo_tui.widgets.dialogs import ConfirmDialog

if TYPE_CHECKING:
    from bo_tui.screens.batches.payment import PaymentPage


def add(page: PaymentPage) -> None:
    """Alt+D: find the account (or on Recoup the line) first; on Suspense and Misc Income, an amount."""
    if page.tab == "distributions":
        finder.find(page, lambda found: _found(page, found))
    elif page.tab == "recoup" and page.kind != AGENCY:
        finder.find(page, lambda found: shareforms.recoup(page, found.line.number if found.line else None), line=True)
    else:
        add_next(page)


def _found(page: PaymentPage, found: finder.Found) -> None:
    if page.practice is not None and found.practice.id != page.practice.id:
        page.say(f"This batch is of {page.practice.name}; that account is of {found.practice.name}.", warning=True)
        return
    sheets.start(page, found.number)


def add_next(page: PaymentPage) -> None:
    """Alt+N: the sheet; on the other tabs the form."""
    if page.tab == "distributions":
        header = page.standing.header if page.standing else None
        sheets.start(page, (header.account or "") if header else "")
    elif page.tab == "recoup":
        shareforms.recoup(page, None)
    else:
        shareforms.held(page, MISC if page.tab == "misc" else "suspense")


def update(page: PaymentPage) -> None:
    """Alt+U and Enter: change an unposted distribution."""
    row = page.current
    if row is None:
        return
    if row.kind in ("line", "placement") and (row.gross or 0) >= 0:
        sheets.start(page, row.account or "", row)
    else:
        shareforms.change(page, row)


def take_out(page: PaymentPage) -> None:
    """Alt+R: its money remains to be distributed again."""
    row, standing = page.current, page.standing
    if row is None or standing is None:
        return

    def answered(yes: bool | None) -> None:
        if yes:
            page.act(
                lambda: distributions.remove(page.office, row.id, seen=standing.act),
                lambda done: page.announce(f"Removed; {words.remaining(done.remaining)}."),
            )

    page.app.push_screen(ConfirmDialog("Remove this distribution?", words.share_line(row)), answered)
