"""A query composed once gives each run's own values, in the order in which they stand in it, and leaves the fixed ones alone."""

from __future__ import annotations

from bo_tui.db.compiled import Compiled, slot
from bo_tui.db.tables import Agency, Practice
from tests.support.book import OfficeBook


def test_each_run_has_its_own_values(book: OfficeBook) -> None:
    low, high = slot("low"), slot("high")
    found = Compiled(Practice.select(Practice.id, high, low).where((Practice.id > low) & (Practice.id <= high)))

    with book.office.reading():
        assert found.run(low=0, high=1).fetchall() == [(1, 1, 0)]
        assert found.run(high=9, low=1).fetchall() == []


def test_fixed_values_keep_the_conversion_of_their_column(book: OfficeBook) -> None:
    book.agency("First Bay", balance=99_00, age=45)
    named = Compiled(Agency.select(Agency.name).where((Agency.name == "First Bay") & (Agency.id == slot("id"))))

    with book.office.reading():
        assert [name for (name,) in named.run(id=1).fetchall()] == ["First Bay"]
