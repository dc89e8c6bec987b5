"""The ledger grid: a million rows in one window of memory, drawn with textual's line API.

Keys: Up Down PgUp PgDn Home End; Right opens or goes in, Left closes or goes to the parent; + and * open all, - closes
all; Enter activates; Space marks where several may be marked (Insert marks and goes down), else it opens or closes;
< and > move the sort to another column, = turns it round; Shift+Left and Shift+Right scroll the columns. Letters and
digits go to the filter strip when one is attached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from textual import events
from textual.message import Message

from bo_tui.widgets import gridreader
from bo_tui.widgets.gridmodel import Column, GridSource, Row, Sort
from bo_tui.widgets.gridpaint import KINDS, GridPainter
from bo_tui.widgets.gridwindow import Window


class LedgerGrid(GridPainter, can_focus=True):
    """Shows the rows of a `GridSource`; the header is line 0, the rows below it.

    `tree` is the key of the column that carries the guides; `multi` allows marks; `empty` is shown when there are no
    rows; `poll` is the seconds between looks at `source.version()` (0 = never); `ascii_guides` is for terminals without UTF-8.
    """

    COMPONENT_CLASSES = {
        "ledger-grid--header",
        "ledger-grid--cursor",
        "ledger-grid--cursor-blurred",
        "ledger-grid--note",
        *(f"ledger-grid--{kind}" for kind in KINDS),
    }
    DEFAULT_CSS = """
    LedgerGrid {
        height: 1fr;
        width: 1fr;
        &:ansi { background: ansi_default; color: ansi_default; }
        & > .ledger-grid--header { text-style: bold underline; }
        & > .ledger-grid--cursor { text-style: reverse; }
        & > .ledger-grid--cursor-blurred { text-style: bold; }
        & > .ledger-grid--note { text-style: italic; }
        & > .ledger-grid--pending { text-style: italic; }
        & > .ledger-grid--credit { color: $text-success; }
        & > .ledger-grid--zero { text-style: dim; }
        & > .ledger-grid--memo { text-style: dim italic; }
        & > .ledger-grid--child { text-style: none; }
        &:ansi > .ledger-grid--credit { color: ansi_green; }
    }
    """

    class Activated(Message):
        """Enter on a row; `row` is it, `grid` the widget."""

        def __init__(self, grid: LedgerGrid, row: Row) -> None:
            super().__init__()
            self.grid = grid
            self.row = row

    class CursorMoved(Message):
        """The current row is another one, or was read anew; `row` is None in an empty grid."""

        def __init__(self, grid: LedgerGrid, row: Row | None) -> None:
            super().__init__()
            self.grid = grid
            self.row = row

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, LedgerGrid.CursorMoved)

    class SelectionChanged(Message):
        """The marks changed; `ids` are the marked rows' ids."""

        def __init__(self, grid: LedgerGrid, ids: frozenset[int]) -> None:
            super().__init__()
            self.grid = grid
            self.ids = ids

    class Loaded(Message):
        """Rows were read anew; `count` is the number of roots, at most `capped`, in which case there are more."""

        def __init__(self, grid: LedgerGrid, count: int, capped: int) -> None:
            super().__init__()
            self.grid = grid
            self.count = count
            self.capped = capped

        @property
        def text(self) -> str:
            """The count for a person: `1,204`, or `10,000+`."""
            return f"{self.capped:,}+" if self.count > self.capped else f"{self.count:,}"

    class Sorted(Message):
        """The order is another one now."""

        def __init__(self, grid: LedgerGrid, sort: Sort) -> None:
            super().__init__()
            self.grid = grid
            self.sort = sort

    def __init__(
        self,
        source: GridSource,
        sort: Sort,
        *,
        tree: str | None = None,
        multi: bool = False,
        empty: str = "Nothing here.",
        poll: float = 0,
        count_limit: int = 10_000,
        ascii_guides: bool = False,
        name: str | None = None,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            source,
            sort,
            tree=tree,
            multi=multi,
            empty=empty,
            ascii_guides=ascii_guides,
            count_limit=count_limit,
            name=name,
            id=id,
            classes=classes,
        )
        self.poll = poll

    # --- what screens ask ------------------------------------------------------------------------------------------

    @property
    def columns(self) -> list[Column]:
        """All columns, shown or not."""
        return list(self.source.columns)

    @property
    def current(self) -> Row | None:
        """The row under the cursor, root or child."""
        line = self._window.line
        return line.row if line is not None else None

    @property
    def current_root(self) -> Row | None:
        """The root of the tree that the current row stands in."""
        line = self._window.line
        return self._window.roots[line.root] if line is not None else None

    @property
    def selected_ids(self) -> frozenset[int]:
        """The ids of the marked rows; empty when none is marked."""
        return frozenset(self._marks)

    @property
    def shown(self) -> list[Row]:
        """The rows on the screen, from the top."""
        return [line.row for line in self._window.visible()]

    # --- what screens tell -----------------------------------------------------------------------------------------

    def set_source(self, source: GridSource, sort: Sort | None = None) -> None:
        """Show another source, from its first row; marks are forgotten."""
        self._marks.clear()
        self._first_column = 0
        self._forget_widths()
        self._window = Window(source, sort or self.sort, self._window.height)
        self._arrange()
        self.reload(keep_cursor=False)

    def sort_by(self, column: str, descending: bool | None = None) -> None:
        """Sort by a column, from the first row; the same column again turns the order round."""
        found = next((one for one in self.columns if one.key == column), None)
        if found is None or not found.sortable:
            return
        turned = not self.sort.descending if column == self.sort.column else False
        self.set_sort(Sort(column, turned if descending is None else descending))

    def set_sort(self, sort: Sort) -> None:
        """Use this order, from the first row, and tell the screen."""
        self._fresh(partial(gridreader.resort, sort=sort))
        self.post_message(self.Sorted(self, sort))

    def mark(self, ids: Iterable[int]) -> None:
        """Mark rows by id, in addition to those marked."""
        self._set_marks(self._marks | set(ids))

    def unmark_all(self) -> None:
        """Forget all marks."""
        self._set_marks(set())

    def press(self, key: str) -> bool:
        """Act on a key by its textual name, as if typed here; whether it meant something."""
        handler = self._keys.get(key)
        if handler is None:
            return False
        handler(self)
        return True

    # --- events ----------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Start the poll."""
        if self.poll:
            self.set_interval(self.poll, self.look)

    def on_resize(self, event: events.Resize) -> None:
        """The first size reads the first rows."""
        height = max(1, event.size.height - 1)
        self._arrange()
        if not self._loaded:
            self._window.height = height
            self._loaded = True
            self._run(partial(gridreader.reload, keep=False), count=True)
        else:
            self._window.height = height
            self._run(partial(gridreader.resize, height=height))
        self.refresh()  # without it the first frame stays empty

    def on_focus(self) -> None:
        """Show the cursor as active."""
        self._paint()

    def on_blur(self) -> None:
        """Show the cursor as waiting."""
        self._paint(focused=False)

    def on_show(self) -> None:
        """What was hidden (another tab) may be out of date."""
        if self.poll:
            self.look()

    def on_key(self, event: events.Key) -> None:
        """Keys of the grid; what it does not know goes on to the page."""
        if self.press(event.key):
            event.stop()
        elif self.type_ahead is not None:
            if event.key == "escape":
                used = self.type_ahead.clear()
            elif event.key == "backspace":
                used = self.type_ahead.erase()
            elif used := (event.is_printable and event.character is not None):
                self.type_ahead.typed(event.character or "")
            if used:
                event.stop()

    def _activate(self) -> None:
        row = self.current
        if row is not None:
            self.post_message(self.Activated(self, row))

    def _space(self, advance: bool = False) -> None:
        row = self.current
        if not self.multi:
            self._run(Window.toggle)
            return
        if row is not None and row.parent is None:
            self._set_marks(self._marks ^ {row.id})
        if advance:
            self._run(partial(gridreader.step, delta=1))

    def _set_marks(self, marks: set[int]) -> None:
        if marks != self._marks:
            self._marks = marks
            self._paint()
            self.post_message(self.SelectionChanged(self, self.selected_ids))

    def _move_sort(self, direction: int) -> None:
        keys = [column.key for column in self.columns if column.sortable]
        if keys:
            index = keys.index(self.sort.column) if self.sort.column in keys else -direction
            self.set_sort(Sort(keys[(index + direction) % len(keys)]))

    def _scroll_columns(self, direction: int) -> None:
        first = self._first_column + direction
        if 0 <= first < len(self.columns) and (direction < 0 or self._layout.beyond):
            self._first_column = first
            self._arrange()
            self.refresh()

    _keys: dict[str, Callable[[LedgerGrid], None]] = {
        "down": lambda grid: grid._run(partial(gridreader.step, delta=1)),
        "up": lambda grid: grid._run(partial(gridreader.step, delta=-1)),
        "pagedown": lambda grid: grid._run(partial(gridreader.leap, direction=1)),
        "pageup": lambda grid: grid._run(partial(gridreader.leap, direction=-1)),
        "home": lambda grid: grid._run(Window.home),
        "end": lambda grid: grid._run(Window.end),
        "right": lambda grid: grid._run(Window.open),
        "left": lambda grid: grid._run(Window.close),
        "plus": lambda grid: grid._run(partial(gridreader.open_all, opened=True)),
        "asterisk": lambda grid: grid._run(partial(gridreader.open_all, opened=True)),
        "minus": lambda grid: grid._run(partial(gridreader.open_all, opened=False)),
        "enter": lambda grid: grid._when_read(grid._activate),
        "space": lambda grid: grid._when_read(grid._space),
        "insert": lambda grid: grid._when_read(partial(grid._space, advance=True)),
        "less_than_sign": lambda grid: grid._move_sort(-1),
        "greater_than_sign": lambda grid: grid._move_sort(1),
        "equals_sign": lambda grid: grid.sort_by(grid.sort.column),
        "shift+left": lambda grid: grid._scroll_columns(-1),
        "shift+right": lambda grid: grid._scroll_columns(1),
    }

    # --- what the painting half asks for ---------------------------------------------------------------------------

    def _moved(self, row: Row | None) -> None:
        self.post_message(self.CursorMoved(self, row))

    def _counted(self, count: int) -> None:
        self.post_message(self.Loaded(self, count, self.count_limit))
