"""What the tests of the night share: an empty book, and the busy office, built once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bo_tui.office import Office
from tests.support import busy
from tests.support.book import OfficeBook


@pytest.fixture
def book(office: Office) -> OfficeBook:
    """An office with one practice, LAKE, and nothing else."""
    return OfficeBook(office)


@pytest.fixture(scope="session")
def busy_folder(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> Path:
    """The busy office's folder; copied, never used itself."""
    folder = tmp_path_factory.mktemp("busy") / "office"
    folder.mkdir()
    shutil.copy(empty_store, folder / "office.db")
    office = busy.opened(folder / "office.db")
    busy.build(office)
    office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.close()
    return folder


@pytest.fixture
def copies(tmp_path: Path, busy_folder: Path) -> Iterator[Callable[[], OfficeBook]]:
    """Copies of the busy office, each in a folder of its own."""
    made: list[Office] = []

    def copy() -> OfficeBook:
        folder = tmp_path / f"busy-{len(made)}"
        shutil.copytree(busy_folder, folder)
        made.append(busy.opened(folder / "office.db"))
        return OfficeBook(made[-1])

    yield copy
    for office in made:
        office.close()
