"""A list as CSV, a part at a time, so that a million rows need no memory; no cell can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from bo_tui.text import no_formula

_ROWS = 2000  # in one part


def csv_parts(
    heads: Sequence[str], rows: Iterable[Sequence[str]], figures: frozenset[int] = frozenset()
) -> Iterator[bytes]:
    """UTF-8 with a header row and RFC 4180 line ends; `figures` are the columns of numbers, which may begin with a minus."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    for number, row in enumerate(rows, 1):
        writer.writerow([cell if at in figures else no_formula(cell) for at, cell in enumerate(row)])
        if number % _ROWS == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()
