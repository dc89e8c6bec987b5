"""Reading a file of results that is in memory already: what is hashed is what is read, whatever happens to the file meanwhile."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, cast

from bo_tui.formats.addresses.layout import LAYOUT, Result, result
from bo_tui.formats.office.reading import OfficeFile, Refuse


class _Bytes:
    """The bytes of a file in the place of its path."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def is_dir(self) -> bool:
        """It is none."""
        return False

    def open(self, **options: Any) -> io.TextIOWrapper:
        """The text of the bytes."""
        return io.TextIOWrapper(io.BytesIO(self.content), **options)


def results(content: bytes, name: str, refuse: Refuse) -> Iterator[Result]:
    """The good rows of a file called `name`, in order; every other one is given to `refuse` with row, column and reason.

    The columns are those of `LAYOUT`, named by the header in any order; others are refused (CONTRACT, Office CSV).
    """
    names = [column.name for column in LAYOUT.columns]
    source = OfficeFile(cast(Any, _Bytes(content)), LAYOUT, refuse, name)
    for row, values in source.rows():
        yield result(row, dict(zip(names, values, strict=True)))
