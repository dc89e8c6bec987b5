"""The program in a terminal, walking by itself: every page, and on each page every action and what opens, shown and left again.

`python -m tests.trust.pages STORE [short]` in a terminal; STORE.walked says where it went, and last how much it saw.
"""

from __future__ import annotations

import asyncio
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from bo_tui.widgets import environment

environment.prepare(os.environ)

from bo_tui.db.connection import open_store  # noqa: E402
from bo_tui.office import Actor, Office  # noqa: E402
from bo_tui.screens.app import PAGES, BackOffice  # noqa: E402
from bo_tui.screens.batches import opening  # noqa: E402
from bo_tui.screens.page import OfficePage  # noqa: E402
from tests import making  # noqa: E402
from tests.screens.piloting import Sitting  # noqa: E402

LEAVES = ("export", "print")  # write files of their own
SHORT = (
    "search",
    "edit",
    "update",
    "reverse",
    "history",
    "open",
)  # lists, and forms that begin with what the store has


class _Pilot:
    """What a Sitting asks of textual's pilot."""

    async def pause(self, delay: float) -> None:
        """Let the program work."""
        await asyncio.sleep(delay)


class Walk(BackOffice):
    """The program, whose keys come from a walk over its pages; a `short` one leaves most actions out."""

    short = False

    async def walk(self, told: Path) -> None:
        """Every page of PAGES, each row's why and each action; what opens is looked at and left by Esc."""
        one, pages, opened = Sitting(self, _Pilot()), 0, 0
        self.trail = told.open("w")
        try:
            await one.rest()
            for name in PAGES:
                self.session.account = 1
                await self._to(one, name)
                pages += 1
                await one.press("end")
                await self._why(one)
                for action in list(getattr(self.screen, "actions", [])):
                    if action.id not in LEAVES and (not self.short or action.id in SHORT):
                        opened += await self._try(one, name, action)
            self.trail.write(f"walked {pages} pages, opened {opened}\n")
        except BaseException as error:
            self.trail.write("".join(traceback.format_exception(error)))
            raise
        finally:
            self.trail.close()
            self.exit()

    async def _to(self, one: Sitting, name: str) -> None:
        if name == "payment_batch":
            opening.batch(self._page(), 2)
        elif name == "payment":
            opening.payment(self._page(), 2)
        elif name == "agency":
            await self._to(one, "agencies")
            await one.press(*(f"alt+{one.letter.lower()}" for one in self.screen.actions if one.id == "figures"))
        else:
            self.call_later(self.show, name)
        await one.rest()

    def _page(self) -> OfficePage:
        return next(page for page in reversed(self.screen_stack) if isinstance(page, OfficePage))

    async def _try(self, one: Sitting, name: str, action: Any) -> int:
        depth = len(self.screen_stack)
        self.trail.write(f"{name} {action.id}\n")
        self.trail.flush()
        await one.press(f"alt+{action.letter.lower()}" if action.letter else action.fkey)
        opened = len(self.screen_stack) > depth or self.name_of(self._page()) != name
        for _ in range(6):
            if len(self.screen_stack) <= depth:
                break
            await one.press("escape")
        if self.name_of(self._page()) != name:
            await self._to(one, name)
        return int(opened)

    async def _why(self, one: Sitting) -> None:
        depth = len(self.screen_stack)
        await one.press("f8")
        for _ in range(3):
            if len(self.screen_stack) > depth:
                await one.press("escape")


def main() -> None:
    """Walk over the store named on the command line."""
    path = Path(sys.argv[1])
    app = Walk(Office(open_store(path), Actor("root", "administrator"), making.DAY))
    app.short = "short" in sys.argv
    app.call_later(lambda: asyncio.get_running_loop().create_task(app.walk(Path(f"{path}.walked"))) and None)
    app.run_here()


if __name__ == "__main__":
    main()
