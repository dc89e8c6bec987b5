"""Agency files: made of the placements that wait for one, sent, and acknowledged (DESIGN section 3, Files).

A file's bytes are stored with its row in the commit that assigns its placements; writing the copy into `outbox/` comes after
and can be repeated (`write_copies`). Everything is read and rendered before the write lock is taken; under the lock it is
only checked that nothing of the practice changed meanwhile.
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
from bo_tui.db.tables import Act, Agency, AgencyFile, Assignment, Placement, next_sequence
from bo_tui.errors import Defect, RuleRefusal
from bo_tui.formats import agency as formats
from bo_tui.formats import manifest
from bo_tui.formats.agency import PlacementRow
from bo_tui.formats.agency.row import ascii_text
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import filerows
from bo_tui.rules.external.filerows import Recipient
from bo_tui.rules.external.filestates import acknowledge, difference, mark_sent

LARGEST = 20_000  # placements in one file
_LEVEL = 6
__all__ = [
    "LARGEST", "MadeFile", "acknowledge", "difference", "lacking", "make_files", "make_night_files", "mark_sent",
    "safe_name", "write_copies",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that was made: where its copy goes (relative to the store's folder), placements, accounts, cents, the act's digest."""

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
class _Snapshot:
    """What a file is made of, and the acts that it was read after."""

    seen: tuple[int, int]
    to: Recipient
    rows: list[PlacementRow]
    content: bytes
    packed: bytes


def make_files(office: Office, practice_id: int, agency_id: int, *, kind: str = "placement") -> list[MadeFile]:
    """Make as many files as the agency's waiting placements need, for an operator; each file is one act.

    Raises NotAllowed, NotFound, and RuleRefusal when the agency has no business-associate agreement in force on the
    business date or nothing waits for it.
    """
    roles.require(office, "file")
    made = _make(office, practice_id, agency_id, kind)
    if not made:
        raise RuleRefusal("No placement of this agency waits for a file: each is in one, held, or without a balance.")
    return made


def make_night_files(office: Office, practice_id: int) -> list[MadeFile]:
    """The night's step: files for each agency whose assignment creates them by itself; none is no refusal.

    An agency without a business-associate agreement in force is passed over.
    """
    with office.reading():
        agencies = _automatic(practice_id, office.business_date)
    return [file for agency_id in agencies for file in _make(office, practice_id, agency_id, "placement")]


def lacking(office: Office, practice_id: int, agency_id: int) -> list[tuple[str, list[str]]]:
    """What the accounts of the next files lack for the agency's layout: (account number, words), before a file is made.

    Their placements go into the file all the same; the list is for the operator and the night's report.
    """
    found: dict[str, list[str]] = {}
    after = 0
    with office.reading():
        to = filerows.recipient(practice_id, agency_id)
        while rows := filerows.rows(to, office.business_date, LARGEST, after):
            for row in rows:
                words = found.setdefault(row.account, [])
                words += [lack for lack in formats.lacking(row, to.file_type) if lack not in words]
            after = rows[-1].placement
    return [(account, words) for account, words in found.items() if words]


def write_copies(office: Office) -> list[str]:
    """Write every file of any run that is not in `outbox/` yet, with its manifest; returns paths relative to the store's folder."""
    return outbox.write_unwritten(office.store, _manifest)


# --- making --------------------------------------------------------------------------------------------------------


def _automatic(practice_id: int, day: int) -> list[int]:
    ours = (Assignment.practice == practice_id) & (Assignment.removed == False)  # noqa: E712
    signed = Agency.baa_date.is_null(False) & (Agency.baa_date <= day)
    query: Any = Assignment.select(Assignment.agency).join(Agency, on=(Agency.id == Assignment.agency))
    query = query.where(ours & signed & (Assignment.auto_create_file == True))  # noqa: E712
    return [agency_id for (agency_id,) in query.order_by(Assignment.id).tuples()]


def _make(office: Office, practice_id: int, agency_id: int, kind: str) -> list[MadeFile]:
    if kind != "placement":
        raise Defect(f"Files of kind {kind} are not made here.")
    made = []
    while file := _make_one(office, practice_id, agency_id):
        made.append(file)
    return made


def _make_one(office: Office, practice_id: int, agency_id: int) -> MadeFile | None:
    with office.reading():
        found = _read(office, practice_id, agency_id)
    if found is None:
        return None
    with office.act("file", practice_id) as draft:
        if _last_acts(practice_id) != found.seen:  # somebody acted since the snapshot: read again, now under the lock
            found = _read(office, practice_id, agency_id)
        return None if found is None else _store(draft, found)


def _read(office: Office, practice_id: int, agency_id: int) -> _Snapshot | None:
    seen = _last_acts(practice_id)
    to = filerows.recipient(practice_id, agency_id)
    _require_agreement(to, office.business_date)
    rows = filerows.rows(to, office.business_date, LARGEST)
    if not rows:
        return None
    content = formats.render(to.file_type, rows)
    return _Snapshot(seen, to, rows, content, zlib.compress(content, _LEVEL))


def _require_agreement(to: Recipient, day: int) -> None:
    if to.baa_date is None:
        raise RuleRefusal(
            f"{to.agency_name} has no business-associate agreement date; no file may be made.", field="agency"
        )
    if to.baa_date > day:
        begins = dates.iso(to.baa_date)
        raise RuleRefusal(f"{to.agency_name}'s business-associate agreement begins only on {begins}.", field="agency")


def _last_acts(practice_id: int) -> tuple[int, int]:
    """The newest act of the practice and the newest of the whole enterprise (agencies and their settings)."""
    mine, common = Act.practice == practice_id, Act.practice.is_null()
    newest = [Act.select(fn.MAX(Act.id)).where(where).scalar() or 0 for where in (mine, common)]
    return newest[0], newest[1]


def _store(draft: Draft, found: _Snapshot) -> MadeFile:
    to, rows = found.to, found.rows
    sequence = next_sequence(to.practice, to.agency)
    path = _path(to, sequence, draft.business_date)
    total = sum(row.balance for row in rows)
    accounts = formats.account_count(rows)
    sha256 = hashlib.sha256(found.content).hexdigest()
    file_id = AgencyFile.insert(
        practice=to.practice, agency=to.agency, kind="placement", sequence=sequence, file_type=to.file_type, path=path,
        business_date=draft.business_date, count=len(rows), accounts=accounts, total=total, sha256=sha256,
        content=found.packed, made_act=draft.id, act=draft.id,
    ).execute()  # fmt: skip
    _assign(draft, found, file_id)
    said = f"{len(rows)} {money.plain(total)} {sha256}"
    ledger.change(draft, "agency_file", file_id, "created", None, said)
    digest = ledger.seal(draft)
    return MadeFile(file_id, to.agency_name, "placement", sequence, path, len(rows), accounts, total, sha256, digest)


def _assign(draft: Draft, found: _Snapshot, file_id: int) -> None:
    """Give the placements their file in one UPDATE that repeats the selection, up to the last placement read."""
    where = filerows.waiting(found.to.practice, found.to.agency, draft.business_date)
    values: dict[str, int] = {"file": file_id, "act": draft.id}
    changed = Placement.update(values).where(where & (Placement.id <= found.rows[-1].placement)).execute()
    if changed != len(found.rows):
        raise Defect(f"A file of {len(found.rows)} placements would have been given to {changed}.")


def _path(to: Recipient, sequence: int, day: int) -> str:
    """Where the copy goes; no two files share a path, also where two names differ only in characters that names may not have."""
    folder = f"outbox/{safe_name(to.practice_code, f'practice-{to.practice}')}"
    extension = formats.layout(to.file_type).extension
    if to.file_type == "tsi":
        stem = f"TsiPlacements_{dates.compact(day)}{sequence:06d}"
        choices = [stem, f"{stem}_{to.agency}"]
    else:
        name = safe_name(to.agency_name, f"agency-{to.agency}")
        choices = [f"{name}-{sequence:06d}", f"{name}_{to.agency}-{sequence:06d}"]
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


# --- manifest -------------------------------------------------------------------------------------------


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
            columns=formats.columns(file.file_type),
            count=file.count,
            accounts=file.accounts,
            rows=file.accounts if file.file_type == "tsi" else file.count,
            total=file.total,
            sha256=file.sha256,
            act=file.act,
        )
    )
