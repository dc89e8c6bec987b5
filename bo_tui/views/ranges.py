"""Keyset paging over ranges of an index: what begins with a text lies in some of them (`prefixes`).

A page is read in two steps, `column = ? and id > ?` and then `column > ?`, because SQLite answers both from the index
(DESIGN section 6). Conditions are made of values or of slots (`db.compiled`), so that a view may compose each step once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from peewee import Select, fn

from bo_tui.views.prefixes import Range

Found = TypeVar("Found")
Read = Callable[[Any, Sequence[Any], int], list[Found]]
"""The first rows that meet a condition, in an order, at most so many; never asked for none."""
Step = Literal["all", "same", "beyond"]
"""What is read of a range: all of it, what has the value that the page begins after, or what lies beyond that value."""


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


def steps(parts: Sequence[Part], falling: bool, after: tuple[Any, int] | None) -> Iterator[tuple[Part, Step]]:
    """What to read, range after range: what has the value of `after` first, then what lies beyond it; no range without rows."""
    for part in reversed(parts) if falling else parts:
        if after is None:
            yield part, "all"
            continue
        if part.holds(after[0]):
            yield part, "same"
        if part.low is None or (part.low < after[0] if falling else after[0] < part.high):
            yield part, "beyond"


def condition(part: Part, step: Step, column: Any, row_id: Any, falling: bool, after: tuple[Any, Any]) -> Any:
    """The condition on the rows of a step; `after` is looked at unless it is "all"."""
    if step == "all":
        return part.rows
    key, last = after
    if step == "same":
        return part.mine & (column == key) & (row_id < last if falling else row_id > last)
    return part.rows & (column < key if falling else column > key)


def ordering(step: Step, column: Any, row_id: Any, falling: bool) -> list[Any]:
    """The order of a step's rows: where all have the same value, the id's alone."""
    wanted = order(column, row_id, falling)
    return wanted[1:] if step == "same" else wanted


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
    found: list[Found] = []
    for part, step in steps(parts, falling, after):
        if len(found) >= count:
            break
        where = condition(part, step, column, row_id, falling, after or (None, None))
        found.extend(read(where, ordering(step, column, row_id, falling), count - len(found)))
    return found


def there(model: Any, mine: Any, column: Any, ranges: list[Range]) -> list[Range]:
    """The ranges that hold a row at all, asked in one query: most ways of writing three letters do not occur."""
    if len(ranges) < 2:
        return ranges
    row = probes(model, mine, column, ranges).tuples().first()
    return [one for one, holds in zip(ranges, row, strict=True) if holds]


def probes(model: Any, mine: Any, column: Any, ranges: Sequence[Range]) -> Any:
    """A query of one row that says of each range whether it holds a row."""
    inside = [model.select(model.id).where(mine & (column >= low) & (column < high)) for low, high in ranges]
    query: Any = Select(columns=[fn.EXISTS(probe).alias(f"p{at}") for at, probe in enumerate(inside)])
    return query.bind(model._meta.database)
