"""What is sent to the terminal: only the runs of cells that it does not show yet."""

from __future__ import annotations

from rich.console import Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from bo_tui.widgets.sentcells import Difference, SentCells

CONSOLE = Console(width=20, force_terminal=True)


def text(content: str) -> Strip:
    from rich.segment import Segment

    return Strip([Segment(content)])


def whole(*lines: tuple[str, ...]) -> LayoutUpdate:
    return LayoutUpdate([[text(part) for part in line] for line in lines], Region(0, 0, 10, len(lines)))


def test_what_stands_there_is_not_sent_again_and_what_was_overwritten_is() -> None:
    sent = SentCells()
    first = Difference(whole(("0123456789",), ("abcdefghij",)), sent)
    assert first.render_segments(CONSOLE) == "\x1b[1;1H0123456789\x1b[2;1Habcdefghij"
    assert first.render_segments(CONSOLE) == ""
    # a box over the middle of the second line
    box = ChopsUpdate([{}, {0: None, 3: text("BOX"), 6: None}], [(1, 3, 6)], [[], [3, 6, 10]])
    assert Difference(box, sent).render_segments(CONSOLE) == "\x1b[2;4HBOX"
    assert Difference(box, sent).render_segments(CONSOLE) == ""
    assert first.render_segments(CONSOLE) == "\x1b[2;1Habcdefghij"
    sent.forget()
    assert first.render_segments(CONSOLE).count("\x1b[") == 2


def test_a_run_is_cut_at_the_end_of_its_span_and_neighbours_need_no_move() -> None:
    sent = SentCells()
    cut = ChopsUpdate([{0: text("0123456789")}], [(0, 0, 4)], [[10]])
    assert Difference(cut, sent).render_segments(CONSOLE) == "\x1b[1;1H0123"
    assert Difference(whole(("0123", "456789")), sent).render_segments(CONSOLE) == "\x1b[1;5H456789"
    assert Difference(whole(("01", "23", "456789")), sent).render_segments(CONSOLE) == "\x1b[1;1H0123"
