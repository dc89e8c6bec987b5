"""Keyset paging over ranges of an index: what begins with a text lies in some of them (`prefixes`).

A page is read in two steps, `column = ? and id > ?` and then `column > ?`, because SQLite answers both from the index
(DESIGN section 6).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee import Select, fn

from bo_tui.views.prefixes import Range

Found = TypeVar("Found")
Read = Callable[[Any, Sequence[Any], int], list[Found]]
"""The first rows that meet a condition, in an order, at most so many; never asked for none."""


@dataclass(frozen=True, slots=True)
class Part:
    """One range of an index, or all of it; `mine` is what its rows have to fit besides."""

    mine: Any
    column: Any = None
    low: Any = None
    high: Any = None

    @property
    def rows(self) -> Any:
        """The condition on its rows."""
        return self.mine if self.low is None else self.mine & (self.column >= self.low) & (self.column < self.high)

    def holds(self, key: Any) -> bool:
        """Whether a value of the column lies in it."""
        return bool(self.low is None or self.low <= key < self.high)


def order(column: Any, row_id: Any, falling: bool) -> list[Any]:
    """The order by a column; the id breaks ties in the same direction."""
    return [column.desc(), row_id.desc()] if falling else [column.asc(), row_id.asc()]


def walk(
    parts: Sequence[Part],
    column: Any,
    row_id: Any,
    falling: bool,
    after: tuple[Any, int] | None,
    count: int,
    read: Read[Found],
) -> list[Found]:
    """The next `count` rows, range after range: those of the value `after` has first, then those beyond it."""
    wanted = order(column, row_id, falling)
    found: list[Found] = []

    def take(where: Any, by: Sequence[Any]) -> None:
        if len(found) < count:
            found.extend(read(where, by, count - len(found)))

    for part in reversed(parts) if falling else parts:
        beyond = part.rows
        if after is not None:
            key, last = after
            if part.holds(key):
                further = row_id < last if falling else row_id > last
                take(part.mine & (column == key) & further, wanted[1:])
            beyond &= column < key if falling else column > key
        take(beyond, wanted)
    return found


def there(model: Any, mine: Any, column: Any, ranges: list[Range]) -> list[Range]:
    """The ranges that hold a row at all, asked in one query: most ways of writing three letters do not occur."""
    if len(ranges) < 2:
        return ranges
    probes = [model.select(model.id).where(mine & (column >= low) & (column < high)) for low, high in ranges]
    query: Any = Select(columns=[fn.EXISTS(probe).alias(f"p{at}") for at, probe in enumerate(probes)])
    row = query.bind(model._meta.database).tuples().first()
    return [one for one, holds in zip(ranges, row, strict=True) if holds]
