"""Payments, responsibility and adjustments on a line in active AR, and what they do while its debt is with an agency."""

from __future__ import annotations

from typing import Any

import pytest

from bo_tui.db.tables import Pending, Placement, ServiceLine
from bo_tui.errors import Conflict, NotAllowed, NotFound, Refusal, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import payments
from bo_tui.rules.external import files, pending, reassign, reverse, transfer, updates
from tests import making
from tests.acting import (
    a_line,
    acts,
    agency_payment,
    assert_sound,
    changes,
    entries,
    line,
    placed,
    practice_setting,
    refusal,
)
from tests.acting import viewer as looking
from tests.making import DAY, PRACTICE


@pytest.fixture(autouse=True)
def bay(office: Office) -> Any:
    """An agency; the books are good after each test."""
    agency = making.make_agency(office)
    making.make_agency(office, "Bay West")
    yield agency
    assert_sound(office)


# --- receive --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["GPYMT", "IPYMT"])
@pytest.mark.parametrize(("amount", "left"), [(1, 479_99), (480_00, 0), (480_01, -1)])
def test_a_payment_lowers_the_line_also_below_zero(office: Office, code: str, amount: int, left: int) -> None:
    a_line(office)
    done = payments.receive(office, PRACTICE, "L1", code, amount, "4471", "at the desk")
    assert (done.amount, done.ar, done.recalled, done.queued) == (amount, left, None, None)
    assert entries(done.act) == [(code, "CASH", "AR", amount)]
    assert line().ar == left


def test_a_payment_stands_under_the_service_fee_and_can_be_reversed(office: Office) -> None:
    a_line(office)
    done = payments.receive(office, PRACTICE, "L1", "GPYMT", 80_00, "4471")
    from bo_tui.db.tables import Entry

    row = Entry.get_by_id(done.entry)
    assert (row.number, Entry.get_by_id(row.parent).code) == ("4471", "SVCFE")
    assert reverse.reverse(office, done.entry, "bounced").balance == 480_00


def test_a_line_without_a_fee_takes_a_payment(office: Office) -> None:
    a_line(office, fee=0)
    assert payments.receive(office, PRACTICE, "L1", "GPYMT", 5_00).ar == -5_00


def test_a_guarantors_payment_on_a_placed_line_says_where_the_debt_is(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    before = acts()
    with pytest.raises(RuleRefusal) as refused:
        payments.receive(office, PRACTICE, "L1", "GPYMT", 80_00)
    sentence, field = refusal(refused)
    assert f"with First Bay as placement {placement}, balance 480.00" in sentence
    assert "transfer the debt back" in sentence
    assert field == "line"
    assert acts() == before


@pytest.mark.parametrize(("amount", "rest"), [(400_00, 80_00), (479_99, 1)])
def test_an_insurers_payment_brings_the_debt_back_and_queues_the_rest(
    office: Office, bay: int, amount: int, rest: int
) -> None:
    placement = placed(office, bay)
    done = payments.receive(office, PRACTICE, "L1", "IPYMT", amount, "EFT-1")
    assert (done.recalled, done.queued, done.ar) == (placement, "First Bay", rest)
    assert entries(done.act) == [("RVCOL", "AR", "EXT", 480_00), ("IPYMT", "CASH", "AR", amount)]
    old = Placement.get_by_id(placement)
    assert (old.closed, old.closed_on, old.balance) == ("RVCOL", DAY, 0)
    row = Pending.get()
    assert (row.agency, row.amount, row.age, row.source, row.because, row.queued) == (
        bay,
        rest,
        60,
        "recall",
        "recall",
        DAY,
    )
    assert ("service_line", "pending", None, "First Bay") in changes(done.act)
    assert not line().brought_back
    posted = pending.post(office, PRACTICE, ["L1"])
    assert [(it.agency, it.amount) for it in posted.lines] == [("First Bay", rest)]


@pytest.mark.parametrize(("amount", "left"), [(480_00, 0), (500_00, -20_00)])
def test_an_insurer_who_pays_it_all_leaves_nothing_to_queue(office: Office, bay: int, amount: int, left: int) -> None:
    placement = placed(office, bay)
    done = payments.receive(office, PRACTICE, "L1", "IPYMT", amount)
    assert (done.recalled, done.queued, done.ar) == (placement, None, left)
    assert Pending.select().count() == 0


def test_at_zero_an_insurers_payment_only_posts_and_the_placement_stays_open(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    paid, _ = agency_payment(office, placement, 480_00)
    done = payments.receive(office, PRACTICE, "L1", "IPYMT", 50_00)
    assert (done.recalled, done.queued, done.ar) == (None, None, -50_00)
    assert Placement.get_by_id(placement).closed is None
    reverse.reverse(office, paid, "bounced")  # it revives
    assert Placement.get_by_id(placement).balance == 480_00


@pytest.mark.parametrize("reassigned", [False, True])
def test_what_was_paid_while_placed_goes_back_to_active_ar_when_it_is_reversed(
    office: Office, bay: int, reassigned: bool
) -> None:
    placement = placed(office, bay)
    paid, _ = agency_payment(office, placement, 480_00)
    done = payments.receive(office, PRACTICE, "L1", "IPYMT", 50_00)
    if reassigned:
        reverse.reverse(office, paid, "bounced", 100_00)
        reassign.reassign(office, placement, "Bay West")
    back = reverse.reverse(office, done.entry, "the insurer took it back")
    assert entries(back.act) == [("RVPAY", "AR", "CASH", 50_00)]
    assert line().ar == 0


def test_an_earlier_payment_reversed_still_goes_to_the_agency(office: Office, bay: int) -> None:
    a_line(office)
    paid = payments.receive(office, PRACTICE, "L1", "GPYMT", 80_00).entry
    placement = making.place(office, line().id, bay)
    new = reassign.reassign(office, placement, "Bay West").new
    back = reverse.reverse(office, paid, "bounced")
    assert entries(back.act) == [("RVPAY", "AR", "CASH", 80_00), ("EXCOL", "EXT", "AR", 80_00)]
    assert (back.placement, back.balance, line().ar) == (new, 480_00, 0)


def test_the_agency_is_told_of_the_recall_once(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    files.make_files(office, PRACTICE, bay)
    agency_payment(office, placement, 80_00)
    payments.receive(office, PRACTICE, "L1", "IPYMT", 100_00)
    assert updates.waiting(office, PRACTICE, bay) == (
        1,
        400_00,
    )  # the recall; the payment itself is not its matter any more
    updates.make_updates(office, PRACTICE, bay)
    assert updates.waiting(office, PRACTICE, bay) == (0, 0)


def test_at_zero_the_agency_is_told_of_the_payment(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    files.make_files(office, PRACTICE, bay)
    agency_payment(office, placement, 480_00)
    payments.receive(office, PRACTICE, "L1", "IPYMT", 50_00)
    assert updates.waiting(office, PRACTICE, bay) == (1, 50_00)


@pytest.mark.parametrize("pinned", [True, False])
def test_an_agency_that_an_operator_chose_stays_chosen_through_a_recall(office: Office, bay: int, pinned: bool) -> None:
    placement = placed(office, bay)
    Placement.update(pinned=pinned).where(Placement.id == placement).execute()
    payments.receive(office, PRACTICE, "L1", "IPYMT", 100_00)
    assert Pending.get().pinned == pinned
    pending.post(office, PRACTICE, ["L1"])
    assert Placement.get(Placement.closed.is_null()).pinned == pinned


def test_a_debt_imported_as_the_insurers_is_not_queued(office: Office, bay: int) -> None:
    placed(office, bay)
    ServiceLine.update(responsibility="insurance").execute()
    done = payments.receive(office, PRACTICE, "L1", "IPYMT", 80_00)
    assert (done.ar, done.queued) == (400_00, None)


@pytest.mark.parametrize(
    ("code", "amount", "number", "note", "field"),
    [
        ("EPYMT", 1, None, None, "code"),
        ("GPYMT", 0, None, None, "amount"),
        ("GPYMT", -1, None, None, "amount"),
        ("IPYMT", 10**13 + 1, None, None, "amount"),
        ("GPYMT", 1, "4\x1b", None, "number"),
        ("GPYMT", 1, None, "a\x00", "note"),
    ],
)
def test_what_is_no_payment(
    office: Office, code: str, amount: int, number: str | None, note: str | None, field: str
) -> None:
    a_line(office)
    with pytest.raises(RuleRefusal) as refused:
        payments.receive(office, PRACTICE, "L1", code, amount, number, note)
    assert refusal(refused)[1] == field


def test_accounting_dates_are_asked_for(office: Office, bay: int) -> None:
    placed(office, bay)
    practice_setting(office, uses_accounting_dates=True, closed_through=DAY - 1)
    for given in (None, DAY - 1, DAY + 15):
        with pytest.raises(RuleRefusal) as refused:
            payments.receive(office, PRACTICE, "L1", "IPYMT", 80_00, accounting_date=given)
        assert refusal(refused)[1] == "accounting_date"
    payments.receive(office, PRACTICE, "L1", "IPYMT", 80_00, accounting_date=DAY)
    from bo_tui.db.tables import Entry

    assert [row.accounting_date for row in Entry.select().where(Entry.code.in_(("RVCOL", "IPYMT")))] == [DAY, DAY]


# --- roll -----------------------------------------------------------------------------------------------------------


def test_the_insurers_line_has_no_age_and_the_guarantors_begins_anew(office: Office) -> None:
    a_line(office, age=60)
    done = payments.roll(office, PRACTICE, "L1", "insurance")
    assert (done.since, done.aging_date, line().aging_date, line().responsible_since) == (DAY, None, None, DAY)
    done = payments.roll(office, PRACTICE, "L1", "guarantor", DAY - 10)
    assert (line().aging_date, line().responsible_since, line().responsibility) == (DAY - 10, DAY - 10, "guarantor")
    assert changes(done.act) == [
        ("service_line", "responsibility", "insurance", "guarantor"),
        ("service_line", "responsible_since", "2026-11-20", "2026-11-10"),
        ("service_line", "aging_date", None, "2026-11-10"),
    ]


def test_rolling_is_refused(office: Office, bay: int) -> None:
    placed(office, bay, "L1")
    a_line(office, "L2")
    for number, party, since, field in (
        ("L1", "insurance", None, "line"),
        ("L2", "guarantor", None, "responsible"),
        ("L2", "patient", None, "responsible"),
        ("L2", "insurance", DAY + 1, "since"),
        ("L9", "insurance", None, "line"),
    ):
        with pytest.raises(RuleRefusal) as refused:
            payments.roll(office, PRACTICE, number, party, since)
        assert refusal(refused)[1] == field


# --- adjust_line ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "amount", "left"), [("CHRTY", 480_00, 0), ("CHRTY", 1, 479_99), ("CORRP", 20_00, 500_00)]
)
def test_an_adjustment_of_the_line(office: Office, code: str, amount: int, left: int) -> None:
    a_line(office)
    done: Any = payments.adjust_line(office, PRACTICE, "L1", code, amount, "agreed")
    assert (done.balance, line().ar) == (left, left)
    assert reverse.reverse(office, done.entry, "an error").balance == 480_00


def test_no_adjustment_ends_below_zero_but_one_may_lessen_a_credit(office: Office, bay: int) -> None:
    a_line(office, "L1")
    with pytest.raises(RuleRefusal, match="never goes below zero"):
        payments.adjust_line(office, PRACTICE, "L1", "CHRTY", 480_01, "too much")
    payments.receive(office, PRACTICE, "L1", "GPYMT", 500_00)
    with pytest.raises(RuleRefusal, match="never goes below zero"):
        payments.adjust_line(office, PRACTICE, "L1", "CHRTY", 1, "in credit")
    done: Any = payments.adjust_line(office, PRACTICE, "L1", "CORRP", 5_00, "lessens the credit")
    assert done.balance == -15_00
    placed(office, bay, "L2")
    for code in ("CHRTY", "CORRP"):
        with pytest.raises(RuleRefusal, match="with First Bay as placement"):
            payments.adjust_line(office, PRACTICE, "L2", code, 1, "placed")


@pytest.mark.parametrize(
    ("code", "amount", "note", "field"),
    [("NONE", 1, "x", "code"), ("CHRTY", 0, "x", "amount"), ("CHRTY", 1, " ", "note")],
)
def test_what_is_no_adjustment(office: Office, code: str, amount: int, note: str, field: str) -> None:
    a_line(office)
    with pytest.raises(RuleRefusal) as refused:
        payments.adjust_line(office, PRACTICE, "L1", code, amount, note)
    assert refusal(refused)[1] == field


# --- all of them ----------------------------------------------------------------------------------------------------

CALLS = {
    "receive": lambda office, **more: payments.receive(office, PRACTICE, "L1", "GPYMT", 1, **more),
    "roll": lambda office, **more: payments.roll(office, PRACTICE, "L1", "insurance", **more),
    "adjust_line": lambda office, **more: payments.adjust_line(office, PRACTICE, "L1", "CHRTY", 1, "x", **more),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_line_that_changed_meanwhile_and_a_viewer(office: Office, name: str) -> None:
    a_line(office)
    seen = line().act
    with pytest.raises(NotAllowed):
        CALLS[name](looking(office))
    payments.receive(office, PRACTICE, "L1", "GPYMT", 1)
    before = acts()
    with pytest.raises(Conflict, match="changed meanwhile by ana"):
        CALLS[name](office, seen=seen)
    assert acts() == before
    CALLS[name](office, seen=line().act)


def test_a_debt_that_went_away_and_came_back_takes_all_of_it_again(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    for call in CALLS.values():
        with pytest.raises(Refusal):
            call(office)
    transfer.transfer(office, [placement], "guarantor")
    CALLS["receive"](office)
    CALLS["adjust_line"](office)
    CALLS["roll"](office)
    with pytest.raises(NotFound):
        payments.receive(office, 99, "L1", "GPYMT", 1)
