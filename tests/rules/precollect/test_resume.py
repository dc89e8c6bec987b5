"""A night with pre-collections, killed after any commit: the same rows, digests and file bytes as one left alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bo_tui.office import Office
from bo_tui.rules import nightly
from bo_tui.rules.night import precollecting
from bo_tui.rules.precollect import files, starts, stops, suspension
from tests.rules.night.test_resume import Killed, kill_after
from tests.support import busy
from tests.support.book import OfficeBook
from tests.support.precollecting import ADDRESS, STEPS, enrol, rules

NIGHT = "2026-03-20"


def build(book: OfficeBook) -> None:
    """Accounts with TSI, one suspended, lines queued, paid, held, moved and new ones."""
    enrol(book, auto_create_start=False)
    for number in range(6):
        book.account(f"A{number}", **ADDRESS)
        book.line(f"L{number}", 100_00 + number, "2026-01-01", account=f"A{number}")
    book.night("2026-03-03", why=False)
    starts.create_start(book.on("2026-03-03"), 1, ["L0", "L1", "L2", "L3"])
    files.write_copies(book.office)
    book.pay("L0", 30_00, "2026-03-10")
    book.pay("L1", 100_01, "2026-03-10")
    book.hold("A2", "2026-03-10", kind="deceased")
    stops.stop_precollection(book.on("2026-03-10"), 1, ["L3"])
    suspension.suspend(book.on("2026-03-10"), 1, "A4", True)
    for number in range(4):
        book.line(f"M{number}", 70_00, "2026-01-10", account=f"A{number}")
    rules(book, auto_create_start=True)


def test_killed_after_any_commit_it_ends_as_if_left_alone(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in (("CANDIDATES", 3), ("TASKS", 1), ("ACCOUNTS", 2)):
        monkeypatch.setattr(precollecting, name, size)
    monkeypatch.setattr(files, "LARGEST", 2)
    monkeypatch.setattr(starts, "LARGEST", 2)
    build(OfficeBook(office))
    office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.close()

    def copy(name: str) -> OfficeBook:
        shutil.copytree(office.store.folder, tmp_path / name)
        return OfficeBook(busy.opened(tmp_path / name / "office.db"))

    monkeypatch.setattr(nightly, "STEPS", STEPS)
    with monkeypatch.context() as patch:
        commits = kill_after(patch, None)
        alone = copy("alone")
        night = alone.any_night(NIGHT)
    assert night.step("precollect_stop")[0] == 3
    assert night.step("precollect_start")[0] == 4
    assert {f["kind"] for f in night.document["files"]} == {"start", "stop"}
    assert len(night.document["files"]) > 4
    expected = busy.everything(alone.office)
    alone.office.close()
    for boundary in range(1, commits[0], 3):
        book = copy(f"killed-{boundary}")
        with monkeypatch.context() as patch:
            kill_after(patch, boundary)
            with pytest.raises(Killed):
                book.any_night(NIGHT)
        book.office.close()
        again = book.any_night(NIGHT)
        assert again.report.exit_code == 0, (boundary, again.report.message)
        assert busy.everything(book.office) == expected, boundary
        assert again.document["steps"] == night.document["steps"]
        book.office.close()
