"""Spoiled office files through the import, in short; `python -m benchmarks.trust.hostile` is the long form."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui.rules.importing import Summary, import_folder
from tests.trust.importing import EXAMPLES, Hostile, small

SEED = 20261122


def test_spoiled_cells_are_refused_by_row_or_loaded_soundly(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, SEED)
    hostile.fields(1_500)
    counts = hostile.counts
    assert counts.cases == 1_500 == counts.refused + counts.loaded
    assert min(counts.refused, counts.loaded) > 300
    assert len(counts.reasons) > 60  # columns that had something to say


def test_spoiled_bytes_are_refused_or_loaded_soundly(tmp_path: Path) -> None:
    hostile = Hostile(tmp_path, SEED)
    hostile.files(60)
    assert hostile.counts.cases == 60 == hostile.counts.refused + hostile.counts.loaded


@pytest.mark.parametrize("update", [False, True])
def test_the_examples_themselves_load(tmp_path: Path, update: bool) -> None:
    hostile = Hostile(tmp_path, SEED)
    source = tmp_path / "good"
    hostile._write(source, {name: small(name, 1, update=update) for name in EXAMPLES})
    assert isinstance(hostile.attempt(source, update=update), Summary)
    hostile.close()


def test_cents_of_a_setting_stand_in_the_history(tmp_path: Path) -> None:
    """Found by spoiled cells: peewee reads `%` as LIKE, so that the history of a limit of 1000.01 said 1000.00."""
    hostile = Hostile(tmp_path, SEED)
    source = tmp_path / "good"
    hostile._write(source, {"practices": [{"practice": "HILL", "name": "Hill", "four_eyes_limit": "1000.01"}]})
    import_folder(hostile.opened(), source)
    said = hostile.watcher.execute("SELECT after FROM change WHERE field = 'four_eyes_limit'").fetchall()
    assert said == [("1000.01",)]
    hostile.close()


def test_a_file_without_a_header_is_refused_by_an_update_too(tmp_path: Path) -> None:
    """Found by spoiled bytes: an empty transactions.csv with --update ended in a syntax error of SQL."""
    hostile = Hostile(tmp_path, SEED)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "transactions.csv").write_bytes(b"")
    refused = hostile.attempt(tmp_path / "empty", update=True)
    assert [str(problem) for problem in refused.problems] == ["transactions.csv row 1: has no header row"]
    hostile.close()
