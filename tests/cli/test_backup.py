"""Backup and restore: a consistent copy while in use, a restore that checks first, and files that never share a sequence."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bo_tui.cli import common, program
from bo_tui.db.backup import make_backup
from bo_tui.db.connection import open_store
from bo_tui.db.lock import night_lock
from bo_tui.db.tables import Access, Act, AgencyFile, Entry, next_sequence
from bo_tui.errors import Refusal
from bo_tui.office import Office
from bo_tui.rules.external import files
from tests import making
from tests.making import verify

Run = Callable[..., Result]


@pytest.fixture
def filed(office: Office) -> Office:
    """An office with one placement in file 1, and its copy in the outbox; a second placed line waits."""
    agency = making.make_agency(office)
    account = making.make_account(office)
    making.place(office, making.make_line(office, account, "L1"), agency)
    files.make_files(office, making.PRACTICE, agency)
    files.write_copies(office)
    return office


def test_a_backup_is_one_private_file_and_good(filed: Office, bo: Run, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    made = bo("backup", str(target))
    assert (made.exit_code, made.stdout) == (0, "")
    assert target.stat().st_mode & 0o777 == 0o640  # as the night's: the office's group may read it
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy.db"]
    with closing(sqlite3.connect(target)) as db:
        assert db.execute("SELECT max(id) FROM act").fetchone() == (Act.select().count(),)


def test_a_backup_overwrites_nothing(filed: Office, bo: Run, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    assert bo("backup", str(target)).exit_code == 73
    assert target.read_text() == "precious"
    assert Access.select().count() == 0  # nothing was taken out
    assert bo("backup", str(tmp_path / "nowhere" / "copy.db")).exit_code == 73


def test_a_backup_outside_the_offices_group_is_its_makers_alone(
    filed: Office, bo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fstat
    monkeypatch.setattr(os, "fstat", lambda held: os.stat_result((*real(held)[:5], 54321, *real(held)[6:])))
    assert bo("backup", str(tmp_path / "copy.db")).exit_code == 0
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_file_that_may_not_be_read_is_no_input(filed: Office, bo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    target = filed.store.folder / "copy.db"
    opened = Path.open

    def forbidden(path: Path, *given: object, **named: object) -> object:
        if path == target:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *given, **named)  # type: ignore[call-overload]

    assert bo("backup", str(target)).exit_code == 0
    access = os.access  # what the parser of arguments asks
    monkeypatch.setattr(os, "access", lambda path, *mode, **named: str(path) != str(target) and access(path, *mode))
    monkeypatch.setattr(Path, "open", forbidden)
    for command in ("restore", "drill"):
        refused = bo(command, str(target))
        assert (refused.exit_code, "cannot be read by this user" in refused.stderr) == (66, True)


def test_a_backup_is_one_moment_while_others_write(filed: Office, tmp_path: Path) -> None:
    account = making.make_account(filed, "A9")
    stop = threading.Event()

    def work() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            making.make_line(filed, account, f"W{number}")
        filed.close()

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for number in range(3):
            make_backup(filed.store, tmp_path / f"{number}.db", lambda left, pages: None)
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        store = open_store(tmp_path / f"{number}.db")
        found = [f for f in verify(Office(store, filed.actor, filed.business_date)) if "outbox" not in f.sentence]
        store.close()
        assert found == []


def test_a_round_trip_brings_the_state_back_as_an_act(filed: Office, bo: Run, tmp_path: Path) -> None:
    assert bo("backup", str(tmp_path / "copy.db")).exit_code == 0
    before = Entry.select().count()
    making.make_line(filed, 1, "L2")
    assert Entry.select().count() == before + 1
    done = bo("restore", str(tmp_path / "copy.db"))
    assert done.exit_code == 0, done.stderr
    filed.store.use()
    assert Entry.select().count() == before
    last = Act.select().order_by(Act.id.desc()).get()
    assert (last.kind, last.practice, last.actor) == ("restore", None, "ana")
    assert last.reason.startswith("copy.db ")
    assert verify(filed) == []
    assert sorted(path.name for path in filed.store.folder.iterdir() if path.name.startswith(".restore")) == []


def test_later_files_move_aside_and_their_sequence_is_not_used_again(filed: Office, bo: Run, tmp_path: Path) -> None:
    bo("backup", str(tmp_path / "copy.db"))
    making.place(filed, making.make_line(filed, 1, "L2"), 1)
    (second,) = files.make_files(filed, making.PRACTICE, 1)
    files.write_copies(filed)
    assert second.sequence == 2
    bytes_of_second = (filed.store.folder / second.path).read_bytes()
    assert bo("restore", str(tmp_path / "copy.db")).exit_code == 0
    filed.store.use()
    assert not (filed.store.folder / second.path).exists()
    (aside,) = filed.store.folder.glob("outbox/aside-*")
    assert aside.name == "aside-2026-11-20"
    assert (aside / Path(second.path).relative_to("outbox")).read_bytes() == bytes_of_second
    assert next_sequence(making.PRACTICE, 1) == 3
    making.place(filed, making.make_line(filed, 1, "L3"), 1)
    (third,) = files.make_files(filed, making.PRACTICE, 1)
    assert third.sequence == 3
    files.write_copies(filed)
    assert verify(filed) == []
    bo("restore", str(tmp_path / "copy.db"))  # once more: the floor of the first restore is not lost
    filed.store.use()
    assert next_sequence(making.PRACTICE, 1) == 4


def test_missing_copies_are_written_again(filed: Office, bo: Run, tmp_path: Path) -> None:
    bo("backup", str(tmp_path / "copy.db"))
    path = filed.store.folder / AgencyFile.get_by_id(1).path
    path.unlink()
    assert len(verify(filed)) == 1
    bo("restore", str(tmp_path / "copy.db"))
    assert path.exists()
    assert verify(filed) == []


def test_a_reader_keeps_what_it_sees(filed: Office, bo: Run, tmp_path: Path) -> None:
    bo("backup", str(tmp_path / "copy.db"))
    making.make_line(filed, 1, "L2")
    with closing(sqlite3.connect(filed.store.path)) as reader:
        reader.execute("BEGIN")
        acts = reader.execute("SELECT max(id) FROM act").fetchone()
        assert bo("restore", str(tmp_path / "copy.db")).exit_code == 0
        assert reader.execute("SELECT max(id) FROM act").fetchone() == acts
        reader.execute("COMMIT")
        assert reader.execute("SELECT kind FROM act ORDER BY id DESC").fetchone() == ("restore",)


def test_an_unsound_copy_is_refused_and_nothing_changes(filed: Office, bo: Run, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    bo("backup", str(copy))
    with closing(sqlite3.connect(copy)) as db:
        db.execute("UPDATE service_line SET ar = 5")
        db.commit()
    acts = Act.select().count()
    refused = bo("restore", str(copy))
    assert refused.exit_code == 65
    assert "copy.db: Line L1 carries 0.05 in AR; its entries say 0.00." in refused.stderr
    assert Act.select().count() == acts


def test_what_is_no_backup_is_refused(filed: Office, bo: Run, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("hello, I am not a database, however long you look at me")
    assert bo("restore", str(tmp_path / "text.db")).exit_code == 69
    assert bo("restore", str(tmp_path / "none.db")).exit_code == 66
    assert bo("restore", str(tmp_path)).exit_code == 66
    sqlite3.connect(tmp_path / "empty.db").execute("CREATE TABLE t (i)").connection.close()
    assert bo("restore", str(tmp_path / "empty.db")).exit_code == 69
    assert [path.name for path in filed.store.folder.iterdir() if path.name.startswith(".restore")] == []


def test_a_restore_waits_for_nobody(filed: Office, bo: Run, tmp_path: Path) -> None:
    bo("backup", str(tmp_path / "copy.db"))
    with night_lock(filed.store, "timer"):
        refused = bo("restore", str(tmp_path / "copy.db"))
    assert refused.exit_code == 75
    assert "timer (process" in refused.stderr


def test_a_backup_comes_back_where_there_is_no_store(
    filed: Office, bo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo("backup", str(tmp_path / "copy.db"))
    new = tmp_path / "new" / "office.db"
    monkeypatch.setattr(common, "current_user", lambda: "eve")
    assert CliRunner().invoke(program, ["--db", str(new), "restore", str(tmp_path / "copy.db")]).exit_code == 77
    assert not new.exists()
    monkeypatch.setattr(common, "current_user", lambda: "ana")
    assert CliRunner().invoke(program, ["--db", str(new), "restore", str(tmp_path / "none.db")]).exit_code == 66
    assert not new.exists()
    done = CliRunner().invoke(program, ["--db", str(new), "restore", str(tmp_path / "copy.db")])
    assert done.exit_code == 0, done.stderr
    assert CliRunner().invoke(program, ["--db", str(new), "check"]).output == ""
    assert (new.parent / "outbox/LAKE/First-Bay-000001.csv").exists()


def test_only_an_administrator_restores(filed: Office, bo: Run, tmp_path: Path) -> None:
    bo("backup", str(tmp_path / "copy.db"))
    bo("operator", "add", "daemon", "--role", "administrator")
    bo("operator", "role", "ana", "supervisor")
    assert bo("backup", str(tmp_path / "copy2.db")).exit_code == 0
    assert bo("restore", str(tmp_path / "copy.db")).exit_code == 77


def test_the_lock_names_its_holder_and_is_free_afterwards(office: Office) -> None:
    with (
        night_lock(office.store, "ana"),
        pytest.raises(Refusal, match=r"ana \(process \d+, the night, since 20"),
        night_lock(office.store, "ben"),
    ):
        pass
    with night_lock(office.store, "ben"):
        pass
