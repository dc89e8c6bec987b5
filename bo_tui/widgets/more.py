"""The mark at a box's lower edge that says there is more than the screen shows: `more below`, `more above`, or both."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.containers import VerticalScroll
from textual.widget import Widget


def tell(inside: Widget, above: bool, below: bool) -> None:
    """Say at the lower edge of the box around `inside` what is out of sight; nothing where it stands in no box."""
    box = inside.parent
    if not isinstance(box, Widget) or not (box.has_class("dialog--box") or box.has_class("menu--box")):
        return
    up, down = ("^", "v") if getattr(inside.app, "ascii_guides", False) else ("↑", "↓")
    both = f"more {up}{down}" if above else f"more below {down}"
    text = both if below else f"more above {up}" if above else ""
    if box.border_subtitle != text:
        box.border_subtitle = text


class MoreScroll(VerticalScroll, can_focus=False):
    """Scrolls without a bar, which costs a column; the box around it says where there is more."""

    DEFAULT_CSS = "MoreScroll { height: auto; scrollbar-size: 0 0; }"

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Another part is shown."""
        super().watch_scroll_y(old_value, new_value)
        self._tell(self.size.height, self.virtual_size.height)

    def on_resize(self, event: events.Resize) -> None:
        """More or less fits."""
        self._tell(event.size.height, event.virtual_size.height)

    def _tell(self, height: int, whole: Any) -> None:
        tell(self, self.scroll_y > 0, self.scroll_y + height < whole)
