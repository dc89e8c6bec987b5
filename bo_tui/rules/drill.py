"""The restore drill: a backup brought back into a scratch place by the same code as a restore, checked, and thrown away.

It answers before the disaster what a restore would do after it (DESIGN section 7). The store and the backup stay as they are.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from peewee import fn

from bo_tui.db import backup, integrity
from bo_tui.db.connection import Store, create_store
from bo_tui.db.integrity import Finding, Scope, attachments, copies
from bo_tui.db.tables import Account, Act, AgencyFile, Attachment, Entry, Placement, Practice, ServiceLine
from bo_tui.errors import BadConfiguration, BadInput, InputOutput, NoInput, Refusal, StoreUnavailable
from bo_tui.office import NIGHT, Actor, Office, known_actor
from bo_tui.rules import checking, restoring
from bo_tui.rules.night import backups
from bo_tui.rules.roles import ADMINISTRATOR, require

COUNTED = (Practice, Account, ServiceLine, Placement, AgencyFile, Attachment, Act, Entry)
DAMAGED = (StoreUnavailable, InputOutput)  # what a live store that is missing, damaged or on a dying disk says
Head = tuple[str, int, str]  # practice code ("" for what belongs to none), act, digest


@dataclass
class Drill:
    """What a drill saw: the file and its bytes, the heads of its chains, rows by table, acts done since, and what is wrong.

    `business_date`: of the backup's last act. `outbox`: agency files that were written again, as a restore would. `alone`: why
    the backup was not compared with the live store, or None where it was.
    """

    file: Path
    size: int
    sha256: str = ""
    business_date: int | None = None
    made_at: str = ""
    heads: list[Head] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    since: int | None = None
    outbox: int = 0
    alone: str | None = None
    findings: list[Finding] = field(default_factory=list)


def drill(office: Office, file: Path | None = None) -> Drill:
    """Restore a backup (default: the newest of the night's) in the machine's place for temporary files and check all of it.

    Its last acts must be acts of the live chain. What is wrong stands in the findings. Raises NoInput (66) when there is no
    backup, InputOutput (74) when the scratch place is full, NotAllowed.
    """
    require(office, "backup")
    done = _begin(office.store, file)
    try:
        with _scratch() as scratch:
            _restore(office.store, office.business_date, done, scratch / "office.db")
        if done.heads:
            _compare(office, done)
    except DAMAGED as refusal:  # the live store opens, and not all of it can be read: only what is compared asks it
        done.since, done.alone = None, refusal.sentence
    finally:
        with suppress(*DAMAGED):
            office.store.use()
    return done


def drill_alone(path: Path, file: Path | None, user: str, business_date: int, why: Refusal) -> Drill:
    """The same where no live store at `path` can be read (`why`), as after a disaster or on a new machine; nothing is compared.

    There the operators of the backup count, as they do for a restore to a new machine; a backup that cannot tell them is
    looked at no further. Raises what `drill` does.
    """
    store = Store(path)  # for its folder; never opened
    done = _begin(store, file)
    done.alone = why.sentence
    with _scratch() as scratch:
        try:
            with backup.private_copy(done.file, scratch) as copy:
                require(Office(copy, known_actor(copy, user), business_date), "backup")
        except (StoreUnavailable, BadConfiguration) as refusal:
            done.findings.append(_unreadable(done, scratch, refusal))
            return done
        _restore(store, business_date, done, scratch / "office.db")
    return done


def _begin(store: Store, file: Path | None) -> Drill:
    if file is None:
        file = next((newest for _, newest in backups.backups_of(store)), None)
    if file is None:
        raise NoInput(f"There is no backup of the night in {store.folder / backups.FOLDER}.")
    backup.require_file(file)
    return Drill(file, file.stat().st_size, backup.sha256_of(file))


@contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bo_tui-drill-") as scratch:
        yield Path(scratch)


def _unreadable(done: Drill, scratch: Path, refusal: Refusal) -> Finding:
    """People know the backup, not the copy of it that was looked at."""
    words = re.sub(rf"{re.escape(str(scratch))}\S*/copy\.db|\bcopy\.db\b", str(done.file), refusal.sentence)
    return Finding("backup", done.file.name, words)


def _restore(office: Store, day: int, done: Drill, path: Path) -> None:
    live = create_store(path)
    try:
        # whoever drills need not be an administrator: nobody's store is restored
        scratch = Office(live, Actor(NIGHT, ADMINISTRATOR), day)
        done.outbox = restoring.restore(scratch, done.file).written
        _look_at(live, done)
        done.findings += integrity.check(live, checking.MOVES, outbox=False)
        with live.reading() as db:
            done.findings += copies.check(db, live, Scope())
            done.findings += attachments.check(db, _attachments(office, done.file), Scope())
    except BadInput as refusal:
        done.findings += [Finding("backup", done.file.name, problem.reason) for problem in refusal.problems]
    except (StoreUnavailable, BadConfiguration) as refusal:
        done.findings.append(_unreadable(done, path.parent, refusal))
    finally:
        live.close()


def _attachments(store: Store, file: Path) -> Store:
    """Whose folder has the attachments: the copy beside the backup where there is one, else the office's own."""
    return Store(file) if (file.parent / "attachments").is_dir() else store


def _look_at(live: Store, done: Drill) -> None:
    """The restored store before the act of its restore, which is the last one and only the scratch place's."""
    with live.reading():
        restored = Act.select(fn.MAX(Act.id)).scalar()
        before = Act.id < restored
        lasts = Act.select(fn.MAX(Act.id)).where(before).group_by(Act.practice)
        codes = dict(Practice.select(Practice.id, Practice.code).tuples())
        rows = list(Act.select().where(Act.id.in_(lasts)).order_by(Act.id))
        done.heads = [(codes.get(row.practice, ""), row.id, row.digest) for row in rows]
        done.counts = {table._meta.table_name: table.select().count() for table in COUNTED}
        done.counts["act"] -= 1
    if rows:
        done.business_date, done.made_at = rows[-1].business_date, rows[-1].made_at


def _compare(office: Office, done: Drill) -> None:
    """The backup's last acts against the live store's: an office's own backup is a stretch of its history from the start."""
    with office.reading():
        ids = [act for _, act, _ in done.heads]
        there = dict(Act.select(Act.id, Act.digest).where(Act.id.in_(ids)).tuples())
        done.since = Act.select().where(Act.id > max(ids)).count()
    for code, act, digest in done.heads:
        if there.get(act) != digest:
            done.since = None
            whose = f"of {code}" if code else "without a practice"
            done.findings.append(
                Finding(
                    "chain",
                    f"act {act}",
                    f"Act {act}, the backup's last {whose}, is not in the store as the backup has it: this is another store's"
                    " backup, or the store was restored or rewritten since.",
                )
            )


__all__ = ["DAMAGED", "Drill", "drill", "drill_alone"]
