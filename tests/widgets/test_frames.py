"""One key makes one frame, however many widgets it changes; what takes long is drawn before it is done."""

from __future__ import annotations

import asyncio
from typing import Any

from rich.console import RenderableType
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from bo_tui.widgets.frames import FramePerKey
from bo_tui.widgets.keyqueue import OrderedKeysApp


class Counter(Widget, can_focus=True):
    DEFAULT_CSS = "Counter { height: 1; }"

    class Moved(Message):
        pass

    number = 0

    def on_key(self, event: events.Key) -> None:
        self.number += 1
        self.refresh()
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        return Strip.blank(self.size.width)


class Page(FramePerKey, Screen[Any]):
    AUTO_FOCUS = "#first"

    def compose(self) -> ComposeResult:
        yield Counter(id="first")
        yield Counter(id="second")

    async def on_counter_moved(self) -> None:
        await asyncio.sleep(self.app.takes)  # type: ignore[attr-defined]
        self.query_one("#second").refresh()


class Program(OrderedKeysApp):
    takes = 0.0

    def __init__(self) -> None:
        super().__init__()
        self.frames = 0

    def on_mount(self) -> None:
        self.push_screen(Page())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        self.frames += renderable is not None
        super()._display(screen, renderable)


async def typed(keys: int, takes: float = 0.0) -> tuple[int, int]:
    """How many frames so many keys typed at once made, and how many of them acted."""
    app = Program()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        app.takes, app.frames = takes, 0
        for _ in range(keys):
            app.post_message(events.Key("x", "x"))
        await asyncio.sleep(0.05)
        for _ in range(100):
            if not app._typed and not app.frames_wait:
                break
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.05)
        return app.frames, app.screen.query_one("#first", Counter).number


async def test_what_one_key_changes_is_one_frame() -> None:
    assert await typed(1) == (1, 1)


async def test_a_burst_of_keys_is_not_a_frame_each() -> None:
    frames, acted = await typed(200)
    assert acted == 200
    assert 1 <= frames < 50


async def test_what_a_slow_key_has_changed_so_far_is_shown_meanwhile() -> None:
    frames, acted = await typed(1, takes=0.3)
    assert acted == 1
    assert frames == 2


class Gone(Widget):
    """A widget that is removed with what waits in its queue."""

    def post_message(self, message: Message) -> bool:
        return True


async def test_a_first_frame_whose_probe_is_lost_is_drawn_all_the_same() -> None:
    app = Program()
    app.hide_frames()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        assert (app.frames, app.frames_wait) == (0, True)
        app.show_frames_after(Gone())
        for _ in range(100):
            if app.frames:
                break
            await pilot.pause(0.02)
        assert (app.frames > 0, app.frames_wait) == (True, False)
