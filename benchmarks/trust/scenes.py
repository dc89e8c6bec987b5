"""What is killed: a night with work in every step, an import, the posting of a batch, a restore and a backup.

A scene is a folder with an office as it stands before, the work, and what must hold after the work was killed and done again.
"""

from __future__ import annotations

import contextlib
import csv
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks import batch, practice
from benchmarks.trust import snapshot
from benchmarks.trust.killing import Watch
from bo_tui.db import backup
from bo_tui.db.connection import open_store
from bo_tui.db.lock import night_lock
from bo_tui.db.tables import (
    Account,
    Agency,
    Assignment,
    Entry,
    Placement,
    Practice,
    Precollection,
    PrecollectionRule,
    ServiceLine,
)
from bo_tui.errors import InputOutput, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules import checking, flags, holds, importing, ledger, nightly, restoring
from bo_tui.rules.batches import posting
from bo_tui.rules.codes import AR, CASH, COMMISSION, EXT
from bo_tui.rules.external import adjust, pending, transfer
from bo_tui.rules.external.files import write_copies
from bo_tui.rules.night import precollecting, steps
from bo_tui.rules.precollect import files as precollect_files
from bo_tui.rules.precollect import starts
from bo_tui.rules.precollect.files import write_copies as write_precollections
from bo_tui.rules.settings import changing

BEFORE, QUEUED, NIGHT = practice.DAY, practice.DAY + 5, practice.DAY + 50
STORE = "office.db"
Work = Callable[[Path, Watch], None]


@dataclass(frozen=True)
class Scene:
    """`build` makes the office in a folder, `work` does what is killed, again and again until it comes to its end.

    Where `whole`, the work is all or nothing for the store: after a kill it stands as before or as after.
    """

    name: str
    build: Callable[[Path, int], None]
    work: Work
    whole: bool = False


def office(folder: Path, day: int = BEFORE) -> Office:
    """The office in a folder, in the hands of its administrator."""
    return Office(open_store(folder / STORE), Actor("bench", "administrator"), day)


def closed(of: Office) -> None:
    """Put everything into the one file that a copy takes, and leave it."""
    of.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    of.close()


# --- the night -----------------------------------------------------------------------------------------------------


def build_night(folder: Path, lines: int) -> None:
    """An office whose next night has work in every step: placements to move on, rows to withdraw, returned mail, updates, TSI."""
    practice.build(folder / STORE, lines).close()
    of = office(folder)
    _settings(of)
    oldest = _numbers(ServiceLine.ar > 10_000, ServiceLine.aging_date <= BEFORE - 41)[::5]
    pending.add(of, 1, oldest[: max(2, lines // 100)], "Oldest")
    pending.post(of, 1, oldest[: max(2, lines // 100)])
    with small_chunks(lines):
        _run(of, BEFORE)
        _assigned(of, auto_approve=False)
        _run(of, QUEUED)
        _assigned(of, auto_approve=True)
    _happenings(of.on(QUEUED + 1), max(4, min(40, lines // 200)))
    found = findings(checking.check, of.store)
    assert not found, found[:3]
    closed(of)


def _run(of: Office, day: int) -> None:
    with nightly.nights(of.on(day), pause=0) as reports:
        (report,) = list(reports)
    assert report.status == "done", report.message


def _settings(of: Office) -> None:
    of.store.db.execute_sql("UPDATE account SET phone = '555 0100', date_of_birth = 3653, ssn = '123456789'")
    with of.act("agency") as draft:
        Agency.insert(id=3, name="Oldest", address1="2 Pier", zip="00000", baa_date=1, act=draft.id).execute()
        ledger.change(draft, "agency", 3, "name", None, "Oldest")
        ledger.seal(draft)
    with of.act("settings", 1) as draft:
        Assignment.insert(practice=1, agency=3, act=draft.id).execute()
        Assignment.update(auto_create_file=True, act=draft.id).where(Assignment.agency < 3).execute()
        Agency.update(file_type="tsi", act=draft.id).where(Agency.id == 2).execute()
        Practice.update(precollections_enrolled=True, tsi_client_number="C-1", act=draft.id).execute()
        PrecollectionRule.insert(
            practice=1, balance_greater_than=5000, days_past_due=20, payment_minimum=2000, payment_within_days=35,
            auto_create_start=True, auto_create_stop=True, thank_you=True, act=draft.id,
        ).execute()  # fmt: skip
        ledger.change(draft, "practice", 1, "settings", None, "kills")
        ledger.seal(draft)


def _assigned(of: Office, **fields: Any) -> None:
    with of.act("settings", 1) as draft:
        for row in list(Assignment.select().where(Assignment.balance_greater_than.is_null(False))):
            changing.update(draft, Assignment, row, fields)
        ledger.seal(draft)


def _numbers(*where: Any) -> list[str]:
    query: Any = ServiceLine.select(ServiceLine.number).where(ServiceLine.responsibility == "guarantor", *where)
    return [number for (number,) in query.order_by(ServiceLine.id).tuples()]


def _accounts(of: str) -> list[str]:
    """The accounts with a line that is pending, placed, with TSI, or none of these."""
    sql = f"SELECT DISTINCT a.number FROM {of} x JOIN account a ON a.id = x.account ORDER BY a.id"
    return [number for (number,) in Account._meta.database.execute_sql(sql).fetchall()]


def _happenings(of: Office, count: int) -> None:
    """What operators did between the nights."""
    waiting, with_tsi = _accounts("pending"), _accounts("precollection")
    for number in waiting[: 2 * count : 2]:
        holds.set_hold(of, 1, number, "manual", "asked for")
    for number in [one for one in _accounts("service_line") if one not in set(waiting)][: count * 7 : 7]:
        flags.returned_mail(of, 1, number, True)
    for number in with_tsi[: count // 2]:
        holds.set_hold(of, 1, number, "deceased", "told by phone")
    open_ones: Any = (
        Placement.select().where(Placement.closed.is_null(), Placement.balance > 3000).order_by(Placement.id)
    )
    placed = list(open_ones.limit(4 * count))
    for row in placed[:count]:
        adjust.adjust(of, row.id, "CRTSY", 1000, "agreed")
    for row in placed[count : count + count // 4]:
        transfer.transfer(of, [row.id], "guarantor", False)
    with of.act("payment", 1) as draft:
        for row in placed[2 * count : 3 * count]:
            about = {"line": row.line, "placement": row.id}
            paid = ledger.write(draft, "EPYMT", (CASH, EXT), 2000, parent=row.id, **about)
            ledger.write(draft, "ECOMM", (COMMISSION, CASH), 500, parent=paid, **about)
        started: Any = Precollection.select(Precollection.line).where(Precollection.ended.is_null())
        for (line,) in list(started.order_by(Precollection.id.desc()).limit(2 * count).tuples()):
            mine = ServiceLine.get_by_id(line)
            fee = Entry.select(Entry.id).where(Entry.line == line, Entry.code == "SVCFE").scalar()
            amount = mine.ar if line % 2 else min(1000, mine.ar)
            ledger.write(draft, "GPYMT", (CASH, AR), amount, line=line, account=mine.account, parent=fee)
        ledger.settle(draft)
        ledger.seal(draft)


@contextlib.contextmanager
def small_chunks(lines: int) -> Iterator[None]:
    """So few rows a chunk that a practice of this size has as many commits as one a hundred times as large."""
    eighth = max(10, lines // 40)
    with contextlib.ExitStack() as patches:
        for module, name, size in (
            (steps, "CANDIDATES", 2 * eighth),
            (steps, "FLAGGED", max(2, lines // 500)),
            (steps, "ROWS", eighth),
            (precollecting, "CANDIDATES", 2 * eighth),
            (precollecting, "TASKS", eighth),
            (precollecting, "ACCOUNTS", eighth),
            (precollect_files, "LARGEST", eighth),
            (starts, "LARGEST", eighth),
        ):
            patches.enter_context(mock.patch.object(module, name, size))
        yield


def work_night(folder: Path, watch: Watch) -> None:
    """The night of NIGHT, until it says that it is done."""

    def marked(name: str, step: Any) -> Any:
        def do(night: Any, state: Any) -> None:
            watch.mark(name)
            step(night, state)

        return name, do

    def closing_mark(*arguments: Any) -> Any:
        watch.mark("close")
        return close(*arguments)

    watch.mark("begin")
    of = office(folder, NIGHT)
    lines = ServiceLine.select().count()
    close = nightly._close
    marks = [marked(*step) for step in nightly.STEPS]
    marked_steps = mock.patch.object(nightly, "STEPS", marks), mock.patch.object(nightly, "_close", closing_mark)
    with small_chunks(lines), marked_steps[0], marked_steps[1], nightly.nights(of, lines=True, pause=0) as reports:
        (report,) = list(reports)
    of.close()
    if report.status not in ("done", "unchanged"):
        raise InputOutput(str(report.message)) if report.exit_code == 74 else AssertionError(report.message)


# --- import --------------------------------------------------------------------------------------------------------


def build_import(folder: Path, lines: int) -> None:
    """A small office, and a folder of CSV with so many lines and as many payments beside it."""
    practice.build(folder / STORE, 100).close()
    of = office(folder)
    closed(of)
    new = folder / "new"
    new.mkdir()
    day = "2026-01-05"

    def write(name: str, head: str, rows: Iterator[tuple[Any, ...]]) -> None:
        with (new / f"{name}.csv").open("w", newline="") as stream:
            out = csv.writer(stream)
            out.writerow(head.split())
            out.writerows(rows)

    write("practices", "practice name", iter([("NEW", "New Anesthesia"), ("BENCH", "Bench Anesthesia")]))
    codes = ("NEW", "BENCH")
    write(
        "accounts", "practice account last first",
        ((code, f"N{i}", f"Name{i}", "Ana") for code in codes for i in range(max(1, lines // 8))),
    )  # fmt: skip
    write(
        "service_lines", "practice account line date_of_service fee responsibility responsible_since",
        (
            (code, f"N{i % max(1, lines // 8)}", f"N-{i}", day, "250.00", "guarantor", day)
            for code in codes for i in range(lines // 2)
        ),
    )  # fmt: skip
    write(
        "transactions", "id practice line code amount posted",
        ((f"{code}{i}", code, f"N-{i}", "GPYMT", "20.00", day) for code in codes for i in range(lines // 2)),
    )  # fmt: skip


def work_import(folder: Path, watch: Watch) -> None:
    """Import the folder; where it is in already, the office refuses it, and that is as good."""
    watch.mark("begin")
    of = office(folder)
    if Practice.select().where(Practice.code == "NEW").exists():
        of.close()
        return

    def tell(what: str, rows: int) -> None:
        step = what.split()[0]
        if watch.step() != step:
            watch.mark(step)

    watch.mark("read")
    importing.import_folder(of, folder / "new", progress=tell)
    of.close()


# --- a batch of payments -------------------------------------------------------------------------------------------


def build_batch(folder: Path, lines: int) -> None:
    """A batch of guarantors' checks for a fifth of the lines, in balance and not posted."""
    practice.build(folder / STORE, lines).close()
    of = office(folder)
    batch.enter(of, lines // 5)
    closed(of)


def work_batch(folder: Path, watch: Watch) -> None:
    """Post the batch, until nothing of it is left."""
    watch.mark("begin")
    of = office(folder)
    count = ServiceLine.select().count() // 5
    with mock.patch.object(posting, "CHUNK_PAYMENTS", max(2, count // 20)):
        watch.mark("post")
        with contextlib.suppress(RuleRefusal):  # nothing is left to post
            posting.post(of, 1)
    of.close()


# --- restore and backup --------------------------------------------------------------------------------------------


def build_restore(folder: Path, lines: int) -> None:
    """A backup from before the last night, and an office that has had it: its files are in `outbox/`."""
    build_night(folder, lines)
    of = office(folder)
    backup.make_backup(of.store, folder / "copy.db")
    with small_chunks(lines):
        _run(of, NIGHT)
    closed(of)


def _marked(watch: Watch, where: Any, name: str, step: str) -> Any:
    kept = getattr(where, name)

    def do(*arguments: Any, **named: Any) -> Any:
        watch.mark(step)
        return kept(*arguments, **named)

    return mock.patch.object(where, name, do)


def findings(check: Callable[..., list[Any]], *arguments: Any, **named: Any) -> list[Any]:
    """What a check finds, but for the changes that a made-up practice, written straight into its tables, never had."""
    return [one for one in check(*arguments, **named) if one.kind != "history"]


def work_restore(folder: Path, watch: Watch) -> None:
    """Bring the backup back."""
    watch.mark("copy")
    of = office(folder, NIGHT)
    with contextlib.ExitStack() as patches:
        patches.enter_context(
            mock.patch.object(restoring.integrity, "check", partial(findings, restoring.integrity.check))
        )
        for where, name, step in (
            (restoring, "_require_sound", "check"), (restoring, "_raise_floors", "act"),
            (restoring, "_forget_missing_copies", "forget"), (backup, "bring_back", "bring back"),
            (restoring.aside, "move", "move aside"), (restoring, "write_copies", "write copies"),
        ):  # fmt: skip
            patches.enter_context(_marked(watch, where, name, step))
        restoring.restore(of, folder / "copy.db")
    of.close()


def finish_restore(folder: Path) -> None:
    """What the next night does of a restore that was killed, whichever side of its one transaction it had come to."""
    of = office(folder, NIGHT)
    with night_lock(of.store, "bench"):
        restoring.finish(of)
        write_copies(of)
        write_precollections(of)
    of.close()


def work_backup(folder: Path, watch: Watch) -> None:
    """Make a backup beside the store, unless it is there."""
    watch.mark("copy")
    target = folder / "made.db"
    if target.exists():
        return
    of = office(folder)
    with contextlib.ExitStack() as patches:
        patches.enter_context(mock.patch.object(backup, "PAGES", 50))
        for where, name, step in (
            (backup, "_verify", "verify"),
            (backup, "sha256_of", "sync"),
            (backup, "_name", "name"),
        ):
            patches.enter_context(_marked(watch, where, name, step))
        backup.make_backup(of.store, target)
    of.close()


def backup_is_sound(folder: Path, live: Path | None = None) -> bool:
    """Whether the backup in a folder is either not there or whole: a store with the rows of the live one there (or in `live`)."""
    target = folder / "made.db"
    if not target.exists():
        return True
    with closing(sqlite3.connect(target)) as db:
        if db.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            return False
    return snapshot.tables(target) == snapshot.tables((live or folder) / STORE)


def build_plain(folder: Path, lines: int) -> None:
    """A practice of so many lines, and nothing else."""
    practice.build(folder / STORE, lines).close()
    closed(office(folder))


SCENES = {
    scene.name: scene
    for scene in (
        Scene("night", build_night, work_night),
        Scene("import", build_import, work_import, whole=True),
        Scene("batch", build_batch, work_batch),
        Scene("restore", build_restore, work_restore, whole=True),
        Scene("backup", build_plain, work_backup, whole=True),
    )
}


def copied(base: Path, to: Path) -> Path:
    """A copy of a scene's folder to work on; what lay there is gone."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(base, to)
    return to
