"""Raw bytes at 80x24 against the demo page: bursts, Alt keys, dialogs, what a key costs, how the program ends."""

from __future__ import annotations

import pathlib
import signal
import sys
from collections.abc import Iterator

import pytest

from .harness import Terminal, alt, keys

DEMO = str(pathlib.Path(__file__).parent.parent / "widgets" / "demo.py")


def demo(count: int = 300, **options: object) -> Terminal:
    term = Terminal([sys.executable, DEMO, str(count)], **options)  # type: ignore[arg-type]
    term.wait_for("Line L-")
    term.settle(0.05)
    return term


@pytest.fixture
def term() -> Iterator[Terminal]:
    with demo() as one:
        yield one


def test_a_burst_through_a_dialog_ends_as_if_typed_slowly(term: Terminal) -> None:
    term.press("f3", "wr", "enter", "12.5", "enter", "t-1", "enter", "called twice", "f2")
    term.wait_for("Saved WO 12.50 2026-11-19 called twice")
    term.press("alt+a", "SB", "enter", "7", "f2", "alt+a", "SB", "enter", "8", "f2", "down")
    term.wait_for("Line L-12:")
    term.send(keys("alt+a", "CR", "tab", "9", "f2"))
    term.wait_for("Saved CR 9.00")


def test_a_refusal_stands_next_to_its_field_and_nothing_is_lost(term: Terminal) -> None:
    term.press("f3", "zz", "enter", "99999", "enter", "soon", "f2")
    term.wait_for("Transaction code is not in the list.")
    term.wait_for("Date is not a date such as 2026-11-21.")
    term.press("backspace", "backspace", "sb", "enter", alt("d").decode(), "t", "f2")
    line = term.wait_for("The balance is only")
    at = term.lines.index(line)
    assert term.lines[at - 1].split()[1:3] == ["Amount*", "99999"]
    term.press("100", "f2")
    term.wait_for("Saved SB 100.00")


def test_esc_asks_only_when_something_would_be_lost(term: Terminal) -> None:
    term.press("f3")
    term.wait_for("Transaction code")
    term.send(b"\x1b")
    term.wait_gone("Transaction code")
    term.press("f3", "sb", "enter", "5")
    term.wait_for("after this")
    term.send(b"\x1b")
    term.wait_for("Leave without saving?")
    term.press("n", "6", "f2")
    term.wait_for("Saved SB 56.00")


def test_the_filter_takes_letters_and_an_action_meets_the_filtered_list(term: Terminal) -> None:
    term.press("Smithers", "f3")
    term.wait_for("Smithers, Jo, account")
    term.send(b"\x1b")
    term.wait_gone("Transaction code")
    term.wait_for("38 of 1,204")
    term.press("down", "down", "left")
    term.send(b"\x1b")
    term.wait_gone("Filter Smithers")
    term.wait_for("Abara")


def test_menus_palette_and_dimmed_actions(term: Terminal) -> None:
    term.press("alt+f")
    term.wait_for("Keyboard check")
    term.press("k", "alt+s", "f9")
    term.wait_for("- alt+s")
    term.wait_for("- f9")
    term.send(b"\x1b")
    term.wait_for("- escape")
    term.send(b"\x1b")
    term.wait_gone("Keyboard check")
    term.press("alt+v")
    term.wait_for("! This file has no attachment.")
    term.press("f9")
    term.wait_for("Alt+E F5")
    term.press("r")
    term.wait_for("Reverse this placement?")
    term.press("enter", "alt+y")
    term.wait_for("reversed True")
    term.press("f12", "practice", "enter")
    term.wait_for("0 of 4 marked")
    term.press("alt+a", "space", "f2")
    term.wait_for("practices [1, 2, 3]")
    term.press("alt+3")
    term.wait_for("tab files")
    term.press("alt+m", "right", "right", "q")
    assert term.wait_exit() == 0


def test_what_a_key_costs() -> None:
    with demo(3000, rows=50, cols=200) as term:
        term.spent(keys("down"))
        costs = [term.spent(keys("down")) for _ in range(5)]
        # the line that says why changes with the row; without it a Down is two lines of the grid
        assert max(costs) <= 900
        assert term.spent(keys("pagedown")) <= 16_000
        assert term.spent(b"", quiet=0.6) == 0


def test_data_reaches_the_screen_inert() -> None:
    with demo(300, rows=24, cols=120) as term:  # wide enough for the whole name
        term.press("[")
        line = term.wait_for("·[31mred")
        assert "[/b] ·[31mred" in line
        assert b"[31mred" in term.raw
        assert b"\x1b[31mred" not in term.raw


def test_the_real_cursor_stands_on_the_row(term: Terminal) -> None:
    term.press("down", "down", "down")
    term.wait_for("Line L-28:")
    term.settle()
    assert not term.screen.cursor.hidden
    row, column = term.cursor
    assert (term.lines[row][:1], column) == (">", 0)
    term.press("f3")
    term.wait_for("Transaction code")
    term.settle()
    assert "Transaction code" in term.lines[term.cursor[0]]


def test_resizing_keeps_the_row(term: Terminal) -> None:
    term.press("pagedown", "pagedown")
    term.settle()
    before = next(line for line in term.lines if line.startswith(">"))
    term.resize(30, 100)
    term.wait_until(lambda: "Description" in term.text)
    term.settle()
    after = next(line for line in term.lines if line.startswith(">"))
    assert after.split()[:4] == before.split()[:4]
    assert term.lines[29].startswith(" F1 Help")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_clean(term: Terminal, number: int) -> None:
    term.signal(number)
    assert term.wait_exit() == 128 + number
    assert b"\x1b[?1049l" in term.raw[-200:]
    assert b"\x1b[?25h" in term.raw[-200:]


def test_sixteen_colours_without_utf8() -> None:
    with demo(environ={"TERM": "vt220", "LANG": "C", "NO_COLOR": "1"}) as term:
        term.press("*", "f3")
        term.wait_for("Transaction code")
        assert "`- MADJN" in term.text
        assert "+-" in term.text
        assert not any(ord(character) > 127 and character not in "王小明ñé·" for character in term.text)
        assert b"\x1b[38;5" not in term.raw
        cursor_row = next(y for y, line in enumerate(term.lines) if line.startswith(">"))
        assert term.screen.buffer[cursor_row][0].reverse
        assert b"\x1b[30;40m" not in term.raw
