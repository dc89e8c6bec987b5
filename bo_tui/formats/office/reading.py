"""Reading one office CSV file row by row, in bounded memory, with every wrong row named (CONTRACT, Office CSV).

Surrounding spaces of a cell do not count, wholly empty lines are passed over, and rows are numbered as a spreadsheet shows
them when no cell holds a line break: the header is row 1. A file that cannot be cut into rows ends with one problem.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from bo_tui.errors import Problem
from bo_tui.formats.office.columns import Value
from bo_tui.formats.office.layouts import Layout
from bo_tui.text import clip, first_unsafe

FIELD_LIMIT = 65_536  # characters of one cell
LINE_LIMIT = 1_000_000  # characters of one line; a longer one is never read whole
_SHOWN = 40

Refuse = Callable[[Problem], None]
Key = tuple[str, ...]


class _Unreadable(Exception):
    """The file cannot be cut into rows from here on; the text says why."""


class OfficeFile:
    """One file being read: iterate `rows()`; `given` then holds the columns that its header names.

    `lose` is told the key of each refused row, so that what other files say about it is not refused as well; `all_keys` says
    whether every refused row had one that could be read.
    """

    def __init__(
        self,
        path: Path,
        layout: Layout,
        refuse: Refuse,
        name: str | None = None,
        lose: Callable[[Key], None] | None = None,
    ) -> None:
        self.path = path
        self.layout = layout
        self.name = name or layout.file
        self.given: set[str] = set()
        self.all_keys = True
        self._refuse = refuse
        self._lose = lose or (lambda key: None)
        self._record: list[str] = []  # the lines of the row being read

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        """(row number, values in the layout's order, derived ones last) of each good row; the others are refused."""
        if self.path.is_dir():
            self.all_keys = False
            self.refuse(0, "", "is a folder, not a file")
            return
        csv.field_size_limit(FIELD_LIMIT)
        with self.path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            records = self._records(stream)
            _, header = next(records, (1, None))
            if header is not None and self._header_is_good(header):
                yield from self._good_rows(header, records)
            else:
                self.all_keys = False
            if header is None and not self._record:
                self.refuse(1, "", "has no header row")

    def refuse(self, row: int, column: str, reason: str) -> None:
        """Say what is wrong with a row."""
        self._refuse(Problem(self.name, row, column, reason))

    def _records(self, stream: IO[str]) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._lines(stream), strict=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _Unreadable) as error:
                self._unreadable(number, str(error))
                return
            self._record.clear()
            if cells:
                yield number, cells

    def _lines(self, stream: IO[str]) -> Iterator[str]:
        while line := stream.readline(LINE_LIMIT + 1):
            self._record.append(line)
            if len(line) > LINE_LIMIT:
                raise _Unreadable("field larger than field limit")
            yield line

    def _unreadable(self, row: int, error: str) -> None:
        self.all_keys = False
        if "field larger" in error:
            self.refuse(row, self._long_column(), f"holds more than {FIELD_LIMIT:,} characters")
        elif "unexpected end" in error:
            self.refuse(row, "", "begins a quoted cell that does not end before the file does")
        else:
            self.refuse(row, "", f"is not CSV as RFC 4180 has it: {error}")

    def _long_column(self) -> str:
        """The column of the cell that is too long: the one in which the text read so far ends, or the first long one."""
        csv.field_size_limit(LINE_LIMIT * 4)
        try:
            cells = next(csv.reader(["".join(self._record)[: LINE_LIMIT * 2].replace("\n", " ")], strict=False), [])
        except csv.Error:
            cells = []
        finally:
            csv.field_size_limit(FIELD_LIMIT)
        at = next((index for index, cell in enumerate(cells) if len(cell) > FIELD_LIMIT), len(cells) - 1)
        return self._columns[at] if 0 <= at < len(self._columns) else ""

    _columns: list[str] = []

    def _header_is_good(self, header: list[str]) -> bool:
        names = [cell.strip() for cell in header]
        if any(first_unsafe(name) for name in names):
            self.refuse(1, "", "the header is not UTF-8 text without control characters")
            return False
        known = {column.name for column in self.layout.columns}
        wrong = []
        for index, name in enumerate(names):
            if name not in known:
                wrong.append(
                    (clip(name) or f"column {index + 1}", f"is not a column of {self.name}" + _meant(name, known))
                )
            elif name in names[:index]:
                wrong.append((name, "stands twice in the header"))
        for column in self.layout.columns:
            if column.required and column.name not in names:
                wrong.append((column.name, "is required and not in the header"))
        for name, reason in wrong:
            self.refuse(1, name, reason)
        self._columns = names
        self.given = set(names)
        if self.given & set(self.layout.together):
            self.given.update(self.layout.together)
        return not wrong

    def _good_rows(
        self, header: list[str], records: Iterator[tuple[int, list[str]]]
    ) -> Iterator[tuple[int, list[Value]]]:
        layout, width = self.layout, len(header)
        position = {name: index for index, name in enumerate(self._columns)}
        names = [column.name for column in (*layout.columns, *layout.derived)]
        start = [column.default for column in (*layout.columns, *layout.derived)]
        plan = [
            (place, position[column.name], None if column.read is str else column.read, column)
            for place, column in enumerate(layout.columns)
            if column.name in position
        ]
        for number, cells in records:
            if len(cells) != width:
                self.refuse(number, "", f"has {len(cells)} cells, the header has {width}")
                self.all_keys = False
                continue
            if not "".join(cells).isprintable() and not self._is_safe(number, cells):
                self._lost(cells)
                continue
            values: list[Value] = start.copy()
            good = True
            for place, at, read, column in plan:
                cell = cells[at].strip()
                if cell and read is None:
                    values[place] = cell
                elif cell and read is not None:
                    try:
                        values[place] = read(cell)
                    except ValueError as error:
                        self.refuse(number, column.name, f"{clip(cell)} {error}")
                        good = False
                elif column.required:
                    self.refuse(number, column.name, "is required")
                    good = False
            if good and layout.rule is not None:
                row = dict(zip(names, values, strict=True))
                for column_name, reason in layout.rule(row):
                    self.refuse(number, column_name, reason)
                    good = False
                values = list(row.values())
            if good:
                yield number, values
            else:
                self._lost(cells)

    def _lost(self, cells: list[str]) -> None:
        """Tell the key of a refused row; one without a name, or that is no text, could be anybody's."""
        key = tuple(
            cells[self._columns.index(name)].strip() if name in self._columns else "" for name in self.layout.key
        )
        if not key or not key[-1] or first_unsafe("".join(key)):
            self.all_keys = False
        else:
            self._lose(key)

    def _is_safe(self, number: int, cells: list[str]) -> bool:
        safe = True
        for index, cell in enumerate(cells):
            found = first_unsafe(cell)
            if found is not None:
                surrogate = found.startswith("U+DC")
                words = "holds bytes that are not UTF-8" if surrogate else f"holds a control character ({found})"
                self.refuse(number, self._columns[index], words)
                safe = False
        return safe


def _meant(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name[:_SHOWN].lower(), sorted(known), 1)
    return f"; did you mean {near[0]}?" if near else ""
