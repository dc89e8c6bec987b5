"""Home: the menus' items as two lists, and what waits in the chosen practice."""

from __future__ import annotations

from textual.app import ComposeResult

from bo_tui.screens.page import OfficePage
from bo_tui.widgets.statusline import KeyLine, StatusLine


class HomePage(OfficePage):
    """The first page."""

    help_topic = "home"

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield StatusLine()
        yield KeyLine()
