"""Many rows of plain values at once, into a table or out of a query: a fraction of the time of composing or converting each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import Field, SqliteDatabase

from bo_tui.db.tables.base import database


def rows_of(query: Any) -> list[tuple[Any, ...]]:
    """The rows of a query as SQLite gives them: for columns of numbers and text, whose fields would only say the same again."""
    return database.execute(query).fetchall()


def insert_rows(db: SqliteDatabase, fields: Sequence[Field], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of whole numbers, text and None, in the order of the fields, all of one table, in the transaction at hand."""
    names = ", ".join(f'"{field.column_name}"' for field in fields)
    marks = ", ".join("?" * len(fields))
    table = fields[0].model._meta.table_name
    db.connection().cursor().executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
