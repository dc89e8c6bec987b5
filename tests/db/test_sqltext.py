"""Money as SQL writes it for the history is what the rest of the program writes."""

from __future__ import annotations

from typing import Any

import pytest
from peewee import Select, SqliteDatabase, Value

from bo_tui import money
from bo_tui.db import sqltext
from bo_tui.db.fields import CentsField

EDGES = (-money.LARGEST, -12_345, -101, -100, -99, -10, -5, -1, 0, 1, 5, 99, 100, 101, 12_345, money.LARGEST)


def written(cents: int | None) -> tuple[Any, Any]:
    """The amount as SQL text and as a Peewee expression write it."""
    db = SqliteDatabase(":memory:")
    text = f"SELECT {sqltext.plain('NULL' if cents is None else f'{cents} + 0')}"
    query: Any = Select(columns=[sqltext.as_text(CentsField(), Value(cents) + 0)])
    return db.execute_sql(text).fetchone()[0], query.bind(db).tuples().get()[0]


@pytest.mark.parametrize("cents", EDGES)
def test_cents_are_written_as_everywhere(cents: int) -> None:
    assert written(cents) == (money.plain(cents),) * 2


def test_no_amount_stays_none() -> None:
    assert written(None) == (None, None)
