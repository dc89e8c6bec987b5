"""The window: a bounded run of consecutive roots with their open children, and a cursor in it.

It grows by keyset pages at either end and is trimmed around what is visible, so memory does not depend on the table.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from bo_tui.widgets.gridmodel import GridSource, Line, NeedsRead, Row, Sort


class Window:
    """Roots, lines, cursor and top of one grid; `height` is the number of visible lines. Knows nothing of drawing."""

    def __init__(self, source: GridSource, sort: Sort, height: int = 20) -> None:
        self.source = source
        self.sort = sort
        self.height = max(1, height)
        self.roots: list[Row] = []
        self.lines: list[Line] = []
        self.cursor = 0
        self.top = 0
        self.at_start = True
        self.at_end = True
        self.all_open = False
        self.exceptions: set[int] = set()  # rows that are closed while all are open, or open while all are closed
        self.kids: dict[int, list[Row]] = {}
        self.may_read = True

    def fork(self, *, may_read: bool) -> Window:
        """A copy on which a move can be tried, here or in a thread, without touching this one."""
        twin = copy.copy(self)
        twin.exceptions = set(self.exceptions)
        twin.kids = dict(self.kids)
        twin.may_read = may_read
        return twin

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self.lines[self.cursor] if 0 <= self.cursor < len(self.lines) else None

    def visible(self) -> list[Line]:
        """The lines on the screen, from the top."""
        return self.lines[self.top : self.top + self.height]

    def is_open(self, row: Row) -> bool:
        """Whether the row's children are shown."""
        return row.has_children and (row.id in self.exceptions) != self.all_open

    # --- going somewhere -------------------------------------------------------------------------------------------

    def home(self) -> None:
        """To the first row."""
        self.kids.clear()
        self.roots = self._page(None, 2 * self._chunk)
        self.at_start, self.at_end = True, len(self.roots) < 2 * self._chunk
        self._flatten()
        self.cursor = self.top = 0

    def end(self) -> None:
        """To the last row."""
        self.kids.clear()
        self.roots = self._page(None, 2 * self._chunk, backward=True)
        self.at_start, self.at_end = len(self.roots) < 2 * self._chunk, True
        self._flatten()
        self.cursor = max(0, len(self.lines) - 1)
        self.top = max(0, len(self.lines) - self.height)

    def step(self, delta: int) -> None:
        """Some lines down or up; at the edge the view jumps half a page, which saves seven eighths of the bytes."""
        self._cursor_to(self.cursor + delta)
        if not self.top <= self.cursor < self.top + self.height:
            self._show_from(self.cursor - self.height // 2)

    def leap(self, direction: int) -> None:
        """A page down (1) or up (-1), view and cursor together."""
        distance = direction * max(1, self.height - 1)
        offset = self.cursor - self.top
        self._cursor_to(self.cursor + distance)
        self._show_from(self.cursor - offset)

    def reload(self, *, keep: bool = True, row_id: int | None = None) -> None:
        """Read again; the cursor stays on its row and on its place of the screen, whatever came before it.

        `row_id` puts it on that root instead. Where the row is gone, the one that follows it is taken.
        """
        line, offset = self.line, self.cursor - self.top
        self.kids.clear()
        if row_id is None and (not keep or line is None):
            return self.home()
        old = self.roots[line.root] if line is not None and row_id is None else None
        found = self._at(old.id if old is not None else int(row_id or 0))
        anchor = found or old
        if anchor is None:
            return self.reload(keep=keep)
        wanted = line.row.id if line is not None and old is not None else anchor.id
        count = 2 * self._chunk
        before, after = self._page(anchor, count, backward=True), self._page(anchor, count)
        self.roots = [*before, *([found] if found else []), *after]
        self.at_start, self.at_end = len(before) < count, len(after) < count
        self._flatten()
        self._settle(wanted, min(len(before), len(self.roots) - 1), offset)
        return None

    def resize(self, height: int) -> None:
        """A new number of visible lines; the cursor stays in view."""
        self.height = max(1, height)
        if self.lines:
            offset = min(self.cursor - self.top, self.height - 1)
            self._show_from(self.cursor - offset)

    # --- opening and closing ---------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the row, or go in to its first child when it is open."""
        line = self.line
        if line is None or not line.row.has_children:
            return
        if self.is_open(line.row):
            self.step(1)
        else:
            self.toggle()

    def close(self) -> None:
        """Close the row, or go to its parent."""
        line = self.line
        if line is None:
            return
        if self.is_open(line.row):
            self.toggle()
        elif line.rails:
            above = self.cursor - 1
            while above > 0 and len(self.lines[above].rails) >= len(line.rails):
                above -= 1
            self.step(above - self.cursor)

    def toggle(self) -> None:
        """Open or close the row under the cursor."""
        line = self.line
        if line is None or not line.row.has_children:
            return
        self.exceptions ^= {line.row.id}
        offset = self.cursor - self.top
        self._flatten()
        self._show_from(self.cursor - offset)

    def open_all(self, opened: bool) -> None:
        """Open or close every row, also those not read yet."""
        line = self.line
        self.all_open = opened
        self.exceptions.clear()
        if line is None:
            return
        offset = self.cursor - self.top
        self._flatten()
        self._settle(line.row.id, line.root, offset)

    # --- inside ----------------------------------------------------------------------------------------------------

    @property
    def _chunk(self) -> int:
        return max(self.height, 16)

    def _page(self, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        if not self.may_read:
            raise NeedsRead
        return self.source.page(self.sort, after, count, backward)

    def _at(self, row_id: int) -> Row | None:
        if not self.may_read:
            raise NeedsRead
        return self.source.at(self.sort, row_id)

    def _cursor_to(self, target: int) -> None:
        while target >= len(self.lines) and not self.at_end:
            self._grow_after()
        while target < 0 and not self.at_start:
            target += self._grow_before()
        self.cursor = max(0, min(target, len(self.lines) - 1))

    def _show_from(self, top: int) -> None:
        while top < 0 and not self.at_start:
            top += self._grow_before()
        while top + self.height > len(self.lines) and not self.at_end:
            self._grow_after()
        top = max(0, min(top, len(self.lines) - self.height))
        self.top = max(min(top, self.cursor), self.cursor - self.height + 1)
        self._trim()

    def _settle(self, row_id: int, root: int, offset: int) -> None:
        """Put the cursor on a row if it is there, else on the root of that index, at that line of the screen."""
        fallback = 0
        for index, line in enumerate(self.lines):
            if line.row.id == row_id:
                self.cursor = index
                break
            if line.root <= root and not line.rails:
                fallback = index
        else:
            self.cursor = fallback
        self._show_from(self.cursor - offset)

    def _grow_after(self) -> None:
        more = self._page(self.roots[-1] if self.roots else None, self._chunk)
        self.at_end = len(more) < self._chunk
        self.roots = [*self.roots, *more]
        self._flatten()

    def _grow_before(self) -> int:
        more = self._page(self.roots[0] if self.roots else None, self._chunk, backward=True)
        self.at_start = len(more) < self._chunk
        self.roots = [*more, *self.roots]
        before = len(self.lines)
        self._flatten()
        added = len(self.lines) - before
        self.cursor += added
        self.top += added
        return added

    def _trim(self) -> None:
        """Forget roots that are far from the screen."""
        if len(self.roots) <= 8 * self._chunk or not self.lines:
            return
        bottom = min(self.top + self.height, len(self.lines)) - 1
        first = max(0, self.lines[self.top].root - 2 * self._chunk)
        last = min(len(self.roots), self.lines[bottom].root + 2 * self._chunk + 1)
        gone = sum(1 for line in self.lines if line.root < first)
        self.at_start = self.at_start and first == 0
        self.at_end = self.at_end and last == len(self.roots)
        self.roots = self.roots[first:last]
        self._flatten()
        self.cursor -= gone
        self.top -= gone

    def _flatten(self) -> None:
        self._read_kids()
        lines: list[Line] = []
        for index, root in enumerate(self.roots):
            lines.extend(self._subtree(root, (), index))
        self.lines = lines
        self.kids = {line.row.id: self.kids[line.row.id] for line in lines if self.is_open(line.row)}

    def _subtree(self, row: Row, rails: tuple[bool, ...], root: int) -> Iterator[Line]:
        yield Line(row, rails, root)
        if self.is_open(row):
            kids = self.kids[row.id]
            for index, kid in enumerate(kids):
                yield from self._subtree(kid, (*rails, index == len(kids) - 1), root)

    def _read_kids(self) -> None:
        """One query a level for all open rows of the window whose children are not here yet."""
        level = [row for row in self.roots if self.is_open(row)]
        while level:
            missing = [row.id for row in level if row.id not in self.kids]
            if missing:
                if not self.may_read:
                    raise NeedsRead
                found = self.source.children(missing)
                for parent in missing:
                    self.kids[parent] = found.get(parent, [])
            level = [kid for row in level for kid in self.kids[row.id] if self.is_open(kid)]
