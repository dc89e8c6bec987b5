"""The program under textual's pilot: keys in, what stands on the screen out, once everything that they set off has come to rest."""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.keys import REPLACED_KEYS, _get_unicode_name_from_key

from bo_tui.office import Office
from bo_tui.screens.app import BackOffice
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.fields import Field
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.statusline import StatusLine

SMALL = (80, 24)


class Sitting:
    """One operator at the program."""

    def __init__(self, app: BackOffice, pilot: Any) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys; `=text` types a text."""
        for key in keys:
            for name in _names(key[1:]) if key.startswith("=") else [key]:
                self._send(name)
            await self.rest()

    async def paste(self, text: str) -> None:
        """A long text at once, as a terminal pastes it."""
        event = events.Paste(text)
        event.set_sender(self.app)
        self.app._driver.send_message(event)  # type: ignore[union-attr]
        await self.rest()

    def _send(self, name: str) -> None:
        """A key as a terminal sends it: the program lets keys in one at a time, so none waits here (the pilot's own press does)."""
        character = _letter(name)
        event = events.Key(name, character)
        event.set_sender(self.app)
        self.app._driver.send_message(event)  # type: ignore[union-attr]

    async def rest(self) -> None:
        """Wait until no key is under way and no worker runs."""
        quiet = 0
        for _ in range(500):
            await self.pilot.pause(0.005)
            busy = self.app._in_flight or self.app._typed or self.app.keys_held
            busy = busy or any(worker.is_running for worker in self.app.workers)
            quiet = 0 if busy else quiet + 1
            if quiet > 3:
                return
        raise AssertionError("the program did not come to rest")

    @property
    def screen(self) -> Any:
        """What is in front."""
        return self.app.screen

    @property
    def said(self) -> str:
        """The page's status line."""
        page = next(screen for screen in reversed(self.app.screen_stack) if screen.query(StatusLine))
        return page.query_one(StatusLine).text

    @property
    def dialog(self) -> str:
        """All the words of the dialog in front, its fields' refusals included."""
        words = [line.text for line in self.screen.query(Lines) if line.display]
        return "\n".join([*words, *(field.refusal or "" for field in self.screen.query(Field))])

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows on the screen by column key."""
        grid = self.screen.query_one(LedgerGrid)
        return [dict(zip([column.key for column in grid.columns], row.cells, strict=True)) for row in grid.shown]

    def value(self, key: str) -> Any:
        """What a field of the dialog in front holds."""
        return self.screen.fields[key].raw


@asynccontextmanager
async def sitting(office: Office, tab: str, size: tuple[int, int] = SMALL) -> AsyncIterator[Sitting]:
    """The program opened by the office's operator, at a tab of External Collections."""
    app = BackOffice(office)
    async with app.run_test(size=size) as pilot:
        one = Sitting(app, pilot)
        await one.rest()
        app.show_tab(tab)
        await one.rest()
        yield one


def _letter(name: str) -> str | None:
    if len(name) == 1:
        return name
    try:
        return unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(name, name)))
    except KeyError:
        return None


def _names(text: str) -> list[str]:
    known = {
        " ": "space",
        "/": "slash",
        ".": "full_stop",
        "-": "minus",
        ",": "comma",
        "~": "tilde",
        "_": "underscore",
        "+": "plus",
    }
    return [known.get(letter, letter) for letter in text]
