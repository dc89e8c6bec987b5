"""Pictures: decoding bounded and refused in words, fitted, zoomed and moved; and nothing is asked of the terminal."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from textual.app import App, ComposeResult

from bo_tui.widgets import picture
from bo_tui.widgets.picture import PictureView, decode
from tests import pictures

pytest.importorskip("textual_image")


def test_decoding_a_page() -> None:
    found = decode(pictures.tiff(3), 2)
    assert (found.page, found.pages, found.image.size, found.image.mode) == (2, 3, (8, 4), "RGB")
    assert found.image.getpixel((0, 0)) == (160, 160, 160)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a" + b"\x00" * 50, pictures.png()[:45], pictures.jpeg(), pictures.pdf()]
)
def test_what_cannot_be_decoded_is_said(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"cannot be decoded"):
        decode(content)


def test_a_page_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="cannot be decoded"):
        decode(pictures.tiff(2), 5)


def test_a_small_file_with_a_huge_picture_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_PIXELS", 31)
    with pytest.raises(ValueError, match="8 by 4 pixels, too many"):
        decode(pictures.png())


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield PictureView()


def _blocks(view: PictureView) -> list[str]:
    return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


async def test_fitted_zoomed_and_moved() -> None:
    from PIL import Image

    image: Any = Image.new("RGB", (80, 40), "white")
    image.paste("black", (40, 0, 80, 40))
    async with Shown().run_test(size=(40, 20)) as pilot:
        view = pilot.app.query_one(PictureView)
        view.set(image)
        lines = _blocks(view)
        assert lines == ["▀" * 40] * 10 + [""] * 10  # 40 cells wide, 20 half cells high: the picture's own shape
        left = view.render_line(0)
        colours = [segment.style.color.triplet for segment in left for _ in segment.text]
        assert (colours[0], colours[39]) == ((255, 255, 255), (0, 0, 0))
        view.turn(1)
        assert (view.place, view.left, view.top) == ("2x", 0.25, 0.0)
        view.move(-1, 0)
        view.move(-9, -9)
        assert (view.left, view.top) == (0.0, 0.0)
        view.move(9, 9)
        assert (view.left, view.top) == (0.5, 0.0)
        assert {segment.style.color.triplet for segment in view.render_line(3)} == {(0, 0, 0)}
        view.turn(9)
        assert view.place == "16x"
        assert all(len(line) == 40 for line in _blocks(view))
        view.turn(-9)
        assert (view.place, view.left, view.top) == ("1x", 0.0, 0.0)


def test_nothing_is_asked_of_the_terminal(tmp_path: Any) -> None:
    """Run where standard output is a terminal that never answers: no bytes but our own, and no wait for an answer."""
    import pexpect

    code = (
        "import sys, time; began = time.monotonic(); from bo_tui.widgets.picture import _half_cells; _half_cells();"
        "from textual_image._terminal import get_cell_size; get_cell_size();"
        "print('took', time.monotonic() - began < 2.0, sys.__stdout__.isatty())"
    )
    child = pexpect.spawn(sys.executable, ["-c", code], timeout=30, echo=False, encoding="utf-8")
    child.expect(pexpect.EOF)
    assert "\x1b" not in child.before
    assert child.before.strip() == "took True True"


def test_the_extra_is_loaded_only_when_a_picture_is_drawn() -> None:
    code = (
        "import sys; import bo_tui.screens.external.attachment; from bo_tui.widgets import picture; picture.missing();"
        "print([name for name in ('PIL', 'textual_image') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
