"""What every file for an agency shares, of placements or of updates: who may get one, its name, its row, its copy and manifest.

A file's bytes are stored with its row in the commit that assigns what it holds; writing the copy into `outbox/` comes after and
can be repeated (DESIGN section 3, Files).
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui import dates, money
from bo_tui.db import outbox
from bo_tui.db.tables import Act, AgencyFile, next_sequence
from bo_tui.errors import RuleRefusal
from bo_tui.formats import agency as formats
from bo_tui.formats import manifest
from bo_tui.formats.agency.row import ascii_text
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger
from bo_tui.rules.external.filerows import Recipient

_LEVEL = 6
_TSI_STEMS = {"placement": "TsiPlacements", "update": "TsiUpdates"}


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that was made: where its copy goes (relative to the store's folder), its placements or updates, accounts, cents,
    and the digest of its act."""

    id: int
    agency: str
    kind: str
    sequence: int
    path: str
    count: int
    accounts: int
    total: int
    sha256: str
    digest: str


@dataclass(frozen=True, slots=True)
class Bytes:
    """A file's contents, rendered and compressed before the write lock is taken; count, accounts and cents of its rows."""

    count: int
    accounts: int
    total: int
    sha256: str
    packed: bytes

    @classmethod
    def of(cls, content: bytes, count: int, accounts: int, total: int) -> Bytes:
        """The contents with their SHA-256."""
        return cls(count, accounts, total, hashlib.sha256(content).hexdigest(), zlib.compress(content, _LEVEL))


def require_agreement(to: Recipient, day: int) -> None:
    """RuleRefusal, field `agency`, without a business-associate agreement in force on the day."""
    if to.baa_date is None:
        raise RuleRefusal(
            f"{to.agency_name} has no business-associate agreement date; no file may be made.", field="agency"
        )
    if to.baa_date > day:
        begins = dates.iso(to.baa_date)
        raise RuleRefusal(f"{to.agency_name}'s business-associate agreement begins only on {begins}.", field="agency")


def last_acts(practice_id: int) -> tuple[int, int]:
    """The newest act of the practice and the newest of the whole enterprise (agencies and their settings)."""
    mine, common = Act.practice == practice_id, Act.practice.is_null()
    newest = [Act.select(fn.MAX(Act.id)).where(where).scalar() or 0 for where in (mine, common)]
    return newest[0], newest[1]


def insert(draft: Draft, to: Recipient, kind: str, contents: Bytes) -> MadeFile:
    """Insert the file's row under the next sequence, and the change that says so; the caller assigns what it holds and seals.

    The digest of the answer is empty until then.
    """
    sequence = next_sequence(to.practice, to.agency)
    path = path_of(to, kind, sequence, draft.business_date)
    file_id: int = AgencyFile.insert(
        practice=to.practice, agency=to.agency, kind=kind, sequence=sequence, file_type=to.file_type, path=path,
        business_date=draft.business_date, count=contents.count, accounts=contents.accounts, total=contents.total,
        sha256=contents.sha256, content=contents.packed, made_act=draft.id, act=draft.id,
    ).execute()  # fmt: skip
    said = f"{contents.count} {money.plain(contents.total)} {contents.sha256}"
    ledger.change(draft, "agency_file", file_id, "created", None, said)
    return MadeFile(
        file_id, to.agency_name, kind, sequence, path, contents.count, contents.accounts, contents.total, contents.sha256, ""
    )  # fmt: skip


def path_of(to: Recipient, kind: str, sequence: int, day: int) -> str:
    """Where the copy goes; no two files share a path, also where two names differ only in characters that names may not have."""
    folder = f"outbox/{safe_name(to.practice_code, f'practice-{to.practice}')}"
    extension = formats.layout(to.file_type, kind).extension
    if to.file_type == "tsi":
        stem = f"{_TSI_STEMS[kind]}_{dates.compact(day)}{sequence:06d}"
        choices = [stem, f"{stem}_{to.agency}"]
    else:
        name = safe_name(to.agency_name, f"agency-{to.agency}")
        end = f"{sequence:06d}" + ("-update" if kind == formats.UPDATE else "")
        choices = [f"{name}-{end}", f"{name}_{to.agency}-{end}"]
    choices += [f"{choices[-1]}_{to.practice}"]
    paths = [f"{folder}/{choice}.{extension}" for choice in choices]
    query: Any = AgencyFile.select(fn.LOWER(AgencyFile.path)).where(
        fn.LOWER(AgencyFile.path).in_([p.lower() for p in paths])
    )
    taken = {path for (path,) in query.tuples()}
    return next(path for path in paths if path.lower() not in taken)


def safe_name(name: str, otherwise: str) -> str:
    """A name as a file's: ASCII letters, digits, `-` and `_`, each run of anything else a `-`, at most 60 characters."""
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", ascii_text(name))[:60].strip("-")
    return safe or otherwise


def write_copies(office: Office) -> list[str]:
    """Write every file of any run that is not in `outbox/` yet, with its manifest; returns paths relative to the store's folder."""
    return outbox.write_unwritten(office.store, _manifest)


def _manifest(file: outbox.Stored) -> bytes:
    by_account = file.file_type == "tsi" and file.kind != formats.UPDATE
    return manifest.render(
        manifest.Manifest(
            file=file.path.rsplit("/", 1)[-1],
            practice=file.practice,
            agency=file.agency,
            kind=file.kind,
            sequence=file.sequence,
            business_date=file.business_date,
            file_type=file.file_type,
            columns=formats.columns(file.file_type, file.kind),
            count=file.count,
            accounts=file.accounts,
            rows=file.accounts if by_account else file.count,
            total=file.total,
            sha256=file.sha256,
            act=file.act,
        )
    )
