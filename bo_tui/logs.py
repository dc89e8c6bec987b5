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
_PLACES = 6  # innermost, whoever's
_OURS = 4  # innermost of the program's own, which a fault deep in a library would push out
_PROGRAM = Path(__file__).parent


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
    """The places that a fault came through, innermost first: the last ones, and the last of the program's own, never a value.

    `...` stands for places between them that are left out. The program's are named by their path in it.
    """
    frames = list(reversed(traceback.extract_tb(error.__traceback__)))
    ours = [number for number, frame in enumerate(frames) if _PROGRAM in Path(frame.filename).parents]
    kept = sorted({*range(min(_PLACES, len(frames))), *ours[:_OURS]})
    told: list[str] = []
    for before, number in zip([-1, *kept], kept, strict=False):
        told += [] if number == before + 1 else ["..."]
        told.append(_place(frames[number]))
    return " < ".join(told) or "?"


def _place(frame: traceback.FrameSummary) -> str:
    file = Path(frame.filename)
    name = file.relative_to(_PROGRAM.parent).as_posix() if _PROGRAM in file.parents else file.name
    return f"{name}:{frame.lineno} {frame.name}"
