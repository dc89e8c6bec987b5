"""F8 on Transactions: how the placement came about, with the night's own criteria as they stand for its line now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bo_tui.screens.external import words
from bo_tui.widgets.textpage import TextPage

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage


def start(page: TransactionsPage) -> None:
    """Show the page of the current row's placement."""
    facts = page.facts()
    page.looked("service_line", facts.line_id, "why")
    page.app.push_screen(TextPage(f"Why: line {facts.line}", words.page(facts)))
