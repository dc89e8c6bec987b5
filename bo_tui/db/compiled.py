"""A query whose SQL is made once and run many times with other values.

Composing a large query takes Peewee some milliseconds: nothing for a page of a report, but a night asks the same dozen of
each of its chunks, and a key that pages through a grid has sixteen milliseconds for everything.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, ParamSpec, cast

from peewee import SQL, Select, Value

from bo_tui.db.tables.base import database

Shape = ParamSpec("Shape")
Given = int | str | None | Sequence[int] | Sequence[str]


class _Slot:
    """A value that is given at each run; `at` is its place in a list."""

    def __init__(self, name: str, at: int | None = None) -> None:
        self.name = name
        self.at = at

    def of(self, given: Any) -> Any:
        value = given[self.name]
        return value if self.at is None else value[min(self.at, len(value) - 1)]


def slot(name: str) -> Any:
    """What stands in a query for a value of that name."""
    return Value(_Slot(name), converter=False)


def slots(name: str, count: int) -> list[Any]:
    """What stands in a query for a list of that name, of one to `count` values; a shorter one repeats its last, as `in_` allows."""
    return [Value(_Slot(name, at), converter=False) for at in range(count)]


def room(count: int) -> int:
    """So many slots for a list of `count` values: the next power of two, so that lists of all lengths share a few queries."""
    return 1 << max(0, count - 1).bit_length()


class Compiled:
    """The SQL of a query with slots, and its values."""

    def __init__(self, query: Any) -> None:
        self.sql, self.values = query.sql()

    def run(self, **given: Given) -> Any:
        """Run it with values for its slots; the cursor. Call inside a transaction of the store in use.

        Values are given as the store keeps them (whole numbers, text, a list of either for `slots`) and rows come so, as
        tuples: a flag is 0 or 1.
        """
        values = [value.of(given) if isinstance(value, _Slot) else value for value in self.values]
        return database.execute_sql(self.sql, values)

    def one(self, **given: Given) -> Any:
        """The first row, None where there is none."""
        return self.run(**given).fetchone()


def once(make: Callable[Shape, Any]) -> Callable[Shape, Compiled]:
    """A function that makes a query of a shape: now it is composed when a shape is first asked for, and kept.

    The arguments are the shape alone (names, switches, how many values; few of each), and the values are given to `run`.
    """

    @cache
    def kept(*shape: Any) -> Compiled:
        return Compiled(make(*shape))  # type: ignore[call-arg]

    return cast(Callable[Shape, Compiled], kept)


def counting(query: Any) -> Any:
    """A query for how many rows another has, within its limit."""
    return Select([query.alias("counted")], [SQL("count(*)")]).bind(database)
