"""Each way to tamper with an office is seen by `check`, or the store does not open; nothing of it ends in a defect."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bo_tui.cli import common, program
from tests import making
from tests.trust import tampering
from tests.trust.tampering import CASES, Case


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with something of everything; copied, never used itself."""
    path = tmp_path_factory.mktemp("good") / "office.db"
    making.new_office(path).close()
    tampering.build(path)
    return path


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_it_is_seen(good: Path, case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common, "current_user", lambda: making.USER)
    shutil.copytree(good.parent, tmp_path / "office")
    path = tmp_path / "office" / "office.db"
    case.spoil(path)
    result = CliRunner().invoke(program, ["--db", str(path), "check", "--json"])
    kinds = {finding["kind"] for finding in json.loads(result.stdout)} if result.exit_code == 1 else set()
    if result.exit_code == 69:
        kinds = {"opening"}
    print(case.name, result.exit_code, sorted(kinds), result.stdout[:200], result.stderr)
    assert result.exit_code in (0, 1, 69), result.stderr
    if not case.seen:
        assert result.exit_code == 0
    else:
        assert kinds & set(case.seen), (result.exit_code, kinds)


def test_the_newest_act_of_no_practice_is_seen_by_its_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Role changes are in no practice's chain: taken out whole, they leave a sound chain, and only their own head tells."""
    monkeypatch.setattr(common, "current_user", lambda: making.USER)
    path = tmp_path / "office.db"
    office = making.new_office(path)

    def bo(*words: str) -> Result:
        return CliRunner().invoke(program, ["--db", str(path), *words])

    assert "Head of the chain: no acts yet\n" in bo("nightly", "--date", "t-1").stdout
    making.make_account(office)
    office.close()
    assert bo("operator", "add", "daemon", "--role", "viewer").exit_code == 0
    assert bo("operator", "role", "daemon", "administrator").exit_code == 0
    night = json.loads(bo("nightly", "--json").stdout)
    anchors = [word for head in (night["runs"][0]["head"], night["office_head"]) for word in ("--anchor", head)]
    assert bo("check", *anchors).exit_code == 0
    newest = "(SELECT max(id) FROM act WHERE practice IS NULL)"
    tampering.sql(
        f"DELETE FROM change WHERE act = {newest}",
        "UPDATE operator SET role = 'viewer', act = act - 1 WHERE user = 'daemon'",
        f"DELETE FROM act WHERE id = {newest}",
    )(path)
    assert bo("check").stdout == ""  # nothing in the file can tell
    found = json.loads(bo("check", *anchors, "--json").stdout)
    assert [(finding["kind"], finding["subject"]) for finding in found] == [("anchor", night["office_head"])]
