"""The worker that writes what an operator of the program looks at, so that no key waits for it (DESIGN section 7)."""

from __future__ import annotations

import logging
import threading
from typing import Any

from bo_tui import dates
from bo_tui.errors import Refusal
from bo_tui.office import Office

log = logging.getLogger(__name__)

WITHIN = 1.0  # seconds between two writes of what was looked at; a kill loses no more than that
MOST_WAITING = 10_000  # looks that wait for a store which stays busy; then the oldest are lost, and the log says so


class Keeper:
    """A worker thread that writes what was looked at, so that no key waits for it; `close` writes the rest and ends it."""

    def __init__(self, office: Office, *, within: float = WITHIN) -> None:
        self._office = office
        self._within = within
        self._waiting: list[Any] = []  # what db.access.Look is made of
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="access", daemon=True)
        self._started = False

    def keep(
        self,
        kind: str,
        subject: str,
        subject_id: int | None = None,
        detail: str | None = None,
        practice: int | None = None,
    ) -> None:
        """Note a look; it is in the chain within two seconds."""
        look = self._office.actor.name, kind, subject, subject_id, detail, practice, dates.utc_stamp()
        with self._lock:
            self._waiting.append(look)
            if not self._started:
                self._started = True
                self._thread.start()

    def close(self, patience: float = 5.0) -> None:
        """Write what waits and end the worker."""
        self._end.set()
        if self._started:
            self._thread.join(patience)

    def _run(self) -> None:
        try:
            while not self._end.wait(self._within):
                self._write()
            self._write()
        finally:
            self._office.close()

    def _write(self) -> None:
        with self._lock:
            looks, self._waiting = self._waiting, []
        if not looks:
            return
        try:
            from bo_tui.db import access  # in the worker: the first frame does not wait for it

            access.write(self._office.store, [access.Look(*look) for look in looks])
        except Refusal:
            log.warning("access rows wait: the store is busy", extra={"count": len(looks)})
            self._put_back(looks)
        except Exception:
            log.exception("access rows not written", extra={"count": len(looks)})
            self._put_back(looks)

    def _put_back(self, looks: list[Any]) -> None:
        with self._lock:
            self._waiting = [*looks, *self._waiting]
            if len(self._waiting) > MOST_WAITING:
                log.error("access rows lost", extra={"count": len(self._waiting) - MOST_WAITING})
                self._waiting = self._waiting[-MOST_WAITING:]
