"""A strip of tabs on one line: `1 Pending 12   2 Transactions 1,204   3 Files 8`; Alt+1..9 jump."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.message import Message

from bo_tui.text import clean
from bo_tui.widgets.oneline import BOLD, REVERSE, OneLine


class TabStrip(OneLine):
    """Tabs by id and title, an optional heading before them; the page passes its keys to `press`."""

    class Chosen(Message):
        """A tab was chosen; `tab` is its id."""

        def __init__(self, strip: TabStrip, tab: str) -> None:
            super().__init__()
            self.strip = strip
            self.tab = tab

    def __init__(
        self, tabs: Sequence[tuple[str, str]], *, heading: str = "", active: str = "", id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self.tabs = list(tabs)
        self.heading = heading
        self.active = active or (self.tabs[0][0] if self.tabs else "")
        self.counts: dict[str, str] = {}

    def set_count(self, tab: str, count: str) -> None:
        """Show a count such as `1,204` after a tab's title."""
        if self.counts.get(tab) != count:
            self.counts[tab] = count
            self.refresh()

    def choose(self, tab: str) -> None:
        """Make a tab the active one and say so."""
        if tab != self.active and any(tab == one for one, _ in self.tabs):
            self.active = tab
            self.refresh()
            self.post_message(self.Chosen(self, tab))

    def press(self, key: str) -> bool:
        """Alt+1..9 (and ctrl+pageup, ctrl+pagedown) as a page receives them; whether the key was one of them."""
        ids = [tab for tab, _ in self.tabs]
        if key.startswith("alt+") and key[4:].isdecimal():
            number = int(key[4:])
            if not 1 <= number <= len(ids):
                return False
            self.choose(ids[number - 1])
        elif key in ("ctrl+pagedown", "ctrl+pageup") and self.active in ids:
            step = 1 if key == "ctrl+pagedown" else -1
            self.choose(ids[(ids.index(self.active) + step) % len(ids)])
        else:
            return False
        return True

    def parts(self, width: int, style: Style) -> list[Segment]:
        found = [Segment(f" {clean(self.heading)}  " if self.heading else " ", style + BOLD)]
        for number, (tab, title) in enumerate(self.tabs, 1):
            count = f" {clean(self.counts[tab])}" if self.counts.get(tab) else ""
            active = tab == self.active
            text = f"[{number} {title}{count}]" if active else f" {number} {title}{count} "
            found += [Segment(text, style + REVERSE if active else style), Segment(" ", style)]
        return found
