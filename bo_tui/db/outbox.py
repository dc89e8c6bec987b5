"""Agency files and their manifests onto the disk: copies in the store's folder of bytes that the store already holds.

A copy is written as NAME.part, flushed, fsynced, given its name, and its folder fsynced; only then is `written_at` set. Whatever
is interrupted is finished by the next call with the same bytes (DESIGN section 3, Files). A file that is already there is
never overwritten, and no path leaves the store's folder, through a symlink or otherwise.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import stat
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.db.connection import Store
from bo_tui.db.tables import Act, Agency, AgencyFile, Practice
from bo_tui.errors import CannotCreate, Defect, InputOutput, Locked, Refusal

MANIFEST = ".manifest.json"
FILE_MODE = 0o660
FOLDER_MODE = 0o770
_DENIED = (errno.EACCES, errno.EPERM, errno.EROFS)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


@dataclass(frozen=True, slots=True)
class Stored:
    """An agency file as the store holds it, with what its manifest needs; `content` is not compressed."""

    id: int
    path: str
    practice: str
    agency: str
    kind: str
    sequence: int
    file_type: str
    business_date: int
    count: int
    accounts: int
    total: int
    sha256: str
    act: str
    content: bytes


def write_unwritten(store: Store, manifest: Callable[[Stored], bytes]) -> list[str]:
    """Write every agency file that is not on the disk yet, of whatever run, and its manifest; returns their paths.

    `manifest` makes a manifest's bytes. One file that cannot be written does not keep back the others; the first refusal is
    raised at the end: InputOutput (74) for a full or failing disk, or when something else lies at the path; CannotCreate (73)
    where writing is not allowed; Locked (75) while another process writes.
    """
    if not _unwritten(store):
        return []
    written: list[str] = []
    refusals: list[Refusal] = []
    with _outbox_lock(store):
        for file_id in _unwritten(store):  # asked again: another process may just have written some
            try:
                written.append(_write(store, file_id, manifest))
            except Refusal as refusal:
                refusals.append(refusal)
    if refusals:
        raise refusals[0]
    return written


def on_disk(store: Store, path: str, sha256: str) -> bool | None:
    """Whether the copy of a file still has the bytes that were written: None when there is no copy."""
    try:
        with _folder(store, path, create=False) as (folder, name):
            found = _read(folder, name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, Refusal):
        return False
    return None if found is None else hashlib.sha256(found).hexdigest() == sha256


def stored(store: Store, file_id: int) -> Stored | None:
    """An agency file with its bytes, or None when there is none or it never had bytes (kind `earlier`)."""
    columns = (
        AgencyFile.id, AgencyFile.path, Practice.code.alias("practice"), Agency.name.alias("agency"), AgencyFile.kind,
        AgencyFile.sequence,
        AgencyFile.file_type, AgencyFile.business_date, AgencyFile.count, AgencyFile.accounts, AgencyFile.total,
        AgencyFile.sha256, Act.digest.alias("act"), AgencyFile.content,
    )  # fmt: skip
    with store.reading():
        query: Any = (
            AgencyFile.select(*columns)
            .join(Practice, on=(Practice.id == AgencyFile.practice))
            .join(Agency, on=(Agency.id == AgencyFile.agency))
            .join(Act, on=(Act.id == AgencyFile.made_act))
            .where((AgencyFile.id == file_id) & AgencyFile.content.is_null(False) & AgencyFile.path.is_null(False))
        )
        row = query.dicts().first()
    return None if row is None else Stored(**row | {"content": zlib.decompress(row["content"])})


def _unwritten(store: Store) -> list[int]:
    with store.reading():
        query: Any = AgencyFile.select(AgencyFile.id).where(
            AgencyFile.written_at.is_null() & AgencyFile.content.is_null(False) & AgencyFile.path.is_null(False)
        )
        return [file_id for (file_id,) in query.order_by(AgencyFile.id).tuples()]


def _write(store: Store, file_id: int, manifest: Callable[[Stored], bytes]) -> str:
    file = stored(store, file_id)
    if file is None or hashlib.sha256(file.content).hexdigest() != file.sha256:
        raise Defect(f"The store's bytes of agency file {file_id} do not match their SHA-256; nothing was written.")
    with _explained(file.path), _folder(store, file.path, create=True) as (folder, name):
        _place(folder, name, file.content, file.path)
        _place(folder, name + MANIFEST, manifest(file), file.path + MANIFEST)
    with store.act() as writing:  # a clock's matter, not an act: `_at` columns are no part of the history
        AgencyFile.update(written_at=dates.utc_stamp()).where(AgencyFile.id == file_id).execute()
        writing.sealed = True
    return file.path


def _place(folder: int, name: str, content: bytes, path: str) -> None:
    """The bytes under a name in an open folder: there already, or written, fsynced and then named."""
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
    found = _read(folder, name)
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


def _read(folder: int, name: str) -> bytes | None:
    """The bytes of a regular file in an open folder; None when there is none; a link or another thing is refused."""
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InputOutput(f"{name} in the outbox is not a file; it was left as it is.")
        return file.read()


def _remove(name: str, folder: int) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


@contextlib.contextmanager
def _folder(store: Store, path: str, *, create: bool) -> Iterator[tuple[int, str]]:
    """The open folder of a path below `outbox/` and the name in it; each step is taken without following links."""
    *folders, name = path.split("/")
    if (
        not folders
        or folders[0] != "outbox"
        or any(part in ("", ".", "..") or "\0" in part for part in (*folders, name))
    ):
        raise InputOutput(f"{path} does not lie in the outbox; nothing was written.")
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
            os.chmod(part, FOLDER_MODE, dir_fd=here)
            os.fsync(here)  # the folder's own name must last as long as what is put into it
    return os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)


@contextlib.contextmanager
def _outbox_lock(store: Store) -> Iterator[None]:
    """One writer at a time: two would take each other's .part files away."""
    with _explained("outbox"), _folder(store, "outbox/lock", create=True) as (folder, _):
        deadline = time.monotonic() + store.patience
        while True:
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Locked("Somebody else is writing agency files; try again in a moment.") from None
            time.sleep(0.02)
        yield  # closing the folder gives the lock back


@contextlib.contextmanager
def _explained(path: str) -> Iterator[None]:
    """What the disk says about a path, as refusals with a sentence and an exit code."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise InputOutput(f"The disk is full; {path} was not written. The next run writes it.") from error
        if error.errno in _DENIED:
            raise CannotCreate(f"{path} cannot be created: {error.strerror}.") from error
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise InputOutput(f"{path} was not written: a link or a file stands where its folder should be.") from error
        raise InputOutput(f"{path} cannot be written: {error.strerror or error}.") from error
