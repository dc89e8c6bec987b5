"""Lines of plain text, wrapped to the width there is, and the least screen that pages and dialogs are made for."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from bo_tui.text import clean
from bo_tui.widgets import labels

LEAST = Size(80, 24)
"""The cells that every page and dialog is made for."""
TOO_SMALL = f"The screen is too small (needs {LEAST.width}x{LEAST.height})."


class Lines(Widget):
    """Some lines of plain text, wrapped to the width there is; `&` marks an Alt letter where `letters` is set.

    `keep` holds its line even when it is empty: a line that comes and goes has the whole screen drawn again.
    """

    DEFAULT_CSS = "Lines { height: auto; width: 1fr; &:ansi { background: ansi_default; color: ansi_default; } }"

    def __init__(
        self,
        text: str = "",
        *,
        letters: bool = False,
        keep: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.text = text
        self.letters = letters
        self.keep = keep
        self.display = keep or bool(text)

    def set(self, text: str) -> None:
        """Show another text."""
        if text != self.text:
            before = self._height(self.size.width or 70)
            self.text = text
            self.display = self.keep or bool(text)
            self.refresh(layout=before != self._height(self.size.width or 70))

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        return self._height(width)

    def _height(self, width: int) -> int:
        return len(wrap(self.text, width)) if self.text or self.keep else 0

    def render_line(self, y: int) -> Strip:
        lines = wrap(self.text, self.size.width)
        text = lines[y] if y < len(lines) else ""
        style = self.rich_style
        parts = labels.segments(text, style) if self.letters else [Segment(clean(text), style)]
        return Strip(parts).adjust_cell_length(self.size.width, style)


def wrap(text: str, width: int) -> list[str]:
    """Text in lines of at most `width` cells, broken at blanks; line breaks of the text stay."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        indent = len(paragraph) - len(paragraph.lstrip(" "))
        if paragraph.lstrip().startswith(("- ", "* ")):
            indent += 2
        line, *words = paragraph.split(" ")
        for word in words:
            joined = f"{line} {word}"
            if line.strip() and cell_len(joined) > width:
                lines.append(line)
                line = " " * indent + word
            else:
                line = joined
        lines.append(line)
    return lines
