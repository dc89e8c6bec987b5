"""The Accounts grid's reads: pages in every order, criteria and filters, and that an index answers what is not listed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bo_tui.db.tables import Account, ServiceLine
from bo_tui.office import Office
from bo_tui.rules import holds
from bo_tui.views.accounts import criteria, paging, rows
from bo_tui.views.accounts.criteria import Criteria
from bo_tui.views.accounts.paging import INDEXED, SLOW, Wanted
from tests import acting, making
from tests.views.test_transactions import plans

NAMES = ("Smith, Ana", "smithers, jo", "SMITH, Bo", "Olsen, Kari", "McDonald, Old", "Éluard, Paul", "Smyth, Di")


@pytest.fixture
def accounts(office: Office) -> list[int]:
    """Fourteen accounts, each with a line or two, every third without a date of birth, one with debt at an agency."""
    agency = making.make_agency(office)
    found = []
    for at in range(14):
        born = None if at % 3 == 0 else making.DAY - 9000 - at % 4
        city = ("Bayview", "Alder", None)[at % 3]
        row = making.make_account(
            office, f"{1000 + at * 7 % 50}-{at}", guarantor=NAMES[at % 7], date_of_birth=born, city=city, state="WI"
        )
        making.make_line(office, row, f"L{at}", 100_00 + at % 5, age=50 + at % 6, case=f"C{at}")
        if at % 4 == 0:
            making.make_line(office, row, f"M{at}", 7_00, age=5, responsibility="insurance", aging_date=None)
        found.append(row)
    making.place(office, ServiceLine.get(ServiceLine.number == "L3").id, agency)
    making.pay(office, ServiceLine.get(ServiceLine.number == "L4").id, 150_00)
    return found


@pytest.fixture
def asked(office: Office, accounts: list[int], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """The SQL that is sent."""
    office.store.use().execute_sql("ANALYZE")
    found: list[tuple[str, Any]] = []
    execute = office.store.db.execute_sql

    def listen(sql: str, params: Any = None, *rest: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, *rest)

    monkeypatch.setattr(office.store.db, "execute_sql", listen)
    return found


def walk(office: Office, wanted: Wanted, sort: tuple[str, bool], size: int, backward: bool = False) -> list[int]:
    """All rows, page after page of `size`."""
    ids: list[int] = []
    after = None
    while found := paging.page(office, wanted, sort, after, size, backward):
        ids = [row.id for _, row in found] + ids if backward else ids + [row.id for _, row in found]
        after = found[0][0] if backward else found[-1][0]
    return ids


@pytest.mark.parametrize("prefix", ["", "smi", "smith, a", "zz"])
@pytest.mark.parametrize("name", list(INDEXED))
def test_pages_of_any_size_make_up_the_whole_in_order(
    office: Office, accounts: list[int], name: str, prefix: str
) -> None:
    column = "guarantor" if prefix else name
    for descending in (False, True):
        wanted, sort = Wanted(making.PRACTICE, column=column, prefix=prefix), (column, descending)
        whole = list(paging.ordered(office, wanted, sort))
        names = [Account.get_by_id(one).guarantor for one in whole]
        assert names == [one for one in names if one.lower().startswith(prefix)]
        assert len(whole) == (14 if not prefix else sum(one.lower().startswith(prefix) for one in NAMES) * 2)
        for size in (1, 5, 50):
            assert walk(office, wanted, sort, size) == whole
            assert walk(office, wanted, sort, size, backward=True) == whole
        assert paging.count(office, wanted, 100) == len(whole)


def test_a_row_adds_up_what_the_account_owes(office: Office, accounts: list[int]) -> None:
    credit, placed, plain = rows.of_ids(office, [accounts[4], accounts[3], accounts[0]])
    assert (credit.balance, credit.part, credit.oldest) == (
        -42_96,
        -49_96,
        None,
    )  # 100.04 less 150.00; 7.00 the insurer's
    assert (placed.balance, placed.placed, placed.held) == (0, 100_03, False)
    assert (plain.balance, plain.part, plain.oldest) == (107_00, 100_00, making.DAY - 50)
    holds.set_hold(office, 1, plain.number, "dispute", "says no")
    assert [row.held for row in rows.of_ids(office, [plain.id, placed.id, 999])] == [True, False]


@pytest.mark.parametrize("name", SLOW)
def test_every_other_order_is_a_list_of_ids(office: Office, accounts: list[int], name: str) -> None:
    up = list(paging.ordered(office, Wanted(1), (name, False)))
    assert sorted(up) == sorted(accounts)
    assert list(paging.ordered(office, Wanted(1), (name, True))) == up[::-1]
    if name in ("balance", "part", "placed"):
        figures = [getattr(row, name) for row in rows.of_ids(office, up)]
        assert figures == sorted(figures)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Criteria(number="1000"), {0}),
        (Criteria(guarantor="mith"), set()),
        (Criteria(guarantor="mith", contains=True), {0, 1, 2, 7, 8, 9}),
        (Criteria(guarantor="100%", contains=True), set()),
        (Criteria(guarantor="mc"), {4, 11}),
        (Criteria(date_of_birth=making.DAY - 9001), {1, 5, 13}),
        (Criteria(date_of_service=making.DAY - 50 - 30), {0, 6, 12}),
        (Criteria(case="c7"), {7}),
        (Criteria(check="7"), {3}),
        (Criteria(precollection="TSI-1"), {2}),
        (Criteria(returned_mail=True), {5}),
        (Criteria(returned_mail=True, hold_statements=True), set()),
        (Criteria(suspend_precollection=True, guarantor="SMITHERS"), {8}),
        (Criteria(case="c7", check="7"), set()),
        (Criteria(contains=True), set(range(14))),
    ],
)
def test_criteria_are_met_all_together(office: Office, accounts: list[int], wanted: Criteria, found: set[int]) -> None:
    placement = ServiceLine.get(ServiceLine.number == "L3")
    acting.agency_payment(office, acting.Placement.get(acting.Placement.line == placement.id).id, 1_00)  # check 7
    Account.update(returned_mail=True).where(Account.id == accounts[5]).execute()
    Account.update(hold_statements=True, suspend_precollection=True).where(Account.id == accounts[8]).execute()
    line = ServiceLine.get(ServiceLine.number == "L2").id
    from bo_tui.db.tables import Precollection

    with office.act("precollection", 1) as draft:
        Precollection.insert(
            practice=1, line=line, started=1, amount=1, pre_collection_id="tsi-1", act=draft.id
        ).execute()
        acting.ledger.change(draft, "precollection", line, "started", None, "x")
        acting.ledger.seal(draft)
    ids = paging.ordered(office, Wanted(1, wanted), ("account", False))
    assert {accounts.index(one) for one in ids} == found
    assert paging.is_listed(Wanted(1, wanted), "account") != wanted.empty


def test_only_what_is_of_lines_chooses_lines() -> None:
    assert criteria.lines(1, Criteria(number="1", returned_mail=True)) is None
    assert Criteria(case="1").about_lines
    assert not Criteria(number="1").about_lines
    assert Criteria(case="1", contains=True).given == ["contains", "case"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("filtered", [False, True])
@pytest.mark.parametrize("name", list(INDEXED))
def test_an_index_answers_every_sort_and_filter_that_is_not_listed(
    office: Office, asked: list[tuple[str, Any]], name: str, descending: bool, filtered: bool
) -> None:
    prefix = {"account": "1", "guarantor": "smith"}[name] if filtered else ""
    wanted = Wanted(making.PRACTICE, column=name, prefix=prefix)
    assert not paging.is_listed(wanted, name)
    for backward in (False, True):
        found = paging.page(office, wanted, (name, descending), None, 3, backward)
        paging.page(office, wanted, (name, descending), found[-1][0], 3, backward)
        paging.at(office, wanted, name, found[0][1].id)
    paging.count(office, wanted, 10_001)
    rows.of_ids(office, [row.id for _, row in found])
    for step in plans(office, asked):
        assert not re.search(r"SCAN (t\d|account|service_line|placement|hold)\b|TEMP B-TREE", step), step


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Criteria(date_of_service=making.DAY), "service_line_served"),
        (Criteria(case="c-7"), "service_line_case"),
        (Criteria(check="4471"), "entry_number"),
    ],
)
def test_what_is_looked_for_on_lines_is_answered_by_an_index(office: Office, wanted: Criteria, index: str) -> None:
    fits = criteria.condition(making.PRACTICE, wanted)
    assert fits is not None
    sql, values = Account.select(Account.id).where((Account.practice == making.PRACTICE) & fits).sql()
    with office.store.reading() as db:
        plan = " ".join(row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall())
    assert index in plan
    assert "SCAN t" not in plan.replace("SCAN t1 USING", "")
