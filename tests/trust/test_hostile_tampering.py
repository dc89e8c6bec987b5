"""Each way to tamper with an office is seen by `check`, or the store does not open; nothing of it ends in a defect."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

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
