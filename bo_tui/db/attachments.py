"""The store of attachments: `attachments/AB/HASH.png`, each file named by the SHA-256 of its bytes, and kept once.

Nothing outside this folder is ever written, read back, followed or run. What an operator hands in is read once, as bytes,
through a name that must be a plain file; what it is decides its content (`formats.images`), never its name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

from bo_tui.db import disk
from bo_tui.db.connection import Store
from bo_tui.errors import InputOutput, NoInput, RuleRefusal

ROOT = "attachments"
LARGEST = 50 * 1024 * 1024  # bytes
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/tiff": "tif", "application/pdf": "pdf"}
FIELD = "file"


def path_of(sha256: str, kind: str) -> str:
    """Where an attachment lies, relative to the store's folder; InputOutput for what is no hash or no kind of ours."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef") or kind not in EXTENSIONS:
        raise InputOutput("That is no attachment of this store.")
    return f"{ROOT}/{sha256[:2]}/{sha256}.{EXTENSIONS[kind]}"


def take(path: Path) -> bytes:
    """The bytes of a file that an operator hands in, at most 50 MB.

    Raises NoInput (66) when there is no such file or it is a folder, a link, or a device; RuleRefusal, field `file`, when it is
    empty or too large; InputOutput (74) when it cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NoInput(f"{path} is not a file.", field=FIELD)
    with os.fdopen(descriptor, "rb") as file:
        try:
            content = file.read(LARGEST + 1)
        except OSError as error:
            raise InputOutput(f"{path} cannot be read: {error.strerror}.", field=FIELD) from error
    if not content:
        raise RuleRefusal(f"{path.name} is empty.", field=FIELD)
    if len(content) > LARGEST:
        raise RuleRefusal(f"{path.name} is larger than {LARGEST // 1024 // 1024} MB.", field=FIELD)
    return content


def _unreadable(path: Path, error: OSError | ValueError) -> NoInput | InputOutput:
    if isinstance(error, ValueError):  # a NUL in the name
        return NoInput("That is no name of a file.", field=FIELD)
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG):
        return NoInput(f"There is no file {path}.", field=FIELD)
    if error.errno == errno.ELOOP:
        return NoInput(f"{path} is a link; name the file itself.", field=FIELD)
    return InputOutput(f"{path} cannot be read: {error.strerror}.", field=FIELD)


def keep(store: Store, content: bytes, kind: str) -> str:
    """Put bytes into the store unless they are there; their SHA-256.

    Raises InputOutput (74) for a full or failing disk, or when something else lies at the place; CannotCreate (73) where writing
    is not allowed; Locked (75) while another process writes.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256, kind)
    explained, locked = disk.explained(path), disk.lock(store, ROOT, "attachments")
    with explained, locked, disk.open_folder(store, ROOT, path, create=True) as (folder, name):
        disk.place(folder, name, content, path)
    return sha256


def read(store: Store, sha256: str, kind: str) -> bytes:
    """The bytes of an attachment, which must be those that were attached.

    Raises NoInput (66) when its file is missing, InputOutput (74) when it has other bytes, is a link, or cannot be read.
    """
    path = path_of(sha256, kind)
    try:
        with disk.open_folder(store, ROOT, path, create=False) as (folder, name):
            content = disk.read(folder, name, LARGEST)
    except FileNotFoundError:
        content = None
    except OSError as error:  # a link on the way is one of them
        raise InputOutput(f"{path} cannot be read: {error.strerror}.") from error
    if content is None:
        raise NoInput(f"{path} is missing.")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise InputOutput(f"{path} no longer has the bytes that were attached.")
    return content


def on_disk(store: Store, sha256: str, kind: str) -> bool | None:
    """Whether an attachment's file has the bytes that were attached; None when it is missing."""
    try:
        read(store, sha256, kind)
    except NoInput:
        return None
    except InputOutput:
        return False
    return True
