"""Agency files: what a placement looks like in each file type. A file type is a declaration of columns, not a program.

`csv` and `fixed` have a row per placement (`table`), `tsi` one per account (`tsi`); an update file has a row for each thing
that happened (`update`). The same rows in the same order give the same bytes.
CONTRACT "Agency file"; widths and choices stand in docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui.errors import Defect
from bo_tui.formats.agency import table, tsi, update
from bo_tui.formats.agency.lacking import TSI_REFERENCE, lacking
from bo_tui.formats.agency.row import PlacementRow
from bo_tui.formats.agency.update import UpdateRow


@dataclass(frozen=True, slots=True)
class Layout:
    """One file type: the columns it has, how its rows become bytes and bytes become cells again, and its file's extension."""

    columns: tuple[str, ...]
    render: Callable[[Iterable[Any]], bytes]
    parse: Callable[[bytes], list[list[str]]]
    extension: str
    amounts: frozenset[str]


_TABLE_AMOUNTS = frozenset(column.name for column in table.COLUMNS if column.kind == "amount")
LAYOUTS = {
    "csv": Layout(table.NAMES, table.render_csv, table.parse_csv, "csv", _TABLE_AMOUNTS),
    "fixed": Layout(table.NAMES, table.render_fixed, table.parse_fixed, "txt", _TABLE_AMOUNTS),
    "tsi": Layout(tsi.NAMES, tsi.render_tsi, tsi.parse_tsi, "txt", frozenset({"AMOUNT DUE"})),
}
UPDATES = {
    "csv": Layout(update.NAMES, update.render_csv, table.parse_csv, "csv", update.AMOUNTS),
    "fixed": Layout(update.NAMES, update.render_fixed, update.parse_fixed, "txt", update.AMOUNTS),
    "tsi": Layout(update.TSI_NAMES, update.render_tsi, tsi.parse_tsi, "txt", update.TSI_AMOUNTS),
}
UPDATE = "update"


def layout(file_type: str, kind: str = "placement") -> Layout:
    """The layout of a file type, for placement files or for those of kind `update`; Defect for a type that is not known."""
    try:
        return (UPDATES if kind == UPDATE else LAYOUTS)[file_type]
    except KeyError:
        raise Defect(f"There is no file type {file_type}.") from None


def render(file_type: str, rows: Iterable[PlacementRow]) -> bytes:
    """The bytes of a placement file."""
    return layout(file_type).render(rows)


def render_updates(file_type: str, rows: Iterable[UpdateRow]) -> bytes:
    """The bytes of an update file."""
    return layout(file_type, UPDATE).render(rows)


def parse(file_type: str, content: bytes, kind: str = "placement") -> list[list[str]]:
    """The data rows of a file that was rendered here, as text cells in the order of `columns`."""
    return layout(file_type, kind).parse(content)


def columns(file_type: str, kind: str = "placement") -> tuple[str, ...]:
    """The names of a file type's columns, in order."""
    return layout(file_type, kind).columns


def account_count(rows: Sequence[PlacementRow] | Sequence[UpdateRow]) -> int:
    """How many accounts the rows belong to."""
    return len({row.account for row in rows})


__all__ = [
    "LAYOUTS", "TSI_REFERENCE", "UPDATE", "UPDATES", "Layout", "PlacementRow", "UpdateRow", "account_count", "columns",
    "lacking", "layout", "parse", "render", "render_updates",
]  # fmt: skip
