"""Leaving cleanly, and the real cursor: what the program does with the terminal besides drawing."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from textual.app import App


def leave_on_signals(app: App[Any], before: Callable[[], None] | None = None) -> None:
    """Make SIGTERM and SIGHUP end the app as Quit does, with the terminal restored; call it in on_mount.

    The app's return code is 128 plus the signal's number. `before` runs first, for closing what is open.
    """
    loop = asyncio.get_running_loop()

    def leave(number: int) -> None:
        if before is not None:
            before()
        app.exit(return_code=128 + number)

    for name in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(name, leave, name)


def show_cursor(app: App[Any]) -> None:
    """Show the terminal's real cursor, which textual hides: screen readers and magnifiers follow it; call it in on_mount."""
    driver = app._driver
    if driver is not None and not app.is_headless:
        driver.write("\x1b[?25h")
