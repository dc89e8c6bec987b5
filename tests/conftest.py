"""Fixtures that all tests share. Helpers that put accounts, lines and placements in are in `tests/making.py`."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from click.testing import CliRunner, Result

from bo_tui.cli import common, program
from bo_tui.db.connection import open_store
from bo_tui.office import Actor, Office
from tests import making

# The same examples each time, so that a red run is about the change at hand; HYPOTHESIS_EXAMPLES looks for new ones.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("searching", deadline=None)
hypothesis.settings.load_profile("searching" if "HYPOTHESIS_EXAMPLES" in os.environ else "steady")

# Thousands of small stores that are flushed at every commit: in memory where the machine has room there.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 4 << 30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


gc.set_threshold(
    50_000, 20, 100
)  # screens make many objects that live long: a tenth of the time went into looking at them


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: a test of a screen or a terminal mostly waits."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one practice (LAKE) and its administrator; copied, never used itself."""
    path = tmp_path_factory.mktemp("empty") / "office.db"
    office = making.new_office(path)
    office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.close()
    return path


@pytest.fixture
def office(tmp_path: Path, empty_store: Path) -> Iterator[Office]:
    """An office of the test's own: practice LAKE (id 1), administrator `ana`, business date `making.DAY` (2026-11-20)."""
    path = tmp_path / "office" / "office.db"
    path.parent.mkdir(mode=0o770)
    shutil.copy(empty_store, path)
    office = Office(open_store(path), Actor(making.USER, "administrator"), making.DAY)
    yield office
    office.close()


@pytest.fixture
def bo(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`bo("check", "--json")`: run a command on the `office` as `ana` on its business date; a click Result."""
    monkeypatch.setattr(common, "current_user", lambda: making.USER)
    monkeypatch.setattr("bo_tui.dates.today", lambda: making.DAY)

    def run(*arguments: str, **options: object) -> Result:
        result = CliRunner().invoke(program, ["--db", str(office.store.path), *arguments], **options)  # type: ignore[arg-type]
        office.store.use()  # the command opened the same file on its own: the tables follow this office again
        return result

    return run
