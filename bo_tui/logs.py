"""The log: one JSON object a line, with ids and no names (DESIGN section 8).

What may hold a person's name, an exception's own text above all, never gets in: a fault is told by its type and the places it
came through. `BO_TUI_DEBUG=1` prints tracebacks to whoever asks for them.
"""

from __future__ import annotations

import contextlib
import json
import logging
import traceback
from pathlib import Path

from bo_tui import dates

_IDS = ("practice", "run", "step", "act", "file", "line", "count")
_PLACES = 6


class JsonLines(logging.Formatter):
    """A record as JSON: when, how bad, where from, what, the ids it was given, and a fault's type and places."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        told = {"at": dates.utc_stamp(), "level": record.levelname.lower(), "from": record.name, "event": record.msg}
        told |= {name: getattr(record, name) for name in _IDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            told |= {"fault": type(record.exc_info[1]).__name__, "places": places(record.exc_info[1])}
        return json.dumps(told, default=str)


class OnlyIds(logging.Filter):
    """Keeps a record's arguments out of the line: they may be names."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always let the record through, without its arguments."""
        record.args = ()
        return True


def begin(handler: logging.Handler) -> None:
    """Send the program's log to a handler, and nowhere else."""
    handler.setFormatter(JsonLines())
    handler.addFilter(OnlyIds())
    logger = logging.getLogger("bo_tui")
    logger.handlers[:] = [handler]
    logger.propagate = False  # the default handler would write across the screen
    logging.raiseExceptions = False


class QuietFile(logging.FileHandler):
    """A log file that is made with its first line; where it cannot be written, the line is lost and the work goes on."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line if that can be done."""
        with contextlib.suppress(OSError):
            super().emit(record)


def to_file(path: Path) -> None:
    """Send the program's log to a file."""
    begin(QuietFile(path, encoding="utf-8", delay=True))


def places(error: BaseException) -> str:
    """The places that a fault came through, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)) or "?"
