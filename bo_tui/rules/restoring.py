"""Bringing a backup back: checked first, under the night's lock, as an act; later agency files move aside (DESIGN section 7)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bo_tui import dates
from bo_tui.db import aside, backup, integrity, outbox, schema
from bo_tui.db.aside import Note, Sequence
from bo_tui.db.connection import Store, create_store, open_store
from bo_tui.db.lock import night_lock
from bo_tui.db.tables import Act, Agency, AgencyFile, Practice, PrecollectFile, PrecollectFloor, SequenceFloor
from bo_tui.errors import BadInput, Problem
from bo_tui.office import Draft, Office, known_actor
from bo_tui.rules import checking, ledger
from bo_tui.rules.external.files import write_copies
from bo_tui.rules.precollect import files as precollect_files
from bo_tui.rules.roles import require


@dataclass(frozen=True)
class Restored:
    """What a restore did: the file's SHA-256, how many agency files moved aside and where, and copies written again."""

    sha256: str
    moved: int
    aside: Path | None
    written: int


def restore(office: Office, file: Path) -> Restored:
    """Bring a backup back into the office's live store; administrators only.

    The restore itself is an act at the end of the restored history, in the copy before it goes live, so that one
    transaction does both. Raises NoInput, StoreUnavailable, BadConfiguration (another version), BadInput (the copy is not
    sound; its findings are the problems), Locked.
    """
    require(office, "restore")
    live = office.store
    with night_lock(live, office.actor.name, "a restore"), _private_copy(file, live) as copy:
        finish(office)
        _require_sound(copy, file)
        sha256 = backup.sha256_of(file)
        known = (aside.sequences(live) if schema.applied(live) else set()) | aside.sequences_on_disk(live.folder)
        later = aside.unknown(copy, live)
        copied = Office(copy, office.actor, office.business_date)
        with copied.act("restore", reason=f"{file.name} {sha256}") as draft:
            ledger.change(draft, "store", 0, "restored", None, sha256)
            _raise_floors(draft, known)
            _raise_precollect_floors(draft, known)
            digest = ledger.seal(draft)
        _forget_missing_copies(copy, live)
        names = [path.relative_to(live.folder).as_posix() for path in later]
        aside.leave_note(live, Note(digest, dates.iso(office.business_date), names))
        backup.bring_back(copy, live)
        live.use()
        folder = finish(office)
        written = write_copies(office) + precollect_files.write_copies(office)
    return Restored(sha256, len(later), folder, len(written))


def finish(office: Office) -> Path | None:
    """Move aside what a restore that was interrupted had still to move; the folder, or None. The caller holds the night's lock.

    A note whose act is not in the live store is of a restore that never came to be.
    """
    live = office.store
    note = aside.note_of(live)
    if note is None:
        return None
    folder = None
    live.use()
    if schema.applied(live) and Act.select().where(Act.digest == note.digest).exists():
        left = {live.folder / name for name in note.files}
        folder = aside.move([path for path in aside.unknown(live, live) if path in left], live, note.label)
    aside.drop_note(live)
    return folder


def blank(path: Path) -> bool:
    """Whether a store lies at a path that holds nothing at all: what a restore on a new machine leaves when it is killed."""
    if not path.exists():
        return False
    store = open_store(path)
    try:
        return store.use().execute_sql("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None
    finally:
        store.close()


def restore_anew(path: Path, file: Path, user: str, business_date: int) -> Restored:
    """Bring a backup back where there is no store any more, or a blank one; for an administrator of the restored office.

    Raises what `restore` does, and leaves nothing behind when it does.
    """
    there = blank(path)
    live = open_store(path) if there else create_store(path)
    try:
        with _private_copy(file, live) as copy:
            actor = known_actor(copy, user)
        return restore(Office(live, actor, business_date), file)
    except BaseException:
        live.close()
        for suffix in () if there else ("", "-wal", "-shm", aside.NOTE):
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        raise
    finally:
        live.close()


@contextmanager
def _private_copy(file: Path, live: Store) -> Iterator[Store]:
    """The backup as a store to look at; the tables are the live store's again afterwards, whatever happened."""
    try:
        with backup.private_copy(file, live.folder) as copy:
            yield copy
    finally:
        live.use()


def _require_sound(copy: Store, file: Path) -> None:
    schema.require_current(copy)
    findings = integrity.check(copy, checking.MOVES, outbox=False)
    if findings:
        problems = [Problem(file.name, 0, "", finding.sentence) for finding in findings]
        raise BadInput(f"{file} is not sound; nothing was restored.", problems)


def _raise_floors(draft: Draft, known: set[Sequence]) -> None:
    """Keep, for each practice and agency of the restored state, the highest sequence that ever left this office."""
    practices = dict(Practice.select(Practice.code, Practice.id).tuples())
    agencies = dict(Agency.select(Agency.name, Agency.id).tuples())
    highest: dict[tuple[int, int], int] = {}
    for practice, agency, last in known:
        if practice in practices and agency in agencies:
            key = practices[practice], agencies[agency]
            highest[key] = max(highest.get(key, 0), last)
    there = {(row.practice, row.agency): row.floor for row in SequenceFloor.select()}
    for (practice_id, agency_id), last in sorted(highest.items()):
        before = there.get((practice_id, agency_id))
        if last > (before or 0):
            SequenceFloor.replace(practice=practice_id, agency=agency_id, floor=last, act=draft.id).execute()
            ledger.change(draft, "agency", agency_id, f"sequence_floor {practice_id}", before, last)


def _raise_precollect_floors(draft: Draft, known: set[Sequence]) -> None:
    """The same for Start and Stop files of pre-collections."""
    practices = dict(Practice.select(Practice.code, Practice.id).tuples())
    highest: dict[tuple[int, str], int] = {}
    for practice, agency, last in known:
        if practice in practices and agency.startswith(aside.PRECOLLECTIONS):
            key = practices[practice], agency.removeprefix(aside.PRECOLLECTIONS)
            highest[key] = max(highest.get(key, 0), last)
    there = {(row.practice, row.kind): row.floor for row in PrecollectFloor.select()}
    for (practice_id, kind), last in sorted(highest.items()):
        before = there.get((practice_id, kind))
        if last > (before or 0):
            PrecollectFloor.replace(practice=practice_id, kind=kind, floor=last, act=draft.id).execute()
            ledger.change(draft, "practice", practice_id, f"precollect_floor {kind}", before, last)


def _forget_missing_copies(copy: Store, live: Store) -> None:
    """Let the restored store know which of its files are not in the live `outbox/` as they were made: they are written again."""
    for table in (AgencyFile, PrecollectFile):
        with copy.reading():
            rows = list(table.select(table.id, table.path, table.sha256).where(table.written_at.is_null(False)))
        missing = [row.id for row in rows if row.path and not outbox.on_disk(live, row.path, row.sha256)]
        with copy.act() as writing:
            for start in range(0, len(missing), 500):
                table.update(written_at=None).where(table.id.in_(missing[start : start + 500])).execute()
            writing.sealed = True
