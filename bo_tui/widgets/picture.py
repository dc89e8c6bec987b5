"""A picture in half cells, for terminals of 256 colours and more; with the optional extra `[images]` (textual-image and Pillow).

textual-image asks the terminal questions when it is imported and when it first draws, and waits up to 2.5 seconds for answers that
Textual's own reader takes away. While we import it, standard output therefore says that it is no terminal: it then asks nothing.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from bo_tui.widgets import environment

MOST_PIXELS = 60_000_000  # a page of 7 by 8 thousand; beyond it a small file could fill the memory
ZOOMS = (1, 2, 4, 8, 16)
_FORMATS = ("PNG", "JPEG", "TIFF")


def missing() -> str | None:
    """Why no picture can be shown here, as a sentence; None where the terminal has the colours and the extra is installed."""
    if environment.theme(os.environ) == "ansi-dark":
        return "This terminal has too few colours for a picture."
    if find_spec("textual_image") is None or find_spec("PIL") is None:
        return "Pictures are shown with the extra: pip install 'bo-tui[images]'."
    return None


class _NoTerminal:
    """Standard output that is not a terminal, and otherwise itself."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def isatty(self) -> bool:
        return False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@contextlib.contextmanager
def _asking_nothing() -> Iterator[None]:
    real = sys.__stdout__
    sys.__stdout__ = _NoTerminal(real or io.StringIO())  # type: ignore[misc, assignment]
    try:
        yield
    finally:
        sys.__stdout__ = real  # type: ignore[misc]


def _half_cells() -> Callable[..., Any]:
    """textual-image's renderable of half cells, loaded without a question to the terminal."""
    with _asking_nothing():
        from textual_image._terminal import get_cell_size
        from textual_image.renderable.halfcell import Image

        get_cell_size()  # remembered, so that drawing does not ask either
    return Image


@dataclass(frozen=True, slots=True)
class Decoded:
    """One page as an image of Pillow's in RGB, and how many pages there are."""

    image: Any
    page: int
    pages: int


def decode(content: bytes, page: int = 0) -> Decoded:
    """One page (from 0) of a PNG, JPEG or TIFF; ValueError with a sentence when it cannot be decoded or is too large."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            pages = getattr(opened, "n_frames", 1)
            opened.seek(page)
            if opened.width * opened.height > MOST_PIXELS:
                raise ValueError(f"The picture has {opened.width} by {opened.height} pixels, too many to show here.")
            return Decoded(opened.convert("RGB"), page, pages)
    except ValueError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, EOFError, MemoryError) as error:
        raise ValueError(f"The picture cannot be decoded ({type(error).__name__}).") from error


class PictureView(Widget, can_focus=True):
    """An image fitted to the width, zoomed in steps of two, moved by the arrows; `set` shows another."""

    DEFAULT_CSS = "PictureView { height: 1fr; width: 1fr; &:ansi { background: ansi_default; } }"

    def __init__(self) -> None:
        super().__init__()
        self.image: Any = None
        self.zoom = 0  # index into ZOOMS
        self.left = 0.0  # of the part that is shown, as a share of the image
        self.top = 0.0
        self._strips: list[Strip] = []

    def set(self, image: Any) -> None:
        """Show another image, all of it."""
        self.image, self.zoom, self.left, self.top = image, 0, 0.0, 0.0
        self.draw()

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.draw()

    @property
    def place(self) -> str:
        """How far it is zoomed in."""
        return f"{ZOOMS[self.zoom]}x" if self.image is not None else ""

    def turn(self, steps: int) -> None:
        """Zoom in or out, around the middle of what is shown."""
        width, height = self._part()
        x, y = self.left + width / 2, self.top + height / 2
        self.zoom = max(0, min(len(ZOOMS) - 1, self.zoom + steps))
        width, height = self._part()
        self.left, self.top = x - width / 2, y - height / 2
        self.draw()

    def move(self, right: int, down: int) -> None:
        """Move by quarters of what is shown."""
        width, height = self._part()
        self.left += right * width / 4
        self.top += down * height / 4
        self.draw()

    def _part(self) -> tuple[float, float]:
        """Width and height of the part that is shown, as shares of the image; at zoom 1 all of it fits."""
        if self.image is None or not self.size.width or not self.size.height:
            return 1.0, 1.0
        scale = self._scale()
        return (
            min(1.0, self.size.width / (self.image.width * scale)),
            min(1.0, 2 * self.size.height / (self.image.height * scale)),
        )

    def _scale(self) -> float:
        """Half cells for each pixel; a half cell is about as wide as it is high."""
        fit = min(self.size.width / self.image.width, 2 * self.size.height / self.image.height)
        return float(fit * ZOOMS[self.zoom])

    def draw(self) -> None:
        """Cut out the part, scale it, and keep its lines."""
        self._strips = []
        width, height = self._part()
        self.left = max(0.0, min(self.left, 1.0 - width))
        self.top = max(0.0, min(self.top, 1.0 - height))
        if self.image is not None and self.size.width and self.size.height:
            whole_x, whole_y, scale = self.image.width, self.image.height, self._scale()
            box = (
                self.left * whole_x,
                self.top * whole_y,
                (self.left + width) * whole_x,
                (self.top + height) * whole_y,
            )
            cells = (
                max(1, min(self.size.width, round(whole_x * width * scale))),
                max(1, min(self.size.height, round(whole_y * height * scale / 2))),
            )
            self._strips = self._lines(
                self.image.resize((cells[0], 2 * cells[1]), resample=2, box=box, reducing_gap=2.0), cells
            )
        self.refresh()

    def _lines(self, image: Any, cells: tuple[int, int]) -> list[Strip]:
        options = self.app.console.options.update_dimensions(*cells)
        picture = _half_cells()(image, width=cells[0], height=cells[1])
        lines = self.app.console.render_lines(picture, options, pad=False, new_lines=False)
        return [Strip(line) for line in lines[: cells[1]]]

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._strips):
            return Strip([Segment(" " * width, self.rich_style)], width)
        return self._strips[y].extend_cell_length(width, self.rich_style)
