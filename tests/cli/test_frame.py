"""The command line itself: what it lists, what it refuses, how each end becomes an exit code."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bo_tui import cli, errors
from bo_tui.cli import COMMANDS, common, program
from bo_tui.cli.exits import as_refusal, guarded
from bo_tui.office import Office
from tests import making

Run = Callable[..., Result]
ALL = (
    "init import import-addresses nightly why check report add post deny withdraw adjust reverse reassign transfer approve hold"
    " flag account note plan file precollect import-remit batch attach audit task keys upgrade operator backup restore drill demo"
).split()


def shell(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "bo_tui", *arguments],
        **{"capture_output": True, "text": True, "stdin": subprocess.DEVNULL, **options},
    )


def test_the_table_has_every_command_of_the_contract() -> None:
    assert list(COMMANDS) == ALL
    text = CliRunner().invoke(program, ["--help"]).stdout
    assert all(f"\n  {name} " in text for name in ALL)


def test_without_a_terminal_the_program_does_not_open() -> None:
    done = shell()
    assert done.returncode == 64
    assert done.stdout == ""
    assert "needs a terminal" in done.stderr


def test_a_dumb_terminal_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    with pytest.raises(errors.WrongUsage, match="TERM=dumb"):
        cli.require_terminal()
    monkeypatch.setenv("TERM", "xterm")
    cli.require_terminal()


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["init"], ["check", "x"], ["operator", "add"]])
def test_wrong_usage_is_64(arguments: list[str]) -> None:
    done = CliRunner().invoke(program, arguments)
    assert (done.exit_code, done.stdout) == (64, "")
    assert "Usage:" in done.stderr


def test_version_and_help_are_0() -> None:
    assert CliRunner().invoke(program, ["--version"]).stdout == "bo-tui 0.1.0\n"
    assert CliRunner().invoke(program, ["check", "--help"]).exit_code == 0


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.RuleRefusal("no"), 65),
        (errors.NoInput("no"), 66),
        (errors.StoreUnavailable("no"), 69),
        (errors.Defect("no"), 70),
        (errors.CannotCreate("no"), 73),
        (errors.Locked("no"), 75),
        (errors.NotAllowed("no"), 77),
        (errors.BadConfiguration("no"), 78),
        (click.UsageError("no"), 64),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (BrokenPipeError(), 141),
        (ZeroDivisionError("what"), 70),
        (OSError(errno.ENOSPC, "No space left on device"), 74),
        (OSError(errno.EIO, "Input/output error"), 74),
        (OSError(errno.EROFS, "Read-only file system"), 73),
        (PermissionError(errno.EACCES, "Permission denied"), 73),
        (FileNotFoundError(errno.ENOENT, "No such file"), 66),
        (sqlite3.OperationalError("database is locked"), 75),
        (sqlite3.OperationalError("database or disk is full"), 74),
        (sqlite3.OperationalError("attempt to write a readonly database"), 73),
        (sqlite3.DatabaseError("file is not a database"), 69),
        (sqlite3.OperationalError("no such table: x"), 70),
    ],
)
def test_each_end_has_its_code(error: BaseException, code: int) -> None:
    def ends() -> None:
        raise error

    # in a process of its own where standard output is pointed at nothing
    if isinstance(error, BrokenPipeError) or code == 74:
        child = os.fork()
        if not child:
            os._exit(guarded(ends))
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == code
    else:
        assert guarded(ends) == code


def test_a_defect_is_named_and_its_traceback_kept_for_those_who_ask(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert as_refusal(ZeroDivisionError("what")).sentence == (
        "A defect of ours: ZeroDivisionError: what (BO_TUI_DEBUG=1 shows where)."
    )
    guarded(lambda: 1 / 0)
    assert "Traceback" not in capsys.readouterr().err
    monkeypatch.setenv("BO_TUI_DEBUG", "1")
    guarded(lambda: 1 / 0)
    assert "Traceback" in capsys.readouterr().err


def test_refused_rows_are_listed_and_capped(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse() -> None:
        rows = [errors.Problem("accounts.csv", row, "ssn", "is wrong") for row in range(2, 62)]
        raise errors.BadInput("Nothing was loaded.", rows, total=1000)

    assert guarded(refuse) == 65
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "accounts.csv row 2, ssn: is wrong"
    assert lines[-2:] == ["... and 950 more", "Nothing was loaded."]


def test_a_pipe_that_nobody_reads_is_quiet(office: Office) -> None:
    account = making.make_account(office)
    for number in range(20):
        making.make_line(office, account, f"L{number}")
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", f'"{sys.executable}" -c "{_AS_ANA}" report entries | true'],
        capture_output=True,
        text=True,
        env={**os.environ, "BO_TUI_DB": str(office.store.path)},
    )
    assert done.returncode in (0, 141)  # `true` may also end later than the report
    assert done.stderr == ""


_AS_ANA = "from bo_tui.cli import common, program; common.current_user = lambda: 'ana'; program.main()"


def test_a_full_standard_output_is_74(office: Office) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", _AS_ANA, "report", "aging"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "BO_TUI_DB": str(office.store.path)},
        )
    assert done.returncode == 74
    assert done.stderr.count("\n") == 1


def test_a_user_who_is_no_operator_gets_in_nowhere(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "current_user", lambda: "eve")
    for command in (["check"], ["report", "aging"], ["operator", "list"], ["backup", "x"], ["upgrade"]):
        done = CliRunner().invoke(program, ["--db", str(office.store.path), *command])
        assert done.exit_code == 77, command
        assert "eve is not an operator" in done.stderr


def test_the_user_is_the_machines_and_not_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    before = common.current_user()
    monkeypatch.setenv("USER", "root2")
    monkeypatch.setenv("LOGNAME", "root2")
    assert common.current_user() == before
    monkeypatch.setattr(os, "getuid", lambda: 987654321)
    with pytest.raises(errors.NotAllowed):
        common.current_user()


def test_the_store_is_found_in_order(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "current_user", lambda: "ana")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("BO_TUI_DB", raising=False)
    here, nowhere = str(office.store.path), str(tmp_path / "nowhere.db")

    def listed(*arguments: str) -> int:
        return CliRunner().invoke(program, [*arguments, "operator", "list"]).exit_code

    assert listed() == 69
    settings = tmp_path / "config" / "bo_tui" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"db = {json.dumps(here)}\n")
    assert listed() == 0
    monkeypatch.setenv("BO_TUI_DB", nowhere)
    assert listed() == 69
    assert listed("--db", here) == 0
    assert CliRunner().invoke(program, ["check", "--db", here]).exit_code == 0
    assert listed("--db", f"sqlite:///{here}") == 0


@pytest.mark.parametrize("address", ["postgres://host/office", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_other_addresses_are_refused(address: str) -> None:
    done = CliRunner().invoke(program, ["--db", address, "check"])
    assert done.exit_code == 78
    assert "only files are supported so far" in done.stderr


def test_what_a_store_can_be_wrong_with(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bo: Run
) -> None:
    text = tmp_path / "text.db"
    text.write_text("not a database at all, only some words in a file")
    empty = tmp_path / "empty.db"
    empty.touch()
    for path in (text, empty, tmp_path, tmp_path / "none.db"):
        assert CliRunner().invoke(program, ["--db", str(path), "check"]).exit_code == 69
    office.store.use().execute_sql("INSERT INTO migration_run (name, applied) VALUES ('9999_later', 'x')")
    newer = bo("check")
    assert newer.exit_code == 78
    assert "newer program" in newer.stderr
    assert bo("upgrade").exit_code == 78


def test_a_locked_store_is_75(office: Office, bo: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from bo_tui.db import connection

    opened = connection.open_store
    monkeypatch.setattr(common, "open_store", lambda path: opened(path, patience=0.02))
    other = sqlite3.connect(office.store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert bo("operator", "add", "daemon", "--role", "viewer").exit_code == 75
    other.close()


def test_a_practice_is_asked_for_only_when_there_are_several(office: Office) -> None:
    from bo_tui.rules import ledger
    from bo_tui.rules.setup import create_practice

    assert common.practice_of(office, None).code == "LAKE"
    with office.act("practice") as draft:
        create_practice(draft, "HILL", "Hill")
        ledger.seal(draft)
    with pytest.raises(errors.WrongUsage, match="HILL, LAKE"):
        common.practice_of(office, None)
    assert common.practice_of(office, "HILL").id == 2
    with pytest.raises(errors.NotFound, match="no practice hill"):
        common.practice_of(office, "hill")


def test_a_later_date_needs_ahead(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "current_user", lambda: "ana")
    monkeypatch.setattr("bo_tui.dates.today", lambda: making.DAY)
    ctx = click.Context(program, obj=cli.Invocation(db=str(office.store.path)))
    with ctx:
        assert common.open_office(ctx).business_date == making.DAY
        assert common.open_office(ctx, making.DAY + 1, ahead=True).business_date == making.DAY + 1
        assert common.open_office(ctx, making.DAY - 1).business_date == making.DAY - 1
        with pytest.raises(errors.RuleRefusal, match="2026-11-21 is after today"):
            common.open_office(ctx, making.DAY + 1)
