"""What an operator takes out of the office to a place of their choice: a new file of their own; nothing there is overwritten."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from bo_tui.db import outbox
from bo_tui.db.connection import Store
from bo_tui.errors import CannotCreate, InputOutput, NotFound, RuleRefusal

FIELD = "target"
MODE = 0o600  # it names people who owe money: for the operator's eyes until they decide otherwise


def export(store: Store, file_id: int, target: str, *, first: Callable[[], None] | None = None) -> Path:
    """Write the store's own bytes of an agency file to `target`, a new file, or a folder where it keeps its name.

    `first` as for `write_new`. Raises NotFound for a file without bytes, and what `write_new` does.
    """
    file = outbox.stored(store, file_id)
    if file is None:
        raise NotFound("This file has no bytes of its own; there is nothing to export.", field="file")
    return write_new(store, target, file.path.rsplit("/", 1)[-1], file.content, first=first)


def write_new(
    store: Store, target: str, name: str, content: bytes | Iterable[bytes], *, first: Callable[[], None] | None = None
) -> Path:
    """Write bytes to `target`, a new file for the operator's eyes alone, or a folder where it gets `name`; the path written.

    `~` is the operator's home. `first` is called once the file can be written and holds nothing yet: what it raises is passed
    on and no file is left, so that nothing leaves the office before it is kept who took it.
    Raises RuleRefusal, field `target`, when something is there, or for a place inside the office's own folder; CannotCreate
    (73) or InputOutput (74) for what the system refuses.
    """
    path = _place(store, target, name)
    if os.path.lexists(path):
        raise _taken(path)
    part = path.with_name(f"{path.name[:200]}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, MODE)
    except OSError as error:
        raise CannotCreate(f"{path} cannot be created: {error.strerror}.", field=FIELD) from error
    try:
        with os.fdopen(descriptor, "wb") as copy:
            if first is not None:
                first()
            for piece in (content,) if isinstance(content, bytes) else content:
                copy.write(piece)
            copy.flush()
            os.fsync(descriptor)
        _give_name(part, path)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        words = "the disk is full" if full else error.strerror
        raise InputOutput(f"{path} was not written: {words}.", field=FIELD) from error
    finally:
        part.unlink(missing_ok=True)
    return path


def _taken(path: Path) -> RuleRefusal:
    return RuleRefusal(f"{path} is already there; it was left as it is. Choose another name.", field=FIELD)


def _give_name(part: Path, path: Path) -> None:
    """Name the written bytes for good, and never over something: what bears the name is whole, whatever happened meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise _taken(path) from None
    except OSError:
        if os.path.lexists(path):
            raise _taken(path) from None
        os.rename(part, path)  # a file system without hard links
    with contextlib.suppress(OSError):  # not every place of an operator's choice can be asked for this
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _place(store: Store, target: str, name: str) -> Path:
    text = target.strip()
    if not text or "\0" in text:
        raise RuleRefusal(f"Say where to, such as ~/{name}.", field=FIELD)
    try:
        path = Path(text).expanduser()
    except RuntimeError:
        raise RuleRefusal(f"{text}: there is no such home folder.", field=FIELD) from None
    if not path.is_absolute():
        path = Path.cwd() / path
    if path.is_dir():
        path = path / name
    elif text.endswith("/"):
        raise RuleRefusal(f"There is no folder {path}.", field=FIELD)
    folder = Path(os.path.realpath(path.parent))
    own = Path(os.path.realpath(store.folder))
    if folder == own or own in folder.parents:
        raise RuleRefusal("That is the office's own folder; choose a place outside it.", field=FIELD)
    if not folder.is_dir():
        raise RuleRefusal(f"There is no folder {path.parent}.", field=FIELD)
    return path
