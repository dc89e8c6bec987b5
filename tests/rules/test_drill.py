"""The restore drill: a good backup comes back whole in a scratch place, a bad one is named, and nothing is changed."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bo_tui import dates
from bo_tui.cli import common, program
from bo_tui.config import Backups
from bo_tui.db import backup as copying
from bo_tui.db.backup import make_backup, sha256_of
from bo_tui.db.tables import Act, Agency, Entry
from bo_tui.office import Office
from bo_tui.rules import attachments, drill
from bo_tui.rules.external import files
from bo_tui.rules.night import backups
from tests import making
from tests.making import DAY, PRACTICE
from tests.pictures import png

Bo = Callable[..., Result]


@pytest.fixture
def backed(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office with an agency file, an attachment and the backup of a night; scratch places are in `tmp_path/scratch`."""
    agency = making.make_agency(office)
    making.place(office, making.make_line(office, making.make_account(office), "L1"), agency)
    files.make_files(office, PRACTICE, agency)
    files.write_copies(office)
    picture = tmp_path / "check.png"
    picture.write_bytes(png())
    attachments.attach(office, PRACTICE, path=picture, line="L1")
    assert backups.after_night(office, Backups()).status == "made"
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    return office


def newest(office: Office) -> Path:
    return office.store.folder / "backups" / "office-2026-11-20.db"


def everything(folder: Path) -> dict[str, str]:
    """Each file and its bytes, without those that SQLite and the lock keep beside a store for whoever reads it."""
    there = [
        path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.endswith(("-shm", ".turns"))
    ]
    return {str(path): sha256_of(path) for path in there}


def test_a_good_backup(backed: Office, bo: Bo, tmp_path: Path) -> None:
    heads = [(row.id, row.digest) for row in Act.select().order_by(Act.id)]
    making.make_account(backed, "A2")
    before = everything(backed.store.folder)
    done = bo("drill", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["findings"], told["acts_since"]) == (0, [], 1)
    assert (told["backup"], told["age"], told["business_date"]) == (str(newest(backed)), 0, "2026-11-20")
    assert (told["bytes"], told["sha256"]) == (newest(backed).stat().st_size, sha256_of(newest(backed)))
    assert {head["practice"] for head in told["heads"]} == {"", "LAKE"}
    assert {(head["act"], head["head"]) for head in told["heads"]} <= set(heads)
    assert (told["counts"]["act"], told["counts"]["entry"]) == (len(heads), Entry.select().count())
    assert everything(backed.store.folder) == before
    assert list((tmp_path / "scratch").iterdir()) == []
    words = bo("drill", str(newest(backed))).stdout
    assert "Agency files written again: 1" in words
    assert "Drill: good" in words


def test_a_damaged_one_is_named(backed: Office, bo: Bo, tmp_path: Path) -> None:
    file = newest(backed)
    good = file.read_bytes()
    file.write_bytes(good[: len(good) // 2])
    cut = bo("drill")
    assert (cut.exit_code, "do not rely on this backup" in cut.stdout) == (1, True)
    assert str(tmp_path / "scratch") not in cut.stdout
    file.write_text("no database")
    assert bo("drill").exit_code == 1
    file.write_bytes(good)
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE service_line SET ar = 5")
        db.commit()
    wrong = bo("drill")
    assert (wrong.exit_code, "carries 0.05 in AR" in wrong.stdout) == (1, True)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_another_history_is_told_from_the_stores_own(backed: Office, bo: Bo, tmp_path: Path) -> None:
    making.make_account(backed, "A2")
    later = tmp_path / "later.db"
    make_backup(backed.store, later)
    assert drill.drill(backed, later).findings == []
    assert bo("restore", str(newest(backed))).exit_code == 0
    making.make_account(backed, "A3")
    lost = bo("drill", str(later))  # of the days that the restore took back
    assert lost.exit_code == 1
    assert "is not in the store as the backup has it" in lost.stdout
    assert bo("drill", str(newest(backed))).exit_code == 0


def test_attachments_are_looked_for_where_they_are_kept(backed: Office, tmp_path: Path) -> None:
    shutil.rmtree(backed.store.folder / "attachments")
    (missing,) = drill.drill(backed).findings
    assert (missing.kind, "is missing" in missing.sentence) == ("attachment", True)


def test_no_backup_no_role_no_room(backed: Office, bo: Bo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert bo("drill", str(tmp_path / "none.db")).exit_code == 66
    with monkeypatch.context() as disk:
        disk.setattr(copying, "bring_back", lambda copy, store: _full())
        assert bo("drill").exit_code == 74
    newest(backed).unlink()
    none = bo("drill")
    assert (none.exit_code, "There is no backup of the night" in none.stderr) == (66, True)
    bo("operator", "add", "daemon", "--role", "administrator")
    bo("operator", "role", "ana", "operator")
    assert bo("drill").exit_code == 77


def _full() -> None:
    raise OSError(28, "No space left on device")


def test_the_age_of_an_old_backup(backed: Office, bo: Bo, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Agency.select().count() == 1
    monkeypatch.setattr("bo_tui.dates.today", lambda: DAY + 9)
    assert f"business date {dates.iso(DAY)} (9 days ago)" in bo("drill").stdout


def test_without_a_live_store_the_backup_is_judged_alone(backed: Office, bo: Bo, tmp_path: Path) -> None:
    file = shutil.copytree(newest(backed).parent, tmp_path / "copies") / newest(backed).name
    shutil.copytree(backed.store.folder / "attachments", tmp_path / "copies" / "attachments")
    anew = tmp_path / "new" / "office.db"
    there = bo("drill", str(file), "--db", str(anew), "--json")
    told = json.loads(there.stdout)
    assert (there.exit_code, told["findings"], told["acts_since"]) == (0, [], None)
    assert "There is no store at" in told["not_compared"]
    assert not anew.parent.exists()
    store = backed.store.path
    good = store.read_bytes()
    backed.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{store}{suffix}").unlink(missing_ok=True)
    for damage in (b"", b"no database", bytes(4096) + good[4096:]):
        store.write_bytes(damage)
        result = CliRunner().invoke(program, ["--db", str(store), "drill"])
        assert (result.exit_code, "Drill: good" in result.stdout) == (0, True), result.output
        assert "Not compared with the live store: " in result.stdout
        assert not damage or store.read_bytes() == damage
    store.write_bytes(good[:4096] + b"\xa5" * (len(good) - 4096))
    assert CliRunner().invoke(program, ["--db", str(store), "drill"]).exit_code == 0
    file.write_bytes(file.read_bytes()[:6000])
    cut = CliRunner().invoke(program, ["--db", str(anew), "drill", str(file)])
    assert (cut.exit_code, str(tmp_path / "scratch") in cut.stdout) == (1, False)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_without_a_live_store_the_backups_operators_count(
    backed: Office, bo: Bo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew = str(tmp_path / "new" / "office.db")
    monkeypatch.setattr(common, "current_user", lambda: "eve")
    refused = bo("drill", str(newest(backed)), "--db", anew)
    assert (refused.exit_code, refused.stdout) == (77, "")
    assert "eve is not an operator of this office" in refused.stderr


def test_a_night_run_ahead(backed: Office, bo: Bo, monkeypatch: pytest.MonkeyPatch) -> None:
    for days, words in ((1, "(dated tomorrow)"), (3, "(dated 3 days ahead)")):
        monkeypatch.setattr("bo_tui.dates.today", lambda days=days: DAY - days)
        assert words in bo("drill").stdout
