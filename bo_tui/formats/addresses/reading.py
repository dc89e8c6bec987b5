"""Reading a file of results that is in memory already."""

from __future__ import annotations

from collections.abc import Iterator

from bo_tui.formats.addresses.layout import LAYOUT, Result, result
from bo_tui.formats.office import inmemory
from bo_tui.formats.office.reading import Refuse


def results(content: bytes, name: str, refuse: Refuse) -> Iterator[Result]:
    """The good rows of a file called `name`, in order; every other one is given to `refuse` with row, column and reason.

    The columns are those of `LAYOUT`, named by the header in any order; others are refused (CONTRACT, Office CSV).
    """
    for row, values in inmemory.rows(content, LAYOUT, name, refuse):
        yield result(row, values)
