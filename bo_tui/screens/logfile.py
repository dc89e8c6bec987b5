"""The program's log: faults by type and place, in a file beside the store, because the terminal is taken by the pages."""

from __future__ import annotations

import logging
import traceback

from bo_tui.office import Office

NAME = "bo-tui.log"


def begin(office: Office) -> None:
    """Write the program's log beside the store from now on; where that cannot be, nowhere."""
    handler: logging.Handler
    try:
        handler = logging.FileHandler(office.store.folder / NAME, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    except OSError:
        handler = logging.NullHandler()
    logger = logging.getLogger("bo_tui")
    logger.addHandler(handler)
    logger.propagate = False  # the default handler would write across the screen
    logging.raiseExceptions = False


def fault(log: logging.Logger, error: BaseException) -> None:
    """One line for a fault: its type and the places it came through; never its text, which may hold names."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in reversed(frames)
    )
    log.error("%s at %s", type(error).__name__, places or "?")
