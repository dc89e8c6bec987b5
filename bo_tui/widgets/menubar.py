"""Menus: a list with letters that drops from the top line, or the page's own on F9; and the palette of everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from bo_tui.widgets import labels
from bo_tui.widgets.frames import FramePerKey
from bo_tui.widgets.lineinput import LineInput
from bo_tui.widgets.lines import Lines
from bo_tui.widgets.listbox import Entry, ListBox
from bo_tui.widgets.menus import Menu, MenuItem

__all__ = ["Menu", "MenuItem", "MenuScreen", "Palette", "open_menu"]


class MenuScreen(FramePerKey, ModalScreen[Any]):
    """A menu at a place of the screen; dismissed with the item, with 1 or -1 for the menu beside it, or None on Esc."""

    AUTO_FOCUS = "ListBox"
    DEFAULT_CSS = """
    MenuScreen {
        background: transparent;
        & > .menu--box {
            width: auto;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: solid $primary;
            background: $surface;
            &:ansi { background: ansi_default; color: ansi_default; border: solid ansi_default; }
            &.-ascii { border: ascii $primary; }
            &.-ascii:ansi { border: ascii ansi_default; }
            & > ListBox { width: auto; min-width: 34; max-height: 18; }
            & > Lines { width: 100%; text-style: italic; }
        }
    }
    """
    BINDINGS = [("escape,f9", "dismiss", "Close")]

    def __init__(self, title: str, items: Sequence[MenuItem], *, x: int = 0, y: int = 1, beside: bool = False) -> None:
        super().__init__()
        self.heading = labels.plain(title)
        self.items = list(items)
        self.place = (x, y)
        self.beside = beside

    def compose(self) -> ComposeResult:
        box = Vertical(classes="menu--box")
        box.set_class(bool(getattr(self.app, "ascii_guides", False)), "-ascii")
        box.border_title = self.heading
        box.styles.margin = (self.place[1], 0, 0, self.place[0])
        with box:
            yield ListBox([item.entry() for item in self.items])
            yield Lines("", id="menu-reason")

    def on_key(self, event: events.Key) -> None:
        """A letter, with or without Alt, or the way to the menu beside."""
        letter = event.key.removeprefix("alt+").casefold()
        found = [item for item in self.items if item.letter and item.letter.casefold() == letter]
        if found:
            self._take(found[0])
        elif self.beside and event.key in ("left", "right"):
            self.dismiss(1 if event.key == "right" else -1)
        else:
            return
        event.stop()

    def on_list_box_taken(self, event: ListBox.Taken) -> None:
        """Enter."""
        self._take(event.entry.value)

    def _take(self, item: MenuItem) -> None:
        reason = item.reason()
        if reason is None:
            self.dismiss(item)
        else:
            self.query_one("#menu-reason", Lines).set(f" {reason}")
            _tell(self.app, reason)


def _tell(app: App[Any], reason: str) -> None:
    """The app may have `menu_refused(reason)`: what an entry was refused with."""
    told = getattr(app, "menu_refused", None)
    if told is not None:
        told(reason)


def open_menu(app: App[Any], menus: Sequence[Menu], index: int, place_of: Callable[[int], int]) -> None:
    """Drop a menu of the top line, at the cell `place_of(index)`, and do what is chosen."""

    def chosen(result: Any) -> None:
        if isinstance(result, MenuItem):
            result.run()
        elif isinstance(result, int) and result:
            open_menu(app, menus, (index + result) % len(menus), place_of)

    menu = menus[index]
    app.push_screen(MenuScreen(menu.title, menu.items, x=max(0, place_of(index) - 1), beside=True), chosen)


class Palette(FramePerKey, ModalScreen[Any]):
    """Everything that can be done here, found by typing parts of its name; dismissed with the item or None."""

    AUTO_FOCUS = "LineInput"
    DEFAULT_CSS = """
    Palette {
        align: center top;
        background: transparent;
        & > .menu--box {
            width: 70; max-width: 100%; height: auto; max-height: 100%; margin: 1 0 0 0;
            border: solid $primary; background: $surface;
            &:ansi { background: ansi_default; color: ansi_default; border: solid ansi_default; }
            &.-ascii { border: ascii $primary; }
            &.-ascii:ansi { border: ascii ansi_default; }
            & > ListBox { max-height: 14; }
        }
    }
    """
    BINDINGS = [("escape,f12", "dismiss", "Close")]

    def __init__(self, items: Sequence[MenuItem]) -> None:
        super().__init__()
        self.items = list(items)

    def compose(self) -> ComposeResult:
        box = Vertical(classes="menu--box")
        box.set_class(bool(getattr(self.app, "ascii_guides", False)), "-ascii")
        box.border_title = "Everything: type a part of its name"
        with box:
            yield LineInput()
            yield ListBox(self._found(""))
            yield Lines("", id="menu-reason")

    def _found(self, text: str) -> list[Entry]:
        words = text.casefold().split()
        entries = [Entry(item, item.label, item.right, item.reason()) for item in self.items]
        return [entry for entry in entries if all(word in entry.label.casefold() for word in words)]

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """Narrow the list."""
        self.query_one(ListBox).show(self._found(event.value))

    def on_key(self, event: events.Key) -> None:
        """Arrows move in the list while the input keeps the focus; Enter takes."""
        box = self.query_one(ListBox)
        steps = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}
        if event.key in steps:
            box.move(steps[event.key])
        elif event.key == "enter" and box.current is not None:
            item = box.current.value
            reason = item.reason()
            if reason is None:
                self.dismiss(item)
            else:
                self.query_one("#menu-reason", Lines).set(f" {reason}")
                _tell(self.app, reason)
        else:
            return
        event.stop()
