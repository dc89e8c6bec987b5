"""A record's cells are joined at once where nothing is to be spelled out, and one by one otherwise; both say the same."""

from __future__ import annotations

import pytest

from bo_tui.formats.agency.row import ascii_text, piped

CELLS = [
    "",
    " ",
    "Ana",
    " two words ",
    "a|b",
    "|",
    "Müller",
    "line\nbreak",
    "tab\t",
    "?",
    "Łódź|ß",
    "\x7f",
    "e\u0301",
    "漢",
]


@pytest.mark.parametrize("other", CELLS)
def test_a_record_is_its_cells_each_spelled_out(other: str) -> None:
    for cells in ([other], [other, "x"], ["", other, ""], [*CELLS[:4], other]):
        assert piped(cells) == "|".join(ascii_text(cell).replace("|", "/") for cell in cells)
