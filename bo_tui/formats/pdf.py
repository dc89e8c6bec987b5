"""A table on paper: a sheet's facts and rows in, the bytes of a PDF out; the same bytes for the same sheet.

Nothing in the bytes depends on the clock or the machine (`invariant`), and they are not compressed, because another version of
zlib would make other bytes. reportlab is imported only when something is printed (DESIGN section 8).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bo_tui.formats.agency.row import ascii_text
from bo_tui.text import clean

FONT, BOLD = "Helvetica", "Helvetica-Bold"
SIZE = 8.0  # points
LEADING = 11.0
MARGIN = 36.0  # half an inch
GAP = 8.0  # between two columns
PAGE = (792.0, 612.0)  # US Letter, landscape
NARROWEST = 24.0  # a text column is not cut further than this
CUT = "…"

Measure = Callable[[str, str], float]  # text, font -> points at SIZE


@dataclass(frozen=True, slots=True)
class Column:
    """A column; figures stand to the right and are never cut, text is cut visibly where the paper is too narrow."""

    title: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed: a title, facts below it on the first page, rows of text cells, a totals line, who printed it and when.

    `columns` stand in the order of their weight on paper: those that do not fit beside the first ones are left out.
    `order` says in which order, by index, the ones that fit are drawn (empty: as they come).
    """

    title: str
    facts: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    totals: str
    printed: str
    order: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """A column that fits: which one of the sheet's, and how wide it is drawn, in points."""

    index: int
    title: str
    right: bool
    width: float
    cut: bool  # whether a cell may be wider


def render(sheet: Sheet) -> bytes:
    """The sheet as a PDF in landscape US Letter: header, `Page x of y`, totals below the last row; cells as text, never markup."""
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen.canvas import Canvas

    def measure(text: str, font: str) -> float:
        return float(stringWidth(text, font, SIZE))

    sheet = replace(sheet, rows=[[printable(cell) for cell in row] for row in sheet.rows])
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1, pageCompression=0)
    canvas.setTitle(printable(sheet.title))
    canvas.setAuthor("bo_tui")
    canvas.setCreator("bo_tui")
    placed = placed_columns(sheet, measure)
    pages = _pages(sheet)
    for number, rows in enumerate(pages, start=1):
        _draw(canvas, sheet, placed, rows, number, len(pages), measure)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def printable(text: str) -> str:
    """The text in the characters that a PDF's own fonts have (Windows-1252); other letters lose their accents, the rest is `?`."""
    text = clean(text)
    return text if text.isascii() else "".join(_in_font(sign) for sign in text)


def _in_font(sign: str) -> str:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return ascii_text(sign)
    return sign


def _rows_on(page: int, sheet: Sheet) -> int:
    """How many lines of rows a page holds; the first gives room to the facts."""
    lines = int((PAGE[1] - 2 * MARGIN) / LEADING) - 5  # title, blank, headings with their rule, foot
    return max(1, lines - len(sheet.facts) - 1) if page == 0 else lines


def _pages(sheet: Sheet) -> list[list[Sequence[str]]]:
    """The rows of each page, with a line left for the totals on the last."""
    pages: list[list[Sequence[str]]] = []
    start, rows = 0, list(sheet.rows)
    while not pages or start < len(rows):
        room = _rows_on(len(pages), sheet)
        if len(rows) - start == room:  # the totals must not stand alone, nor fall off the page
            room -= 1
        pages.append(rows[start : start + room])
        start += room
    return pages


def placed_columns(sheet: Sheet, measure: Measure) -> list[Placed]:
    """Which columns fit and how wide each is: figures as wide as they are, text cut where that lets one more column in."""
    natural = []
    for at, column in enumerate(sheet.columns):
        widest = max((measure(cell, FONT) for cell in {row[at] for row in sheet.rows}), default=0.0)
        natural.append(max(widest, measure(printable(column.title), BOLD)) + 0.5)
    room = PAGE[0] - 2 * MARGIN
    widths: dict[int, float] = {}
    for at, column in enumerate(sheet.columns):
        least = natural[at] if column.right else min(natural[at], max(NARROWEST, measure(column.title, BOLD) + 0.5))
        taken = sum(_least(sheet, widths, one, measure) for one in widths) + GAP * len(widths)
        if taken + least <= room or not widths:
            widths[at] = natural[at]
    _shrink(sheet, widths, room - GAP * (len(widths) - 1), measure)
    order = [at for at in (sheet.order or range(len(sheet.columns))) if at in widths]
    return [
        Placed(at, sheet.columns[at].title, sheet.columns[at].right, widths[at], widths[at] < natural[at])
        for at in order
    ]


def _least(sheet: Sheet, widths: dict[int, float], at: int, measure: Measure) -> float:
    column = sheet.columns[at]
    return widths[at] if column.right else min(widths[at], max(NARROWEST, measure(column.title, BOLD) + 0.5))


def _shrink(sheet: Sheet, widths: dict[int, float], room: float, measure: Measure) -> None:
    """Take from the text columns, in proportion to what each can spare, until all fit."""
    over = sum(widths.values()) - room
    if over <= 0:
        return
    spare = {at: widths[at] - _least(sheet, widths, at, measure) for at in widths}
    total = sum(spare.values())
    for at, much in spare.items():
        widths[at] -= over * much / total if total else 0.0


def _draw(
    canvas: Any,
    sheet: Sheet,
    placed: list[Placed],
    rows: list[Sequence[str]],
    number: int,
    pages: int,
    measure: Measure,
) -> None:
    right, y = PAGE[0] - MARGIN, PAGE[1] - MARGIN
    canvas.setFont(BOLD, SIZE + 3)
    canvas.drawString(MARGIN, y, printable(sheet.title))
    canvas.setFont(FONT, SIZE)
    canvas.drawRightString(right, y, f"Page {number} of {pages}")
    canvas.drawString(MARGIN, MARGIN - LEADING, printable(sheet.printed))
    if number == 1:
        for fact in sheet.facts:
            y -= LEADING
            canvas.drawString(MARGIN, y, printable(fact))
        y -= LEADING
    y -= 2 * LEADING
    canvas.setFont(BOLD, SIZE)
    draw_row(canvas, placed, [column.title for column in sheet.columns], y, BOLD, measure)
    canvas.line(MARGIN, y - 3, right, y - 3)
    canvas.setFont(FONT, SIZE)
    for row in rows:
        y -= LEADING
        draw_row(canvas, placed, row, y - 2, FONT, measure)
    if number == pages:
        canvas.line(MARGIN, y - 5, right, y - 5)
        canvas.setFont(BOLD, SIZE)
        canvas.drawString(MARGIN, y - 5 - LEADING, printable(sheet.totals))


def draw_row(canvas: Any, placed: list[Placed], cells: Sequence[str], y: float, font: str, measure: Measure) -> None:
    """Draw one line of cells, printable already, with its foot at `y`; the canvas has the font."""
    x = MARGIN
    for column in placed:
        text = cells[column.index]
        if text and column.right:
            canvas.drawRightString(x + column.width, y, text)
        elif text:
            canvas.drawString(x, y, _cut(text, column.width, font, measure) if column.cut else text)
        x += column.width + GAP


def _cut(text: str, width: float, font: str, measure: Measure) -> str:
    if measure(text, font) <= width:
        return text
    while text and measure(text + CUT, font) > width:
        text = text[:-1]
    return text.rstrip() + CUT
