"""What Start and Stop files share: their names, their rows, their copies in `outbox/` (DESIGN sections 3 and 4).

A file's bytes are stored with its row in the commit that writes what it tells; writing the copy comes after and can be repeated.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

from bo_tui import money
from bo_tui.db import outbox
from bo_tui.db.tables import Practice, PrecollectFile, next_precollect_sequence
from bo_tui.formats import manifest
from bo_tui.formats import precollect as formats
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger
from bo_tui.rules.external.outgoing import safe_name

LARGEST = 20_000  # records of one Stop file
AGENCY = "TSI"  # as manifests and reports call it
_FOLDER = "pre-collections"  # beside the agencies' files, whose names could be the same
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that was made: where its copy goes (relative to the store's folder), records, lines, accounts, cents, and its act."""

    id: int
    kind: str
    sequence: int
    path: str
    count: int
    lines: int
    accounts: int
    total: int
    sha256: str
    act: int


@dataclass(frozen=True, slots=True)
class Bytes:
    """A file's contents, rendered and compressed before the write lock is taken; records, lines, accounts and cents."""

    count: int
    lines: int
    accounts: int
    total: int
    sha256: str
    packed: bytes

    @classmethod
    def of(cls, content: bytes, count: int, lines: int, accounts: int, total: int) -> Bytes:
        """The contents with their SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        return cls(count, lines, accounts, total, sha256, zlib.compress(content, _LEVEL))


def insert(draft: Draft, practice: Practice, kind: str, contents: Bytes) -> MadeFile:
    """Insert the file's row under the next sequence, and the change that says so; the caller writes what it tells and seals."""
    sequence = next_precollect_sequence(practice.id, kind)
    folder = safe_name(practice.code, f"practice-{practice.id}")
    path = f"{outbox.ROOT}/{folder}/{_FOLDER}/{formats.file_name(kind, draft.business_date, sequence)}"
    file_id: int = PrecollectFile.insert(
        practice=practice.id, kind=kind, sequence=sequence, path=path, business_date=draft.business_date,
        count=contents.count, lines=contents.lines, accounts=contents.accounts, total=contents.total,
        sha256=contents.sha256, content=contents.packed, made_act=draft.id, act=draft.id,
    ).execute()  # fmt: skip
    said = f"{contents.count} {money.plain(contents.total)} {contents.sha256}"
    ledger.change(draft, "precollect_file", file_id, "created", None, said)
    return MadeFile(
        file_id, kind, sequence, path, contents.count, contents.lines, contents.accounts, contents.total, contents.sha256, draft.id
    )  # fmt: skip


def write_copies(office: Office) -> list[str]:
    """Write every Start and Stop file of any run that is not in `outbox/` yet, with its manifest; their paths."""
    return outbox.write_unwritten(office.store, _manifest, outbox.PRECOLLECTIONS)


def _manifest(file: outbox.Stored) -> bytes:
    return manifest.render(
        manifest.Manifest(
            file=file.path.rsplit("/", 1)[-1],
            practice=file.practice,
            agency=file.agency,
            kind=file.kind,
            sequence=file.sequence,
            business_date=file.business_date,
            file_type=file.file_type,
            columns=formats.COLUMNS[file.kind],
            count=file.count,
            accounts=file.accounts,
            rows=file.count,
            total=file.total,
            sha256=file.sha256,
            act=file.act,
        )
    )
