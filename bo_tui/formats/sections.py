"""A document of several tables, one below the other: as text, or as a PDF with the same bytes for the same document.

Like `formats.pdf`, which draws one table: cells are text and never markup, figures are never cut, nothing depends on the clock.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui.formats import pdf
from bo_tui.formats.pdf import BOLD, FONT, LEADING, MARGIN, PAGE, SIZE, Column, Measure, Placed, Sheet, printable
from bo_tui.text import clean

WIDEST = 60  # characters of a text cell in the text; what is longer is cut visibly
NOTHING = "None."


@dataclass(frozen=True, slots=True)
class Section:
    """One table: a title, columns, rows of text cells, and a line below them; without rows the document says `None.`"""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[str]]
    total: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What is printed: a title, facts a line each, sections, and who printed it on which business date."""

    title: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]
    printed: str


def as_text(document: Document) -> str:
    """The document as plain text of lines, for a terminal or a file; every cell made inert."""
    lines = [clean(document.title), "=" * len(clean(document.title)), *map(clean, document.facts)]
    for section in document.sections:
        lines += ["", clean(section.title), "-" * len(clean(section.title)), *_text_rows(section)]
        if section.total and section.rows:
            lines.append(clean(section.total))
    return "\n".join([*lines, "", clean(document.printed), ""])


def _text_rows(section: Section) -> list[str]:
    if not section.rows:
        return [NOTHING]
    right = [column.right for column in section.columns]
    cells = [[column.title for column in section.columns]]
    cells += [[_cut(clean(cell), figure) for cell, figure in zip(row, right, strict=True)] for row in section.rows]
    widths = [max(len(row[at]) for row in cells) for at in range(len(right))]
    return [
        "  ".join(
            cell.rjust(width) if figure else cell.ljust(width)
            for cell, width, figure in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]


def _cut(cell: str, figure: bool) -> str:
    return cell if figure or len(cell) <= WIDEST else cell[: WIDEST - 1].rstrip() + pdf.CUT


# --- the PDF -----------------------------------------------------------------------------------------------------------

Draw = Callable[[Any, float], None]  # draws one line with its foot at a height


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the paper; `starts` is how many lines must stay together from here on, `again` what a new page repeats first."""

    draw: Draw
    starts: int = 1
    again: tuple[Draw, ...] = ()


def render(document: Document) -> bytes:
    """The document as a PDF in landscape US Letter: `Page x of y`, a table's headings again where it goes on on the next page."""
    from reportlab.pdfbase.pdfmetrics import stringWidth
    from reportlab.pdfgen.canvas import Canvas

    def measure(text: str, font: str) -> float:
        return float(stringWidth(text, font, SIZE))

    pages = _pages(list(_lines(document, measure)))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1, pageCompression=0)
    canvas.setTitle(printable(document.title))
    canvas.setAuthor("bo_tui")
    canvas.setCreator("bo_tui")
    for number, draws in enumerate(pages, start=1):
        _draw_page(canvas, document, draws, number, len(pages))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_page(canvas: Any, document: Document, draws: list[Draw], number: int, pages: int) -> None:
    y = PAGE[1] - MARGIN
    canvas.setFont(BOLD, SIZE + 3)
    canvas.drawString(MARGIN, y, printable(document.title))
    canvas.setFont(FONT, SIZE)
    canvas.drawRightString(PAGE[0] - MARGIN, y, f"Page {number} of {pages}")
    canvas.drawString(MARGIN, MARGIN - LEADING, printable(document.printed))
    for draw in draws:
        y -= LEADING
        draw(canvas, y)


def _pages(lines: list[_Line]) -> list[list[Draw]]:
    room = int((PAGE[1] - 2 * MARGIN) / LEADING) - 1
    pages: list[list[Draw]] = [[]]
    for line in lines:
        if len(pages[-1]) + line.starts > room:
            pages.append(list(line.again))
        pages[-1].append(line.draw)
    return pages


def _lines(document: Document, measure: Measure) -> Iterator[_Line]:
    for fact in document.facts:
        yield _Line(_words(fact, FONT))
    for section in document.sections:
        yield _Line(_blank, starts=min(4, 2 + len(section.rows) + 1))
        yield _Line(_words(section.title, BOLD), starts=3)
        yield from _table(section, measure)


def _table(section: Section, measure: Measure) -> Iterator[_Line]:
    if not section.rows:
        yield _Line(_words(NOTHING, FONT))
        return
    sheet = Sheet(
        section.title, (), section.columns, [[printable(cell) for cell in row] for row in section.rows], "", ""
    )
    placed = pdf.placed_columns(sheet, measure)
    heads = _heads(placed, measure)
    again = (_words(f"{section.title}, continued", BOLD), heads)
    yield _Line(heads, starts=2)
    for row in sheet.rows:
        yield _Line(_row(placed, row, measure), again=again)
    if section.total:
        yield _Line(_words(section.total, BOLD), again=again[:1])


def _blank(canvas: Any, y: float) -> None:
    """An empty line."""


def _words(text: str, font: str) -> Draw:
    def draw(canvas: Any, y: float) -> None:
        canvas.setFont(font, SIZE)
        canvas.drawString(MARGIN, y, printable(text))

    return draw


def _heads(placed: list[Placed], measure: Measure) -> Draw:
    def draw(canvas: Any, y: float) -> None:
        canvas.setFont(BOLD, SIZE)
        titles = {column.index: column.title for column in placed}
        pdf.draw_row(canvas, placed, [titles.get(at, "") for at in range(max(titles) + 1)], y, BOLD, measure)
        canvas.line(MARGIN, y - 3, PAGE[0] - MARGIN, y - 3)

    return draw


def _row(placed: list[Placed], cells: Sequence[str], measure: Measure) -> Draw:
    def draw(canvas: Any, y: float) -> None:
        canvas.setFont(FONT, SIZE)
        pdf.draw_row(canvas, placed, cells, y - 2, FONT, measure)

    return draw
