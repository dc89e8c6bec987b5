"""Reversing a placement, a payment, a commission, an adjustment; and money that comes back after the debt has moved."""

from __future__ import annotations

from collections import Counter

import pytest

from bo_tui.db.tables import Entry, Placement, ServiceLine
from bo_tui.errors import Conflict, NotAllowed, RuleRefusal
from bo_tui.rules import ledger
from bo_tui.rules.external.adjust import adjust
from bo_tui.rules.external.lookups import refuse_if_placed
from bo_tui.rules.external.reassign import reassign
from bo_tui.rules.external.reverse import reverse
from bo_tui.rules.external.transfer import transfer
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


@pytest.fixture
def placement(office, bay) -> int:
    making.make_agency(office, "Bay West")
    return placed(office, bay)


def balance(placement: int) -> int:
    return Placement.get_by_id(placement).balance


def books() -> Counter:
    """The net of every book, in cents."""
    net = Counter()
    for row in Entry.select():
        net[row.debit] += row.amount
        net[row.credit] -= row.amount
    return Counter({book: cents for book, cents in net.items() if cents})


# --- a placement ----------------------------------------------------------------------------------------------------


def test_a_placement_goes_back_whole(office, placement):
    before = books()
    agency_payment(office, placement, 80_00)
    done = reverse(office, placement, "placed by mistake")
    assert (done.code, done.amount, done.placement, done.balance) == ("RVCOL", 400_00, None, 400_00)
    assert entries(done.act) == [("RVCOL", "AR", "EXT", 400_00)]
    row = Entry.get_by_id(done.entry)
    assert (row.parent, row.placement, row.note) == (placement, placement, "placed by mistake")
    closed = Placement.get_by_id(placement)
    assert (closed.closed, closed.closed_on, closed.balance) == ("RVCOL", DAY, 0)
    assert (line().ar, line().brought_back, line().aging_date) == (400_00, True, DAY - 60)
    assert changes(done.act) == [("service_line", "brought_back", "no", "yes")]
    assert before["EXT"] == 480_00
    assert books()["AR"] == 400_00


def test_a_placement_takes_no_amount_and_not_at_zero(office, placement):
    with pytest.raises(RuleRefusal) as error:
        reverse(office, placement, "why", 1_00)
    assert error.value.field == "amount"
    agency_payment(office, placement, 480_00)
    with pytest.raises(RuleRefusal, match="what stands at zero cannot be reversed"):
        reverse(office, placement, "why")


def test_a_closed_placement_is_refused(office, placement):
    new = reassign(office, placement, "Bay West").new
    with pytest.raises(RuleRefusal, match=f"now with Bay West as placement {new}"):
        reverse(office, placement, "why")


def test_placed_again_after_a_reversal(office, bay, placement):
    reverse(office, placement, "why")
    again = making.place(office, line().id, bay)
    assert reverse(office, again, "why").balance == 480_00


# --- an agency's payment --------------------------------------------------------------------------------------------


def test_a_payment_comes_back_with_its_commission(office, placement):
    before = books()
    paid, kept = agency_payment(office, placement, 125_00, 31_25)
    done = reverse(office, paid, "bounced")
    assert (done.code, done.amount, done.commission, done.balance) == ("RVPAY", 125_00, 31_25, 480_00)
    assert entries(done.act) == [("RVPAY", "EXT", "CASH", 125_00), ("RVCOMM", "CASH", "COMMISSION", 31_25)]
    parents = [row.parent for row in Entry.select().where(Entry.act == done.act).order_by(Entry.id)]
    assert parents == [paid, kept]
    assert Entry.get_by_id(done.entry).number == "7"
    assert books() == before
    with pytest.raises(RuleRefusal, match=f"EPYMT {paid} is reversed in full already"):
        reverse(office, paid, "again")


def test_parts_never_exceed_the_whole_and_take_all_commission_in_the_end(office, placement):
    paid, _ = agency_payment(office, placement, 100_00, 10_01)
    shares = [reverse(office, paid, "part", 33_33).commission for _ in range(2)]
    assert shares == [3_34, 3_33]  # 10.01 * 33.33% = 3.336, then 6.67 less 3.34
    with pytest.raises(RuleRefusal) as error:
        reverse(office, paid, "part", 33_35)
    assert refusal(error) == (f"33.35 is more than is left to reverse, 33.34, of EPYMT {paid}.", "amount")
    assert reverse(office, paid, "the rest", 33_34).commission == 10_01 - 6_67
    assert balance(placement) == 480_00


def test_a_share_of_nothing_writes_no_entry(office, placement):
    paid, _ = agency_payment(office, placement, 100_00, 1)
    part = reverse(office, paid, "part", 49_99)
    assert (part.commission, [row[0] for row in entries(part.act)]) == (0, ["RVPAY"])
    assert reverse(office, paid, "half a cent rounds up", 1).commission == 1


def test_commission_reversed_before_counts(office, placement):
    paid, kept = agency_payment(office, placement, 100_00, 25_00)
    assert reverse(office, kept, "agreed", 10_00).code == "RVCOMM"
    assert reverse(office, paid, "part", 20_00).commission == 0  # 5.00 is due, 10.00 came back already
    assert reverse(office, paid, "rest").commission == 15_00
    with pytest.raises(RuleRefusal, match="reversed in full"):
        reverse(office, kept, "again")


def test_a_payment_in_full_that_bounces_revives_the_placement(office, placement):
    paid, _ = agency_payment(office, placement, 480_00)
    assert balance(placement) == 0
    assert reverse(office, paid, "bounced").placement == placement
    assert (balance(placement), Placement.get_by_id(placement).closed) == (480_00, None)


# --- a payment below a placement that is closed by now ---------------------------------------------------------------


def test_reassigned_since_the_amount_follows_the_debt(office, placement):
    paid, _ = agency_payment(office, placement, 80_00, 8_00)
    new = reassign(office, placement, "Bay West").new
    done = reverse(office, paid, "bounced", 50_00)
    assert entries(done.act) == [
        ("RVPAY", "EXT", "CASH", 50_00),
        ("RVCOMM", "CASH", "COMMISSION", 5_00),
        ("AGTFR", "EXT_TRANSIT", "EXT", 50_00),
        ("EXCOL", "EXT", "EXT_TRANSIT", 50_00),
    ]
    last = Entry.select().where(Entry.act == done.act).order_by(Entry.id.desc()).limit(2)
    assert [(row.parent, row.placement) for row in last] == [(new, new), (placement, placement)]
    assert (done.placement, done.balance) == (new, 450_00)
    assert (balance(placement), Placement.get_by_id(placement).closed) == (0, "AGTFR")


def test_reassigned_twice_the_amount_goes_straight_to_the_open_one(office, placement):
    paid, _ = agency_payment(office, placement, 80_00)
    second = reassign(office, placement, "Bay West").new
    third = reassign(office, second, "First Bay").new
    done = reverse(office, paid, "bounced")
    assert (done.placement, balance(placement), balance(second), balance(third)) == (third, 0, 0, 480_00)


def test_brought_back_since_the_amount_goes_to_active_ar(office, placement):
    before = books()
    paid, _ = agency_payment(office, placement, 80_00, 8_00)
    transfer(office, [placement], "guarantor")
    done = reverse(office, paid, "bounced")
    assert entries(done.act)[-1] == ("RVCOL", "AR", "EXT", 80_00)
    assert (done.placement, done.balance, line().ar) == (None, 480_00, 480_00)
    assert before["EXT"] == books()["AR"]


def test_reassigned_and_then_brought_back(office, placement):
    paid, _ = agency_payment(office, placement, 80_00)
    second = reassign(office, placement, "Bay West").new
    reverse(office, second, "why")
    assert reverse(office, paid, "bounced").balance == 480_00
    assert Placement.get_by_id(placement).closed == "AGTFR"


def test_brought_back_and_placed_again(office, bay, placement):
    paid, _ = agency_payment(office, placement, 80_00)
    reverse(office, placement, "why")
    again = making.place(office, line().id, bay)
    done = reverse(office, paid, "bounced")
    assert (done.placement, done.balance, balance(placement)) == (again, 480_00, 0)


def test_an_excol_that_came_back_is_not_the_one_to_reverse(office, placement):
    paid, _ = agency_payment(office, placement, 80_00)
    new = reassign(office, placement, "Bay West").new
    done = reverse(office, paid, "bounced")
    child = Entry.select(Entry.id).where((Entry.act == done.act) & (Entry.code == "EXCOL")).scalar()
    with pytest.raises(RuleRefusal, match=f"EXCOL {child} came back to placement {new}"):
        reverse(office, child, "why")
    assert reverse(office, new, "why").amount == 480_00


# --- a payment on the AR line ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["GPYMT", "IPYMT"])
def test_a_payment_on_the_line(office, code):
    made = a_line(office)
    paid = making.pay(office, made, 80_00, code=code)
    done = reverse(office, paid, "bounced")
    assert entries(done.act) == [("RVPAY", "AR", "CASH", 80_00)]
    assert (Entry.get_by_id(done.entry).parent, done.placement, done.balance) == (paid, None, 480_00)


@pytest.mark.parametrize("code", ["GPYMT", "IPYMT"])
def test_an_earlier_payment_of_a_placed_line_goes_to_the_placement(office, bay, code):
    made = a_line(office)
    paid = making.pay(office, made, 80_00, code=code)
    placement = making.place(office, made, bay)
    done = reverse(office, paid, "bounced", 30_00)
    assert entries(done.act) == [("RVPAY", "AR", "CASH", 30_00), ("EXCOL", "EXT", "AR", 30_00)]
    child = Entry.select().where((Entry.act == done.act) & (Entry.code == "EXCOL")).get()
    assert (child.parent, child.placement) == (placement, placement)
    assert (done.placement, done.balance, line().ar) == (placement, 430_00, 0)


def test_a_payment_that_the_agency_sent_gives_its_commission_back(office):
    made = a_line(office)
    paid = making.pay(office, made, 80_00)
    with office.act("payment", making.PRACTICE) as draft:
        ledger.write(draft, "ECOMM", ("COMMISSION", "AGENCY_PAYABLE"), 20_00, line=made, parent=paid)
        ledger.seal(draft)
    done = reverse(office, paid, "bounced", 40_00)
    assert entries(done.act)[-1] == ("RVCOMM", "AGENCY_PAYABLE", "COMMISSION", 10_00)


def test_money_of_no_line_is_not_reversed_here(office, placement, monkeypatch):
    monkeypatch.setattr(Entry, "get_by_id", lambda key: Entry(id=key, code="GPYMT", practice=making.PRACTICE))
    with pytest.raises(RuleRefusal, match=f"GPYMT {placement} belongs to no service fee line") as error:
        reverse(office, placement, "why")
    assert error.value.field == "entry"


# --- adjustments ----------------------------------------------------------------------------------------------------


def test_an_adjustment_is_reversed_by_its_opposite(office, placement):
    before = books()
    down = adjust(office, placement, "CHRTY", 80_00, "hardship")
    done = reverse(office, down.entry, "has money after all")
    assert (done.code, done.balance) == ("MADJP", 480_00)
    row = Entry.get_by_id(done.entry)
    assert (row.parent, row.transaction_code, row.placement) == (down.entry, "CHRTY", placement)
    assert books() == before
    with pytest.raises(RuleRefusal, match="is a reversal itself"):
        reverse(office, done.entry, "why")


def test_parts_of_an_adjustment(office, placement):
    down = adjust(office, placement, "CHRTY", 80_00, "hardship").entry
    reverse(office, down, "part", 79_99)
    with pytest.raises(RuleRefusal, match=r"0.02 is more than is left to reverse, 0.01"):
        reverse(office, down, "part", 2)
    assert reverse(office, down, "part", 1).balance == 480_00


def test_an_increase_cannot_be_taken_below_zero(office, placement):
    up = adjust(office, placement, "INTRS", 20_00, "interest").entry
    agency_payment(office, placement, 480_01)
    with pytest.raises(RuleRefusal) as error:
        reverse(office, up, "why")
    assert refusal(error)[1] == "amount"
    assert reverse(office, up, "as far as it goes", 19_99).balance == 0


def test_adjustments_of_a_closed_placement_stay(office, placement):
    down = adjust(office, placement, "CHRTY", 80_00, "hardship").entry
    _, kept = agency_payment(office, placement, 100_00, 25_00)
    reverse(office, placement, "why")
    for entry in (down, kept):
        with pytest.raises(RuleRefusal, match="the debt is back in active AR"):
            reverse(office, entry, "why")


def ar_adjustment(office, line: int, code: str, amount: int) -> int:
    move = ("AR", "ADJUSTMENT") if code == "MADJP" else ("ADJUSTMENT", "AR")
    with office.act("adjust", making.PRACTICE) as draft:
        entry = ledger.write(draft, code, move, amount, line=line, transaction_code="CORRP")
        ledger.settle(draft)
        ledger.seal(draft)
    return entry


def test_an_adjustment_of_the_line(office, bay):
    made = a_line(office)
    down, up = ar_adjustment(office, made, "MADJN", 30_00), ar_adjustment(office, made, "MADJP", 10_00)
    assert reverse(office, down, "why").balance == 490_00
    making.pay(office, made, 485_00)
    with pytest.raises(RuleRefusal, match=r"10.00 is more than the balance of 5.00"):
        reverse(office, up, "why")
    placement = making.place(office, made, bay)
    with pytest.raises(RuleRefusal) as error:
        reverse(office, up, "why", 1_00)
    assert refusal(error) == (
        (
            f"Line L1 is with First Bay as placement {placement}, balance 5.00; "
            "record it on the placement, or transfer the debt back to active AR first (Transactions, Alt+T; Alt+M X goes there)."
        ),
        "line",
    )
    refuse_if_placed(a_line(office, "L2"))  # says nothing


# --- refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"amount": 0}, "amount"),
        ({"amount": -1}, "amount"),
        ({"entry": 999}, "entry"),
        ({"practice": 2}, "entry"),
        ({"accounting_date": DAY}, "accounting_date"),
    ],
)
def test_what_is_refused(office, placement, given, field):
    paid, _ = agency_payment(office, placement, 10_00)
    before = acts()
    with pytest.raises(RuleRefusal) as error:
        reverse(office, **({"entry": paid, "reason": "why"} | given))
    assert (error.value.field, acts()) == (field, before)


def test_codes_that_are_not_reversed(office, placement):
    paid, _ = agency_payment(office, placement, 10_00, 1_00)
    reverse(office, paid, "why")
    reassign(office, placement, "Bay West")
    for code in ("SVCFE", "RVPAY", "RVCOMM", "AGTFR"):
        entry = Entry.select(Entry.id).where(Entry.code == code).scalar()
        with pytest.raises(RuleRefusal, match=f"{code} {entry} cannot be reversed"):
            reverse(office, entry, "why")


def test_with_an_accounting_date(office, placement):
    paid, _ = agency_payment(office, placement, 10_00, 1_00)
    reassign(office, placement, "Bay West")
    practice_setting(office, uses_accounting_dates=True)
    done = reverse(office, paid, "why", accounting_date=DAY)
    assert {row.accounting_date for row in Entry.select().where(Entry.act == done.act)} == {DAY}


def test_somebody_else_was_faster(office, placement):
    paid, _ = agency_payment(office, placement, 10_00)
    seen = Placement.get_by_id(placement).act
    adjust(office, placement, "CHRTY", 5_00, "hardship")
    with pytest.raises(Conflict, match=r"its balance is 465\.00"):
        reverse(office, paid, "bounced", seen=seen)
    made = a_line(office, "L2")
    on_line = making.pay(office, made, 10_00)
    stale = ServiceLine.get_by_id(made).act
    making.pay(office, made, 10_00)
    with pytest.raises(Conflict, match=r"Line L2 was changed meanwhile by ana \(payment\)"):
        reverse(office, on_line, "bounced", seen=stale)


def test_a_viewer_may_not(office, placement):
    with pytest.raises(NotAllowed):
        reverse(viewer(office), placement, "why")
