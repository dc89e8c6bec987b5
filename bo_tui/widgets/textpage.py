"""A page of text to read: help, why, a report. Plain text with the least of Markdown, nothing in it is ever an instruction."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.message import Message
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from bo_tui.text import clean
from bo_tui.widgets import labels
from bo_tui.widgets.frames import FramePerKey
from bo_tui.widgets.lines import wrap


class TextView(Widget, can_focus=True):
    """Lines of text that scroll by Up, Down, PgUp, PgDn, Home, End; `# ` begins a heading, `- ` an item, ``` code."""

    class Scrolled(Message):
        """Other lines are shown now; `place` says which."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    DEFAULT_CSS = "TextView { height: 1fr; width: 1fr; &:ansi { background: ansi_default; color: ansi_default; } }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.top = 0
        self._lines: list[tuple[str, bool]] = []

    def set(self, text: str) -> None:
        """Show another text, from its beginning."""
        self.text = text
        self.top = 0
        self._lay()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay()

    @property
    def real_cursor(self) -> Offset:
        """The real cursor stands on the first line."""
        return self.region.offset

    def _lay(self) -> None:
        self._lines = []
        verbatim = False
        for raw in self.text.split("\n"):
            line = clean(raw.replace("\t", "    "))
            if line.startswith("```"):
                verbatim = not verbatim
                continue
            heading = line.startswith("#") and not verbatim
            text = line.lstrip("# ") if heading else line if verbatim else line.replace("**", "").replace("`", "")
            for part in [text] if verbatim else wrap(text, max(20, self.size.width - 2)):
                self._lines.append((part, heading))
        self.top = max(0, min(self.top, len(self._lines) - self.size.height))
        self.refresh()
        self.post_message(self.Scrolled(self.place))

    def on_key(self, event: events.Key) -> None:
        """Scroll."""
        page = max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "pagedown": page, "space": page, "pageup": -page, "home": -(10**6), "end": 10**6}
        if event.key in steps:
            event.stop()
            top = max(0, min(self.top + steps[event.key], len(self._lines) - self.size.height))
            if top != self.top:
                self.top = top
                self.refresh()
                self.post_message(self.Scrolled(self.place))

    @property
    def place(self) -> str:
        """How far one has read: `lines 1-20 of 57`, or nothing when all of it is on the screen."""
        height, total = self.size.height, len(self._lines)
        return "" if total <= height else f"lines {self.top + 1}-{min(total, self.top + height)} of {total}"

    def render_line(self, y: int) -> Strip:
        width, index = self.size.width, self.top + y
        text, heading = self._lines[index] if index < len(self._lines) else ("", False)
        style = self.rich_style + Style(bold=True) if heading else self.rich_style
        return Strip([Segment(labels.fit(" " + text, width), style)], width)


class TextBar(Widget):
    """One line in reverse: the title and the keys of a text page."""

    DEFAULT_CSS = "TextBar { height: 1; width: 1fr; text-style: reverse; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def set(self, text: str) -> None:
        """Show another text."""
        if text != self.text:
            self.text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(labels.fit(f" {self.text}", self.size.width), self.rich_style)], self.size.width)


MENU_KEYS = ("f9", "f12", "alt+m", "alt+x", "alt+f")


class Viewer(FramePerKey, ModalScreen[None]):
    """What is read over a page; the menus belong to the page below, and their keys say so on the last bar."""

    async def on_key(self, event: events.Key) -> None:
        """F9, F12, Alt+M, Alt+X, Alt+F."""
        if event.key in MENU_KEYS:
            event.stop()
            list(self.query(TextBar))[-1].set("The menus are the page's: Esc goes back first")


class TextPage(Viewer):
    """A whole screen of text with a title; Esc, F2 and Enter go back; dismissed with None."""

    AUTO_FOCUS = "TextView"
    KEYS = "Esc back   Up Down PgUp PgDn Home End"
    DEFAULT_CSS = "TextPage { background: $background; &:ansi { background: ansi_default; } }"
    BINDINGS = [("escape,f2,enter,q", "back", "Back")]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self.heading = title
        self.text = text

    def compose(self) -> ComposeResult:
        yield TextBar(self.heading)
        yield TextView(self.text)
        yield TextBar(self.KEYS)

    def on_text_view_scrolled(self, event: TextView.Scrolled) -> None:
        """Say how far one has read."""
        list(self.query(TextBar))[-1].set(f"{self.KEYS}   {event.place}")

    def action_back(self) -> None:
        """Go back to the page."""
        self.dismiss(None)
