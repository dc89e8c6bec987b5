"""The eight tabs of Collections Admin, on as many lines as they need; those not built are dimmed and say what will be there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from bo_tui.widgets.oneline import BOLD, DIM, REVERSE
from bo_tui.widgets.tabs import TabStrip

EXTERNAL = "external"
PRECOLLECTIONS = "precollections"
BUILT = {EXTERNAL: "collections_admin", PRECOLLECTIONS: "precollections_admin"}  # tab -> page
TABS = (
    ("actions", "Actions & Action Series"),
    ("groups", "Collector Groups"),
    ("guarantor", "Guarantor Collections"),
    ("insurance", "Insurance Collections"),
    ("denial", "Denial Collections"),
    (PRECOLLECTIONS, "Pre-Collections"),
    (EXTERNAL, "External Collections"),
    ("letters", "Collection Letters"),
)
COMING = {
    "actions": "what collectors do, and in what order",
    "groups": "who shares tasks, or pulls them",
    "guarantor": "rules for past-due accounts",
    "insurance": "who gets insurance tasks",
    "denial": "denial codes and who works them",
    "letters": "templates in six languages",
}


class AdminTabs(TabStrip):
    """A strip of tabs that wraps; a key for a tab of `missing` posts `NotBuilt` and goes nowhere."""

    DEFAULT_CSS = "AdminTabs { height: auto; }"

    class NotBuilt(Message):
        """A tab was asked for that is not built; `sentence` says what will be there."""

        def __init__(self, sentence: str) -> None:
            super().__init__()
            self.sentence = sentence

    def __init__(self, tabs: Sequence[tuple[str, str]], missing: dict[str, str], *, heading: str, active: str) -> None:
        super().__init__(tabs, heading=heading, active=active)
        self.missing = missing

    def press(self, key: str) -> bool:
        """Alt+1..8; Ctrl+PgUp and Ctrl+PgDn pass over what is not built."""
        if key.startswith("alt+") and key[4:].isdecimal():
            number = int(key[4:])
            if 1 <= number <= len(self.tabs) and self.tabs[number - 1][0] in self.missing:
                tab, title = self.tabs[number - 1]
                self.post_message(self.NotBuilt(f"{title}, not built: {self.missing[tab]}."))
                return True
        elif key in ("ctrl+pagedown", "ctrl+pageup"):
            there = [tab for tab, _ in self.tabs if tab not in self.missing]
            step = 1 if key == "ctrl+pagedown" else -1
            self.choose(there[(there.index(self.active) + step) % len(there)])
            return True
        return super().press(key)

    def get_content_height(self, container: Any, viewport: Any, width: int) -> int:
        return len(self._wrapped(width))

    def _wrapped(self, width: int) -> list[list[tuple[str, str]]]:
        """Tabs by line: (id or nothing for the heading, text)."""
        lines: list[list[tuple[str, str]]] = [[("", f" {self.heading}  ")]]
        used = cell_len(lines[0][0][1])
        for number, (tab, title) in enumerate(self.tabs, 1):
            text = f"[{number} {title}]" if tab == self.active else f" {number} {title} "
            if used + cell_len(text) + 1 > width:
                lines.append([])
                used = 0
            lines[-1].append((tab, text))
            used += cell_len(text) + 1
        return lines

    def render_line(self, y: int) -> Strip:
        width, style = self.size.width, self.rich_style
        lines = self._wrapped(width)
        parts = []
        for tab, text in lines[y] if y < len(lines) else []:
            parts += [Segment(text, style + self._look(tab)), Segment(" ", style)]
        return Strip(parts).adjust_cell_length(width, style)

    def _look(self, tab: str) -> Style:
        if not tab:
            return BOLD
        return REVERSE if tab == self.active else DIM if tab in self.missing else Style()
