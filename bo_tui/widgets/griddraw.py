"""How the ledger grid looks: which columns fit, the text of a line, the guides. Text in, text out; no styles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from bo_tui.text import clean
from bo_tui.widgets.gridmodel import Column, Line, Sort
from bo_tui.widgets.labels import fit


@dataclass(frozen=True, slots=True)
class Signs:
    """The characters of guides and marks, so that a terminal without UTF-8 gets them in ASCII."""

    opened: str
    closed: str
    branch: str
    corner: str
    rail: str
    up: str
    down: str
    cut: str
    cursor: str = ">"
    mark: str = "*"


UNICODE = Signs("▾", "▸", "├─", "└─", "│ ", "▲", "▼", "…")
ASCII = Signs("-", "+", "|-", "`-", "| ", "^", "v", "~")


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that is shown: its index among the source's columns and its width in cells now."""

    column: Column
    index: int
    width: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that are shown, and whether some are hidden to the left or for want of width."""

    placed: tuple[Placed, ...]
    before: bool
    beyond: bool


def place(columns: Sequence[Column], width: int, first: int = 0, needs: Mapping[int, int] | None = None) -> Layout:
    """Which columns fit into `width` cells, from column `first` on, one blank between them.

    `needs` are the cells that each column's widest text takes: a column gets no more than that, so that what one leaves over
    another has. Without it every column asks for its own width.
    """
    shown = list(range(first, len(columns)))
    wanted = {index: _wanted(columns[index], None if needs is None else needs.get(index)) for index in shown}

    def least(index: int) -> int:
        column = columns[index]
        if needs and column.align == "right":
            return wanted[index]  # a figure is never cut
        return min(column.min_width or column.width, wanted[index])

    while len(shown) > 1 and sum(least(index) + 1 for index in shown) - 1 > width:
        # scrolled sideways, the nearest columns are wanted; otherwise the most important ones
        shown.remove(shown[-1] if first else min(shown, key=lambda index: (columns[index].priority, -index)))
    widths = {index: wanted[index] for index in shown}
    spare = width - (sum(widths.values()) + len(shown) - 1)
    elastic = [index for index in shown if columns[index].grow or columns[index].min_width]
    # what is longer than its column's own width gives way first, then the less important columns
    for floor in (lambda index: max(least(index), columns[index].width), least):
        for index in sorted(elastic, key=lambda index: (columns[index].priority, -index)):
            taken = min(max(0, -spare), max(0, widths[index] - floor(index)))
            widths[index] -= taken
            spare += taken
    growing = [index for index in shown if columns[index].grow]
    for position, index in enumerate(growing):
        share = spare // (len(growing) - position)
        widths[index] += share
        spare -= share
    if len(shown) == 1:
        widths[shown[0]] = min(widths[shown[0]], max(1, width))
    hidden = len(shown) < len(columns) - first
    return Layout(tuple(Placed(columns[index], index, widths[index]) for index in shown), first > 0, hidden)


def _wanted(column: Column, need: int | None) -> int:
    """The cells that a column asks for: its own width, or as much of it as its texts and its title need."""
    if need is None:
        return column.width
    room = need if column.grow or column.align == "right" else min(need, column.width)
    return max(room, min(cell_len(column.title), column.width))


def needs(lines: Iterable[Line], columns: Sequence[Column], tree: str | None, signs: Signs) -> dict[int, int]:
    """The cells that the widest text of each column takes, guides included."""
    found = [0] * len(columns)
    at = next((index for index, column in enumerate(columns) if column.key == tree), -1)
    for line in lines:
        for index, text in enumerate(line.row.cells):
            size = len(text) if text.isascii() else cell_len(text)
            if index == at:
                size += len(guide(line, False, signs))
            if size > found[index]:
                found[index] = size
    return dict(enumerate(found)) if any(found) else {}


def guide(line: Line, opened: bool, signs: Signs) -> str:
    """What stands before the text of the tree column: `▾ `, `├─▾ `, `│ └─ `."""
    sign = (signs.opened if opened else signs.closed) if line.row.has_children else ""
    if not line.rails:
        return f"{sign or ' '} "
    rails = "".join("  " if last else signs.rail for last in line.rails[:-1])
    return f"{rails}{signs.corner if line.rails[-1] else signs.branch}{sign} "


def row_text(line: Line, layout: Layout, tree: str | None, opened: bool, signs: Signs) -> str:
    """The cells of a line as one string; a source that gives too few cells gets blanks."""
    parts = []
    cells = line.row.cells
    for placed in layout.placed:
        text = clean(cells[placed.index]) if placed.index < len(cells) else ""
        if placed.column.key == tree:
            text = guide(line, opened, signs) + text
        parts.append(fit(text, placed.width, placed.column.align, signs.cut))
    return " ".join(parts)


def header_text(layout: Layout, sort: Sort, tree: str | None, signs: Signs) -> str:
    """The titles as one string, with the arrow at the sorted one."""
    parts = []
    for placed in layout.placed:
        column = placed.column
        arrow = ""
        if column.key == sort.column:
            arrow = signs.down if sort.descending else signs.up
        room = placed.width - len(arrow)
        title = column.title if cell_len(column.title) <= room else set_cell_size(column.title, max(0, room))
        parts.append(fit(title + arrow, placed.width, column.align, signs.cut))
    return " ".join(parts)
