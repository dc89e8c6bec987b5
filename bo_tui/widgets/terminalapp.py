"""The App that the program derives from: ordered keys, a clean end, and the real cursor where the work is."""

from __future__ import annotations

import os
from typing import Any

from rich.console import RenderableType
from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.screen import Screen

from bo_tui.widgets import environment, keyparser
from bo_tui.widgets.keyqueue import OrderedKeysApp
from bo_tui.widgets.sentcells import Difference, SentCells
from bo_tui.widgets.signals import leave_on_signals, show_cursor


class TerminalApp(OrderedKeysApp):
    """Run it with `run_here()`; `environment.prepare` must have run before textual was imported.

    `ascii_guides` says that grids, dialogs and menus draw in ASCII. A focused widget's `real_cursor` (screen cells) is
    where the terminal's own cursor goes with each frame, so that screen readers and magnifiers follow.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._disable_tooltips = self._disable_notifications = True  # two widgets more in every screen, and never used
        self._sent = SentCells()
        self._sent_for: tuple[Any, Any] = (None, None)
        self.ascii_guides = not environment.has_utf8(os.environ)

    def run_here(self) -> int:
        """Run in this terminal, without the mouse, so that its own selecting and pasting work; the exit code."""
        keyparser.install()
        self.run(mouse=False)
        return self.return_code or 0

    def before_exit(self) -> None:
        """What to close when a signal ends the program."""

    def _on_mount(self) -> None:
        if not self.is_headless:
            leave_on_signals(self, self.before_exit)
            show_cursor(self)

    async def on_event(self, event: events.Event) -> None:
        """A resize, and coming back after Ctrl+Z, which textual tells as one: the terminal shows nothing of ours now."""
        if isinstance(event, events.Resize):
            self._sent.forget()
        await super().on_event(event)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        place = getattr(self.focused, "real_cursor", None) if self.screen_stack else None
        if place is not None:
            self.cursor_position = place
        super()._display(screen, self._unsent(renderable))

    def _unsent(self, renderable: RenderableType | None) -> RenderableType | None:
        """A frame less what stands there already; all of it after a resize and on another page."""
        if not isinstance(renderable, LayoutUpdate | ChopsUpdate) or self._batch_count or self.is_headless:
            return renderable
        page = next((one for one in reversed(self.screen_stack) if not one.is_modal), None)
        if (page, self.size) != self._sent_for:
            self._sent_for = (page, self.size)
            self._sent.forget()
        return Difference(renderable, self._sent)
