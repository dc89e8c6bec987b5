"""A one-line input without border, blinking or a life of its own: Enter and Alt keys go on to the form."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.geometry import Offset
from textual.strip import Strip
from textual.widgets import Input

from bo_tui.text import clean


class LineInput(Input):
    """Textual's Input, one line high, that lets in only clean text; `Changed` is its message."""

    DEFAULT_CSS = """
    LineInput {
        height: 1;
        border: none;
        padding: 0;
        background: $panel;
        &:focus { border: none; background: $panel-lighten-2; text-style: none; }
        &:ansi { background: ansi_default; color: ansi_default; text-style: underline; }
        &:ansi:focus { text-style: none; }
        & > .input--cursor { background: $foreground; color: $background; text-style: none; }
        & > .input--selection { background: $foreground; color: $background; text-style: none; }
        &:ansi > .input--cursor { background: ansi_default; color: ansi_default; text-style: reverse; }
        &:ansi > .input--selection { background: ansi_default; color: ansi_default; text-style: reverse; }
    }
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(compact=True, highlighter=None, **options)
        self.cursor_blink = False

    @property
    def _value(self) -> Text:
        """The value as it is drawn: what a store brings may hold anything, and stays what it is until somebody types."""
        return Text(clean(self.value), no_wrap=True, overflow="ignore", end="")

    def on_paste(self, event: events.Paste) -> None:
        """A paste is one line of clean text; what follows the first line is not typed."""
        event.text = clean(next(iter(event.text.splitlines()), ""))

    @property
    def real_cursor(self) -> Offset:
        """Where the real cursor stands; textual's own is a cell too far right at the end of the text."""
        x, y, width, _ = self.content_region
        cells = self._position_to_cell(self.cursor_position) - self.scroll_offset.x
        return Offset(x + max(0, min(cells, width - 1)), y)

    def render_line(self, y: int) -> Strip:
        """Textual's line, filled up, so that an empty field is seen where only underlining shows it."""
        strip = super().render_line(y)
        missing = self.size.width - strip.cell_length
        return strip if missing <= 0 else Strip([*strip, Segment(" " * missing, self.rich_style)])

    async def action_submit(self) -> None:
        """Enter belongs to the form."""
        raise SkipAction
