"""The columns of an address service's results, as ours: what NCOALink and ACS deliver is mapped to these names.

Services name their columns each in its own way; these carry the old address, the new one, the kind and date of the move, and
either a return code (NCOALink) or the reason why a piece of mail came back (ACS).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bo_tui.formats import contact
from bo_tui.formats.addresses import codes
from bo_tui.formats.office.columns import Column, day, text
from bo_tui.formats.office.layouts import Layout
from bo_tui.formats.office.rowrules import Row

PARTS = ("address1", "address2", "city", "state", "zip")
LONGEST = {"address1": 100, "address2": 100, "city": 60, "undeliverable": 60, "record_id": 60}


@dataclass(frozen=True, slots=True)
class Result:
    """One row of a file: `row` as a spreadsheet counts, `old` and `new` as (address1, address2, city, state, zip).

    `moved` is a day number. `practice` is the code in the row, None where the file names none.
    """

    row: int
    practice: str | None
    account: str
    record_id: str | None
    old: tuple[str | None, ...]
    new: tuple[str | None, ...]
    move_type: str | None
    moved: int | None
    return_code: str | None
    undeliverable: str | None

    @property
    def says(self) -> tuple[Any, ...]:
        """What it says of its account, wherever it stands in the file."""
        return (
            *(part.casefold() if part else None for part in self.new),
            self.moved, self.return_code, self.undeliverable,
        )  # fmt: skip


def _address(prefix: str) -> tuple[Column, ...]:
    return (*(text(f"{prefix}_{part}") for part in PARTS[:-1]), Column(f"{prefix}_zip", contact.zip_code))


def _rule(row: Row) -> Iterator[tuple[str, str]]:
    """A row says something, in texts that fit a screen and an envelope; states are kept in capitals."""
    for name, value in row.items():
        longest = LONGEST.get(name.removeprefix("old_").removeprefix("new_"))
        if longest is not None and value is not None and len(value) > longest:
            yield name, f"has more than {longest} characters"
    for name in ("old_state", "new_state"):
        row[name] = row[name] and row[name].upper()
    has_new = any(row[f"new_{part}"] for part in PARTS)
    if not has_new and row["return_code"] is None and row["undeliverable"] is None:
        yield "new_address1", "neither a new address, a return code nor an undeliverable reason is given"


LAYOUT = Layout(
    "addresses",
    (
        text("practice"), text("account", required=True), text("record_id"), *_address("old"), *_address("new"),
        Column("move_type", codes.move_type), day("move_date"), Column("return_code", codes.return_code),
        text("undeliverable"),
    ),
    ("account",),
    _rule,
)  # fmt: skip


def result(row: int, values: dict[str, Any]) -> Result:
    """A row of the reader as a result."""
    return Result(
        row=row,
        practice=values["practice"],
        account=values["account"],
        record_id=values["record_id"],
        old=tuple(values[f"old_{part}"] for part in PARTS),
        new=tuple(values[f"new_{part}"] for part in PARTS),
        move_type=values["move_type"],
        moved=values["move_date"],
        return_code=values["return_code"],
        undeliverable=values["undeliverable"],
    )
