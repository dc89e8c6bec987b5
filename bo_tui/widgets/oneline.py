"""Widgets of one line: the base of the top line, the tabs, the status line and the line of keys."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

DIM = Style(dim=True)
BOLD = Style(bold=True)
REVERSE = Style(reverse=True)


class OneLine(Widget):
    """One line drawn from `parts()`; refreshed only when what it shows differs."""

    DEFAULT_CSS = "OneLine { height: 1; width: 1fr; &:ansi { background: ansi_default; color: ansi_default; } }"

    def parts(self, width: int, style: Style) -> list[Segment]:
        """The segments for a line of `width` cells in the widget's own style."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style
        return Strip(self.parts(width, style)).adjust_cell_length(width, style)
