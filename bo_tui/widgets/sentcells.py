"""What the terminal shows already is not sent again: the runs of cells sent last, and the part of a frame that differs.

Textual sends a dialog that opens as four frames, two of them the whole screen (18 KB at 80x24 over SSH), although most of it
stands there; it knows what is dirty, not what differs. Leans on textual's private compositor updates, as `keyparser` does on its
parser: the minor version is pinned, and tests/widgets/test_sentcells.py says when they change.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip


class SentCells:
    """The runs of cells that a terminal shows: by line, where a run begins, where it ends, and what was sent for it."""

    def __init__(self) -> None:
        self._lines: dict[int, dict[int, tuple[int, str]]] = {}

    def forget(self) -> None:
        """The terminal may show something else now: it was resized, or another page begins."""
        self._lines.clear()

    def differs(self, y: int, x: int, end: int, text: str) -> bool:
        """Whether a run is another than the one shown there; it counts as sent from now on."""
        line = self._lines.setdefault(y, {})
        if line.get(x) == (end, text):
            return False
        for start in [start for start, (stop, _) in line.items() if start < end and stop > x]:
            del line[start]
        line[x] = (end, text)
        return True


class Difference(CompositorUpdate):
    """A frame of textual's, less what the terminal shows already."""

    def __init__(self, update: LayoutUpdate | ChopsUpdate, sent: SentCells) -> None:
        self.update = update
        self.sent = sent

    def __rich_console__(self, console: Console, options: Any) -> Any:
        """Textual asks `render_segments`; this is here because the base demands it."""
        yield from self.update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """The bytes for the runs that differ, each with the move to its cell."""
        runs = _whole(self.update) if isinstance(self.update, LayoutUpdate) else _parts(self.update)
        found: list[str] = []
        at: tuple[int, int] | None = None
        for y, x, strip in runs:
            text, end = strip.render(console), x + strip.cell_length
            if end > x and self.sent.differs(y, x, end, text):
                if at != (y, x):
                    found.append(f"\x1b[{y + 1};{x + 1}H")
                found.append(text)
                at = (y, end)
        return "".join(found)


def _whole(update: LayoutUpdate) -> Iterator[tuple[int, int, Strip]]:
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield y, x, strip
            x += strip.cell_length


def _parts(update: ChopsUpdate) -> Iterator[tuple[int, int, Strip]]:
    """The runs that a partial frame touches, from their beginning to the end of its spans, as textual cuts them."""
    for y, x1, x2 in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x <= x2 and end > x1:
                yield y, x, strip if end <= x2 else strip.crop(0, x2 - x)
