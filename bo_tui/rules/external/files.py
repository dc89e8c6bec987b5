"""Agency files: made of the placements that wait for one, sent, and acknowledged (DESIGN section 3, Files).

Everything is read and rendered before the write lock is taken; under the lock it is only checked that nothing of the practice
changed meanwhile. `outgoing` has what update files share with these.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bo_tui.db.tables import Placement
from bo_tui.errors import Defect, RuleRefusal
from bo_tui.formats import agency as formats
from bo_tui.formats.agency import PlacementRow
from bo_tui.formats.agency.lacking import TOO_LONG
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import filerows, outgoing
from bo_tui.rules.external.filerows import Recipient
from bo_tui.rules.external.filestates import acknowledge, difference, mark_sent
from bo_tui.rules.external.outgoing import MadeFile, safe_name, write_copies
from bo_tui.rules.external.terms import automatic

LARGEST = 20_000  # placements in one file
__all__ = [
    "LARGEST", "MadeFile", "acknowledge", "difference", "lacking", "make_files", "make_night_files", "mark_sent",
    "safe_name", "write_copies",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What a file is made of, and the acts that it was read after."""

    seen: tuple[int, int]
    to: Recipient
    rows: list[PlacementRow]
    contents: outgoing.Bytes


def make_files(office: Office, practice_id: int, agency_id: int, *, kind: str = "placement") -> list[MadeFile]:
    """Make as many files as the agency's waiting placements need, for an operator; each file is one act.

    Raises NotAllowed, NotFound, and RuleRefusal when the agency has no business-associate agreement in force on the
    business date or nothing waits for it.
    """
    roles.require(office, "file")
    made = _make(office, practice_id, agency_id, kind)
    if not made:
        raise RuleRefusal(_nothing_waits(office, practice_id, agency_id))
    return made


def _nothing_waits(office: Office, practice_id: int, agency_id: int) -> str:
    with office.reading():
        to = filerows.recipient(practice_id, agency_id)
        left_out = filerows.rows(to, office.business_date, 1, left_out=True)
    words = "No placement of this agency waits for a file: each is in one, held, or without a balance"
    return f"{words}; account {left_out[0].account}: {TOO_LONG}." if left_out else f"{words}."


def make_night_files(office: Office, practice_id: int) -> list[MadeFile]:
    """The night's step: files for each agency whose assignment creates them by itself; none is no refusal.

    An agency without a business-associate agreement in force is passed over.
    """
    with office.reading():
        agencies = automatic(practice_id, office.business_date)
    return [file for agency_id in agencies for file in _make(office, practice_id, agency_id, "placement")]


def lacking(office: Office, practice_id: int, agency_id: int) -> list[tuple[str, list[str]]]:
    """What the accounts of the next files lack for the agency's layout: (account number, words), before a file is made.

    Their placements go into the file all the same, unless the words say that they are left out; the list is for the operator and
    the night's report.
    """
    found: dict[str, list[str]] = {}
    after = 0
    with office.reading():
        to = filerows.recipient(practice_id, agency_id)
        while rows := filerows.rows(to, office.business_date, LARGEST, after, left_out=True):
            for row in rows:
                words = found.setdefault(row.account, [])
                words += [lack for lack in formats.lacking(row, to.file_type) if lack not in words]
            after = rows[-1].placement
    return [(account, words) for account, words in found.items() if words]


# --- making --------------------------------------------------------------------------------------------------------


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
        # Somebody acted since the snapshot: read again, now under the lock. Mostly it was about something else, and then the
        # contents stand: making them is most of the second that others would wait.
        if outgoing.last_acts(practice_id) != found.seen:
            found = _read(office, practice_id, agency_id, found)
        return None if found is None else _store(draft, found)


def _read(office: Office, practice_id: int, agency_id: int, known: _Snapshot | None = None) -> _Snapshot | None:
    seen = outgoing.last_acts(practice_id)
    to = filerows.recipient(practice_id, agency_id)
    outgoing.require_agreement(to, office.business_date)
    rows = filerows.rows(to, office.business_date, LARGEST)
    if not rows:
        return None
    if known is not None and (known.to, known.rows) == (to, rows):
        return replace(known, seen=seen)
    total = sum(row.balance for row in rows)
    content = formats.render(to.file_type, rows)
    contents = outgoing.Bytes.of(content, len(rows), formats.account_count(rows), total)
    return _Snapshot(seen, to, rows, contents)


def _store(draft: Draft, found: _Snapshot) -> MadeFile:
    made = outgoing.insert(draft, found.to, "placement", found.contents)
    _assign(draft, found, made.id)
    return replace(made, digest=ledger.seal(draft))


def _assign(draft: Draft, found: _Snapshot, file_id: int) -> None:
    """Give the placements their file in one UPDATE that repeats the selection, up to the last placement read."""
    where = filerows.waiting(found.to, draft.business_date)
    values: dict[str, int] = {"file": file_id, "act": draft.id}
    changed = Placement.update(values).where(where & (Placement.id <= found.rows[-1].placement)).execute()
    if changed != len(found.rows):
        raise Defect(f"A file of {len(found.rows)} placements would have been given to {changed}.")
