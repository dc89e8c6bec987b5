"""A folder that cannot be written to, a clock that goes back, and what a restore leaves when it is killed half-way."""

from __future__ import annotations

import datetime as dt
import errno
import itertools
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bo_tui import dates
from bo_tui.cli import common, program
from bo_tui.db import aside, exporting
from bo_tui.db.backup import make_backup
from bo_tui.db.connection import Store, open_store
from bo_tui.db.tables import Act, AgencyFile
from bo_tui.errors import InputOutput, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import checking, restoring
from bo_tui.rules.external import files
from tests import making
from tests.support import busy
from tests.support.book import OfficeBook

Run = Callable[..., Result]
NOBODY = 65534


class Killed(BaseException):
    """Nothing in the program catches it, as nothing catches a SIGKILL."""


def filed(office: Office) -> None:
    """One placement, in file 1."""
    agency = making.make_agency(office)
    making.place(office, making.make_line(office, making.make_account(office), "L1"), agency)
    files.make_files(office, making.PRACTICE, agency)
    files.write_copies(office)


# --- a folder that cannot be written to ------------------------------------------------------------------------------


@pytest.fixture
def read_only(empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An office in a folder that may only be read, by a user who is not root."""
    folder = Path(tempfile.mkdtemp(prefix="bo_tui-read-only-"))  # pytest's own folders let nobody else in
    place = folder / "office"
    place.mkdir()
    shutil.copy(empty_store, place / "office.db")
    with closing(sqlite3.connect(place / "office.db")) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (place / "office.db").chmod(0o444)
    place.chmod(0o555)
    folder.chmod(0o755)
    monkeypatch.setattr(common, "current_user", lambda: making.USER)
    monkeypatch.setattr("bo_tui.dates.today", lambda: making.DAY)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        if os.access(place, os.W_OK, effective_ids=True):
            pytest.skip("this user may write everywhere")
        yield place
    finally:
        if root:
            os.seteuid(0)
        place.chmod(0o755)
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "command",
    [("nightly",), ("backup", "FOLDER/copy.db"), ("import", "CSV", "--from", "office"), ("hold", "set", "A1", "--kind", "manual",
     "--reason", "asked")],
    ids=lambda command: command[0],
)  # fmt: skip
def test_a_folder_that_may_only_be_read_is_one_sentence(read_only: Path, command: tuple[str, ...]) -> None:
    before = {path.name: path.read_bytes() for path in read_only.iterdir()}
    words = [word.replace("FOLDER", str(read_only)).replace("CSV", str(making.__file__)) for word in command]
    done = CliRunner().invoke(program, ["--db", str(read_only / "office.db"), *words])
    assert done.exit_code == 73, done.output
    assert "Traceback" not in done.output
    assert "cannot be written" in done.output or "cannot be created" in done.output
    assert {path.name: path.read_bytes() for path in read_only.iterdir()} == before


# --- a clock that goes back ------------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_changes_nothing(
    office: Office, tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def year(folder: Path) -> OfficeBook:
        folder.mkdir()
        shutil.copy(empty_store, folder / "office.db")
        book = busy.build(busy.opened(folder / "office.db"))
        book.night(busy.NIGHT, why=False)
        return book

    straight = year(tmp_path / "straight")
    expected = busy.everything(straight.office)
    straight.office.close()
    hours = itertools.count()

    def back() -> str:
        moment = dt.datetime(2026, 11, 21, tzinfo=dt.UTC) - dt.timedelta(hours=next(hours))
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    monkeypatch.setattr(dates, "utc_stamp", back)
    book = year(tmp_path / "back")
    stamps = [made for (made,) in book.sql("SELECT made_at FROM act ORDER BY id")][1:]
    assert next(hours) > 50
    assert stamps == sorted(stamps, reverse=True)
    assert busy.everything(book.office) == expected
    assert checking.check(book.office.store) == []
    book.office.close()


# --- a restore between its two halves --------------------------------------------------------------------------------


@pytest.fixture
def later(office: Office, tmp_path: Path) -> Path:
    """A backup from before the office's second agency file; its path."""
    filed(office)
    make_backup(office.store, tmp_path / "copy.db")
    making.place(office, making.make_line(office, 1, "L2"), 1)
    files.make_files(office, making.PRACTICE, 1)
    files.write_copies(office)
    return tmp_path / "copy.db"


def outbox(office: Office) -> list[str]:
    """What would be sent: files of the outbox that were not moved aside."""
    root = office.store.folder / "outbox"
    return sorted(path.name for path in root.rglob("*.csv") if "aside" not in str(path.relative_to(root)))


def test_the_next_night_moves_aside_what_a_killed_restore_had_to(
    office: Office, later: Path, bo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(outbox(office)) == 2

    def killed(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(aside, "move", killed)
        with pytest.raises(Killed):
            restoring.restore(office, later)
    office.store.use()
    assert AgencyFile.select().count() == 1  # the store is the restored one
    assert len(outbox(office)) == 2  # and the outbox not yet
    assert bo("nightly").exit_code == 0
    assert outbox(office) == ["First-Bay-000001.csv"]
    assert len(list(office.store.folder.rglob("aside-2026-11-20/**/*.csv"))) == 1
    assert not list(office.store.folder.glob("*.restored.json"))
    assert checking.check(office.store) == []


def test_a_restore_killed_before_it_comes_to_be_moves_nothing(
    office: Office, later: Path, bo: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_arguments: object) -> None:
        raise Killed

    acts = Act.select().count()
    with monkeypatch.context() as patch:
        patch.setattr(restoring.backup, "bring_back", killed)
        with pytest.raises(Killed):
            restoring.restore(office, later)
    office.store.use()
    assert Act.select().count() == acts
    assert list(office.store.folder.glob("*.restored.json"))
    assert bo("nightly").exit_code == 0
    assert len(outbox(office)) == 2
    assert not list(office.store.folder.glob("*.restored.json"))


def test_what_a_killed_restore_or_backup_left_is_taken_away(office: Office, later: Path, tmp_path: Path) -> None:
    left = office.store.folder / ".restore-abandoned"
    left.mkdir()
    (left / "copy.db").write_bytes(b"a whole office")
    part = tmp_path / f"second.db.{os.getpid()}.part"  # numbers of processes come again
    part.write_bytes(b"a whole office")
    make_backup(office.store, tmp_path / "second.db")
    restoring.restore(office, later)
    assert not left.exists()
    assert not part.exists()


def test_a_blank_store_that_a_killed_restore_left_is_restored_into(
    office: Office, later: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new" / "office.db"

    def killed(*_arguments: object) -> None:
        os.link(path, path.with_name("kept.db"))  # the clean-up that a kill would not have come to
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(restoring.backup, "bring_back", killed)
        with pytest.raises(Killed):
            restoring.restore_anew(path, later, making.USER, making.DAY)
    path.with_name("kept.db").rename(path)
    assert restoring.blank(path)
    monkeypatch.setattr(common, "current_user", lambda: making.USER)
    done = CliRunner().invoke(program, ["--db", str(path), "restore", str(later)])
    assert done.exit_code == 0, done.output
    store: Store = open_store(path)
    assert checking.check(store) == []
    store.close()
    assert not restoring.blank(path)
    office.store.use()


# --- exports ---------------------------------------------------------------------------------------------------------


def test_an_export_has_its_name_only_when_it_is_whole(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "page.pdf"
    names: list[str] = []

    def pieces() -> Iterator[bytes]:
        yield b"first "
        names.extend(path.name for path in tmp_path.iterdir() if path.is_file())
        yield b"second"

    assert exporting.write_new(office.store, str(target), "page.pdf", pieces()) == target
    assert target.read_bytes() == b"first second"
    assert target.stat().st_mode & 0o777 == 0o600
    assert names == [f"page.pdf.{os.getpid()}.part"]
    with pytest.raises(RuleRefusal, match="already there"):
        exporting.write_new(office.store, str(target), "page.pdf", b"other")

    def taken(part: Path, path: Path, **_named: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", taken)
    with pytest.raises(RuleRefusal, match="already there"):
        exporting._give_name(tmp_path / "none", target)
    assert exporting.write_new(office.store, str(tmp_path / "b.pdf"), "b.pdf", b"other").read_bytes() == b"other"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["b.pdf", "page.pdf"]


def test_a_full_disk_leaves_nothing_of_an_export(office: Office, tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"first "
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(InputOutput, match="the disk is full"):
        exporting.write_new(office.store, str(tmp_path / "page.pdf"), "page.pdf", pieces())
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_another_user_of_the_name_is_seen_at_the_end(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "page.pdf"
    with pytest.raises(RuleRefusal, match="already there"):
        exporting.write_new(
            office.store, str(target), "page.pdf", b"ours", first=lambda: target.write_text("theirs") and None
        )
    assert target.read_text() == "theirs"
