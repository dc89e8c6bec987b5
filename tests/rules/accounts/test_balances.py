"""What an account owes by age, and service fees reversed: figures that equal the ledger, credits that are money received."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Account, Entry
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import payments
from bo_tui.rules.accounts import aging
from bo_tui.rules.accounts.aging import Buckets
from bo_tui.rules.accounts.reversefee import reverse_in_ar
from bo_tui.rules.external import pending, transfer
from tests import making
from tests.acting import a_line, assert_sound, entries, line, refusal
from tests.making import DAY, PRACTICE

ACCOUNT = "AL1"


@pytest.fixture(autouse=True)
def _sound(office: Office):
    yield
    assert_sound(office)


def the_fee(number: str = "L1") -> int:
    return Entry.select(Entry.id).where((Entry.line == line(number).id) & (Entry.code == "SVCFE")).scalar()


# --- aging -------------------------------------------------------------------------------------------------------------


def test_every_edge_of_the_buckets_credits_apart(office: Office) -> None:
    owner = making.make_account(office, ACCOUNT)
    for at, age in enumerate((0, 30, 31, 60, 61, 90, 91, 120, 121)):
        making.make_line(office, owner, f"G{at}", 10**at, age=age)
        since, served = (None, DAY - age) if at % 2 else (DAY - age, DAY - 400)  # since when is known, or not
        making.make_line(office, owner, f"I{at}", 2 * 10**at, responsibility="insurance", aging_date=None,
                         responsible_since=since, date_of_service=served)  # fmt: skip
    making.pay(office, line("G8").id, 10**8 + 7)
    found = aging.aging(office, PRACTICE, ACCOUNT)
    assert found.guarantor == Buckets((11, 1100, 110_000, 11_000_000, 0), -7)
    assert found.insurance == Buckets((22, 2200, 220_000, 22_000_000, 200_000_000), 0)
    (total,) = office.store.use().execute_sql("SELECT sum(ar) FROM service_line").fetchone()
    assert found.total == total
    later = aging.aging(office, PRACTICE, ACCOUNT, DAY + 1)
    assert later.guarantor.amounts[0] == 1  # the one of 30 days is 31 then


def test_placed_debt_stands_apart(office: Office) -> None:
    agency = making.make_agency(office)
    owner = making.make_account(office, ACCOUNT)
    making.place(office, making.make_line(office, owner, "L1", 90_00), agency)
    making.make_line(office, owner, "L2", 50_00, age=100)
    found = aging.aging(office, PRACTICE, ACCOUNT)
    assert (found.placed, found.total, found.on_account) == (90_00, 50_00, 0)
    assert found.guarantor.amounts == (0, 0, 0, 50_00, 0)


# --- RVFEE -------------------------------------------------------------------------------------------------------------


def test_a_fee_is_reversed_whole_and_once(office: Office) -> None:
    a_line(office)
    done = reverse_in_ar(office, the_fee(), "wrong patient")
    assert entries(done.act) == [("RVFEE", "REVENUE", "AR", 480_00)]
    assert (done.code, done.amount, done.placement, done.balance, line().ar) == ("RVFEE", 480_00, None, 0, 0)
    assert Entry.get_by_id(done.entry).parent == the_fee()
    with pytest.raises(RuleRefusal, match="Nothing is left of the fee of line L1"):
        reverse_in_ar(office, the_fee(), "again")


@pytest.mark.parametrize(
    ("adjustments", "amount", "left"),
    [
        ((), 480_00, -80_00),  # a payment of 80.00 leaves itself as a credit
        ((("CHRTY", 30_00),), 450_00, -80_00),  # what was written off is no credit
        ((("INTRS", 5_00),), 480_00, -75_00),  # interest is no fee
        ((("CHRTY", 30_00), ("CORRP", 30_00)), 480_00, -80_00),
    ],
)
def test_what_is_left_is_what_was_paid(office: Office, adjustments: tuple, amount: int, left: int) -> None:
    a_line(office)
    payments.receive(office, PRACTICE, "L1", "GPYMT", 80_00)
    for code, cents in adjustments:
        payments.adjust_line(office, PRACTICE, "L1", code, cents, "x")
    done = reverse_in_ar(office, the_fee(), "wrong patient")
    assert (done.amount, done.balance, line().ar) == (amount, left, left)


def test_not_while_the_debt_is_elsewhere_nor_in_part(office: Office) -> None:
    making.make_agency(office)
    a_line(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay", source="active_ar")
    assert office.store.use().execute_sql("SELECT source FROM pending").fetchone() == ("active_ar",)
    with pytest.raises(RuleRefusal) as refused:
        reverse_in_ar(office, the_fee(), "x")
    assert refusal(refused) == ("Line L1 is pending for First Bay; deny it first.", "line")
    placement = pending.post(office, PRACTICE, ["L1"]).lines[0].placement
    with pytest.raises(RuleRefusal, match="is with First Bay as placement"):
        reverse_in_ar(office, the_fee(), "x")
    transfer.transfer(office, [placement], "guarantor")
    with pytest.raises(RuleRefusal) as refused:
        reverse_in_ar(office, the_fee(), "x", 1_00)
    assert refusal(refused) == ("A service fee is reversed whole; leave the amount out.", "amount")
    assert reverse_in_ar(office, the_fee(), "x").balance == 0


def test_anything_else_goes_the_old_way(office: Office) -> None:
    a_line(office)
    paid = payments.receive(office, PRACTICE, "L1", "GPYMT", 80_00)
    seen = line().act
    assert reverse_in_ar(office, paid.entry, "bounced", 30_00).code == "RVPAY"
    with pytest.raises(Conflict):
        reverse_in_ar(office, the_fee(), "x", seen=seen)
    with pytest.raises(RuleRefusal, match="A reason is compulsory"):
        reverse_in_ar(office, the_fee(), " ")
    fee = reverse_in_ar(office, the_fee(), "x", seen=line().act)
    with pytest.raises(RuleRefusal, match="cannot be reversed"):
        reverse_in_ar(office, fee.entry, "x")
    assert Account.select().count() == 1
