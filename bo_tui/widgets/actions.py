"""A page's actions in one registry: its keys, its bottom line, its F9 menu and its part of the palette come from here.

The same everywhere: F1 help, F8 why, F9 menu, F12 palette. F2 to F7 are the page's first six actions. An action that
does not apply now is dimmed and says why when its key is pressed.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from textual import events
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

from bo_tui.widgets import labels
from bo_tui.widgets.frames import FramePerKey
from bo_tui.widgets.menus import MenuItem
from bo_tui.widgets.statusline import KeyLine, StatusLine
from bo_tui.widgets.tabs import TabStrip

LONGEST_READ = 5.0  # seconds that an action waits for rows which a worker is reading


def always() -> str | None:
    """An action that always applies has no reason against it."""
    return None


@dataclass(frozen=True, slots=True)
class PageAction:
    """One thing a page can do: Alt+`letter`, `fkey` (given by its place when None), `enabled` (None, or why not now).

    `short` is its label on the bottom line where the full one is too long.
    """

    id: str
    label: str
    letter: str
    run: Callable[[], Any]
    enabled: Callable[[], str | None] = always
    fkey: str | None = None
    short: str = ""

    @property
    def marked(self) -> str:
        """The label for the bottom line, with its Alt letter marked."""
        return labels.with_letter(self.short or self.label, self.letter)

    def item(self) -> MenuItem:
        """The action as an entry of the F9 menu and the palette."""
        keys = [f"Alt+{self.letter.upper()}"] if self.letter else []
        keys += [self.fkey.upper()] if self.fkey else []
        return MenuItem(self.id, self.label, self.letter, self.run, self.enabled, " ".join(keys))


def numbered(actions: Sequence[PageAction]) -> list[PageAction]:
    """The actions with F2 to F7 given to the first six that ask for no key; ValueError when two share a key or a letter."""
    asked = {action.fkey for action in actions if action.fkey}
    free = [key for key in ("f2", "f3", "f4", "f5", "f6", "f7") if key not in asked]
    given = [action if action.fkey or not free else replace(action, fkey=free.pop(0)) for action in actions]
    for name in ("fkey", "letter"):
        used = [getattr(action, name) for action in given if getattr(action, name)]
        twice = {key for key in used if used.count(key) > 1}
        if twice:
            raise ValueError(f"two actions of the page share the {name} {', '.join(sorted(twice))}")
    return given


class ActionPage(FramePerKey, Screen[Any]):
    """A page with actions; override `page_actions`, compose a `StatusLine` and a `KeyLine`, call `show_keys` when the row changes.

    The app may have `action_help()`, `action_why()` and `palette_items()`; a page may override `help`, `why` and `more_keys`.
    """

    help_topic = ""
    focused: Reactive[Widget | None] = Reactive(
        None, repaint=False
    )  # as in Dialog: else each move of the focus is a page

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._page_actions: list[PageAction] | None = None
        self.telling = False  # the status line says what was done or refused, until the next key

    # --- what pages say --------------------------------------------------------------------------------------------

    def page_actions(self) -> Sequence[PageAction]:
        """The page's actions in their order; asked once."""
        return ()

    async def help(self) -> None:
        """F1."""
        await self.run_action("app.help")

    async def why(self) -> None:
        """F8."""
        await self.run_action("app.why")

    def why_reason(self) -> str | None:
        """Why F8 does not apply now, or None."""
        return None

    # --- what pages use --------------------------------------------------------------------------------------------

    @property
    def actions(self) -> list[PageAction]:
        """The page's actions with their keys."""
        if self._page_actions is None:
            self._page_actions = numbered(self.page_actions())
        return self._page_actions

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show a sentence on the page's status line; a warning stays until the next key."""
        self.telling = self.telling or warning
        for line in self.query(StatusLine):
            line.say(text, warning=warning)

    def rest_words(self) -> str:
        """What the status line says when nothing was done or refused just now: a page with rows says why the current one is so."""
        return ""

    def tell(self, text: str) -> None:
        """Say what was done; it stays, whatever is read anew meanwhile, until the next key."""
        self.telling = True
        self.say(text)

    def forget_said(self) -> None:
        """The next key takes a warning away, and what was done: what the key does has words of its own."""
        if self.telling:
            self.telling = False
            self.say(self.rest_words())

    def on_screen_suspend(self) -> None:
        """What was said is over when the page is left; below a dialog it stays."""
        if not any(screen is self for screen in self.app.screen_stack):
            self.telling = False
            self.say(self.rest_words())

    def show_keys(self) -> None:
        """Draw the bottom line for the state of now; it costs nothing when nothing differs."""
        by_key = {action.fkey: action for action in self.actions if action.fkey}
        shown = [("F1", "Help", False)]
        shown += [(key.upper(), by_key[key].marked, by_key[key].enabled() is not None) for key in sorted(by_key)]
        shown += [("F8", "Why", self.why_reason() is not None), ("F9", "Menu", False)]
        for line in self.query(KeyLine):
            line.set(shown)

    async def do(self, action: PageAction) -> None:
        """Do an action, or say why it does not apply now."""
        await self._rows_read()
        reason = action.enabled()
        if reason is not None:
            self.say(reason, warning=True)
            return
        await _finish(action.run())
        self.show_keys()

    async def _rows_read(self) -> None:
        """A filter that a worker is still reading for was typed before the action: the action is meant for its rows."""
        if not self._reading:
            return
        hold, release = getattr(self.app, "hold_keys", None), getattr(self.app, "release_keys", None)
        if hold is not None:
            hold()
        end = time.monotonic() + LONGEST_READ
        while self._reading and time.monotonic() < end:
            await asyncio.sleep(0.01)
        if release is not None:
            release()

    @property
    def _reading(self) -> bool:
        grids: Any = self.query("LedgerGrid")  # by name: a page without one need not load it
        return any(grid.reading for grid in grids)

    # --- keys ------------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """The first bottom line."""
        self.show_keys()

    def on_screen_resume(self) -> None:
        """A dialog may have changed what applies."""
        self.show_keys()

    async def on_key(self, event: events.Key) -> None:
        """The page's keys; they come here after the focused widget has had them."""
        for action in self.actions:
            if event.key == action.fkey or (action.letter and event.key == f"alt+{action.letter.lower()}"):
                event.stop()
                await self.do(action)
                return
        if event.key in ("f1", "f8", "f9", "f12"):
            event.stop()
            await getattr(self, f"_press_{event.key}")()
        elif any(strip.press(event.key) for strip in self.query(TabStrip)):
            event.stop()

    async def _press_f1(self) -> None:
        await self.help()

    async def _press_f8(self) -> None:
        reason = self.why_reason()
        if reason is not None:
            self.say(reason, warning=True)
        else:
            await self.why()

    async def _press_f9(self) -> None:
        from bo_tui.widgets.menubar import MenuScreen

        items = [action.item() for action in self.actions] + self._common()
        self.app.push_screen(MenuScreen("This page", items, x=2, y=2), self._chosen)

    async def _press_f12(self) -> None:
        from bo_tui.widgets.menubar import Palette

        further = getattr(self.app, "palette_items", list)
        items = [action.item() for action in self.actions] + self._common() + list(further())
        self.app.push_screen(Palette(items), self._chosen)

    def _common(self) -> list[MenuItem]:
        return [
            MenuItem("help", "Help for this page", "", self.help, right="F1"),
            MenuItem("why", "Why", "", self.why, self.why_reason, right="F8"),
        ]

    async def _chosen(self, item: Any) -> None:
        if isinstance(item, MenuItem):
            await _finish(item.run())
            self.show_keys()


async def _finish(result: Any) -> None:
    if inspect.isawaitable(result):
        await result
