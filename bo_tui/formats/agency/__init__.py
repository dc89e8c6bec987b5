"""Agency files: what a placement looks like in each file type. A file type is a declaration of columns, not a program.

`csv` and `fixed` have a row per placement (`table`), `tsi` one per account (`tsi`). The same rows in the same order give the
same bytes. CONTRACT "Agency file"; widths and choices stand in docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bo_tui.errors import Defect
from bo_tui.formats.agency import table, tsi
from bo_tui.formats.agency.lacking import lacking
from bo_tui.formats.agency.row import PlacementRow


@dataclass(frozen=True, slots=True)
class Layout:
    """One file type: the columns it has, how its rows become bytes and bytes become cells again, and its file's extension."""

    columns: tuple[str, ...]
    render: Callable[[Iterable[PlacementRow]], bytes]
    parse: Callable[[bytes], list[list[str]]]
    extension: str
    amounts: frozenset[str]


_TABLE_AMOUNTS = frozenset(column.name for column in table.COLUMNS if column.kind == "amount")
LAYOUTS = {
    "csv": Layout(table.NAMES, table.render_csv, table.parse_csv, "csv", _TABLE_AMOUNTS),
    "fixed": Layout(table.NAMES, table.render_fixed, table.parse_fixed, "txt", _TABLE_AMOUNTS),
    "tsi": Layout(tsi.NAMES, tsi.render_tsi, tsi.parse_tsi, "txt", frozenset({"AMOUNT DUE"})),
}


def layout(file_type: str) -> Layout:
    """The layout of a file type; Defect for one that is not known."""
    try:
        return LAYOUTS[file_type]
    except KeyError:
        raise Defect(f"There is no file type {file_type}.") from None


def render(file_type: str, rows: Iterable[PlacementRow]) -> bytes:
    """The bytes of a placement file."""
    return layout(file_type).render(rows)


def parse(file_type: str, content: bytes) -> list[list[str]]:
    """The data rows of a file that `render` made, as text cells in the order of `columns`."""
    return layout(file_type).parse(content)


def columns(file_type: str) -> tuple[str, ...]:
    """The names of a file type's columns, in order."""
    return layout(file_type).columns


def account_count(rows: Sequence[PlacementRow]) -> int:
    """How many accounts the rows belong to."""
    return len({row.account for row in rows})


__all__ = ["LAYOUTS", "Layout", "PlacementRow", "account_count", "columns", "lacking", "layout", "parse", "render"]
