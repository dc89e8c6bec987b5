"""The Transactions tab's reads: paging in every order, filters, what stands below, and that an index answers each."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bo_tui.office import Office
from bo_tui.rules.external.adjust import adjust
from bo_tui.rules.external.reassign import reassign
from bo_tui.rules.external.reverse import reverse
from bo_tui.views import prefixes, transactions
from bo_tui.views.transactions import INDEXED, SLOW, Wanted
from tests import acting, making

NAMES = ("Smith, Ana", "smithers, jo", "SMITH, Bo", "Olsen, Kari", "McDonald, Old", "Éluard, Paul", "Smyth, Di")


@pytest.fixture
def placed(office: Office) -> list[int]:
    """Twenty-one placements of three agencies, every third at zero."""
    agencies = [making.make_agency(office, name) for name in ("First Bay", "Bay West", "Coast")]
    found = []
    for at in range(21):
        account = making.make_account(office, f"{1000 + at * 7 % 50}-{at}", guarantor=NAMES[at % 7])
        line = making.make_line(office, account, f"L{at}", 100_00 + at, age=50 + at // 2, description=f"D{at % 4}")
        found.append(making.place(office, line, agencies[at % 3]))
        if at % 3 == 0:
            acting.agency_payment(office, found[-1], 100_00 + at)
    return found


def walk(office: Office, wanted: Wanted, sort: tuple[str, bool], size: int, backward: bool = False) -> list[int]:
    """All rows, page after page of `size`."""
    ids: list[int] = []
    after = None
    while True:
        rows = transactions.page(office, wanted, sort, after, size, backward)
        if not rows:
            return ids
        ids = [row.id for _, row in rows] + ids if backward else ids + [row.id for _, row in rows]
        after = rows[0][0] if backward else rows[-1][0]


def all_sorted(office: Office, wanted: Wanted, sort: tuple[str, bool]) -> list[int]:
    """The same from one page, sorted in Python by its keys."""
    rows = transactions.page(office, wanted, sort, None, 1000)
    return [key[1] for key, _ in sorted(rows, key=lambda pair: pair[0], reverse=sort[1])]


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", [*INDEXED, *SLOW])
def test_pages_of_any_size_make_up_the_whole_in_order(
    office: Office, placed: list[int], name: str, descending: bool, zero: bool
) -> None:
    wanted, sort = Wanted(making.PRACTICE, zero), (name, descending)
    whole = all_sorted(office, wanted, sort)
    assert len(whole) == (21 if zero else 14)
    for size in (1, 4, 50):
        assert walk(office, wanted, sort, size) == whole
        assert walk(office, wanted, sort, size, backward=True) == whole


@pytest.mark.parametrize(
    ("column", "prefix", "names"),
    [
        ("guarantor", "smith", {"Smith, Ana", "smithers, jo", "SMITH, Bo"}),
        ("guarantor", "SM", {"Smith, Ana", "smithers, jo", "SMITH, Bo", "Smyth, Di"}),
        ("guarantor", "mcd", {"McDonald, Old"}),
        ("guarantor", "mcdonaldx", set()),
        ("guarantor", "él", {"Éluard, Paul"}),
        ("guarantor", "smith, a", {"Smith, Ana"}),
        ("guarantor", "%", set()),
        ("guarantor", "", set(NAMES)),
    ],
)
def test_a_filter_finds_whatever_the_case(
    office: Office, placed: list[int], column: str, prefix: str, names: set[str]
) -> None:
    wanted = Wanted(making.PRACTICE, True, column, prefix)
    rows = transactions.page(office, wanted, (column, False), None, 100)
    assert {row.guarantor for _, row in rows} == names
    assert transactions.count(office, wanted, 100) == len(rows)
    assert walk(office, wanted, (column, True), 2) == all_sorted(office, wanted, (column, True))
    assert sorted(walk(office, wanted, ("balance", False), 3)) == sorted(row.id for _, row in rows)
    for (key, _), row in rows:
        assert transactions.at(office, wanted, column, row.id) == ((key, row.id), row)


def test_a_row_that_no_longer_fits_is_gone(office: Office, placed: list[int]) -> None:
    assert transactions.at(office, Wanted(making.PRACTICE), "guarantor", placed[0]) is None
    assert transactions.at(office, Wanted(making.PRACTICE, True), "guarantor", placed[0]) is not None
    assert transactions.at(office, Wanted(2, True), "guarantor", placed[0]) is None
    assert transactions.count(office, Wanted(making.PRACTICE, True), 5) == 5


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-0", "2026-01-01", "2026-09-30"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2026-02-2", "2026-02-20", "2026-02-28"),
        ("2026-07-04", "2026-07-04", "2026-07-04"),
        ("202", "2020-01-01", "2029-12-31"),
    ],
)
def test_the_beginning_of_a_date_is_a_range_of_days(text: str, first: str, last: str) -> None:
    from bo_tui import dates

    assert prefixes.date_ranges(text) == [(dates.parse(first), dates.parse(last) + 1)]


@pytest.mark.parametrize("text", ["smi", "2026-13", "2026-1-1-1", "-"])
def test_what_is_no_date_finds_nothing(office: Office, placed: list[int], text: str) -> None:
    assert prefixes.date_ranges(text) == []
    assert transactions.page(office, Wanted(1, True, "date", text), ("date", False), None, 9) == []


def test_the_tree_below_a_placement(office: Office, placed: list[int]) -> None:
    paid, kept = acting.agency_payment(office, placed[1], 50_00, 10_00)
    reverse(office, paid, "bounced")
    adjust(office, placed[1], "SMBAL", 1_00, "rounding")
    moved = reassign(office, placed[1], "Coast")
    below = transactions.children(office, making.PRACTICE, [placed[1], paid, kept or 0, moved.new])
    assert [(row.code, row.has_children) for row in below[placed[1]]] == [
        ("EPYMT", True),
        ("MADJN", False),
        ("AGTFR", False),
    ]
    assert below[placed[1]][1].code_text == "Small balance"
    assert below[placed[1]][2].agency == "Coast"
    assert [row.code for row in below[paid]] == ["ECOMM", "RVPAY"]
    assert [row.code for row in below[kept or 0]] == ["RVCOMM"]
    assert moved.new not in below


@pytest.fixture
def asked(office: Office, placed: list[int], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The SQL that reads, as it is sent."""
    office.store.use().execute_sql("ANALYZE")
    found: list[tuple[str, Any]] = []
    execute = office.store.db.execute_sql

    def listen(sql: str, params: Any = None, *rest: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, *rest)

    monkeypatch.setattr(office.store.db, "execute_sql", listen)
    return found


def plans(office: Office, asked: list[tuple[str, Any]]) -> list[str]:
    """What SQLite would do for each SELECT."""
    db = office.store.use().connection()
    selects = [(sql, params) for sql, params in asked if sql.lstrip().upper().startswith("SELECT")]
    assert selects
    return [row[3] for sql, params in selects for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", params or ())]


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", list(INDEXED))
@pytest.mark.parametrize("filtered", [False, True])
def test_an_index_answers_every_sort_and_filter(
    office: Office, asked: list[tuple[str, Any]], name: str, descending: bool, zero: bool, filtered: bool
) -> None:
    prefix = {"date": "2026", "agency": "bay", "account": "1", "description": "d"}.get(name, "smith")
    wanted = Wanted(making.PRACTICE, zero, name, prefix if filtered else "")
    assert not transactions.is_slow(wanted, name)
    for backward in (False, True):
        rows = transactions.page(office, wanted, (name, descending), None, 3, backward)
        transactions.page(office, wanted, (name, descending), rows[-1][0], 3, backward)
        transactions.at(office, wanted, name, rows[0][1].id)
    transactions.count(office, wanted, 10_001)
    transactions.children(office, making.PRACTICE, [row.id for _, row in rows])
    for step in plans(office, asked):
        assert not re.search(r"SCAN (t\d|placement|entry)\b|TEMP B-TREE", step), step


def test_other_orders_are_slow(office: Office) -> None:
    assert transactions.is_slow(Wanted(1), "amount")
    assert transactions.is_slow(Wanted(1, prefix="s"), "date")
    assert not transactions.is_slow(Wanted(1, prefix="s"), "guarantor")


def test_digits_take_one_range_and_letters_at_most_sixteen() -> None:
    assert prefixes.text_ranges("100231") == [("100231", "100231" + prefixes.LAST)]
    found = prefixes.text_ranges("smithers")
    assert len(found) == 16
    assert found == sorted(found)
    assert ("Smit", "Smit" + prefixes.LAST) in found
