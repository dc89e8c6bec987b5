"""Account (Alt+B): the account page of the current row's line, and back to the row with Esc."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bo_tui.views import placements
from bo_tui.widgets.actions import PageAction

if TYPE_CHECKING:
    from bo_tui.screens.external.base import ExternalPage


def action(page: ExternalPage, line: Callable[[], int]) -> PageAction:
    """The action; `line` says the id of the current row's line."""

    def run() -> None:
        account = placements.account_of(page.office, line())
        if account is not None:
            page.program.show_account(account, "account_ar")

    return PageAction("account", "Account", "B", run, page.on_row("look"))
