"""How the ledger grid draws: only the lines that differ, each as one segment, in columns as wide as what they hold."""

from __future__ import annotations

from typing import Protocol

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Offset, Region
from textual.strip import Strip

from bo_tui.text import clean
from bo_tui.widgets import griddraw
from bo_tui.widgets.gridmodel import GridSource, Line, Row, Sort
from bo_tui.widgets.gridreader import GridReader

KINDS = ("pending", "credit", "zero", "memo", "child")


class TypeAhead(Protocol):
    """What a grid hands its letters to: the filter strip."""

    @property
    def text(self) -> str:
        """What was typed so far."""

    def typed(self, character: str) -> None:
        """A letter was typed in the grid."""

    def erase(self) -> bool:
        """Backspace was pressed in the grid; whether there was something to take away."""

    def clear(self) -> bool:
        """Esc was pressed in the grid; whether there was something to clear."""


class GridPainter(GridReader):
    """The half of the grid that draws its window; `LedgerGrid` adds the keys and tells the screen."""

    def __init__(
        self,
        source: GridSource,
        sort: Sort,
        *,
        tree: str | None,
        multi: bool,
        empty: str,
        ascii_guides: bool,
        count_limit: int,
        **names: str | None,
    ) -> None:
        super().__init__(source, sort, count_limit=count_limit, **names)
        self.tree_column = tree
        self.multi = multi
        self.empty = empty
        self.signs = griddraw.ASCII if ascii_guides else griddraw.UNICODE
        self.type_ahead: TypeAhead | None = None
        self._layout = griddraw.Layout((), False, False)
        self._first_column = 0
        self._marks: set[int] = set()
        self._drawn: list[object] = []
        self._told: Row | None = None
        self._needs: dict[int, int] = {}  # cells of the widest text seen so far, by column
        self._measured: list[Line] | None = None
        self._plain: Style | None = None  # while lines are drawn: textual makes it anew from all above at each asking

    @property
    def _gutter(self) -> int:
        return 2 if self.multi else 1

    def _arrange(self) -> None:
        """Choose the columns for the width there is; one cell at the right edge is kept for the sign of hidden columns."""
        width = max(1, self.size.width - self._gutter - 1)
        self._layout = griddraw.place(self.source.columns, width, self._first_column, self._needs)
        self._drawn = []

    def _measure(self) -> None:
        """Give each column what its widest cell so far needs; they never get narrower, so that a list does not dance."""
        lines = self._window.lines
        if lines is self._measured:
            return
        self._measured = lines
        needs = griddraw.needs(lines, self.source.columns, self.tree_column, self.signs)
        if any(width > self._needs.get(index, -1) for index, width in needs.items()):
            self._needs = {index: max(width, self._needs.get(index, 0)) for index, width in needs.items()}
            before = self._layout
            self._arrange()
            if self._layout != before:
                self.refresh()

    def _forget_widths(self) -> None:
        """Other rows are shown now."""
        self._needs, self._measured = {}, None

    def _paint(self, tell: bool = False, focused: bool | None = None) -> None:
        """Refresh the lines that differ from what was drawn, place the real cursor, tell the screen about a new row."""
        if not self.is_mounted:
            return
        focused = self.has_focus if focused is None else focused
        self._measure()
        lines = self._window.visible()
        drawn: list[object] = [(self.sort, self._first_column)]
        for y in range(self._window.height):
            line = lines[y] if y < len(lines) and self.error is None else None
            drawn.append(self._state(y, line, focused))
        width = self.size.width
        if len(drawn) != len(self._drawn):
            self.refresh()
        else:
            changed = [y for y, state in enumerate(drawn) if state != self._drawn[y]]
            if changed:
                self.refresh(*(Region(0, y, width, 1) for y in changed))
        self._drawn = drawn
        line = self._window.line
        row = line.row if line is not None else None
        if tell or row != self._told:
            self._told = row
            self._moved(row)

    def _moved(self, row: Row | None) -> None:
        """Tell the screen that another row is the current one."""
        raise NotImplementedError

    def _state(self, y: int, line: Line | None, focused: bool) -> object:
        if line is None:
            return (self.error, self._busy, bool(self._window.lines)) if y == 0 else None
        at_cursor = self._window.top + y == self._window.cursor
        marked = line.row.id in self._marks
        return line.row, line.rails, self._window.is_open(line.row), marked, (focused if at_cursor else None)

    @property
    def real_cursor(self) -> Offset:
        """The real cursor stands on the current row."""
        return Offset(self.region.x, self.region.y + 1 + self._window.cursor - self._window.top)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region, whose plain style is the same."""
        self._plain = self.rich_style
        try:
            return super().render_lines(crop)
        finally:
            self._plain = None

    def render_line(self, y: int) -> Strip:
        """One line as one segment, because segments and style changes are what costs bytes."""
        width = self.size.width
        if y == 0:
            return self._strip(self._header(), "ledger-grid--header", width)
        window = self._window
        index = window.top + y - 1
        if self.error is not None or index >= len(window.lines):
            return self._strip(self._note() if y == 1 else "", "ledger-grid--note" if y == 1 else None, width)
        line = window.lines[index]
        at_cursor = index == window.cursor
        gutter = self.signs.cursor if at_cursor else " "
        if self.multi:
            gutter += self.signs.mark if line.row.id in self._marks else " "
        text = gutter + griddraw.row_text(line, self._layout, self.tree_column, window.is_open(line.row), self.signs)
        return self._strip(text, self._style_of(line, at_cursor), width)

    def _style_of(self, line: Line, at_cursor: bool) -> str | None:
        if at_cursor:
            return "ledger-grid--cursor" if self.has_focus else "ledger-grid--cursor-blurred"
        kind = line.row.kind if line.row.kind in KINDS else ""
        return f"ledger-grid--{kind}" if kind else None

    def _header(self) -> str:
        text = " " * self._gutter + griddraw.header_text(self._layout, self.sort, self.tree_column, self.signs)
        if self._layout.before:
            text = "<" + text[1:]
        if self._layout.beyond:
            text = griddraw.fit(text, self.size.width - 1) + ">"
        return text

    def _note(self) -> str:
        """What stands in the first line when there are no rows to show."""
        if self.error is not None:
            return " ! " + self.error
        if self._window.lines:
            return ""
        if self._busy or not self._loaded:
            return " Reading ..."
        filtered = clean(self.type_ahead.text.strip()) if self.type_ahead is not None else ""
        return f" Nothing begins with {filtered}; Esc shows all." if filtered else " " + clean(self.empty)

    def _strip(self, text: str, component: str | None, width: int) -> Strip:
        style = self.get_component_rich_style(component) if component else self._plain or self.rich_style
        return Strip([Segment(griddraw.fit(text, width), style)], width)
