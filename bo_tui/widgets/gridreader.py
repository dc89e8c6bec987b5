"""Reading for the ledger grid: at once when the source is quick, in a worker thread with a generation number when not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.widget import Widget

from bo_tui.errors import Refusal
from bo_tui.widgets.gridmodel import GridSource, NeedsRead, Sort
from bo_tui.widgets.gridwindow import Window

Move = Callable[[Window], None]


class GridReader(Widget):
    """The half of the grid that moves its window over the source; the other half, `LedgerGrid`, draws it.

    A move is tried without reading; if it has to read from a slow source it is made on a copy in a worker, and the copy
    takes the window's place only if the operator has not asked for something else meanwhile.
    """

    def __init__(self, source: GridSource, sort: Sort, *, count_limit: int = 10_000, **names: str | None) -> None:
        super().__init__(name=names.get("name"), id=names.get("id"), classes=names.get("classes"))
        self.count_limit = count_limit
        self.error: str | None = None
        self._window = Window(source, sort)
        self._loaded = False
        self._generation = 0
        self._busy = False
        self._queue: list[Move] = []
        self._then: list[Callable[[], None]] = []
        self._version: Any = None

    @property
    def source(self) -> GridSource:
        """Where the rows come from."""
        return self._window.source

    @property
    def sort(self) -> Sort:
        """The order of the roots."""
        return self._window.sort

    @property
    def reading(self) -> bool:
        """Whether a worker is reading; what is shown is then the state before."""
        return self._busy

    @property
    def version(self) -> Any:
        """What the source's `version()` said before the rows were last read anew; None when that failed."""
        return self._version

    def reload(self, keep_cursor: bool = True) -> None:
        """Read again, because a filter, a switch or the store changed; the cursor stays on its row or goes to the first."""
        self._fresh(partial(reload, keep=keep_cursor))

    def go_to(self, row_id: int) -> None:
        """Put the cursor on a root by its id; where it is gone or filtered out, the cursor stays."""
        self._fresh(partial(reload, row_id=row_id))

    def fail(self, sentence: str | None) -> None:
        """Show a sentence in place of the rows; None takes it away."""
        self.error = sentence
        self._paint()

    # --- reading ---------------------------------------------------------------------------------------------------

    def _fresh(self, move: Move) -> None:
        """Run a move that makes everything under way pointless."""
        self._generation += 1
        self._queue.clear()
        self._then.clear()
        if self._busy:
            self._busy = False
            interrupt = getattr(self.source, "interrupt", None)
            if interrupt is not None:
                interrupt()
        if not self._loaded:
            return  # the first resize reads
        self._run(move, count=True)

    def _run(self, move: Move, count: bool = False) -> None:
        """Make a move, in a worker when it has to read from a slow source."""
        if self._busy:
            self._queue.append(move)
            return
        window = self._window.fork(may_read=False)
        try:
            move(window)
        except NeedsRead:
            window = self._window.fork(may_read=True)
            if self._is_slow(move):
                self._busy = True
                generation = self._generation
                work = partial(self._work, window, move, generation, count)
                self.run_worker(work, thread=True, group="ledger-grid", exit_on_error=False)
                self._paint()
                return
            self._show(*self._attempt(window, move, count), count)
        else:
            self._show(window, None, 0, None, False)

    def _is_slow(self, move: Move) -> bool:
        sort = move.keywords.get("sort", self.sort) if isinstance(move, partial) else self.sort
        return self.source.slow(sort)

    def _attempt(self, window: Window, move: Move, count: bool) -> tuple[Window | None, str | None, int, Any]:
        """Move and count; a refusal or a failed read becomes a sentence in the grid instead of the end of the program."""
        try:
            version = window.source.version() if count else None
            move(window)
            return window, None, window.source.count(self.count_limit + 1) if count else 0, version
        except Refusal as refusal:
            return None, refusal.sentence, 0, None
        except Exception as error:
            self.log.error(f"reading rows failed: {type(error).__name__}")
            return None, f"These rows could not be read ({type(error).__name__}); they are tried again.", 0, None

    def _work(self, window: Window, move: Move, generation: int, count: bool) -> None:
        result = self._attempt(window, move, count)
        self.app.call_from_thread(self._worked, generation, result, count)

    def _worked(self, generation: int, result: tuple[Window | None, str | None, int, Any], count: bool) -> None:
        if generation != self._generation:
            return  # the operator has asked for something else meanwhile
        self._busy = False
        self._show(*result, count)
        while self._queue and not self._busy:
            self._run(self._queue.pop(0))
        while self._then and not self._busy:
            self._then.pop(0)()

    def _when_read(self, act: Callable[[], None]) -> None:
        """Act on the current row, once what the operator asked for before has been read."""
        if self._busy:
            self._then.append(act)
        else:
            act()

    def _show(self, window: Window | None, error: str | None, count: int, version: Any, counted: bool) -> None:
        self.error = error
        if window is not None:
            window.may_read = True
            if window.height != self._window.height:
                window.resize(self._window.height)
            self._window = window
            if counted:
                self._version = version
                self._counted(count)
        elif counted:
            self._version = None
        self._paint(tell=counted)

    def look(self) -> None:
        """Poll: somebody else's commit shows within a second or two, with the cursor on its row."""
        if not self._loaded or self._busy or not self.screen.is_active or not self.is_on_screen:
            return
        try:
            version = self.source.version()
        except Exception:
            return  # a store that is locked for a moment is asked again next time
        if version != self._version or self.error is not None:
            self.reload()

    # --- what the drawing half does --------------------------------------------------------------------------------

    def _paint(self, tell: bool = False, focused: bool | None = None) -> None:
        """Show what changed; `tell` sends the current row to the screen even when it is the same."""
        raise NotImplementedError

    def _counted(self, count: int) -> None:
        """Tell the screen how many roots there are, at most `count_limit` and one."""
        raise NotImplementedError


def step(window: Window, delta: int) -> None:
    window.step(delta)


def leap(window: Window, direction: int) -> None:
    window.leap(direction)


def resize(window: Window, height: int) -> None:
    window.resize(height)


def open_all(window: Window, opened: bool) -> None:
    window.open_all(opened)


def reload(window: Window, keep: bool = True, row_id: int | None = None) -> None:
    window.reload(keep=keep, row_id=row_id)


def resort(window: Window, sort: Sort) -> None:
    window.sort = sort
    window.home()
