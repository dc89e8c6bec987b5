"""Money on account, in suspense and in miscellaneous income: where it may go, and never more than there is."""

from __future__ import annotations

import pytest

from bo_tui.errors import Conflict, NotFound, RuleRefusal
from bo_tui.office import Actor
from bo_tui.rules.batches import guarantor, held, payments, reversing
from bo_tui.rules.batches.model import LineShare, Share
from bo_tui.views import held as view
from bo_tui.views import history
from bo_tui.views.reports import REPORTS
from bo_tui.views.reports.base import Asked
from tests.support.paying import Desk, gross, to_line


def test_on_account_and_then_to_lines_oldest_first(desk: Desk) -> None:
    desk.guarantor("A", 150_00, Share("on_account", 150_00))
    assert held.on_account(desk.office, 1, "A") == 150_00

    done = held.apply_on_account(desk.office, 1, "A")

    assert desk.moved(done.act) == [("GPYMT", "ON_ACCOUNT", "AR", 100_00), ("GPYMT", "ON_ACCOUNT", "AR", 50_00)]
    assert [desk.book.balance(line) for line in ("L1", "L2", "L3")] == [50_00, 0, 100_00]
    with pytest.raises(RuleRefusal, match=r"holds 0.00 on account"):
        held.apply_on_account(desk.office, 1, "A", [LineShare("L3", 1)])


def test_on_account_by_hand_to_the_accounts_own_lines_alone(desk: Desk) -> None:
    desk.guarantor("A", 20_00, Share("on_account", 20_00))
    with pytest.raises(NotFound, match="Account A has no service fee line P"):
        held.apply_on_account(desk.office, 1, "A", [LineShare("P", 20_00)])
    held.apply_on_account(desk.office, 1, "A", [LineShare("L3", 20_00)])
    assert desk.book.balance("L3") == 80_00


def test_a_payment_over_the_lines_oldest_first_and_the_rest_on_account(desk: Desk) -> None:
    batch = desk.batch(250_00)
    payment = desk.enter(batch, desk.header("guarantor", 250_00, account="A"), to_line("L3", 10_00))

    done = guarantor.distribute(desk.office, payment)
    assert (len(done.distributions), done.remaining) == (3, 0)
    desk.post(batch)

    assert [desk.book.balance(line) for line in ("L1", "L2", "L3")] == [0, 0, 90_00]
    assert held.on_account(desk.office, 1, "A") == 40_00


def test_what_is_promised_already_is_not_promised_again(desk: Desk) -> None:
    desk.enter(desk.batch(60_00), desk.header("guarantor", 60_00, account="A"), to_line("L2", 60_00))
    assert guarantor.oldest_first(desk.office, 1, "A", 100_00) == [
        LineShare("L2", 40_00, 40_00),
        LineShare("L1", 60_00, 100_00),
    ]


def test_suspense_to_a_line_on_account_and_income_and_back(desk: Desk) -> None:
    desk.guarantor("A", 100_00, Share("suspense", 100_00, note="whose?"))
    (lies,) = held.held(desk.office, 1)
    assert (lies.kind, lies.payer, lies.amount, lies.left) == ("guarantor", "A, Ana", 100_00, 100_00)

    held.from_suspense(desk.office, lies.payment, "line", 10_00, line="L1")
    held.from_suspense(desk.office, lies.payment, "on_account", 20_00, account="A")
    held.from_suspense(desk.office, lies.payment, "misc", 30_00)
    held.from_misc(desk.office, lies.payment, 5_00)

    assert desk.books() | {"AR": 0, "EXT": 0, "REVENUE": 0} == {
        "AR": 0, "EXT": 0, "REVENUE": 0, "CASH": 100_00, "SUSPENSE": -45_00, "MISC_INCOME": -25_00, "ON_ACCOUNT": -20_00,
    }  # fmt: skip
    with pytest.raises(RuleRefusal, match=r"45.01 is too much"):
        held.from_suspense(desk.office, lies.payment, "misc", 45_01)
    assert held.held(desk.office, 1)[0].left == 45_00


def test_agency_money_in_suspense_pays_a_placement(desk: Desk) -> None:
    desk.agency("First Bay", 50_00, Share("suspense", 50_00))
    payment = held.held(desk.office, 1)[0].payment
    done = held.from_suspense(desk.office, payment, "line", line="P")
    assert desk.moved(done.act) == [("EPYMT", "SUSPENSE", "EXT", 50_00)]
    assert desk.book.placed()["P"][1] == 430_00


def test_an_insurers_money_in_suspense_brings_a_placed_debt_back(desk: Desk) -> None:
    desk.insurer(80_00, Share("suspense", 80_00))
    payment = held.held(desk.office, 1)[0].payment
    held.from_suspense(desk.office, payment, "line", line="P")
    assert desk.book.balance("P") == 400_00
    assert desk.book.waiting() == {"P": "First Bay"}


def test_refunds_from_each_source(desk: Desk) -> None:
    desk.guarantor(
        "A",
        300_00,
        Share("on_account", 20_00),
        Share("suspense", 30_00),
        Share("line", 130_00, "L1"),
        Share("misc", 120_00),
    )
    payment = held.held(desk.office, 1)[0].payment

    from_line = held.refund(desk.office, 1, 30_00, "Ana, 1 Street", line="L1")
    held.refund(desk.office, 1, 20_00, "Ana", account="A")
    held.refund(desk.office, 1, 30_00, "Ana", payment=payment)
    held.refund(desk.office, 1, 20_00, "Ana", payment=payment, book="MISC_INCOME")

    assert desk.moved(from_line.act) == [("REFND", "AR", "REFUND", 30_00)]
    assert (desk.book.balance("L1"), desk.stands("REFUND"), desk.stands("MISC_INCOME")) == (0, -100_00, -100_00)
    with pytest.raises(RuleRefusal, match=r"There is 0.00 to refund"):
        held.refund(desk.office, 1, 1, "Ana", line="L1")
    reversing.reverse_entry(desk.office, from_line.entries[0], "returned")
    assert (desk.book.balance("L1"), desk.stands("REFUND")) == (-30_00, -70_00)


def test_a_recoupment_takes_from_a_line_and_from_suspense(desk: Desk) -> None:
    done = desk.insurer(90_00, to_line("L1", 60_00), Share("suspense", 30_00))
    first, second = [row[0] for row in desk.book.sql("SELECT id FROM entry WHERE act = ? ORDER BY id", done.acts[0])]

    done = desk.insurer(
        10_00, to_line("L2", 100_00), Share("recoup", 60_00, of_entry=first), Share("recoup", 30_00, of_entry=second)
    )

    assert sorted(desk.moved(done)) == [
        ("IPYMT", "CASH", "AR", 100_00),
        ("RSCND", "SUSPENSE", "CASH", 30_00),
        ("RVPAY", "AR", "CASH", 60_00),
    ]
    assert (desk.stands("CASH"), desk.stands("SUSPENSE"), held.held(desk.office, 1)) == (100_00, 0, [])


def test_what_each_kind_of_payment_goes_to(desk: Desk) -> None:
    with pytest.raises(
        RuleRefusal, match="An agency's payment goes to placement, suspense, misc, refund, recoup, not to line"
    ):
        desk.agency("First Bay", 10_00, to_line("L1", 10_00))
    with pytest.raises(RuleRefusal, match="not to placement"):
        desk.guarantor("A", 10_00, gross(desk.book.placement("P").id, 10_00))
    batch = desk.batch(10_00)
    payment = desk.enter(batch, desk.header("guarantor", 10_00, account="A"), to_line("L1", 10_00))
    assert payments.standing(desk.office, payment).postable


def test_what_was_applied_from_suspense_is_recouped_out_of_the_checks(desk: Desk) -> None:
    desk.insurer(90_00, Share("suspense", 90_00))
    applied = held.from_suspense(desk.office, desk.last().payment, "line", 60_00, line="L1").entries[0]

    done = desk.insurer(40_00, to_line("L2", 100_00), Share("recoup", 60_00, of_entry=applied))

    assert ("RVPAY", "AR", "CASH", 60_00) in desk.moved(done)
    assert (desk.stands("CASH"), desk.stands("SUSPENSE")) == (90_00 + 40_00, -30_00)
    with desk.office.reading():
        deposits = list(REPORTS["deposits"].rows(Asked(desk.office, 1, None, desk.day)))
    assert sum(row[-1] for row in deposits) == 90_00 + 40_00


def test_an_agency_takes_back_what_was_applied_from_suspense(desk: Desk) -> None:
    desk.agency("First Bay", 50_00, Share("suspense", 50_00))
    held.from_suspense(desk.office, desk.last().payment, "line", line="P")
    placement = desk.book.placement("P").id
    done = desk.agency("First Bay", 10_00, gross(placement, -50_00), gross(placement, 60_00))
    assert ("RVPAY", "EXT", "CASH", 50_00) in desk.moved(done)
    assert (desk.stands("CASH"), desk.stands("SUSPENSE")) == (60_00, 0)


def test_what_another_moved_meanwhile_is_named_with_what_is_there_now(desk: Desk) -> None:
    desk.guarantor("A", 90_00, Share("on_account", 50_00), Share("suspense", 40_00))
    (mine,) = view.on_account(desk.office, 1)
    (lies,) = view.payments(desk.office, 1, "SUSPENSE")
    bo = desk.office.by(Actor("bo", "operator"))

    held.apply_on_account(bo, 1, "A", amount=20_00)
    said = r"Money on account of account A was changed meanwhile by bo \(apply on account\): it is 30.00 now"
    for act in (
        lambda: held.apply_on_account(desk.office, 1, "A", amount=10_00, seen=mine.act),
        lambda: held.on_account_to_suspense(desk.office, 1, "A", 10_00, lies.id, seen=mine.act),
        lambda: held.refund(desk.office, 1, 10_00, "Ana", account="A", seen=mine.act),
    ):
        with pytest.raises(Conflict, match=said):
            act()
    held.from_suspense(bo, lies.id, "misc", 15_00)
    for act in (
        lambda: held.from_suspense(desk.office, lies.id, "misc", 10_00, seen=lies.act),
        lambda: held.refund(desk.office, 1, 10_00, "Ana", payment=lies.id, seen=lies.act),
    ):
        with pytest.raises(Conflict, match=r"was changed meanwhile by bo \(from suspense\): it is 25.00 now"):
            act()
    (now,) = view.payments(desk.office, 1, "SUSPENSE")
    held.from_suspense(desk.office, lies.id, "misc", 10_00, seen=now.act)
    (income,) = view.payments(desk.office, 1, "MISC_INCOME")
    held.from_misc(desk.office, lies.id, 1_00, seen=income.act)
    with pytest.raises(Conflict, match="was changed meanwhile"):
        held.from_misc(desk.office, lies.id, 1_00, seen=income.act)


def test_a_refund_tells_how_it_went_out_and_is_taken_back_once(desk: Desk) -> None:
    desk.guarantor("A", 50_00, Share("on_account", 50_00))
    with pytest.raises(RuleRefusal, match="after today"):
        held.refund(desk.office, 1, 50_00, "Ana", account="A", date=desk.day + 1)
    with pytest.raises(RuleRefusal, match="goes out by check"):
        held.refund(desk.office, 1, 50_00, "Ana", account="A", type="gold")
    made = held.refund(
        desk.office,
        1,
        50_00,
        "Ana, 1 Street",
        account="A",
        reason="paid twice",
        type="check",
        number="5512",
        date=desk.day,
    )
    told = view.entries(desk.office, 1, "ON_ACCOUNT", account=desk.book.the_line("L1").account)[-1]
    assert (told.code, told.number, told.how, told.dated, told.note) == (
        "REFND",
        "5512",
        "check",
        "2026-06-30",
        "Ana, 1 Street",
    )
    event, more = history.of_act(desk.office, made.act, 10)  # as the audit trail shows it
    assert (event.entries, more) == ([("REFND", "ON_ACCOUNT", "REFUND", 50_00, "Ana, 1 Street")], 0)
    assert [change[1:] for change in event.changes] == [
        ("type", None, "check"), ("number", None, "5512"), ("date", None, "2026-06-30"),
    ]  # fmt: skip
    reversing.reverse_entry(
        desk.office.by(Actor("bo", "supervisor")), made.entries[0], "returned", 20_00, seen=told.seen
    )
    with pytest.raises(Conflict, match="was changed meanwhile by bo"):
        reversing.reverse_entry(desk.office, made.entries[0], "returned", 20_00, seen=told.seen)
    with desk.office.reading():
        rows = list(REPORTS["rollforward"].rows(Asked(desk.office, 1, None, desk.day)))
    assert [row[-1] for row in rows if row[0] == "ON_ACCOUNT" and row[1] in ("REFND", "RVRFD")] == [-50_00, 20_00]
