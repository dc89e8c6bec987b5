"""Update files: what an agency is told of debt it has, by the night or by hand (DESIGN section 3, Files).

They have the sequence, states, copies and manifests of placement files. As there, everything is read and rendered before the
write lock is taken, and read again under it only if somebody acted meanwhile. What was told is kept row by row, so that nothing
is told twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bo_tui.db.bulk import insert_rows
from bo_tui.db.tables import ToldRun, UpdateRow
from bo_tui.errors import RuleRefusal
from bo_tui.formats import agency as formats
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import filerows, outgoing, updaterows
from bo_tui.rules.external.filerows import Recipient
from bo_tui.rules.external.outgoing import MadeFile
from bo_tui.rules.external.terms import automatic

LARGEST = 20_000  # updates in one file


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What an update file is made of (nothing, where no row waits), and the acts that it was read after."""

    seen: tuple[int, int]
    to: Recipient
    waiting: updaterows.Waiting
    contents: outgoing.Bytes | None


def make_updates(office: Office, practice_id: int, agency_id: int) -> list[MadeFile]:
    """Tell an agency what it must know, in as many files as that needs, for an operator; each file is one act.

    The agency need not be assigned any more: it may still have debt. Raises NotAllowed, NotFound, and RuleRefusal when it has no
    business-associate agreement in force on the business date or there is nothing to tell.
    """
    roles.require(office, "file")
    made = _make(office, practice_id, agency_id)
    if not made:
        raise RuleRefusal(
            "There is nothing to tell this agency: nothing changed of the debt in its files since it was told."
        )
    return made


def make_night_updates(office: Office, practice_id: int) -> list[MadeFile]:
    """The night's step: update files for each agency whose assignment has files made by themselves; none is no refusal."""
    with office.reading():
        agencies = automatic(practice_id, office.business_date)
    return [file for agency_id in agencies for file in _make(office, practice_id, agency_id)]


def waiting(office: Office, practice_id: int, agency_id: int) -> tuple[int, int]:
    """How many updates wait for an agency, and their cents; at most as many as one file takes."""
    with office.reading():
        rows = updaterows.waiting(filerows.recipient(practice_id, agency_id), office.business_date, LARGEST).rows
    return len(rows), sum(told.row.amount for told in rows)


def _make(office: Office, practice_id: int, agency_id: int) -> list[MadeFile]:
    made = []
    while file := _make_one(office, practice_id, agency_id):
        made.append(file)
    return made


def _make_one(office: Office, practice_id: int, agency_id: int) -> MadeFile | None:
    with office.reading():
        found = _read(office, practice_id, agency_id)
    if found.contents is None:
        _remember(office, found)
        return None
    with office.act("file_update", practice_id) as draft:
        if outgoing.last_acts(practice_id) != found.seen:  # somebody acted since: read again, now under the lock
            found = _read(office, practice_id, agency_id)
        return None if found.contents is None else _store(draft, found, found.contents)


def _read(office: Office, practice_id: int, agency_id: int) -> _Snapshot:
    seen = outgoing.last_acts(practice_id)
    to = filerows.recipient(practice_id, agency_id)
    outgoing.require_agreement(to, office.business_date)
    waits = updaterows.waiting(to, office.business_date, LARGEST)
    rows = [told.row for told in waits.rows]
    if not rows:
        return _Snapshot(seen, to, waits, None)
    total = sum(row.amount for row in rows)
    content = formats.render_updates(to.file_type, rows)
    contents = outgoing.Bytes.of(content, len(rows), formats.account_count(rows), total)
    return _Snapshot(seen, to, waits, contents)


def _store(draft: Draft, found: _Snapshot, contents: outgoing.Bytes) -> MadeFile:
    made = outgoing.insert(draft, found.to, formats.UPDATE, contents)
    fields = [
        UpdateRow.file, UpdateRow.placement, UpdateRow.entry, UpdateRow.hold, UpdateRow.record_type, UpdateRow.amount,
        UpdateRow.balance, UpdateRow.act,
    ]  # fmt: skip
    rows = [
        (made.id, it.placement, it.entry, it.hold, it.row.record_type, it.row.amount, it.row.new_balance, draft.id)
        for it in found.waiting.rows
    ]
    insert_rows(draft.writing.store.db, fields, rows)
    _look_through(found)
    return replace(made, digest=ledger.seal(draft))


def _look_through(found: _Snapshot) -> None:
    values = {
        ToldRun.practice: found.to.practice,
        ToldRun.agency: found.to.agency,
        ToldRun.entry: found.waiting.through,
    }
    ToldRun.insert(values).on_conflict(
        conflict_target=[ToldRun.practice, ToldRun.agency], preserve=[ToldRun.entry]
    ).execute()


def _remember(office: Office, found: _Snapshot) -> None:
    """Nothing waits: the next look begins where this one ended. No act, because nothing that counts has changed."""
    with office.store.act() as writing:
        _look_through(found)
        writing.sealed = True
