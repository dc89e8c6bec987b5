"""What all dialogs share: the box, its title, the line with its keys. F2 is OK or Save, Esc cancels, F1 is help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Offset, Size
from textual.reactive import Reactive
from textual.screen import ModalScreen
from textual.widget import Widget

from bo_tui.text import clean
from bo_tui.widgets import labels
from bo_tui.widgets.frames import FramePerKey
from bo_tui.widgets.lines import LEAST, TOO_SMALL, Lines, wrap

__all__ = ["LEAST", "TINY", "TOO_SMALL", "Dialog", "KeysOnly", "Lines", "call_holding_keys", "wrap"]

TINY = Size(50, 14)
"""Below this a dialog shows nothing that could be worked with, so it only says why."""


class Dialog(FramePerKey, ModalScreen[Any]):
    """A box over the page with a title, a body and a line of keys; the base of every dialog.

    `help_topic` names the help page that F1 shows through the app's `action_help`.
    """

    AUTO_FOCUS = "*"
    help_topic = ""
    keys_line = "F2 OK   Esc Cancel"
    DEFAULT_CSS = """
    Dialog {
        align: center top;
        background: transparent;
        & > .dialog--box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            margin: 2 0 0 0;
            padding: 0 1;
            border: solid $primary;
            border-title-style: bold;
            background: $surface;
            &:ansi { background: ansi_default; color: ansi_default; border: solid ansi_default; }
            &.-ascii { border: ascii $primary; }
            &.-ascii:ansi { border: ascii ansi_default; }
        }
        & > .dialog--box.-high { margin: 0; }
        & > .dialog--small { height: 1; text-style: bold reverse; }
        & .dialog--keys { margin: 1 0 0 0; }
        & .dialog--error { text-style: bold; color: $text-error; &:ansi { color: ansi_red; } }
    }
    """
    BINDINGS = [("f1", "app.help", "Help"), ("f2", "ok", "OK"), ("escape", "cancel", "Cancel")]

    # textual repaints the whole screen when the focus moves, 6.7 KB at 80x24; the widgets concerned repaint themselves
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = clean(title)

    def compose(self) -> ComposeResult:
        """The box around the body; its border is ASCII where the app says so."""
        small = Lines(TOO_SMALL, classes="dialog--small")
        small.display = self.cramped
        yield small
        box = Vertical(classes="dialog--box")
        box.set_class(bool(getattr(self.app, "ascii_guides", False)), "-ascii")
        box.set_class(self.high, "-high")
        box.border_title = labels.fit(self.heading, min(70, len(self.heading) + 2)).strip().replace("[", r"\[")
        with box:
            yield from self.body()
            yield Lines(self.keys_line, letters=True, classes="dialog--keys")

    @property
    def cramped(self) -> bool:
        """Whether the screen is smaller than what dialogs are made for."""
        return self.app.size.width < LEAST.width or self.app.size.height < LEAST.height

    def on_resize(self, event: events.Resize) -> None:
        """On a screen that is too small, say so; on a tiny one say nothing else."""
        self.query_one(".dialog--small").display = self.cramped
        box = self.query_one(".dialog--box")
        box.display = event.size.width >= TINY.width and event.size.height >= TINY.height
        box.set_class(self.high, "-high")
        box.styles.max_height = event.size.height - box.styles.margin.top - self.cramped

    @property
    def high(self) -> bool:
        """Whether the box needs the lines of the page that otherwise stay in sight above it."""
        return False

    def body(self) -> ComposeResult:
        """The widgets between title and keys."""
        yield from ()

    def action_ok(self) -> None:
        """F2."""
        self.dismiss(True)

    def action_cancel(self) -> None:
        """Esc."""
        self.dismiss(None)


class KeysOnly(Widget, can_focus=True):
    """Takes the focus where a dialog has only keys, so that the real cursor has a place to stand."""

    DEFAULT_CSS = "KeysOnly { height: 0; width: 1; }"

    @property
    def real_cursor(self) -> Offset:
        """The real cursor stands here."""
        return self.region.offset


def call_holding_keys(screen: Dialog, work: Callable[[], Any], done: Callable[[Any, Exception | None], None]) -> None:
    """Run `work` in a thread while keys wait, then `done(result, error)` on the screen; for saves of more than 5 ms."""
    app = screen.app
    hold, release = getattr(app, "hold_keys", None), getattr(app, "release_keys", None)
    if hold is not None:
        hold()

    def finish(result: Any, error: Exception | None) -> None:
        try:
            done(result, error)
        finally:
            if release is not None:
                release()

    def run() -> None:
        try:
            result = work()
        except Exception as error:
            app.call_from_thread(finish, None, error)
        else:
            app.call_from_thread(finish, result, None)

    screen.run_worker(run, thread=True, group="save", exit_on_error=False)
