"""The audit trail's lists: every search against plain Python, by index however long they are, and whether a row verifies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from peewee import fn

from bo_tui import dates
from bo_tui.db import access
from bo_tui.db.access import Look
from bo_tui.db.tables import Account, Act
from bo_tui.errors import NotFound
from bo_tui.office import Actor, Office
from bo_tui.rules import audit as rules
from bo_tui.rules import flags, operators
from bo_tui.views import audit, history
from bo_tui.views.audit import ACTS, LOOKS, Wanted
from tests import acting
from tests.making import PRACTICE

DAY = dates.parse("2026-03-01")


@pytest.fixture
def trail(office: Office) -> Office:
    """Acts of ana and bob on two accounts, and eight looks at the first second of four days."""
    for number in ("L1", "L2"):
        acting.a_line(office, number)
    flags.returned_mail(office.by(Actor("bob", "operator")), PRACTICE, "AL1", True)
    moments = [dates.day_begins(DAY + at) for at in range(4)]
    looks = [
        Look("ana", "look", "account", 1 + at % 2, "general", PRACTICE, moment) for at, moment in enumerate(moments)
    ]
    looks += [Look("bob", "report", "aging", None, "2 rows", None, moments[3])] * 4
    access.write(office.store, looks)
    return office


def ids(office: Office, listed: str, wanted: Wanted, step: int = 2) -> list[int]:
    """All ids of a search, read page after page forwards; the same must come backwards."""

    def walk(backward: bool) -> list[int]:
        narrowed, found, after = audit.narrow(office, listed, wanted), [], None
        while page := audit.page(office, listed, narrowed, after, step, backward=backward, descending=True):
            found += [row.id for row in (reversed(page) if backward else page)]
            after = found[-1]
        return found

    forwards = walk(False)
    assert walk(True) == forwards[::-1]
    assert audit.count(office, listed, audit.narrow(office, listed, wanted), 100) == len(forwards)
    return forwards


CASES: list[tuple[Wanted, Callable[[Any], bool]]] = [
    (Wanted(), lambda row: True),
    (Wanted(actor="bob"), lambda row: row.actor == "bob"),
    (Wanted(kind="report"), lambda row: row.kind == "report"),
    (Wanted(practice=PRACTICE), lambda row: row.practice == "LAKE"),
    (Wanted(since=DAY + 1), lambda row: row.made_at >= dates.day_begins(DAY + 1)),
    (Wanted(until=DAY), lambda row: row.made_at < dates.day_begins(DAY + 1)),
    (
        Wanted(since=DAY + 1, until=DAY + 1),
        lambda row: dates.day_begins(DAY + 1) <= row.made_at < dates.day_begins(DAY + 2),
    ),
    (Wanted(account="AL1"), lambda row: row.number == "AL1"),
    (Wanted(actor="ana", kind="look", since=DAY + 2), lambda row: row.made_at >= dates.day_begins(DAY + 2) and row.actor == "ana"),
    (Wanted(actor="nobody"), lambda row: False),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "fits"), CASES)
def test_looks_are_found_as_plain_python_finds_them(trail: Office, wanted: Wanted, fits: Callable[[Any], bool]) -> None:
    rows = audit.page(trail, LOOKS, audit.Narrow(Wanted()), None, 100, backward=False, descending=True)
    assert len(rows) == 8
    assert ids(trail, LOOKS, wanted) == [row.id for row in rows if fits(row)]


def test_acts_of_an_account_are_those_that_touched_it(trail: Office) -> None:
    mine = ids(trail, ACTS, Wanted(account="AL1"))
    kinds = [audit.at(trail, ACTS, audit.Narrow(Wanted()), act).kind for act in mine]
    assert kinds == ["flag", "line", "account"]
    assert ids(trail, ACTS, Wanted(actor="bob")) == mine[:1]
    with pytest.raises(NotFound) as refused:
        audit.narrow(trail, ACTS, Wanted(account="NONE"))
    assert refused.value.field == "account"


def test_a_clock_that_went_back_hides_nothing(trail: Office) -> None:
    access.write(trail.store, [Look("ana", "look", "account", 1, None, PRACTICE, dates.day_begins(DAY))])
    assert ids(trail, LOOKS, Wanted(until=DAY)) == [9, 1]


def test_an_act_says_what_it_did_and_verifies_until_it_is_touched(trail: Office) -> None:
    flag = ids(trail, ACTS, Wanted(actor="bob"))[0]
    event, more = history.of_act(trail, flag, 200)
    assert (f"account {Account.get(Account.number == 'AL1').id}", "returned_mail", "no", "yes") in event.changes
    assert more == 0
    assert history.of_act(trail, flag, 0)[1] == len(event.changes)
    digest, broken = audit.act_broken(trail, flag)
    assert (len(digest), broken) == (64, None)
    db = trail.store.use()
    db.execute_sql("DROP TRIGGER change_no_update")
    db.execute_sql("UPDATE change SET after = 'no' WHERE act = ? AND field = 'returned_mail'", (flag,))
    assert "were changed" in str(audit.act_broken(trail, flag)[1])
    assert audit.act_broken(trail, flag - 1)[1] is None


def test_an_act_names_the_operator_whose_role_it_changed(trail: Office) -> None:
    operators.add(trail, "daemon", "viewer")
    operators.change_role(trail, "daemon", "operator")
    event, more = history.of_act(trail, Act.select(fn.MAX(Act.id)).scalar(), 200)
    assert (event.changes, more) == ([("operator daemon", "role", "viewer", "operator")], 0)


def test_a_look_verifies_until_it_is_touched(trail: Office) -> None:
    assert [audit.look_digest(trail, look)[1] for look in (1, 8)] == [True, True]
    db = trail.store.use()
    db.execute_sql("DROP TRIGGER access_no_update")
    db.execute_sql("UPDATE access SET actor = 'eve' WHERE id = 3")
    assert [audit.look_digest(trail, look)[1] for look in (2, 3, 4)] == [True, False, True]


@pytest.mark.parametrize("listed", [ACTS, LOOKS])
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "USING INTEGER PRIMARY KEY"),
        (Wanted(actor="ana"), "_actor"),
        (Wanted(since=DAY, until=DAY + 2), "USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        (Wanted(account="AL1"), "USING INTEGER PRIMARY KEY (rowid=?)"),
        (Wanted(actor="ana", since=DAY), "_actor"),
    ],
)
def test_pages_are_read_along_an_index_and_never_sorted(trail: Office, listed: str, wanted: Wanted, index: str) -> None:
    narrowed = audit.narrow(trail, listed, wanted)
    table = audit._TABLES[listed]
    query = audit._query(listed).where(audit._condition(table, narrowed) & (table.id < 10**9))
    sql, values = query.order_by(table.id.desc()).limit(50).sql()
    with trail.reading() as db:
        plan = [row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()]
    assert index in plan[0], plan
    assert not any("SCAN" in step for step in plan), plan
    if not wanted.account:  # an account's some hundred ids may be sorted
        assert not any("TEMP B-TREE" in step for step in plan), plan


def test_the_ends_of_a_span_of_days_are_found_by_the_index_on_the_moment(trail: Office) -> None:
    for listed in (ACTS, LOOKS):
        table = audit._TABLES[listed]
        where = audit._span(table.made_at, Wanted(since=DAY, until=DAY))
        sql, values = table.select(table.id).where(where).sql()
        with trail.reading() as db:
            plan = db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
        assert "USING COVERING INDEX" in plan[0][3]


def test_everything_of_a_search_comes_out_in_chunks(trail: Office) -> None:
    rules.keep(trail, "look", "account", 1)
    assert [row.id for row in audit.every(trail, LOOKS, Wanted(actor="ana"))] == [9, 4, 3, 2, 1]
