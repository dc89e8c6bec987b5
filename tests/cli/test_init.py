"""`init` makes a whole office or nothing; `operator` says who may do what; `upgrade` brings an older store along."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bo_tui.cli import common, program
from bo_tui.db import schema
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Act, Practice, TransactionCode
from bo_tui.office import Office, known_actor
from bo_tui.rules.codes import TRANSACTION_CODES
from tests import making

Run = Callable[..., Result]


def init(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(program, ["--db", str(path), "init", *arguments])


@pytest.fixture(autouse=True)
def as_ana(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "current_user", lambda: "ana")


def test_init_makes_a_private_whole_office(tmp_path: Path) -> None:
    path = tmp_path / "data" / "office.db"
    before = os.umask(0o077)
    try:
        done = init(path, "--code", "LAKE", "--name", "Lakeside")
    finally:
        os.umask(before)
    assert (done.exit_code, done.stdout) == (0, "")
    assert path.stat().st_mode & 0o777 == 0o660
    assert path.parent.stat().st_mode & 0o777 == 0o770
    store = open_store(path)
    assert known_actor(store, "ana").role == "administrator"
    assert [(row.code, row.name) for row in Practice.select()] == [("LAKE", "Lakeside")]
    assert TransactionCode.select().count() == len(TRANSACTION_CODES)
    assert [(act.kind, act.practice, act.actor) for act in Act.select()] == [("init", None, "ana")]
    store.close()
    assert CliRunner().invoke(program, ["--db", str(path), "check"]).exit_code == 0


def test_init_refuses_what_is_there(office: Office) -> None:
    acts = Act.select().count()
    assert init(office.store.path, "--code", "X", "--name", "X").exit_code == 73
    office.store.use()
    assert Act.select().count() == acts


@pytest.mark.parametrize("code", ["", " ", "a/b", "..", ".", "a b", "-x", "a\0b", "é", "x" * 33, "a\n"])
def test_a_code_that_no_folder_may_have_is_refused(tmp_path: Path, code: str) -> None:
    done = init(tmp_path / "office.db", "--code", code, "--name", "X")
    assert done.exit_code == 65, done.output
    assert not (tmp_path / "office.db").exists()


@pytest.mark.parametrize("code", ["A", "lake-1", "LAKE_2", "x" * 32, "9"])
def test_codes_that_are_fine(tmp_path: Path, code: str) -> None:
    assert init(tmp_path / "office.db", "--code", code, "--name", "X").exit_code == 0


def test_nothing_is_left_of_an_init_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert init(tmp_path / "a" / "office.db", "--code", "X", "--name", "  ").exit_code == 65
    assert not (tmp_path / "a" / "office.db").exists()
    file = tmp_path / "file"
    file.touch()
    assert init(file / "office.db", "--code", "X", "--name", "X").exit_code == 73


@pytest.mark.skipif(os.getuid() == 0, reason="root writes anywhere")
def test_a_read_only_folder_is_73(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert init(tmp_path / "office.db", "--code", "X", "--name", "X").exit_code == 73
    finally:
        tmp_path.chmod(0o700)


def test_operators_by_command(office: Office, bo: Run) -> None:
    assert bo("operator", "add", "daemon", "--role", "service").exit_code == 0
    assert json.loads(bo("operator", "list", "--json").stdout) == [
        {"user": "ana", "role": "administrator"},
        {"user": "daemon", "role": "service"},
    ]
    assert "daemon  service" in bo("operator", "list").stdout
    assert bo("operator", "role", "daemon", "viewer").exit_code == 0
    assert bo("operator", "remove", "daemon").exit_code == 0
    assert bo("operator", "remove", "daemon").exit_code == 65
    assert bo("operator", "remove", "ana").exit_code == 65
    assert bo("operator", "role", "ana", "viewer").exit_code == 65
    assert bo("operator", "add", "daemon", "--role", "king").exit_code == 64


@pytest.mark.parametrize("user", ["nobody-of-that-name", "a\0b", ""])
def test_only_users_of_the_machine_can_be_operators(bo: Run, user: str) -> None:
    done = bo("operator", "add", user, "--role", "viewer")
    assert done.exit_code == 65
    assert "is not a user of this machine" in done.stderr


def test_an_upgrade_with_nothing_to_do_says_so(office: Office, bo: Run) -> None:
    done = bo("upgrade")
    assert done.exit_code == 0
    assert "nothing to do" in done.stderr
    assert not (office.store.folder / "backups").exists()


def test_an_older_store_is_upgraded_after_a_backup(
    office: Office, bo: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "migrations"
    later.mkdir()
    for path in schema.FOLDER.glob("[0-9]*.py"):
        shutil.copy(path, later)
    (later / "0999_note.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('CREATE TABLE note_run (id INTEGER)')\n"
    )
    monkeypatch.setattr(schema, "FOLDER", later)
    schema.expected.cache_clear()
    try:
        refused = bo("check")
        assert refused.exit_code == 78
        assert "bo-tui upgrade" in refused.stderr
        done = bo("upgrade")
        assert done.exit_code == 0, done.stderr
        (copy,) = (office.store.folder / "backups").iterdir()
        assert copy.name == "office-2026-11-20-before-upgrade.db"
        assert bo("check").exit_code == 0
        assert "nothing to do" in bo("upgrade").stderr
    finally:
        schema.expected.cache_clear()
    assert making.USER == "ana"
