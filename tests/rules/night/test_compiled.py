"""A query composed once gives each run's own values, in the order in which they stand in it, and leaves the fixed ones alone."""

from __future__ import annotations

from typing import Any

from bo_tui.db.compiled import Compiled, counting, once, room, slot, slots
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


def test_a_list_fills_its_slots_and_each_shape_is_composed_once(book: OfficeBook) -> None:
    for name in ("First Bay", "Bay West", "Coast"):
        book.agency(name, balance=99_00, age=45)
    composed: list[int] = []

    @once
    def named(size: int) -> Any:
        composed.append(size)
        return Agency.select(Agency.name).where(Agency.id.in_(slots("ids", size))).order_by(Agency.id)

    with book.office.reading():
        assert [name for (name,) in named(room(3)).run(ids=[1, 2, 3])] == ["First Bay", "Bay West", "Coast"]
        assert [name for (name,) in named(room(4)).run(ids=(3, 1, 3, 3))] == ["First Bay", "Coast"]
        assert named(1).one(ids=[2]) == ("Bay West",)
        assert named(1).one(ids=[9]) is None
    assert composed == [4, 1]
    assert [room(count) for count in (1, 2, 3, 5, 500)] == [1, 2, 4, 8, 512]


def test_counting_goes_no_further_than_the_limit(book: OfficeBook) -> None:
    for name in ("First Bay", "Bay West", "Coast"):
        book.agency(name, balance=99_00, age=45)
    counted = Compiled(counting(Agency.select(Agency.id).where(Agency.id > slot("id")).limit(slot("limit"))))

    with book.office.reading():
        assert [counted.one(id=0, limit=limit)[0] for limit in (2, 9)] == [2, 3]
        assert counted.one(id=3, limit=9) == (0,)
