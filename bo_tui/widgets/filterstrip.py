"""The filter strip: letters typed in the grid land here, and the page hears of them once they rest.

A letter moves the focus into the strip; Down, Up, PgDn, PgUp and Enter go back to the grid; Esc empties it and goes back.
Whatever leaves the field first sends what is still waiting, so that an action never meets the unfiltered list.
"""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from bo_tui.text import clean
from bo_tui.widgets import labels
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.lineinput import LineInput

EDITING = ("left", "right", "home", "end", "backspace", "delete", "shift+left", "shift+right")
TO_GRID = ("down", "up", "pagedown", "pageup")


class Toggle(Widget, can_focus=True):
    """A switch of one line, `[x] Show zero balances`; Space turns it; `&` marks an Alt letter for the page."""

    COMPONENT_CLASSES = {"toggle--focus"}
    DEFAULT_CSS = """
    Toggle {
        height: 1;
        width: auto;
        & > .toggle--focus { text-style: reverse; }
        &:ansi { background: ansi_default; color: ansi_default; }
    }
    """

    class Changed(Message):
        """The switch was turned; `value` is its new state."""

        def __init__(self, toggle: Toggle, value: bool) -> None:
            super().__init__()
            self.toggle = toggle
            self.value = value

    def __init__(self, label: str, value: bool = False, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.label = label
        self.value = value

    def turn(self) -> None:
        """Turn it and tell the page."""
        self.value = not self.value
        self.refresh()
        self.post_message(self.Changed(self, self.value))

    def on_key(self, event: events.Key) -> None:
        """Space turns it."""
        if event.key == "space":
            event.stop()
            self.turn()

    @property
    def real_cursor(self) -> Offset:
        """The real cursor stands on it."""
        return Offset(self.region.x + 1, self.region.y)

    def get_content_width(self, container: object, viewport: object) -> int:
        return labels.width(self.label) + 4

    def render_line(self, y: int) -> Strip:
        style = self.get_component_rich_style("toggle--focus") if self.has_focus else self.rich_style
        parts = [Segment("[x] " if self.value else "[ ] ", style), *labels.segments(self.label, style)]
        return Strip(parts).adjust_cell_length(self.size.width, self.rich_style)


class _FilterInput(LineInput):
    """The strip's input. What it does not edit with sends the filter first, ahead of the key on its way to the page."""

    def __init__(self, strip: FilterStrip) -> None:
        super().__init__(select_on_focus=False)
        self.strip = strip

    def on_key(self, event: events.Key) -> None:
        """Send what waits before an action can meet the unfiltered list."""
        if event.key not in EDITING and not event.is_printable:
            self.strip.flush()


class FilterStrip(Widget):
    """`Filter smi_   [ ] Show zero balances   3 of 1,204`, on one line; attach it to a grid with `attach`.

    `toggle` is an optional switch; `wait` is the seconds that typing has to rest before `Changed` is sent.
    """

    DEFAULT_CSS = """
    FilterStrip {
        layout: horizontal;
        height: 1;
        width: 1fr;
        &:ansi { background: ansi_default; color: ansi_default; }
        & > LineInput { width: 1fr; max-width: 30; margin: 0 2 0 8; }
        & > Toggle { margin: 0 2 0 0; }
    }
    """

    class Changed(Message):
        """The filter rests at `text`."""

        def __init__(self, strip: FilterStrip, text: str) -> None:
            super().__init__()
            self.strip = strip
            self.text = text

    def __init__(
        self, label: str = "Filter", *, toggle: Toggle | None = None, wait: float = 0.15, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.label = label
        self.toggle = toggle
        self.wait = wait
        self.input = _FilterInput(self)
        self.count = ""
        self._grid: LedgerGrid | None = None
        self._timer: Timer | None = None
        self._sent = ""

    def compose(self) -> ComposeResult:
        yield self.input
        if self.toggle is not None:
            yield self.toggle

    @property
    def text(self) -> str:
        """What is typed in the filter."""
        return self.input.value

    def attach(self, grid: LedgerGrid) -> None:
        """Take the letters that are typed in this grid."""
        self._grid = grid
        grid.type_ahead = self

    def set_count(self, text: str) -> None:
        """Show a count at the right, such as `3 of 1,204`."""
        if text != self.count:
            self.count = text
            self.refresh()

    def reset(self) -> None:
        """Empty the filter without telling anybody, as when another practice is chosen."""
        self._stop()
        self._sent = ""
        with self.input.prevent(LineInput.Changed):
            self.input.value = ""

    # --- what the grid calls ---------------------------------------------------------------------------------------

    def typed(self, character: str) -> None:
        """A letter was typed in the grid: it is the filter's, and so are the next ones."""
        self.input.focus()
        self.input.insert_text_at_cursor(character)

    def erase(self) -> bool:
        """Backspace in the grid."""
        if not self.input.value:
            return False
        self.input.focus()
        self.input.value = self.input.value[:-1]
        self.input.cursor_position = len(self.input.value)
        return True

    def clear(self) -> bool:
        """Esc in the grid: empty the filter, at once."""
        if not self.input.value:
            return False
        self.input.value = ""
        self.flush()
        return True

    # --- inside ----------------------------------------------------------------------------------------------------

    def flush(self) -> None:
        """Send what is still waiting."""
        self._stop()
        text = self.input.value
        if text != self._sent:
            self._sent = text
            self.post_message(self.Changed(self, text))

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """Wait until typing rests."""
        event.stop()
        self._stop()
        if event.value == self._sent:
            return
        if self.wait:
            self._timer = self.set_timer(self.wait, self.flush)
        else:
            self.flush()

    def on_key(self, event: events.Key) -> None:
        """Keys that the input leaves over: back to the grid, or on to the page."""
        if self._grid is None or not self.input.has_focus:
            return
        if event.key == "escape":
            used = self.clear()
            self._grid.focus()
            if used:
                event.stop()
        elif event.key == "enter" or event.key in TO_GRID:
            event.stop()
            self._grid.focus()
            if event.key in TO_GRID:
                self._grid.press(event.key)

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style
        label = labels.fit(f" {self.label}", 8)
        count = clean(self.count) + " "
        return Strip([Segment(label + count.rjust(max(0, width - 8)), style)]).adjust_cell_length(width, style)
