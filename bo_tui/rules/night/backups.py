"""The night's backups: one verified copy of the whole store after all practices, and the old ones thinned out (DESIGN section 7).

They lie in `backups/` beside the store, named by business date. A copy gets its name only when it was opened and its pages and
chains are good; then what no rule keeps is deleted, and nothing else ever is. Nothing here changes the store.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peewee import fn

from bo_tui import dates
from bo_tui.config import Backups
from bo_tui.db import access, attachments, disk
from bo_tui.db.backup import as_it_lies, make_backup, sha256_of
from bo_tui.db.connection import Store
from bo_tui.db.integrity import Finding, Scope, chain, looks, structure
from bo_tui.db.tables import Act, Attachment, Run
from bo_tui.errors import InputOutput, Refusal
from bo_tui.office import Office

log = logging.getLogger(__name__)

FOLDER = "backups"
RESERVE = 64 * 1024 * 1024  # bytes that a backup leaves free for the operators' work
Tell = Callable[[int, int], object]  # pages left, pages in all


class Unsound(Refusal):
    """A backup was made and its copy does not verify (1): the store itself is damaged, or the disk is."""

    exit_code = 1


@dataclass
class NightBackup:
    """What became of a night's backup: status `made`, `kept` (there already, of this very state) or `failed`.

    `path` is relative to the store's folder; `removed` and `copied` count old backups and attachments.
    """

    status: str = "failed"
    path: str = ""
    size: int = 0
    sha256: str = ""
    removed: list[str] = field(default_factory=list)
    copied: int = 0
    message: str | None = None
    exit_code: int = 0

    def document(self) -> dict[str, Any]:
        """The `backup` of `nightly --json`."""
        return {
            "status": self.status,
            "path": self.path,
            "bytes": self.size,
            "sha256": self.sha256,
            "removed": self.removed,
            **({"message": self.message} if self.message else {}),
        }


def after_night(office: Office, settings: Backups, tell: Tell = lambda left, pages: None) -> NightBackup:
    """Make this night's backup unless there is one of the same state, verify it, and delete what the settings no longer keep.

    The caller holds the night's lock. Nothing is raised for a disk that is full or a copy that is not sound: the night is
    done, and what is the matter stands in the result with its exit code.
    """
    done = NightBackup()
    try:
        with disk.explained(FOLDER):
            _make(office, done, tell)
            done.removed = _thin_out(office.store, settings)
            if settings.attachments:
                done.copied = _copy_attachments(office.store)
    except Refusal as refusal:
        done.message, done.exit_code = refusal.sentence, refusal.exit_code
    except Exception as error:
        log.exception("backup failed")
        done.message, done.exit_code = f"A defect of ours: {type(error).__name__}.", 70
    finally:
        office.store.use()
    return done


def backups_of(store: Store) -> list[tuple[int, Path]]:
    """The (business date, file) of the night's backups, newest first; other files in the folder are none of them."""
    found = []
    for file in _folder(store).glob("*.db"):
        match = _pattern(store, r"\.db").fullmatch(file.name)
        if match and file.is_file() and not file.is_symlink():
            found.append((dates.parse(match[1]), file))
    return sorted(found, reverse=True)


def kept_days(days: Sequence[int], settings: Backups) -> set[int]:
    """Which of the business dates that have a backup keep theirs: the newest of the last so many days, weeks and months.

    A week begins on Monday. Periods without a backup do not count. The newest date is always kept.
    """
    kept = set(days and [max(days)])
    rules: list[tuple[int, Callable[[int], int]]] = [
        (settings.keep_daily, lambda day: day),
        (settings.keep_weekly, lambda day: (day + 3) // 7),  # day 0, 1970-01-01, was a Thursday
        (settings.keep_monthly, dates.month_start),
    ]
    for count, period in rules:
        newest = {period(day): day for day in sorted(days)}
        kept |= {newest[key] for key in sorted(newest, reverse=True)[:count]}
    return kept


def _folder(store: Store) -> Path:
    return store.folder / FOLDER


def _pattern(store: Store, end: str) -> re.Pattern[str]:
    """Our own names and no others: `office-2026-11-20` and what may follow."""
    return re.compile(
        rf"{re.escape(store.path.stem)}-(\d{{4}}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])){end}", re.ASCII
    )


def _make(office: Office, done: NightBackup, tell: Tell) -> None:
    store = office.store
    folder = _own_folder(store)
    newest = next((day for day, _ in backups_of(store)), office.business_date)
    day = max(office.business_date, newest)  # the newest state is the newest backup, whatever night it follows
    target = folder / f"{store.path.stem}-{dates.iso(day)}.db"
    done.path = f"{FOLDER}/{target.name}"
    if target.exists() and _same(store, target):
        done.status, done.sha256 = "kept", sha256_of(target)
    else:
        done.sha256 = _write(store, folder, target, tell)
        done.status = "made"
    done.size = target.stat().st_size


def _own_folder(store: Store) -> Path:
    """The folder of the backups, made where it is missing, and free of what a killed night left in it."""
    with disk.open_folder(store, FOLDER, f"{FOLDER}/x", create=True):
        pass
    folder = _folder(store)
    for file in folder.iterdir():
        if _pattern(store, r"\.db\.new(\.\d+\.part)?(-journal|-wal|-shm)?").fullmatch(file.name):
            file.unlink()
    return folder


def _same(store: Store, file: Path) -> bool:
    """Whether a backup is good and of the state that the store has now: running a night again changes nothing."""
    try:
        with as_it_lies(file) as copy:
            known = not structure.schema(copy)
            return known and _state(copy) == _state(store) and not _findings(copy, pages=True)
    except Refusal:
        return False
    finally:
        store.use()


def _state(store: Store) -> tuple[Any, ...]:
    """What changes with every act, look and run: the heads of the chains, and the last runs."""
    with store.reading():
        act = Act.select(Act.id, Act.digest).order_by(Act.id.desc()).limit(1).tuples().first()
        runs = Run.select(fn.MAX(Run.id), fn.MAX(Run.finished_at)).tuples().first()
        return act, access.head(), runs


def _write(store: Store, folder: Path, target: Path, tell: Tell) -> str:
    """Copy, verify, and only then name; the SHA-256 of the file. A copy that is not sound is set aside, the last one only."""
    _require_room(store, folder)
    new = folder / f"{target.name}.new"
    try:
        sha256 = make_backup(store, new, tell)  # it also reads every page
        with as_it_lies(new) as copy:
            findings = _findings(copy, pages=False)
        if findings:
            _set_aside(store, new, target, findings)
        new.replace(target)
        _sync(folder)
    finally:
        new.unlink(missing_ok=True)
        store.use()
    return sha256


def _findings(copy: Store, *, pages: bool) -> list[Finding]:
    """What is wrong with a copy: its schema, the chain of acts, the chain of looks, and (`pages`) SQLite's own structures."""
    if findings := structure.schema(copy):
        return findings
    with copy.reading() as db:
        return [*(structure.file(db) if pages else []), *chain.check(db, Scope()), *looks.check(db)]


def _require_room(store: Store, folder: Path) -> None:
    """A disk must not fill up under the operators: what cannot fit is not begun."""
    wal = Path(f"{store.path}-wal")
    needed = store.path.stat().st_size + (wal.stat().st_size if wal.exists() else 0) + RESERVE
    free = shutil.disk_usage(folder).free
    if free < needed:
        megabytes = f"{needed // 2**20:,} MB are needed, {free // 2**20:,} MB are free"
        raise InputOutput(f"The disk is too full for a backup: {megabytes}; none was made.")


def _set_aside(store: Store, new: Path, target: Path, findings: list[Finding]) -> None:
    """Keep an unsound copy, better than none when the disk goes, under a name that no restore or rotation takes for a backup."""
    aside = target.with_name(f"{target.stem}.unsound.db")
    new.replace(aside)
    for file in _folder(store).glob("*.unsound.db"):
        if file != aside and _pattern(store, r"\.unsound\.db").fullmatch(file.name):
            file.unlink()
    raise Unsound(
        f"The backup is not sound, and older ones were left as they are ({len(findings)} findings; "
        f"the copy is {FOLDER}/{aside.name}): {findings[0].sentence}"
    )


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _thin_out(store: Store, settings: Backups) -> list[str]:
    """Delete the backups that nothing keeps, oldest first; their names."""
    there = backups_of(store)
    kept = kept_days([day for day, _ in there], settings)
    old = [file for day, file in reversed(there) if day not in kept]
    for file in old:
        file.unlink()
    return [file.name for file in old]


def _copy_attachments(store: Store) -> int:
    """Copy into `backups/attachments/` what is not there yet, each read and compared with its hash; how many.

    Attachments are only ever added, so that one copy serves every backup. Raises InputOutput when some cannot be read, after
    the others were copied.
    """
    beside = Store(_folder(store) / store.path.name)  # never opened: it only says whose folder it is
    with store.reading():
        rows = Attachment.select(Attachment.sha256, Attachment.kind).distinct().order_by(Attachment.sha256)
        wanted = list(rows.tuples())
    copied, lost = 0, ""
    for sha256, kind in wanted:
        if (beside.folder / attachments.path_of(sha256, kind)).is_file():
            continue
        try:
            attachments.keep(beside, attachments.read(store, sha256, kind), kind)
            copied += 1
        except Refusal as refusal:
            lost = lost or refusal.sentence
    if lost:
        raise InputOutput(f"Not every attachment was copied: {lost}")
    return copied
