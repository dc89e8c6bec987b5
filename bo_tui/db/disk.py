"""Bytes into the office's folder and out of it: never over something that is there, never through a link, never half.

What `outbox/` and `attachments/` have in common. A path is taken step by step from the store's folder with each folder held
open, so that nothing can be put in its way meanwhile; a file is written as NAME.part, fsynced, linked to its name, and its folder
fsynced.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator

from bo_tui.db.connection import Store
from bo_tui.errors import CannotCreate, InputOutput, Locked

FILE_MODE = 0o660
FOLDER_MODE = 0o770
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def place(folder: int, name: str, content: bytes, path: str) -> None:
    """The bytes under a name in an open folder: there already, or written, fsynced and then named; `path` is for messages.

    Raises InputOutput when something else lies there.
    """
    part = f"{name}.part"
    _remove(part, folder)  # what an interrupted write left
    if not _same_there(folder, name, content, path):
        try:
            _write_part(folder, part, content)
            _name(folder, part, name, content, path)
        finally:
            _remove(part, folder)
    os.fsync(folder)


def _same_there(folder: int, name: str, content: bytes, path: str) -> bool:
    found = read(folder, name)
    if found is not None and found != content:
        raise InputOutput(
            f"{path} is already there with other contents; it was left as it is. Move it away and try again."
        )
    return found is not None


def _write_part(folder: int, part: str, content: bytes) -> None:
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, FILE_MODE, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, FILE_MODE)  # whatever the umask says, the office's group shares the outbox
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _name(folder: int, part: str, name: str, content: bytes, path: str) -> None:
    """Give the written bytes their name, which must be free: a hard link cannot overwrite, a rename could."""
    try:
        os.link(part, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError:
        _same_there(folder, name, content, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if not _same_there(folder, name, content, path):  # a file system without hard links
            os.replace(part, name, src_dir_fd=folder, dst_dir_fd=folder)


def read(folder: int, name: str, largest: int = -1) -> bytes | None:
    """The bytes of a regular file in an open folder (with `largest`, no more than one beyond it); None when there is none.

    Raises InputOutput for a folder or a device, OSError for a link.
    """
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise InputOutput(f"{name} is not a file; it was left as it is.")
    with os.fdopen(descriptor, "rb") as file:
        return file.read(largest + 1 if largest >= 0 else -1)


def _remove(name: str, folder: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


@contextlib.contextmanager
def open_folder(store: Store, root: str, path: str, *, create: bool) -> Iterator[tuple[int, str]]:
    """The open folder of a path below `root` of the store's folder, and the name in it; links are not followed.

    Raises InputOutput for a path that leaves the root, OSError where a folder is missing (unless `create`) or a link.
    """
    *folders, name = path.split("/")
    if not folders or folders[0] != root or any(part in ("", ".", "..") or "\0" in part for part in (*folders, name)):
        raise InputOutput(f"{path} does not lie in the {root}; nothing was written.")
    here = os.open(store.folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in folders:
            below = _step(here, part, create)
            os.close(here)
            here = below
        yield here, name
    finally:
        os.close(here)


def _step(here: int, part: str, create: bool) -> int:
    if create:
        with contextlib.suppress(FileExistsError):
            os.mkdir(part, FOLDER_MODE, dir_fd=here)
            _open_to_group(here, part)
        # the folder's own name must last as long as what is put into it; who made it may have been killed before this
        os.fsync(here)
    return os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)


def _open_to_group(here: int, part: str) -> None:
    """Let the office's group in, whatever the umask said.

    A set-group-ID bit that the folder inherited stays, or what is put into it would belong to its writer's own group; where
    nothing needs a change nothing is asked for, because a hardened service may not set such a bit.
    """
    mode = os.stat(part, dir_fd=here, follow_symlinks=False).st_mode
    if mode & 0o777 != FOLDER_MODE:
        os.chmod(part, FOLDER_MODE | mode & stat.S_ISGID, dir_fd=here)


@contextlib.contextmanager
def lock(store: Store, root: str, what: str) -> Iterator[None]:
    """One writer at a time below `root`: two would take each other's .part files away. Locked (75) after the store's patience."""
    with explained(root), open_folder(store, root, f"{root}/lock", create=True) as (here, _):
        deadline = time.monotonic() + store.patience
        while True:
            try:
                fcntl.flock(here, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Locked(f"Somebody else is writing {what}; try again in a moment.") from None
            time.sleep(0.02)
        yield  # closing the folder gives the lock back


@contextlib.contextmanager
def explained(path: str, after: str = "") -> Iterator[None]:
    """What the disk says about a path, as refusals with a sentence and an exit code; `after` says what a full disk means."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InputOutput(f"The disk is full; {path} was not written.{after}") from error
        if error.errno in _DENIED:
            raise CannotCreate(f"{path} cannot be created: {error.strerror}.") from error
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise InputOutput(f"{path} was not written: a link or a file stands where its folder should be.") from error
        raise InputOutput(f"{path} cannot be written: {error.strerror or error}.") from error
