"""Transfer: debts taken back to active AR, one or several, for the guarantor or the insurer."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Account, Entry, Placement, Practice, ServiceLine
from bo_tui.errors import Conflict, NotAllowed, RuleRefusal
from bo_tui.rules.external.adjust import adjust
from bo_tui.rules.external.transfer import Back, transfer
from tests import making
from tests.acting import (
    acts,
    agency_payment,
    assert_sound,
    changes,
    entries,
    line,
    placed,
    practice_setting,
    refusal,
    viewer,
)  # fmt: skip
from tests.making import DAY


@pytest.fixture(autouse=True)
def _sound(office):
    yield
    assert_sound(office)


@pytest.fixture
def bay(office) -> int:
    return making.make_agency(office)


def test_several_go_back_whole(office, bay):
    first, second = placed(office, bay, "L1"), placed(office, bay, "L2", 50_00)
    agency_payment(office, first, 80_00, 20_00)
    done = transfer(office, [second, first, second], "guarantor")
    assert done.lines == (Back(second, "L2", 50_00), Back(first, "L1", 400_00))
    assert done.amount == 450_00
    assert entries(done.act) == [("RVCOL", "AR", "EXT", 400_00), ("RVCOL", "AR", "EXT", 50_00)]
    back = Entry.get((Entry.act == done.act) & (Entry.line == line("L1").id))
    assert (back.parent, back.placement, back.note, back.posted) == (first, first, "transferred", DAY)
    for placement in (first, second):
        row = Placement.get_by_id(placement)
        assert (row.balance, row.closed, row.closed_on, row.act) == (0, "RVCOL", DAY, done.act)
    assert (line("L1").ar, line("L2").ar, line("L1").act) == (400_00, 50_00, done.act)


def test_the_guarantors_keeps_its_age_and_is_brought_back(office, bay):
    done = transfer(office, [placed(office, bay)], "guarantor")
    assert (line().aging_date, line().brought_back, line().responsibility) == (DAY - 60, True, "guarantor")
    assert changes(done.act) == [("service_line", "brought_back", "no", "yes")]


def test_re_aged_it_is_an_ordinary_candidate_from_day_0(office, bay):
    placement = placed(office, bay, brought_back=True)
    done = transfer(office, [placement], "guarantor", re_age=True)
    assert (line().aging_date, line().brought_back) == (DAY, False)
    assert changes(done.act) == [
        ("service_line", "aging_date", "2026-09-21", "2026-11-20"),
        ("service_line", "brought_back", "yes", "no"),
    ]


def test_to_the_insurer(office, bay):
    done = transfer(office, [placed(office, bay)], "insurance")
    row = line()
    assert (row.responsibility, row.responsible_since, row.aging_date, row.brought_back) == (
        "insurance", DAY, None, False,
    )  # fmt: skip
    assert changes(done.act) == [
        ("service_line", "responsibility", "guarantor", "insurance"),
        ("service_line", "responsible_since", "2026-09-21", "2026-11-20"),
        ("service_line", "aging_date", "2026-09-21", None),
    ]


def test_from_the_insurer_to_the_guarantor_ages_anew(office, bay):
    placement = placed(office, bay, responsibility="insurance", aging_date=None)
    transfer(office, [placement], "guarantor")
    row = line()
    assert (row.responsibility, row.responsible_since, row.aging_date, row.brought_back) == (
        "guarantor", DAY, DAY, True,
    )  # fmt: skip


def test_all_or_none(office, bay):
    good, zero, gone = placed(office, bay, "L1"), placed(office, bay, "L2"), placed(office, bay, "L3")
    adjust(office, zero, "BADDB", 480_00, "all")
    transfer(office, [gone], "guarantor")
    before = acts()
    for placement, says in (
        (zero, "stands at zero; there is nothing to transfer"),
        (gone, "was closed by RVCOL"),
        (999, "There is no placement 999"),
    ):
        with pytest.raises(RuleRefusal, match=says) as error:
            transfer(office, [good, placement], "guarantor")
        assert error.value.field == "placement"
    assert (acts(), Placement.get_by_id(good).balance) == (before, 480_00)


@pytest.mark.parametrize(
    ("placements", "responsible", "re_age", "field"),
    [
        ([], "guarantor", False, "placement"),
        ([1], "patient", False, "responsible"),
        ([1], "insurance", True, "re_age"),
    ],
)
def test_what_makes_no_sense(office, placements, responsible, re_age, field):
    with pytest.raises(RuleRefusal) as error:
        transfer(office, placements, responsible, re_age)
    assert error.value.field == field


def test_one_transfer_is_one_practices(office, bay):
    mine = placed(office, bay)
    making.keep(office, Practice, code="HILL", name="Hill")
    account = making.make_account(office, practice=2)
    theirs = making.place(office, making.make_line(office, account, practice=2), bay)
    assert Account.get_by_id(account).practice == 2
    with pytest.raises(RuleRefusal, match=f"There is no placement {theirs} in this practice"):
        transfer(office, [mine, theirs], "guarantor")
    with pytest.raises(RuleRefusal, match=f"There is no placement {theirs}"):
        transfer(office, [theirs], "guarantor", practice=1)


def test_with_an_accounting_date(office, bay):
    placement = placed(office, bay)
    practice_setting(office, uses_accounting_dates=True)
    with pytest.raises(RuleRefusal, match="give one"):
        transfer(office, [placement], "guarantor")
    done = transfer(office, [placement], "guarantor", accounting_date=DAY)
    assert Entry.get(Entry.act == done.act).accounting_date == DAY


def test_somebody_else_was_faster(office, bay):
    placement = placed(office, bay)
    seen = {placement: Placement.get_by_id(placement).act}
    agency_payment(office, placement, 1_00)
    with pytest.raises(Conflict, match=r"by ana \(payment\): it is with First Bay and its balance is 479.00") as error:
        transfer(office, [placement], "guarantor", seen=seen)
    assert refusal(error)[0].endswith("479.00.")


def test_many_ask_no_question_per_line(office, bay, monkeypatch):
    account = making.make_account(office, "MANY")
    placements = [making.place(office, making.make_line(office, account, f"M{n}", 1_00), bay) for n in range(30)]
    asked = []
    run = office.store.db.execute_sql
    monkeypatch.setattr(
        office.store.db, "execute_sql", lambda sql, *rest, **more: asked.append(sql) or run(sql, *rest, **more)
    )
    assert transfer(office, placements, "guarantor").amount == 30_00
    assert len(asked) < 30
    assert ServiceLine.select().where(ServiceLine.ar == 1_00).count() == 30


def test_a_viewer_may_not(office, bay):
    with pytest.raises(NotAllowed):
        transfer(viewer(office), [1], "guarantor")
