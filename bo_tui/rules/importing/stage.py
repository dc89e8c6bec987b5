"""The rows of an import as they stand in the temporary database: a table a file, with what the checks found out about each row.

`practice` is the practice's id, below zero for one that this import makes; `target` is the row of the store with the same key,
and `fate` says what is to happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from peewee import SQL, BigIntegerField, IntegerField, SqliteDatabase, TextField

from bo_tui.db import staging
from bo_tui.db.tables import Practice, Table
from bo_tui.errors import Problem
from bo_tui.formats.office import LAYOUTS, Column, Layout
from bo_tui.rules.importing.problems import Problems

NEW, SAME, CHANGED = 0, 1, 2
Progress = Callable[[str, int], None]  # what is being done, rows so far


def _field(column: Column) -> Any:
    if column.name == "practice":
        return IntegerField(null=True)
    return BigIntegerField(null=True) if column.number else TextField(null=True)


def _table(layout: Layout) -> Any:
    columns = (*layout.columns, *layout.derived)
    meta = type("Meta", (), {"schema": staging.SCHEMA, "table_name": layout.name})
    body: dict[str, Any] = {column.name: _field(column) for column in columns}
    body |= {
        "row": IntegerField(primary_key=True),
        "target": IntegerField(null=True),
        "fate": IntegerField(constraints=[SQL("DEFAULT 0")]),
    }
    return type(f"Staged_{layout.name}", (Table,), {"__module__": __name__, "Meta": meta, **body})


class Lost(Table):
    """The key of a refused row: that it is missing is no fault of the rows that name it. `practice` is null where none is."""

    file = TextField()
    practice = IntegerField(null=True)
    key = TextField()

    class Meta:
        schema = staging.SCHEMA
        table_name = "lost"
        primary_key = False


STAGED: dict[str, Any] = {name: _table(layout) for name, layout in LAYOUTS.items()}


class Stage:
    """An import being put together: its problems, its practices, which columns each file gave, and how many rows were read."""

    def __init__(self, db: SqliteDatabase, progress: Progress | None = None) -> None:
        self.db = db
        self.problems = Problems()
        self.given: dict[str, set[str]] = {}  # layout -> columns; a layout that is not here was not read
        self.files: dict[str, str] = {name: layout.file for name, layout in LAYOUTS.items()}  # for problems
        self.read: dict[str, int] = {}
        self.left_out: dict[str, int] = {}
        self.loaded_before: dict[str, str] = {}  # sha256 of a transactions file that has rows without ids -> its name
        self.refused_practices: set[str] = set()
        self.practices: dict[str, int] = dict(Practice.select(Practice.code, Practice.id).tuples())
        self._progress = progress
        self._lost: list[tuple[str, int | None, str]] = []
        self._keyless: set[str] = set()  # files with refused rows whose keys are not known
        self._kept: set[str] = set()  # files whose refused rows' keys are kept
        for model in (*STAGED.values(), Lost):
            model.create_table(safe=False)
        staging.index(db, "lost", ("key", "file"))

    def practice(self, code: str) -> int:
        """The id of a practice that a file makes, or that is there already."""
        return self.practices.setdefault(code, -1 - len(self.practices))

    def made(self, code: str, practice: int) -> None:
        """A practice of a file has been made: its rows bear its id from now on."""
        staged_id, self.practices[code] = self.practices[code], practice
        for name in self.given:
            staged = STAGED[name]
            if hasattr(staged, "practice"):
                staged.update({staged.practice: practice}).where(staged.practice == staged_id).execute()

    def fill(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Put rows (row number, then the layout's columns) into a file's table and index its key."""
        layout = LAYOUTS[name]
        columns = ["row", *(column.name for column in (*layout.columns, *layout.derived))]
        done = 0
        with staging.filling(self.db):
            for done in staging.fill(self.db, name, columns, rows):
                self.tell(f"reading {self.files[name]}", done)
            staging.index(self.db, name, layout.key)
            if name == "placements":  # what transactions leave of a line is asked for each of them
                staging.index(self.db, "transactions", ("practice", "line"))
        self.read[name] = self.read.get(name, 0) + done

    def refuse(self, name: str, row: int, column: str, reason: str) -> None:
        """Refuse a row of a staged file."""
        self.problems.add(Problem(self.files[name], row, column, reason))

    def refuse_all(self, name: str, column: str, query: Any, reason: Callable[..., str]) -> None:
        """Refuse the rows that a query yields: row number first, then what the reason's words need."""
        for row, *facts in query.tuples().iterator():
            self.refuse(name, row, column, reason(*facts))

    def lose(self, name: str, practice: int | None, key: str) -> None:
        """Keep the key of a refused row of a file."""
        self._lost.append((name, practice, key))
        if len(self._lost) >= staging.CHUNK:
            self._keep_lost()

    def read_whole(self, name: str, all_keys: bool) -> None:
        """A file has been read; `all_keys` when its refused rows are known by `lose`."""
        self._keep_lost()
        (self._kept if all_keys else self._keyless).add(name)

    def _keep_lost(self) -> None:
        waiting, self._lost = self._lost, []
        for _ in staging.fill(self.db, "lost", ("file", "practice", "key"), waiting):
            pass

    def reliable(self, name: str) -> bool:
        """Whether it is known of every row of a file which one it is, refused rows included."""
        if name in self._kept:
            return True
        return name not in self._keyless and not self.problems.any_in(self.files[name])

    def tell(self, what: str, rows: int = 0) -> None:
        """Say how far it is."""
        if self._progress is not None:
            self._progress(what, rows)
