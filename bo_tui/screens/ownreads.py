"""Reads of a grid's source that a worker may make with a connection of its own, and that can be interrupted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from bo_tui.office import Office

Result = TypeVar("Result")


class OwnReads:
    """The reading part of a grid source: `_read` in the screen's thread or in a worker's, `interrupt` from the screen."""

    office: Office
    _reading: Any = None  # the worker's connection while it reads

    def interrupt(self) -> None:
        """End a read that a worker makes; its answer is no longer wanted."""
        connection = self._reading
        if connection is not None:
            with suppress(Exception):  # it was closed in this very moment: the read is over
                connection.interrupt()

    def _read(self, work: Callable[[], Result]) -> Result:
        """Read; a worker's own connection is closed when it is done, since the pool keeps its threads."""
        if threading.current_thread() is threading.main_thread():
            return work()
        mine: Any = None
        try:
            with self.office.reading() as db:
                self._reading = mine = db.connection()
                return work()
        finally:
            if self._reading is mine:  # not that of a later read, which must still end when it is told to
                self._reading = None
            self.office.close()
