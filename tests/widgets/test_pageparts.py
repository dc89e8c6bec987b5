"""The lines of a page, its actions, the labels, and what the environment decides."""

from __future__ import annotations

import subprocess
import sys

import pytest
from rich.style import Style

from bo_tui.widgets import environment, labels
from bo_tui.widgets.actions import PageAction, numbered
from bo_tui.widgets.dialog import wrap
from bo_tui.widgets.statusline import KeyLine, TopLine
from bo_tui.widgets.tabs import TabStrip


def drawn(line: KeyLine | TopLine | TabStrip, width: int = 80) -> str:
    return "".join(part.text for part in line.parts(width, Style())).rstrip()


def test_actions_get_the_function_keys_in_their_order() -> None:
    names = ("Search", "Adjust", "Reverse", "Reassign", "Transfer", "View", "Print")
    actions = [PageAction(name.lower(), name, letter, print) for name, letter in zip(names, "SARETVP", strict=True)]
    actions[1] = PageAction("adjust", "Adjust", "A", print, fkey="f7")
    assert [action.fkey for action in numbered(actions)] == ["f2", "f7", "f3", "f4", "f5", "f6", None]
    with pytest.raises(ValueError, match="share the letter S"):
        numbered([*actions, PageAction("save", "Save", "S", print)])


def test_the_line_of_keys_always_shows_the_menu() -> None:
    line = KeyLine()
    line.keys = [("F1", "Help", False), ("F2", "&Search", False), ("F9", "Menu", False)]
    assert drawn(line) == " F1 Help  F2 Search  F9 Menu"
    line.keys[1:2] = [(f"F{n}", "Reassigning", n == 3) for n in range(2, 8)]
    assert drawn(line, 80) == " F1 Help  2 Reassigning  3 Reassigning  4 Reassigning  5 Reassigning  9 Menu"
    assert max(len(drawn(line, width)) - width for width in range(20, 100)) <= 0


def test_labels_mark_their_letter() -> None:
    assert labels.alt_key("A&mount") == "alt+m"
    assert labels.plain("A&mount") == "Amount"
    assert labels.with_letter("Reassign", "E") == "R&eassign"
    assert labels.with_letter("Pre-Collections (Transworld)", "T") == "Pre-Collections (&Transworld)"
    assert labels.with_letter("Admin", "X") == "Admin (&X)"
    assert labels.alt_key("Amount") is None


def test_the_tab_strip_and_the_top_line() -> None:
    strip = TabStrip([("a", "Pending"), ("b", "Files")], heading="External Collections", active="b")
    strip.counts["a"] = "1,204"
    assert drawn(strip) == " External Collections   1 Pending 1,204  [2 Files]"
    top = TopLine(["&Manage", "Admin", "&File"], "Lakeside\x1b   ana")
    assert drawn(top, 40) == " Manage  Admin  File    Lakeside·   ana"
    assert [top.place_of(index) for index in range(3)] == [1, 9, 16]


def test_wraps_at_blanks_and_hangs_items() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("- one two three", 9) == ["- one two", "  three"]
    assert wrap("a\n\nb", 9) == ["a", "", "b"]


def test_the_environment_is_prepared_without_textual() -> None:
    code = (
        "import sys; from bo_tui.widgets import environment; e = {'ESCDELAY': '250', 'SSH_TTY': 'x', 'TERM': 'xterm-256color'};"
        "environment.prepare(e); print(sorted(e.items())); print('textual' in sys.modules, 'rich' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.splitlines()
    assert said[1] == "False False"
    for part in ("('ESCDELAY', '250')", "('TEXTUAL_ANIMATIONS', 'none')", "('TEXTUAL_COLOR_SYSTEM', '256')"):
        assert part in said[0]


def test_what_terminals_can_do() -> None:
    assert "TERM=dumb" in (environment.refusal({"TERM": "dumb"}) or "")
    assert environment.refusal({"TERM": "xterm"}) is None
    assert "needs a terminal" in (environment.refusal({"TERM": "xterm"}, interactive=False) or "")
    assert environment.theme({"TERM": "xterm-256color"}) == "textual-dark"
    assert environment.theme({"TERM": "xterm-256color", "NO_COLOR": "1"}) == "ansi-dark"
    assert environment.theme({"TERM": "linux"}) == "ansi-dark"
    assert environment.theme({"TERM": "xterm", "COLORTERM": "truecolor"}) == "textual-dark"
    assert environment.has_utf8({"LANG": "en_US.UTF-8", "TERM": "xterm"})
    assert not environment.has_utf8({"LANG": "en_US.UTF-8", "LC_ALL": "C", "TERM": "xterm"})
    assert not environment.has_utf8({"LANG": "en_US.UTF-8", "TERM": "vt220"})
