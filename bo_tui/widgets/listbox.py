"""A list to pick from by keyboard: for menus, the palette and list dialogs. A few hundred entries; the grid is for more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.segment import Segment
from textual import events
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from bo_tui.widgets import labels, more


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what it stands for, its text (`&` marks its letter), text at the right, and why it cannot be taken now."""

    value: Any
    label: str
    right: str = ""
    reason: str | None = None


class ListBox(Widget, can_focus=True):
    """Entries one below the other; Up, Down, PgUp, PgDn, Home, End; Enter takes; Space marks where `multi` is set."""

    COMPONENT_CLASSES = {"list-box--cursor", "list-box--off"}
    DEFAULT_CSS = """
    ListBox {
        height: auto;
        max-height: 16;
        & > .list-box--cursor { text-style: reverse; }
        & > .list-box--off { text-style: dim; }
        &:ansi { background: ansi_default; color: ansi_default; }
    }
    """

    class Taken(Message):
        """Enter, or an entry's letter, on `entry`."""

        def __init__(self, box: ListBox, entry: Entry) -> None:
            super().__init__()
            self.box = box
            self.entry = entry

    class Marked(Message):
        """The marks changed."""

        def __init__(self, box: ListBox) -> None:
            super().__init__()
            self.box = box

    def __init__(
        self, entries: Sequence[Entry], *, multi: bool = False, marked: Iterable[Any] = (), id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.entries = list(entries)
        self.multi = multi
        self.marked: set[Any] = set(marked)
        self.at = 0
        self.top = 0

    @property
    def current(self) -> Entry | None:
        """The entry under the cursor."""
        return self.entries[self.at] if self.entries else None

    def show(self, entries: Sequence[Entry]) -> None:
        """Show other entries, from the first."""
        self.entries = list(entries)
        self.at = self.top = 0
        self.refresh(layout=True)
        self._tell()

    def mark_all(self, marked: bool) -> None:
        """Mark every entry that can be taken, or none."""
        self.marked = {entry.value for entry in self.entries if entry.reason is None} if marked else set()
        self.refresh()
        self.post_message(self.Marked(self))

    def move(self, step: int) -> None:
        """Some entries down or up, as far as there are any."""
        self.at = max(0, min(self.at + step, len(self.entries) - 1))
        height = max(1, self.size.height)
        self.top = max(self.at - height + 1, min(self.top, self.at))
        self.refresh()
        self._tell()

    def on_resize(self) -> None:
        """Say whether there is more than fits."""
        self._tell()

    def _tell(self) -> None:
        if self.size.height:
            more.tell(self, self.top > 0, self.top + self.size.height < len(self.entries))

    def on_key(self, event: events.Key) -> None:
        """The list's own keys."""
        page = max(1, self.size.height - 1)
        steps = {"down": 1, "up": -1, "pagedown": page, "pageup": -page, "home": -(10**6), "end": 10**6}
        entry = self.current
        if event.key in steps:
            self.move(steps[event.key])
        elif event.key == "enter" and entry is not None:
            self.post_message(self.Taken(self, entry))
        elif event.key in ("space", "insert") and self.multi and entry is not None:
            if entry.reason is None:
                self.marked ^= {entry.value}
                self.post_message(self.Marked(self))
            self.move(1 if event.key == "insert" else 0)
        else:
            return
        event.stop()

    @property
    def real_cursor(self) -> Offset:
        """The real cursor stands on the current entry."""
        return Offset(self.region.x, self.region.y + self.at - self.top)

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        return max(1, len(self.entries))

    def get_content_width(self, container: Any, viewport: Any) -> int:
        widths = [labels.width(entry.label) + 2 + len(_right(entry)) for entry in self.entries]
        return max(widths, default=10) + (5 if self.multi else 3)

    def render_line(self, y: int) -> Strip:
        width, index = self.size.width, self.top + y
        if index >= len(self.entries):
            text = "  Nothing here." if not self.entries and y == 0 else ""
            return Strip([Segment(labels.fit(text, width), self.rich_style)], width)
        entry = self.entries[index]
        style = self.rich_style
        if index == self.at:
            style = self.get_component_rich_style("list-box--cursor")
        elif entry.reason is not None:
            style = self.get_component_rich_style("list-box--off")
        mark = ("[x] " if entry.value in self.marked else "[ ] ") if self.multi else ""
        lead = (">" if index == self.at else " ") + mark
        right = _right(entry)
        parts = [Segment(lead, style), *labels.segments(entry.label, style)]
        used = len(lead) + labels.width(entry.label)
        parts.append(Segment(labels.fit(right, max(len(right) + 1, width - used - 1), "right") + " ", style))
        return Strip(parts).adjust_cell_length(width, style)


def _right(entry: Entry) -> str:
    """What stands at an entry's right: its own text, or that it cannot be taken now."""
    return "(not now)" if entry.reason is not None and not entry.right else entry.right
