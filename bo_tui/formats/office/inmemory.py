"""A file that is in memory already in the place of its path: what is hashed is what is read, whatever happens to it meanwhile."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, cast

from bo_tui.formats.office.columns import Value
from bo_tui.formats.office.layouts import Layout
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


def rows(content: bytes, layout: Layout, name: str, refuse: Refuse) -> Iterator[tuple[int, dict[str, Value]]]:
    """(row number, values by column) of the good rows of a file called `name`, in order; the others are given to `refuse`."""
    names = [column.name for column in layout.columns]
    for row, values in OfficeFile(cast(Any, _Bytes(content)), layout, refuse, name).rows():
        yield row, dict(zip(names, values, strict=True))
