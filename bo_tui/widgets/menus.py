"""What menus are made of; the screens that show them (`menubar`) are loaded when one is opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bo_tui.widgets import labels
from bo_tui.widgets.listbox import Entry


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One entry of a menu: `letter` chooses it, `run` does it, `reason` says why it cannot be done now, or gives None."""

    id: str
    label: str
    letter: str
    run: Callable[[], Any]
    reason: Callable[[], str | None] = lambda: None
    right: str = ""

    def entry(self) -> Entry:
        """The item as a list shows it."""
        return Entry(self, labels.with_letter(self.label, self.letter), self.right, self.reason())


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu of the top line; `title` marks its Alt letter (`&Manage`)."""

    title: str
    items: tuple[MenuItem, ...]
