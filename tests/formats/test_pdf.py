"""A sheet as a PDF: the same bytes each time, every row once, page x of y, and text that stays text."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys

import pytest

from bo_tui.formats.pdf import Column, Sheet, printable, render

COLUMNS = (Column("Account"), Column("Guarantor"), Column("Balance", right=True))
SHEET = Sheet(
    "First Bay, file 7",
    ("Made 2026-11-20, type csv", "SHA-256 abc"),
    COLUMNS,
    [("100231", "Smith, Ana (née Ö) \\ x", "1,480.00"), ("100877", "Łukasz 東京 \x1b[31m", "-910.00")],
    "Total: 2 placements, 570.00",
    "Printed 2026-11-20 by ana",
)


def pages(content: bytes) -> list[list[str]]:
    """The strings of each page in the order they were drawn, from its content stream."""
    found = []
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        drawn = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", stream)
        found.append([re.sub(rb"\\(\d{3}|.)", _unescaped, one).decode("cp1252") for one in drawn])
    return found


def _unescaped(match: re.Match[bytes]) -> bytes:
    inside = match[1]
    return bytes([int(inside, 8)]) if len(inside) == 3 else inside


def many(count: int, columns: tuple[Column, ...] = COLUMNS) -> Sheet:
    rows = [tuple(f"{column.title}{number}" for column in columns) for number in range(count)]
    return Sheet("T", ("fact",), columns, rows, "Total: all", "Printed")


def test_the_bytes_are_these_and_the_same_in_another_process() -> None:
    digest = hashlib.sha256(render(SHEET)).hexdigest()
    assert digest == hashlib.sha256(render(SHEET)).hexdigest()
    code = "import hashlib; from tests.formats.test_pdf import *; print(hashlib.sha256(render(SHEET)).hexdigest())"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == digest


def test_another_cell_makes_other_bytes() -> None:
    other = Sheet(SHEET.title, SHEET.facts, COLUMNS, SHEET.rows[:1], SHEET.totals, SHEET.printed)
    assert render(other) != render(SHEET)


def test_what_stands_on_a_page() -> None:
    (page,) = pages(render(SHEET))
    assert page == [
        "First Bay, file 7", "Page 1 of 1", "Printed 2026-11-20 by ana", "Made 2026-11-20, type csv", "SHA-256 abc",
        "Account", "Guarantor", "Balance", "100231", "Smith, Ana (née Ö) \\ x", "1,480.00",
        "100877", "Lukasz ?? ·[31m", "-910.00", "Total: 2 placements, 570.00",
    ]  # fmt: skip
    assert b"/MediaBox [ 0 0 792 612 ]" in render(SHEET)
    assert b"/Filter" not in render(SHEET)
    assert not re.search(rb"D:20(?!00)", render(SHEET))  # no clock: reportlab's invariant date is in the year 2000


@pytest.mark.parametrize("count", [0, 1, 39, 40, 41, 42, 43, 44, 45, 85, 86, 87, 88, 89, 200])
def test_every_row_stands_once_and_the_totals_follow_a_row(count: int) -> None:
    found = pages(render(many(count)))
    drawn = [text for page in found for text in page if text.startswith("Account") and text != "Account"]
    assert drawn == [f"Account{number}" for number in range(count)]
    assert [page[1] for page in found] == [f"Page {at} of {len(found)}" for at in range(1, len(found) + 1)]
    assert [page[-1] == "Total: all" for page in found] == [False] * (len(found) - 1) + [True]
    if count:
        assert found[-1][-2].startswith("Balance")
        assert found[-1][-2] == f"Balance{count - 1}"


def test_nothing_is_drawn_off_the_page() -> None:
    for count in range(38, 50):
        heights = [float(y) for y in re.findall(rb"1 0 0 1 [\d.]+ ([-\d.]+) Tm", render(many(count)))]
        assert min(heights) >= 20
        foot = 25.0
        assert sorted({height for height in heights if height < 36}) == [foot]


def test_columns_that_do_not_fit_are_left_out_from_the_end_and_figures_are_never_cut() -> None:
    wide = (Column("Name"), *(Column(f"C{at}", right=True) for at in range(12)))
    row = ("A long name " * 20, *(["123,456,789,012.00"] * 12))
    (page,) = pages(render(Sheet("T", (), wide, [row], "t", "p")))
    figures = [text for text in page if text.startswith("123")]
    assert set(figures) == {"123,456,789,012.00"}
    assert 5 <= len(figures) < 12
    assert [text for text in page if text.startswith("C")] == [f"C{at}" for at in range(len(figures))]
    assert next(text for text in page if text.startswith("A")).endswith("…")


def test_the_columns_that_fit_may_be_drawn_in_another_order() -> None:
    ordered = Sheet("T", (), COLUMNS, [("1", "2", "3")], "t", "p", order=(2, 0, 1))
    assert pages(render(ordered))[0][3:9] == ["Balance", "Account", "Guarantor", "3", "1", "2"]


@pytest.mark.parametrize(
    ("text", "on_paper"),
    [("plain", "plain"), ("€ “é” – …", "€ “é” – …"), ("Čapek", "Capek"), ("a\u202eb\x00", "a·b·"), ("日", "?")],
)
def test_letters_a_pdf_has_not(text: str, on_paper: str) -> None:
    assert printable(text) == on_paper
