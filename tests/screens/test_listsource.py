"""A list in memory as a grid reads it: pages next to a row, also next to one that is gone."""

from __future__ import annotations

import pytest

from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.widgets.gridmodel import Column, Row, Sort

NAMES = (Column("name", "Name", 10),)


def source(*names: str) -> ListSource:
    return ListSource(NAMES, [Item(ord(name), (name,)) for name in names])


@pytest.mark.parametrize("descending", [False, True])
def test_pages_next_to_a_row_that_is_gone_miss_none_and_repeat_none(descending: bool) -> None:
    sort = Sort("name", descending)
    for gone in "abcd":
        left = [name for name in "abcd" if name != gone]
        there = sorted(left, reverse=descending)
        before, after = (
            [row.cells[0] for row in source(*left).page(sort, Row(ord(gone), (gone,), gone), 5, backward)]
            for backward in (True, False)
        )
        assert [*before, *after] == there
        assert all((name > gone) == descending for name in before)


def test_a_page_next_to_a_row_that_is_there() -> None:
    rows = source("a", "b", "c")
    second = rows.at(Sort("name"), ord("b"))
    assert [row.cells[0] for row in rows.page(Sort("name"), second, 5)] == ["c"]
    assert [row.cells[0] for row in rows.page(Sort("name"), second, 5, True)] == ["a"]
