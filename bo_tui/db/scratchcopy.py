"""A private, consistent copy of the store that is thrown away after: what a dry run works on, so that it writes nothing."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bo_tui.db.connection import Store


@contextmanager
def scratch_copy(store: Store) -> Iterator[Store]:
    """A copy of the store in a folder of its own that only its owner may enter; both are gone afterwards.

    The folder stands in the machine's place for temporary files (TMPDIR moves it). The copy is not synchronised to the disk:
    nobody will ever read it after a crash.
    """
    with tempfile.TemporaryDirectory(prefix="bo_tui-dry-run-") as folder:
        path = Path(folder) / store.path.name
        source = store.use().connection()
        with store.translated():
            target = sqlite3.connect(path)
            try:
                source.backup(target)
            finally:
                target.close()
        copy = Store(path)
        copy.use().execute_sql("PRAGMA synchronous = OFF")
        try:
            yield copy
        finally:
            copy.close()
            store.use()
