"""Agency files and their manifests onto the disk: copies in the store's folder of bytes that the store already holds.

A copy is written as NAME.part, flushed, fsynced, given its name, and its folder fsynced; only then is `written_at` set. Whatever
is interrupted is finished by the next call with the same bytes (DESIGN section 3, Files). A file that is already there is
never overwritten, and no path leaves the store's folder, through a symlink or otherwise.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.db import disk
from bo_tui.db.connection import Store
from bo_tui.db.tables import Act, Agency, AgencyFile, Practice, PrecollectFile
from bo_tui.errors import Defect, Refusal

ROOT = "outbox"
MANIFEST = ".manifest.json"
_LARGEST_MANIFEST = 1_000_000  # bytes; one has some two thousand


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


@dataclass(frozen=True, slots=True)
class Source:
    """A table of files with bytes: `what` they are in sentences, and how one of them is read whole."""

    table: Any
    what: str
    stored: Callable[[Store, int], Stored | None]

    @property
    def unwritten(self) -> Any:
        """The condition on files whose copy was not written yet."""
        table = self.table
        return table.written_at.is_null() & table.content.is_null(False) & table.path.is_null(False)


def write_unwritten(store: Store, manifest: Callable[[Stored], bytes], source: Source | None = None) -> list[str]:
    """Write every file of a source (default: agency files) that is not on the disk yet, of whatever run, and its manifest.

    Returns their paths. `manifest` makes a manifest's bytes. One file that cannot be written does not keep back the others;
    the first refusal is raised at the end: InputOutput (74) for a full or failing disk, or when something else lies at the path;
    CannotCreate (73) where writing is not allowed; Locked (75) while another process writes.
    """
    source = source or AGENCY_FILES
    if not _unwritten(store, source):
        return []
    written: list[str] = []
    refusals: list[Refusal] = []
    with disk.lock(store, ROOT, f"{source.what}s"):
        for file_id in _unwritten(store, source):  # asked again: another process may just have written some
            try:
                written.append(_write(store, source, file_id, manifest))
            except Refusal as refusal:
                refusals.append(refusal)
    if refusals:
        raise refusals[0]
    return written


def any_unwritten(store: Store, source: Source) -> bool:
    """Whether a file of a source waits to be written."""
    return bool(_unwritten(store, source))


def on_disk(store: Store, path: str, sha256: str) -> bool | None:
    """Whether the copy of a file still has the bytes that were written: None when there is no copy."""
    try:
        with disk.open_folder(store, ROOT, path, create=False) as (folder, name):
            found = disk.read(folder, name)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, Refusal):
        return False
    return None if found is None else hashlib.sha256(found).hexdigest() == sha256


def manifest_on_disk(store: Store, path: str) -> dict[str, Any] | None:
    """What the manifest beside a file's copy says: None when there is none, nothing at all when it cannot be read."""
    try:
        with disk.open_folder(store, ROOT, path, create=False) as (folder, name):
            found = disk.read(folder, name + MANIFEST, _LARGEST_MANIFEST)
        facts = None if found is None else json.loads(found)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, Refusal):
        return {}
    return facts if facts is None or isinstance(facts, dict) else {}


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


def stored_precollection(store: Store, file_id: int) -> Stored | None:
    """A Start or Stop file of pre-collections with its bytes, as an agency file of type tsi; None when there is no such file."""
    file = PrecollectFile
    columns = (
        file.id, file.path, Practice.code.alias("practice"), file.kind, file.sequence, file.business_date, file.count,
        file.accounts, file.total, file.sha256, Act.digest.alias("act"), file.content,
    )  # fmt: skip
    with store.reading():
        query: Any = file.select(*columns).join(Practice, on=(Practice.id == file.practice))
        row = query.join(Act, on=(Act.id == file.made_act)).where(file.id == file_id).dicts().first()
    if row is None:
        return None
    return Stored(**row | {"agency": "TSI", "file_type": "tsi", "content": zlib.decompress(row["content"])})


AGENCY_FILES = Source(AgencyFile, "agency file", stored)
PRECOLLECTIONS = Source(PrecollectFile, "pre-collections file", stored_precollection)


def _unwritten(store: Store, source: Source) -> list[int]:
    with store.reading():
        query: Any = source.table.select(source.table.id).where(source.unwritten)
        return [file_id for (file_id,) in query.order_by(source.table.id).tuples()]


def _write(store: Store, source: Source, file_id: int, manifest: Callable[[Stored], bytes]) -> str:
    file = source.stored(store, file_id)
    if file is None or hashlib.sha256(file.content).hexdigest() != file.sha256:
        raise Defect(f"The store's bytes of {source.what} {file_id} do not match their SHA-256; nothing was written.")
    explained = disk.explained(file.path, " The next run writes it.")
    with explained, disk.open_folder(store, ROOT, file.path, create=True) as (folder, name):
        disk.place(folder, name, file.content, file.path)
        disk.place(folder, name + MANIFEST, manifest(file), file.path + MANIFEST)
    with store.act() as writing:  # a clock's matter, not an act: `_at` columns are no part of the history
        source.table.update(written_at=dates.utc_stamp()).where(source.table.id == file_id).execute()
        writing.sealed = True
    return file.path
