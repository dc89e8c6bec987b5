"""How every command ends: what went wrong as one sentence on standard error, and the exit code of CONTRACT."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bo_tui.errors import BadInput, CannotCreate, Defect, InputOutput, NoInput, Refusal

USAGE = 64
INTERRUPTED = 130
BROKEN_PIPE = 141
PROBLEMS_SHOWN = 50
_CANNOT_CREATE = {errno.EROFS, errno.EACCES, errno.EPERM, errno.EEXIST}
_NO_INPUT = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR}


def guarded(call: Callable[[], Any]) -> int:
    """Run the command line and return its exit code; whatever it raises is told on standard error."""
    try:
        result = call()
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except BrokenPipeError:
        return _quiet(BROKEN_PIPE)
    except SystemExit:  # no command of ours leaves so: it is click's answer to a pipe that nobody reads any more
        return _quiet(BROKEN_PIPE)
    except BaseException as error:
        return _by_click(error) or _refused(error)


def _by_click(error: BaseException) -> int | None:
    """The exit code of what click says, or of Ctrl+C; None for anything else. The program opens without loading click."""
    click = sys.modules.get("click")
    if isinstance(error, KeyboardInterrupt) or (click is not None and isinstance(error, click.Abort)):
        _say("Interrupted; what was not finished was not written.")
        return INTERRUPTED
    if click is None or not isinstance(error, click.ClickException):
        return None
    if isinstance(error, click.UsageError):
        said = io.StringIO()
        error.show(said)
        _say(said.getvalue().rstrip("\n"))
    else:
        _say(error.format_message())
    return USAGE


def _refused(error: BaseException) -> int:
    refusal = error if isinstance(error, Refusal) else as_refusal(error)
    if isinstance(refusal, BadInput):
        for problem in refusal.problems[:PROBLEMS_SHOWN]:
            _say(str(problem))
        if refusal.total > min(len(refusal.problems), PROBLEMS_SHOWN):
            _say(f"... and {refusal.total - min(len(refusal.problems), PROBLEMS_SHOWN):,} more")
    if os.environ.get("BO_TUI_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    _say(refusal.sentence)
    if isinstance(refusal, InputOutput):
        _quiet(0)  # standard output itself may be what is full
    return refusal.exit_code


def as_refusal(error: BaseException) -> Refusal:
    """What an exception means to a person; anything unknown is a defect of ours (70), named."""
    if isinstance(error, OSError):
        return _of_the_disk(error)
    peewee = sys.modules.get("peewee")
    import sqlite3

    kinds: tuple[type[BaseException], ...] = (sqlite3.Error,)
    if peewee is not None:
        kinds = (sqlite3.Error, peewee.PeeweeException)
    if isinstance(error, kinds):
        from bo_tui.db.connection import explain

        known = explain(error, Path("the store"))
        if known is not None:
            return known
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Defect(f"A defect of ours: {words} (BO_TUI_DEBUG=1 shows where).")


def _of_the_disk(error: OSError) -> Refusal:
    where = f"{error.filename}: " if error.filename else ""
    sentence = f"{where}{error.strerror or error}."
    if error.errno in _CANNOT_CREATE:
        return CannotCreate(sentence)
    if error.errno in _NO_INPUT:
        return NoInput(sentence)
    return InputOutput(sentence)


def _say(sentence: str) -> None:
    try:
        from bo_tui.text import sentences  # `--help` says nothing here and does not wait for it

        print(sentences(sentence), file=sys.stderr, flush=True)
    except OSError:
        _quiet(0)


def _quiet(code: int) -> int:
    """Point standard output at nothing, so that the interpreter's last flush cannot fail again."""
    try:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
    except (OSError, ValueError):
        pass
    return code
