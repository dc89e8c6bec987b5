"""A query whose SQL is made once and run many times with other values.

Composing a large query takes Peewee some milliseconds: nothing for a page, but a night asks the same dozen of each of its chunks.
"""

from __future__ import annotations

from typing import Any

from peewee import Value

from bo_tui.db.tables.base import database


class _Slot:
    """A value that is given at each run."""

    def __init__(self, name: str) -> None:
        self.name = name


def slot(name: str) -> Any:
    """What stands in a query for a value of that name."""
    return Value(_Slot(name), converter=False)


class Compiled:
    """The SQL of a query with slots, and its values."""

    def __init__(self, query: Any) -> None:
        self.sql, self.values = query.sql()

    def run(self, **given: int) -> Any:
        """Run it with whole numbers for its slots; the cursor. Call inside a transaction of the store in use."""
        values = [given[value.name] if isinstance(value, _Slot) else value for value in self.values]
        return database.execute_sql(self.sql, values)
