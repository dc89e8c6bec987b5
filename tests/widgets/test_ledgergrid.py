"""The ledger grid on a real SQLite source: what is on the screen after which keys."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import ComposeResult

from bo_tui.errors import RuleRefusal
from bo_tui.widgets import griddraw
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.keyqueue import OrderedKeysApp
from bo_tui.widgets.ledgergrid import LedgerGrid

from .ledger_source import LedgerSource, store


class GridApp(OrderedKeysApp):
    """One grid and what it said."""

    def __init__(self, source: Any, sort: Sort | None = None, **options: Any) -> None:
        super().__init__()
        self.grid = LedgerGrid(source, sort or Sort("account"), tree="code", **options)
        self.said: list[Any] = []

    def compose(self) -> ComposeResult:
        yield self.grid

    def on_ledger_grid_activated(self, message: LedgerGrid.Activated) -> None:
        self.said.append(message.row.id)

    def on_ledger_grid_selection_changed(self, message: LedgerGrid.SelectionChanged) -> None:
        self.said.append(sorted(message.ids))

    def on_ledger_grid_loaded(self, message: LedgerGrid.Loaded) -> None:
        self.said.append(message.text)


def text(grid: LedgerGrid) -> list[str]:
    return [grid.render_line(y).text for y in range(grid.size.height)]


@pytest.fixture(scope="module")
def twenty_thousand() -> Any:
    db = store(20_000)
    yield db
    db.close()


async def test_moves_over_twenty_thousand_rows_in_one_window(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand))
    async with app.run_test(size=(80, 24)) as pilot:
        grid = app.grid
        assert grid.current
        assert grid.current.id == 1
        assert text(grid)[1].startswith(">2026-02-02 ")
        await pilot.press("down", "down", "pagedown")
        assert grid.current.id == 25
        await pilot.press("end")
        assert grid.current.id == 20_000
        assert text(grid)[23].startswith(">")
        for _ in range(40):
            await pilot.press("pageup")
        assert grid.current.id == 20_000 - 40 * 22
        assert len(grid._window.roots) <= 8 * 24
        await pilot.press("home", "up")
        assert grid.current.id == 1
        for _ in range(200):
            grid.press("down")
        assert grid.current.id == 201
        assert len(grid._window.lines) <= 8 * 24
        assert app.said == ["10,000+"]


async def test_jumps_half_a_page_at_the_edge(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand))
    async with app.run_test(size=(80, 24)):
        for _ in range(22):
            app.grid.press("down")
        assert app.grid.shown[0].id == 1
        app.grid.press("down")
        assert app.grid.shown[0].id == 24 - 23 // 2
        assert app.grid.current
        assert app.grid.current.id == 24


async def test_folds_with_guides(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand))
    async with app.run_test(size=(80, 24)) as pilot:
        grid = app.grid
        await pilot.press("down", "down", "down")
        assert "▸ EXCOL" in text(grid)[4]
        await pilot.press("right", "right", "right")
        shown = text(grid)
        assert "▾ EXCOL" in shown[4]
        assert "├─▾ EPYMT" in shown[5]
        assert "│ └─ ECOMM" in shown[6]
        assert "└─ MADJN" in shown[7]
        await pilot.press("down")
        assert grid.current
        assert grid.current.cells[4] == "ECOMM"
        await pilot.press("left")
        assert grid.current.cells[4] == "EPYMT"
        await pilot.press("left", "left", "left")
        assert grid.current.id == 4
        assert "▸ EXCOL" in text(grid)[4]
        assert "  EXCOL" in text(grid)[5]


async def test_opens_and_closes_all_and_stays_on_the_row(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand))
    async with app.run_test(size=(80, 24)) as pilot:
        grid = app.grid
        await pilot.press("asterisk", "down", "down", "down", "down", "down")
        assert grid.current
        assert grid.current.cells[4] == "ECOMM"
        await pilot.press("minus")
        assert grid.current.id == 4
        await pilot.press("plus", "end")
        assert grid.current.cells[4] == "MADJN"
        await pilot.press("home")
        for _ in range(300):
            grid.press("pagedown")
        root = grid.current_root
        for _ in range(301):
            grid.press("pageup")
        assert root
        assert root.id > 3000
        assert grid.current.id == 1


async def test_ascii_guides(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand), ascii_guides=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("asterisk")
        shown = "\n".join(text(app.grid))
        assert "- EXCOL" in shown
        assert "|-- EPYMT" in shown
        assert "| `- ECOMM" in shown
        assert "Acct^" in shown


async def test_keeps_the_cursor_on_its_row_when_rows_come_before_it() -> None:
    db = store(400)
    source = LedgerSource(db)
    app = GridApp(source, poll=0.02)
    async with app.run_test(size=(80, 24)) as pilot:
        grid = app.grid
        for _ in range(30):
            grid.press("down")
        place = grid._window.cursor - grid._window.top
        for n in range(1, 6):
            db.execute("insert into tree select id+500000, 0, date, agency, '0'||id, guarantor, code, description,"
                       " amount, balance, 0 from tree where id = ?", (n,))  # fmt: skip
        db.execute("update tree set balance = 7 where id = 31")
        source.changed = 1
        await pilot.pause(0.1)
        assert grid.current
        assert grid.current.id == 31
        assert grid.current.cells[7] == "0.07"
        assert grid._window.cursor - grid._window.top == place
        db.execute("delete from tree where id = 31")
        source.changed = 2
        await pilot.pause(0.1)
        assert grid.current.id == 32
        grid.press("home")
        assert grid.current.id == 500_001
        grid.go_to(200)
        assert grid.current.id == 200
        db.execute("delete from tree")
        grid.reload()
        assert grid.current is None
        assert "Nothing here." in text(grid)[1]


async def test_sorts_by_key_and_by_name(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand))
    async with app.run_test(size=(100, 24)) as pilot:
        grid = app.grid
        await pilot.press("greater_than_sign")
        assert grid.sort == Sort("guarantor")
        assert "Guarantor▲" in text(grid)[0]
        assert grid.current
        assert grid.current.cells[3] == "Abara, Chi"
        await pilot.press("equals_sign")
        assert "Guarantor▼" in text(grid)[0]
        assert grid.current.cells[3] == "王小明"
        grid.sort_by("amount", descending=True)
        amounts = [row.key for row in grid.shown]
        assert amounts == sorted(amounts, reverse=True)
        grid.sort_by("code")
        assert grid.sort.column == "amount"


async def test_marks_rows_by_a_sign_and_activates(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand), multi=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "insert", "insert", "space", "enter")
        assert app.said[1:] == [[1], [], [2], [2, 3], 3]
        assert app.grid.selected_ids == {2, 3}
        assert [line[:2] for line in text(app.grid)[1:5]] == ["  ", " *", ">*", "  "]


async def test_data_is_inert_and_wide_characters_keep_the_columns(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand))
    async with app.run_test(size=(80, 24)):
        shown = text(app.grid)
        assert any("[/b] ·[31" in line for line in shown)
        assert not any("\x1b" in line for line in shown)
        assert {app.grid.render_line(y).cell_length for y in range(24)} == {80}
        wide = next(line for line in shown if "王小明" in line)
        assert wide.index("EXCOL") == shown[1].index("EXCOL") - 3


async def test_scrolls_columns_that_do_not_fit(twenty_thousand: Any) -> None:
    app = GridApp(LedgerSource(twenty_thousand))
    async with app.run_test(size=(60, 10)) as pilot:
        header = text(app.grid)[0]
        assert header.endswith(">")
        assert "File" not in header
        await pilot.press("shift+right", "shift+right", "shift+right", "shift+right", "shift+right")
        header = text(app.grid)[0]
        assert header.startswith("<")
        assert "File" in header


async def test_a_failing_source_leaves_a_sentence() -> None:
    class Failing(LedgerSource):
        wrong: Exception | None = RuleRefusal("The practice is closed.")

        def page(self, *args: Any, **kwargs: Any) -> list[Row]:
            if self.wrong:
                raise self.wrong
            return super().page(*args, **kwargs)

    source = Failing(store(10))
    app = GridApp(source)
    async with app.run_test(size=(80, 24)) as pilot:
        assert "! The practice is closed." in text(app.grid)[1]
        source.wrong = OSError("disk")
        app.grid.reload()
        assert "could not be read (OSError)" in text(app.grid)[1]
        source.wrong = None
        app.grid.reload()
        await pilot.pause()
        assert app.grid.current
        assert app.grid.current.id == 1


async def test_a_slow_source_is_read_in_a_worker_and_late_results_are_dropped() -> None:
    gate = threading.Event()
    interrupted: list[bool] = []

    class Slow(LedgerSource):
        slow_reads = True

        def page(self, *args: Any, **kwargs: Any) -> list[Row]:
            prefix = self.prefix
            if prefix == "Sm":
                gate.wait(2)
            return super().page(*args, **kwargs) if self.prefix == prefix else []

        def interrupt(self) -> None:
            interrupted.append(True)
            gate.set()

    source = Slow(store(100))
    source.slow_reads = True
    app = GridApp(source)

    async def until(pilot: Any, true: Callable[[], bool]) -> None:
        for _ in range(200):
            if true():
                return
            await pilot.pause(0.01)
        raise AssertionError("never")

    async with app.run_test(size=(80, 24)) as pilot:
        grid = app.grid
        await until(pilot, lambda: grid.current is not None)
        source.prefix = "Sm"
        grid.reload(keep_cursor=False)
        assert grid.reading
        assert grid.current
        assert grid.current.id == 1
        source.prefix = "Ol"
        grid.reload(keep_cursor=False)
        await until(pilot, lambda: not grid.reading)
        assert interrupted
        assert grid.current.cells[3] == "Olsen, Kari"
        grid.press("end")
        grid.press("up")
        await until(pilot, lambda: not grid.reading)
        assert grid.current.id == 90


def test_layout_shrinks_then_drops_by_priority_then_grows() -> None:
    columns = [
        Column("a", "A", 10, priority=3),
        Column("b", "B", 10, grow=True, min_width=4, priority=2),
        Column("c", "C", 5),
    ]
    assert [placed.width for placed in griddraw.place(columns, 37).placed] == [10, 20, 5]
    assert [placed.width for placed in griddraw.place(columns, 21).placed] == [10, 4, 5]
    narrow = griddraw.place(columns, 20)
    assert [placed.column.key for placed in narrow.placed] == ["a", "b"]
    assert narrow.beyond
    assert sum(placed.width for placed in narrow.placed) + 1 == 20


def test_a_figure_is_never_cut() -> None:
    assert griddraw.fit("1,204.50", 6, "right") == "######"
    assert griddraw.fit("Anesthesia", 6) == "Anest…"
    assert griddraw.fit("王小明", 4) == "王 …"


def test_what_a_column_does_not_need_another_has() -> None:
    columns = [
        Column("name", "Name", 10, grow=True, min_width=4, priority=9),
        Column("agency", "Agency", 12, min_width=8, priority=3),
        Column("amount", "Amount", 11, align="right", priority=8),
    ]
    needs = {0: 20, 1: 6, 2: 6}
    assert [placed.width for placed in griddraw.place(columns, 34, 0, needs).placed] == [20, 6, 6]
    assert [placed.width for placed in griddraw.place(columns, 24, 0, needs).placed] == [10, 6, 6]
    # a figure wider than its column is shown whole, and what is less important goes
    needs[2] = 14
    assert [(one.column.key, one.width) for one in griddraw.place(columns, 24, 0, needs).placed] == [
        ("name", 9), ("amount", 14),
    ]  # fmt: skip
