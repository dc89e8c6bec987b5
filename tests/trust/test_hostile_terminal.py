"""Nothing of data reaches a terminal as control bytes, no exported cell is a formula, no file leaves the outbox.

The office under test has escape sequences, OSC 52, turning and invisible marks, markup and line breaks behind every free text.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from bo_tui.cli import common, exits, program
from bo_tui.formats import listing
from bo_tui.office import Office
from bo_tui.rules.external import files
from bo_tui.text import clean, escaped
from bo_tui.views.reports import REPORTS
from bo_tui.widgets.lineinput import LineInput
from tests import making
from tests.support.mutating import VALUES, controls
from tests.terminal.harness import Terminal
from tests.trust import evil

PROJECT = Path(__file__).parents[2]
NUMBER = re.compile(r"-?\d+(\.\d+)?")


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office of `evil`, spoiled; copied, never used itself."""
    folder = tmp_path_factory.mktemp("evil")
    path = folder / "office.db"
    making.new_office(path).close()
    evil.build(path).close()
    assert evil.poison(path) > 500
    return path


@pytest.fixture
def store(poisoned: Path, tmp_path: Path) -> Path:
    """A copy of the spoiled office with its outbox."""
    shutil.copytree(poisoned.parent, tmp_path / "office")
    return tmp_path / "office" / "office.db"


@pytest.fixture
def run(store: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A command on the spoiled office, as a terminal with colours gets it."""
    monkeypatch.setattr("bo_tui.dates.today", lambda: making.DAY)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(program, ["--db", str(store), *arguments], color=True)

    return call


def test_every_page_in_a_terminal(store: Path) -> None:
    """Raw bytes of a real terminal at 80x24: every page, its rows, why, and the forms that begin with what the store has."""
    with Terminal([sys.executable, "-m", "tests.trust.pages", str(store), "short"], cwd=PROJECT) as term:
        assert term.wait_exit(90) == 0
        raw = bytes(term.raw)
    walked = Path(f"{store}.walked").read_text().splitlines()[-1]
    assert re.fullmatch(r"walked (2[6-9]|[3-9]\d) pages, opened \d\d+", walked), walked
    assert "·[31;5;7mX·" in raw.decode(), "the hostile names were on the screen, made inert"
    assert evil.leaked(raw) == []


def test_every_report_and_command(run, store: Path) -> None:  # type: ignore[no-untyped-def]
    with closing(sqlite3.connect(store)) as db:
        line, account, agency = (
            db.execute(f"SELECT {column} FROM {table} WHERE id = 1").fetchone()[0]
            for table, column in (("service_line", "number"), ("account", "number"), ("agency", "name"))
        )
    esc, turned = "\x1b]52;c;a\x07", "x\u202ey"
    commands = [
        *(["report", name] for name in REPORTS), *(["report", name, "--json"] for name in REPORTS),
        ["why", line], ["why", line, "--json"], ["why", esc], ["account", "show", account], ["account", "show", esc],
        ["approve", "list"], ["approve", "list", "--json"], ["operator", "list"], ["check"], ["check", "--json"],
        ["nightly", "--dry-run", "--lines"], ["nightly", "--json", "--lines"], ["nightly"],
        ["post", line], ["deny", line, "--note", "no"],
        ["add", turned, "--agency", agency], ["add", line, "--agency", turned], ["reverse", "1", "--reason", "x"],
        ["hold", "set", turned, "--kind", "manual", "--reason", "x"], ["file", turned],
        ["file", agency], ["import", esc, "--from", "office"],
        ["import-addresses", esc], ["attach", line, esc], ["backup", f"/{esc}/x"], ["restore", esc], ["report", esc],
        [f"--{esc}"], [esc],
        ["report", "entries", "--agency", esc], ["report", "entries", "--operator", turned], ["nightly", "--practice", esc],
        ["report", "aging", "--date", esc], ["account", "add", "--last", esc], ["--config", esc, "check"],
    ]  # fmt: skip
    for command in commands:
        result = run(*command)
        said = result.stdout + result.stderr
        assert said
        assert not controls(said), (command, controls(said)[:9])
        assert result.exit_code != 70, (command, said)
        if "--json" in command:
            json.loads(result.stdout)


def test_words_about_a_defect_are_inert_too(capsys: pytest.CaptureFixture[str]) -> None:
    def defect() -> None:
        raise ValueError("no such thing as \x1b[31m\u202e")

    assert exits.guarded(defect) == 70
    assert not controls(capsys.readouterr().err)


def test_json_keeps_the_datas_own_characters() -> None:
    for value in VALUES:
        document = common.dumps({"a": value})
        assert not controls(document)
        assert json.loads(document) == {"a": value}
    assert escaped('{"a": "plain"}') == '{"a": "plain"}'


def test_a_field_shows_inertly_what_it_holds() -> None:
    """Found by the walk: a form that began with a stored name sent its escape sequences to the terminal."""
    shown = str(LineInput._value.fget(SimpleNamespace(value=evil.EVIL)))  # type: ignore[attr-defined]
    assert (controls(shown), shown) == ([], clean(evil.EVIL))


def test_no_cell_of_an_export_is_a_formula(run, store: Path) -> None:  # type: ignore[no-untyped-def]
    with closing(sqlite3.connect(store)) as db:
        triggers = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for at, begins in enumerate(("=", "+", "-", "@", "\t", "\r")):
            for table, columns in evil.FREE.items():
                for column in columns.split():
                    sql = f"UPDATE OR IGNORE {table} SET {column} = ? || {column} WHERE rowid % 6 = ?"
                    db.execute(sql, (begins, at))
        db.commit()
    for name in REPORTS:
        rows = list(csv.reader(io.StringIO(run("report", name, "--csv").stdout)))
        for row in rows:
            for cell in row:
                assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r") or NUMBER.fullmatch(cell), (name, cell)
    parts = b"".join(listing.csv_parts(["a", "b"], [["=1", "-5.00"]], frozenset({1})))
    assert parts == b"a,b\r\n'=1,-5.00\r\n"


@pytest.mark.parametrize(
    "name", ["../../x", "/etc/x", "..", "a/../../b", "~", "\u202e../x", "CON", "x" * 300, "-", "a\\..\\b"]
)
def test_files_stay_in_the_outbox(office: Office, name: str) -> None:
    from tests.support.book import OfficeBook

    book = OfficeBook(office)
    book.agency(name, balance=1, age=1)
    book.line("L1", 90_00, "2026-01-01")
    book.add(["L1"], name, making.DAY)
    book.post(["L1"], making.DAY)
    files.make_files(office, 1, book.agencies[name])
    (path,) = files.write_copies(office)
    outside = [one for one in office.store.folder.parent.rglob("*") if one.is_file() and "office" not in one.parts]
    assert outside == []
    assert re.fullmatch(r"outbox/LAKE/[A-Za-z0-9_-]{1,80}\.csv", path)
    assert (office.store.folder / path).resolve().is_relative_to((office.store.folder / "outbox").resolve())
