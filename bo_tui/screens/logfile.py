"""The program's log: faults by type and place, in a file beside the store, because the terminal is taken by the pages."""

from __future__ import annotations

import logging

from bo_tui import logs
from bo_tui.office import Office

NAME = "bo-tui.log"


def begin(office: Office) -> None:
    """Write the program's log beside the store from now on; where that cannot be, nowhere."""
    logs.to_file(office.store.folder / NAME)


def fault(log: logging.Logger, error: BaseException) -> None:
    """One line for a fault: its type and the places it came through; never its text, which may hold names."""
    log.error("fault", exc_info=(type(error), error, error.__traceback__))
