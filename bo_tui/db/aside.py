"""What lies in `outbox/` after a restore that the restored store does not know: found by its manifest, and moved aside."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from bo_tui.db import disk
from bo_tui.db.connection import Store
from bo_tui.db.outbox import MANIFEST, on_disk
from bo_tui.db.tables import Agency, AgencyFile, Practice, PrecollectFile, PrecollectFloor, SequenceFloor
from bo_tui.errors import InputOutput

PREFIX = "aside-"
NOTE = ".restored.json"  # after the store's name
PRECOLLECTIONS = "\0"  # before a kind of pre-collections file, where an agency's name stands; no name begins so


class Sequence(NamedTuple):
    """How far the numbering of one agency's files of one practice had come, by names, which outlive a store.

    Start and Stop files of pre-collections count each for itself: `PRECOLLECTIONS` and the kind stand for the agency.
    """

    practice: str
    agency: str
    last: int


def sequences(store: Store) -> set[Sequence]:
    """What a store knows of the numbering: its files, and the floors that an earlier restore left."""
    found: set[Sequence] = set()
    with store.reading():
        for table, number in ((AgencyFile, AgencyFile.sequence), (SequenceFloor, SequenceFloor.floor)):
            query = (
                table.select(Practice.code, Agency.name, number)
                .join(Practice, on=(Practice.id == table.practice))
                .join(Agency, on=(Agency.id == table.agency))
            )
            found |= {Sequence(*row) for row in query.tuples()}
        for table, number in ((PrecollectFile, PrecollectFile.sequence), (PrecollectFloor, PrecollectFloor.floor)):
            query = table.select(Practice.code, table.kind, number).join(Practice, on=(Practice.id == table.practice))
            found |= {Sequence(code, PRECOLLECTIONS + kind, last) for code, kind, last in query.tuples()}
    return found


def sequences_on_disk(folder: Path) -> set[Sequence]:
    """What the manifests in `outbox/` say of the numbering; what cannot be read says nothing."""
    found = set()
    for path in _files(folder):
        if path.name.endswith(MANIFEST):
            try:
                facts = json.loads(path.read_bytes())
                kind = str(facts.get("kind"))
                agency = PRECOLLECTIONS + kind if kind in ("start", "stop") else str(facts["agency"])
                found.add(Sequence(str(facts["practice"]), agency, int(facts["sequence"])))
            except (OSError, ValueError, KeyError, TypeError):
                continue
    return found


def unknown(store: Store, live: Store) -> list[Path]:
    """The files in the live store's `outbox/` that are not, byte for byte, what `store` says should lie there."""
    with store.reading():
        known: dict[str, str] = {}
        for table in (AgencyFile, PrecollectFile):
            known |= dict(table.select(table.path, table.sha256).where(table.path.is_null(False)).tuples())
    left = []
    for path in _files(live.folder):
        name = path.relative_to(live.folder).as_posix()
        owner = name.removesuffix(MANIFEST)
        if owner not in known or not on_disk(live, owner, known[owner]):
            left.append(path)
    return left


def move(files: list[Path], live: Store, label: str) -> Path | None:
    """Move files of `outbox/` into `outbox/aside-LABEL/`, keeping their folders; the folder, or None when there were none."""
    if not files:
        return None
    outbox = live.folder / "outbox"
    aside = outbox / f"{PREFIX}{label}"
    number = 1
    while aside.exists():
        number += 1
        aside = outbox / f"{PREFIX}{label}-{number}"
    folders = {aside.parent}
    for path in files:
        target = aside / path.relative_to(outbox)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(path, target)
        folders |= {path.parent, *(one for one in target.parents if outbox in one.parents)}
    for folder in folders:  # for good, before the note that would have them moved again is dropped
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return aside


@dataclass(frozen=True, slots=True)
class Note:
    """What a restore still has to move once its act, known by its digest, is in the live store: paths below the store's folder."""

    digest: str
    label: str
    files: list[str]


def leave_note(live: Store, note: Note) -> None:
    """Write down what is to be moved, before the store is brought back: a restore that is killed between the two is finished."""
    drop_note(live)
    content = json.dumps(asdict(note)).encode()
    with disk.explained(_note(live).name), _folder(live) as folder:
        disk.place(folder, _note(live).name, content, _note(live).name)


def noted(live: Store) -> bool:
    """Whether an interrupted restore left a note of what is still to be moved."""
    return _note(live).exists()


def note_of(live: Store) -> Note | None:
    """What an interrupted restore left to be moved, or None; InputOutput (74) when the note cannot be read."""
    path = _note(live)
    if not path.exists():
        return None
    try:
        return Note(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise InputOutput(
            f"{path} cannot be read: an interrupted restore left it. Look through the outbox, then remove it."
        ) from error


def drop_note(live: Store) -> None:
    """Nothing is left to be moved."""
    path = _note(live)
    if path.exists():
        path.unlink()
        with _folder(live) as folder:
            os.fsync(folder)


def _note(live: Store) -> Path:
    return live.folder / f"{live.path.name}{NOTE}"


@contextmanager
def _folder(live: Store) -> Iterator[int]:
    descriptor = os.open(live.folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _files(folder: Path) -> Iterator[Path]:
    """Every file in `outbox/`, without what was moved aside before; links are not followed."""
    for here, folders, names in os.walk(folder / "outbox"):
        if Path(here) == folder / "outbox":
            folders[:] = [name for name in folders if not name.startswith(PREFIX)]
        yield from (Path(here) / name for name in sorted(names))
