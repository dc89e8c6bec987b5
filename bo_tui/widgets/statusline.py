"""The top line (menus, practice, date, operator), the message line and the line of keys."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip

from bo_tui.text import clean
from bo_tui.widgets import labels
from bo_tui.widgets.lines import wrap
from bo_tui.widgets.oneline import BOLD, DIM, OneLine


class TopLine(OneLine):
    """The menus' titles at the left (`&Manage`), and at the right practice, date and operator as one text."""

    DEFAULT_CSS = "TopLine { text-style: reverse; }"

    def __init__(self, titles: Sequence[str], right: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.titles = list(titles)
        self.right = right

    def set(self, right: str) -> None:
        """Show another text at the right."""
        if right != self.right:
            self.right = right
            self.refresh()

    def place_of(self, index: int) -> int:
        """The cell at which a menu's title begins."""
        return 1 + sum(labels.width(title) + 2 for title in self.titles[:index])

    def parts(self, width: int, style: Style) -> list[Segment]:
        found = [Segment(" ", style)]
        for title in self.titles:
            found += [*labels.segments(title, style), Segment("  ", style)]
        room = width - sum(part.cell_length for part in found)
        if room > 0:
            right = clean(self.right) + " "
            found.append(Segment(labels.fit(right, room) if cell_len(right) > room else right.rjust(room), style))
        return found


class StatusLine(OneLine):
    """What happened, or why the current row is what it is; a warning begins with `!` and is bold.

    A sentence longer than the line takes a second one (a warning a third). What a warning took it gives back; a row's words
    keep the second line, because a page that moves with every row costs a whole screen each time.
    """

    MOST = 2  # lines of a sentence; a warning may have one more

    def __init__(self, text: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = text
        self.warning = False
        self._kept = 1  # lines that stay, once a sentence that is no warning needed them

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show a sentence in place of the one before, cleaned and wrapped; what two lines do not hold is cut visibly."""
        if (text, warning) != (self.text, self.warning):
            self.text, self.warning = text, warning
            self._fit()
            self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Another width may need another line, or one less."""
        if event.size.width != self._width:
            self._width, self._kept = event.size.width, 1
            self._fit()

    _width = 0

    def _fit(self) -> None:
        if not self._width:
            return
        needed = len(self._lines(self._width))
        if not self.warning:
            self._kept = max(self._kept, min(self.MOST, needed))
        height = max(self._kept, min(self.MOST + self.warning, needed))
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height

    def _lines(self, width: int) -> list[str]:
        return wrap(f"! {clean(self.text)}" if self.warning else clean(self.text), max(20, width - 2))

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style
        lines = self._lines(width)
        last = y == self.size.height - 1
        text = " ".join(lines[y:]) if last else lines[y] if y < len(lines) else ""
        look = style + BOLD if self.warning else style
        return Strip([Segment(labels.fit(" " + text, width), look)]).adjust_cell_length(width, style)


class KeyLine(OneLine):
    """What the function keys do now: triples of key (`F3`), label (`&Adjust`) and whether it is off, which is dimmed."""

    DEFAULT_CSS = "KeyLine { text-style: none; }"

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.keys: list[tuple[str, str, bool]] = []

    def set(self, keys: Sequence[tuple[str, str, bool]]) -> None:
        """Show other keys, refreshing only when they differ."""
        if list(keys) != self.keys:
            self.keys = list(keys)
            self.refresh()

    def parts(self, width: int, style: Style) -> list[Segment]:
        keys = self._fitting(width)
        gap = "  " if _length(keys) + len(keys) <= width else " "
        found = [Segment(" " if _length(keys) < width else "", style)]
        for key, label, off in keys:
            look = style + DIM if off else style
            found.append(Segment(f"{key} ", look if off else style + BOLD))
            # what is off loses its underlined letter as well: dim alone is not seen everywhere
            found += [Segment(labels.plain(label), look)] if off else labels.segments(label, look)
            found.append(Segment(gap, style))
        return found

    def _fitting(self, width: int) -> list[tuple[str, str, bool]]:
        """The keys that fit: first the F of all but the first is left out, then labels from the right, but never the last."""
        keys = self.keys
        if _length(keys) > width:
            keys = [*keys[:1], *((key.removeprefix("F"), label, off) for key, label, off in keys[1:])]
        while _length(keys) > width and len(keys) > 2:
            keys = [*keys[:-2], keys[-1]]
        return keys


def _length(keys: Sequence[tuple[str, str, bool]]) -> int:
    return sum(len(key) + 2 + labels.width(label) for key, label, _ in keys) - 1
