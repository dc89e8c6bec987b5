"""The rows of Start Files and Stop Files as a grid shows them."""

from __future__ import annotations

from dataclasses import replace

from bo_tui.office import Office
from bo_tui.screens.external import filesource
from bo_tui.screens.external.filesource import FileSource
from bo_tui.views import precollect
from bo_tui.views.files import FileRow, Key
from bo_tui.widgets.gridmodel import Column

PRACTICE = Column("practice", "Practice", 16, grow=True, min_width=9, priority=1)
START_COLUMNS: tuple[Column, ...] = (PRACTICE, *filesource.COLUMNS[1:])
STOP_COLUMNS: tuple[Column, ...] = tuple(
    replace(column, title="Records", width=7) if column.key == "lines" else column for column in START_COLUMNS
)


class PrecollectFileSource(FileSource):
    """The Start files or the Stop files of one practice; the filter is by number or by date of creation."""

    def __init__(self, office: Office, practice: int, kind: str) -> None:
        super().__init__(office, practice)
        self.kind = kind
        self.columns = START_COLUMNS if kind == precollect.START else STOP_COLUMNS

    def read_page(
        self, order: tuple[str, bool], key: Key | None, count: int, backward: bool
    ) -> list[tuple[Key, FileRow]]:
        return precollect.page(self.office, self.practice, self.kind, order, key, count, backward, self.prefix)

    def read_at(self, row_id: int, sort: str) -> tuple[Key, FileRow] | None:
        return precollect.at(self.office, self.practice, self.kind, row_id, sort, self.prefix)

    def count(self, limit: int) -> int:
        """How many files the filter shows."""
        return precollect.count(self.office, self.practice, self.kind, limit, self.prefix)
