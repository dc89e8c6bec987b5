"""The backup after a night: verified before it has its name, thinned out by rules, and never the reason why a night is undone."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bo_tui import dates
from bo_tui.config import Backups
from bo_tui.db import backup as copying
from bo_tui.db.tables import Act, Run
from bo_tui.office import Office
from bo_tui.rules import attachments
from bo_tui.rules.night import backups
from tests import making
from tests.making import DAY, PRACTICE
from tests.pictures import png
from tests.support.book import OfficeBook

Bo = Callable[..., Result]
ONE = Backups(keep_daily=1, keep_weekly=0, keep_monthly=0)


def names(office: Office) -> list[str]:
    return sorted(path.name for path in (office.store.folder / "backups").iterdir())


def after(office: Office, day: int, settings: Backups = Backups()) -> backups.NightBackup:  # noqa: B008
    return backups.after_night(office.on(day), settings)


def nightly(bo: Bo, *more: str) -> tuple[int, dict[str, Any]]:
    done = bo("nightly", "--backup", "--json", *more)
    return done.exit_code, json.loads(done.stdout)


# What is kept


def kept(first: str, last: str, *rule: int) -> list[str]:
    days = list(range(dates.parse(first), dates.parse(last) + 1))
    return [dates.iso(day) for day in sorted(backups.kept_days(days, Backups(True, *rule)))]


def test_the_newest_of_days_weeks_and_months_is_kept() -> None:
    assert kept("2026-10-20", "2026-11-20", 3, 0, 0) == ["2026-11-18", "2026-11-19", "2026-11-20"]
    # Sundays end their weeks, and the week that is not over has its newest day
    assert kept("2026-10-20", "2026-11-20", 0, 3, 0) == ["2026-11-08", "2026-11-15", "2026-11-20"]
    assert kept("2026-10-20", "2026-11-20", 0, 0, 5) == ["2026-10-31", "2026-11-20"]
    assert kept("2026-11-16", "2026-11-16", 0, 0, 0) == ["2026-11-16"]  # never the only one
    assert backups.kept_days([], Backups()) == set()


def test_day_after_day_it_comes_to_the_same() -> None:
    rules, there = Backups(), set[int]()
    for day in range(DAY, DAY + 500):
        there = backups.kept_days([*there, day], rules)
        assert day in there
    everyday = backups.kept_days(list(range(DAY, DAY + 500)), rules)
    assert there == everyday
    assert len(there) <= 7 + 5 + 12


# What a night does


def test_a_night_makes_one_and_a_second_time_keeps_it(book: OfficeBook, bo: Bo, office: Office) -> None:
    book.practice("HILL")
    code, document = nightly(bo)
    made = document["backup"]
    file = office.store.folder / made["path"]
    assert (code, made["status"], made["path"], made["removed"]) == (0, "made", "backups/office-2026-11-20.db", [])
    assert (made["bytes"], made["sha256"]) == (file.stat().st_size, copying.sha256_of(file))
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o640, 0o770)
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        assert db.execute("SELECT count(*) FROM run WHERE status = 'done'").fetchone() == (2,)  # after all practices
    again = nightly(bo)[1]["backup"]
    assert again == made | {"status": "kept"}
    assert names(office) == ["office-2026-11-20.db"]

    book.line("NEW", 480_00, "2026-10-01")  # the store went on: the same night's backup is made again
    assert nightly(bo)[1]["backup"]["status"] == "made"
    assert "Backup: backups/office-2026-11-20.db" in bo("nightly", "--backup").stdout


def test_a_dry_run_makes_none_nor_does_an_office_that_wants_none(bo: Bo, office: Office, tmp_path: Path) -> None:
    settings = tmp_path / "s.toml"
    settings.write_text("[backups]\nnightly = true\n")
    assert nightly(bo, "--dry-run")[1]["backup"] is None
    assert nightly(bo, "--no-backup", "--config", str(settings))[1]["backup"] is None
    assert json.loads(bo("nightly", "--json").stdout)["backup"] is None  # by default a night by hand makes none
    assert not (office.store.folder / "backups").exists()
    assert json.loads(bo("nightly", "--json", "--config", str(settings)).stdout)["backup"]["status"] == "made"


def test_old_ones_go_and_nothing_else_does(office: Office) -> None:
    assert after(office, DAY, ONE).status == "made"
    folder = office.store.folder / "backups"
    shutil.copy(folder / "office-2026-11-20.db", folder / "office-2026-11-10.db")
    (folder / "office-2026-11-18.db.new.77.part").write_text("left by a kill")
    others = [
        "office-2026-11-09-before-upgrade.db",
        "office-2026-13-40.db",
        "office-2026-11-11.db.gz",
        "west-2026-11-01.db",
    ]
    for name in others:
        (folder / name).write_text("x")
    (folder / "office-2026-11-12.db").symlink_to(office.store.path)
    (folder / "office-2026-11-13.db").mkdir()
    done = after(office, DAY + 1, ONE)
    assert done.removed == ["office-2026-11-10.db", "office-2026-11-20.db"]
    assert names(office) == sorted([*others, "office-2026-11-12.db", "office-2026-11-13.db", "office-2026-11-21.db"])
    assert office.store.path.exists()


def test_a_night_of_an_earlier_date_does_not_make_an_old_backup_the_newest_state(office: Office) -> None:
    after(office, DAY + 5, ONE)
    making.make_account(office)
    done = after(office, DAY, ONE)  # another practice's night, behind the others
    assert (done.status, done.path, names(office)) == ("made", "backups/office-2026-11-25.db", ["office-2026-11-25.db"])


# What may go wrong


def test_a_full_disk_is_said_and_leaves_nothing_behind(bo: Bo, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    after(office, DAY - 1, ONE)

    def full(source: Any, part: Path, tell: Any) -> None:
        part.write_bytes(b"half")
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(copying, "_copy", full)
    done = bo("nightly", "--backup", "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 74
    assert "Backup: The disk is full" in done.stderr
    assert (document["runs"][0]["status"], document["backup"]["status"]) == ("done", "failed")
    assert names(office) == ["office-2026-11-19.db"]  # the older one is not thinned out for it
    assert Run.get().status == "done"
    assert "No backup was made." in bo("nightly", "--backup").stdout


def test_what_does_not_fit_is_not_begun(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    free = backups.RESERVE + office.store.path.stat().st_size - 1
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(1, 1, free))
    done = after(office, DAY)
    assert (done.exit_code, names(office)) == (74, [])
    assert "too full for a backup" in (done.message or "")


def test_a_folder_that_cannot_be_written_to(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **more: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", "backups")

    with monkeypatch.context() as disk:
        disk.setattr(os, "mkdir", refuse)
        done = after(office, DAY)
    assert (done.status, done.exit_code) == ("failed", 73)
    (office.store.folder / "backups").symlink_to(office.store.folder.parent)
    assert after(office, DAY).exit_code == 74  # never through a link


def test_an_unsound_store_is_set_aside_and_never_replaces_a_good_backup(office: Office, bo: Bo) -> None:
    making.make_account(office)
    good = after(office, DAY)
    db = office.store.use()
    (trigger,) = db.execute_sql("SELECT sql FROM sqlite_master WHERE name = 'act_no_update'").fetchone()
    db.execute_sql("DROP TRIGGER act_no_update")
    db.execute_sql("UPDATE act SET reason = 'another' WHERE id = 1")
    db.execute_sql(trigger)
    code, document = nightly(bo)
    assert code == 1
    assert document["backup"]["status"] == "failed"
    assert "not sound" in document["backup"]["message"]
    assert names(office) == ["office-2026-11-20.db", "office-2026-11-20.unsound.db"]
    assert copying.sha256_of(office.store.folder / good.path) == good.sha256
    after(office, DAY + 1)
    assert names(office) == ["office-2026-11-20.db", "office-2026-11-21.unsound.db"]


def test_a_practices_failure_goes_before_the_backups(
    bo: Bo, office: Office, book: OfficeBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert bo("nightly", "--date", "2026-11-21", "--ahead").exit_code == 0
    monkeypatch.setattr(copying, "_copy", lambda *args: 1 / 0)
    book.line("NEW", 480_00, "2026-10-01")
    code, document = nightly(bo)  # a date before the last night's: refused, 65
    assert (code, document["backup"]["status"]) == (65, "failed")
    assert document["backup"]["message"] == "A defect of ours: ZeroDivisionError."


def test_a_damaged_backup_of_this_night_is_made_again(office: Office) -> None:
    good = after(office, DAY)
    file = office.store.folder / good.path
    with file.open("r+b") as out:
        out.seek(8192)
        out.write(os.urandom(8192))
    assert after(office, DAY).status == "made"
    file.write_text("no database at all")
    assert after(office, DAY).status == "made"
    assert after(office, DAY).status == "kept"
    assert Act.select().count() > 0  # the tables are the live store's again


def test_attachments_are_copied_once_and_a_missing_one_is_said(office: Office, tmp_path: Path) -> None:
    making.make_line(office, making.make_account(office), "L1")
    for number in (1, 2):
        picture = tmp_path / f"{number}.png"
        picture.write_bytes(png(width=4 + number))
        attachments.attach(office, PRACTICE, path=picture, line="L1")
    settings = Backups(attachments=True)
    folder = office.store.folder / "backups" / "attachments"
    assert (after(office, DAY, settings).copied, len(list(folder.rglob("*.png")))) == (2, 2)
    assert after(office, DAY, settings).copied == 0
    shutil.rmtree(folder)
    lost = next((office.store.folder / "attachments").rglob("*.png"))
    lost.unlink()
    done = after(office, DAY, settings)
    assert (done.status, done.exit_code, len(list(folder.rglob("*.png")))) == ("kept", 74, 1)
    assert lost.name in (done.message or "")
