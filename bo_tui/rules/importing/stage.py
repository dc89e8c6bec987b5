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
        self.practices: dict[str, int] = dict(Practice.select(Practice.code, Practice.id).tuples())
        self._progress = progress
        for model in STAGED.values():
            model.create_table(safe=False)

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

    def tell(self, what: str, rows: int = 0) -> None:
        """Say how far it is."""
        if self._progress is not None:
            self._progress(what, rows)
