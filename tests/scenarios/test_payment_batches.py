"""What a billing office does with checks: agencies' (net and gross), guarantors', insurers'; what is refused, what moved."""

from __future__ import annotations

import pytest

from bo_tui.errors import RuleRefusal
from bo_tui.rules import checking
from bo_tui.rules.batches import batches
from bo_tui.rules.batches.model import Reason, Share
from tests.support.book import OfficeBook
from tests.support.paying import Desk, gross, to_line

DAY = "2026-06-30"


@pytest.fixture
def desk(book: OfficeBook):
    """Lines A and B of 480.00 placed with First Bay (net), C of 300.00 with Gross Co, D of 200.00 in active AR."""
    book.agency("First Bay")
    book.agency("Gross Co", remits="gross")
    book.agency("Third")
    for line, fee, agency in (("A", 480_00, "First Bay"), ("B", 480_00, "First Bay"), ("C", 300_00, "Gross Co")):
        book.line(line, fee)
        book.add([line], agency, "2026-03-01")
        book.post([line], "2026-03-01")
    book.line("D", 200_00)
    yield Desk(book, DAY)
    assert checking.check(book.office.store) == []


def placement(desk: Desk, line: str) -> int:
    """The id of a line's open placement."""
    return desk.book.placement(line).id


def test_a_net_remitters_check_is_the_sum_of_net(desk: Desk) -> None:
    done = desk.agency(
        "First Bay", 150_00, gross(placement(desk, "A"), 100_00, 75_00), gross(placement(desk, "B"), 75_00)
    )

    assert desk.moved(done) == [
        ("EPYMT", "CASH", "EXT", 100_00),
        ("EPYMT", "CASH", "EXT", 75_00),
        ("ECOMM", "COMMISSION", "CASH", 25_00),
    ]
    assert desk.stands("CASH") == 150_00
    assert desk.book.placed()["A"][1] == 380_00
    assert desk.book.sql("SELECT parent FROM entry WHERE code = 'ECOMM'") == desk.book.sql(
        "SELECT min(id) FROM entry WHERE code = 'EPYMT'"
    )


def test_a_gross_remitters_commission_is_owed(desk: Desk) -> None:
    done = desk.agency("Gross Co", 100_00, gross(placement(desk, "C"), 100_00, 75_00))

    assert desk.moved(done)[1] == ("ECOMM", "COMMISSION", "AGENCY_PAYABLE", 25_00)
    assert desk.stands("CASH") == 100_00


def test_money_received_from_the_patient_counts_gross(desk: Desk) -> None:
    done = desk.agency("First Bay", 40_00, gross(placement(desk, "A"), 40_00, 30_00), received_from_patient=True)

    assert desk.moved(done)[1] == ("ECOMM", "COMMISSION", "AGENCY_PAYABLE", 10_00)


def test_more_than_the_balance_is_refused(desk: Desk) -> None:
    with pytest.raises(
        RuleRefusal, match=r"Gross 480.01 is more than the balance of placement \d+ of line \w+, 480.00"
    ):
        desk.agency("First Bay", 480_01, gross(placement(desk, "A"), 480_01))


def test_twice_to_one_placement_is_refused_where_it_is_together_too_much(desk: Desk) -> None:
    a = placement(desk, "A")
    with pytest.raises(RuleRefusal, match=r"300.00 is more than the balance of placement \d+ of line \w+, 180.00"):
        desk.agency("First Bay", 600_00, gross(a, 300_00), gross(a, 300_00))
    assert desk.agency("First Bay", 480_00, gross(a, 300_00), gross(a, 180_00)).distributions == 2
    assert desk.book.placed()["A"][1] == 0


def test_two_checks_of_one_batch_that_are_together_too_much(desk: Desk) -> None:
    """Each fits when it is entered; when they are posted the second does not, and its payment stays."""
    batch, a = desk.batch(300_00, 300_00), placement(desk, "A")
    for _ in range(2):
        desk.enter(batch, desk.header("agency", 300_00, agency="First Bay"), gross(a, 300_00))

    done = desk.post(batch)

    assert (done.payments, done.partly, done.amount) == (1, 0, 300_00)
    assert [one.sentence for one in done.refused] == [
        f"Gross 300.00 is more than the balance of placement {a} of line A."
    ]
    assert batches.standing(desk.office, batch).posted_count == 1


def test_part_of_a_batch(desk: Desk) -> None:
    batch = desk.batch(50_00, 60_00)
    first = desk.enter(batch, desk.header("agency", 50_00, agency="First Bay"), gross(placement(desk, "A"), 50_00))
    desk.enter(batch, desk.header("guarantor", 60_00, account="A-D"), to_line("D", 60_00))

    desk.post(batch, first)
    standing = batches.standing(desk.office, batch)
    assert (standing.posted_count, standing.posted_total, standing.in_balance) == (1, 50_00, True)
    desk.post(batch)

    assert batches.standing(desk.office, batch).posted_total == 110_00
    assert desk.book.balance("D") == 140_00
    with pytest.raises(RuleRefusal, match="Nothing of this batch is ready"):
        desk.post(batch)


def test_a_batch_out_of_balance_does_not_post(desk: Desk) -> None:
    batch = desk.batch(50_00, 60_00)
    desk.enter(batch, desk.header("guarantor", 50_00, account="A-D"), to_line("D", 50_00))
    with pytest.raises(RuleRefusal, match=r"2 payments and 110.00 expected, 1 and 50.00 entered"):
        desk.post(batch)


def test_what_remains_keeps_a_payment_back(desk: Desk) -> None:
    batch = desk.batch(50_00)
    payment = desk.enter(batch, desk.header("guarantor", 50_00, account="A-D"), to_line("D", 49_99))
    with pytest.raises(RuleRefusal, match=r"0.01 remains to be distributed"):
        desk.post(batch, payment)


def test_a_placement_that_moved_is_followed_with_consent(desk: Desk) -> None:
    batch, a = desk.batch(150_00), placement(desk, "A")
    shares = gross(a, 100_00, 75_00), gross(placement(desk, "B"), 75_00)
    desk.enter(batch, desk.header("agency", 150_00, agency="First Bay"), *shares)
    desk.book.reassign("A", "Third", DAY)

    done = desk.post(batch)
    assert (done.payments, done.partly, done.amount) == (0, 1, 75_00)
    assert [(one.consent, "the debt is now with Third" in one.sentence) for one in done.refused] == [(True, True)]
    done = desk.post(batch, repoint=True)

    assert (done.payments, done.amount) == (1, 75_00)
    assert desk.book.placed()["A"] == ("Third", 380_00)
    who = (
        "SELECT a.name FROM entry e JOIN payment p ON p.id = e.payment JOIN agency a ON a.id = p.agency WHERE e.act = ?"
    )
    assert set(desk.book.sql(who, done.acts[0])) == {("First Bay",)}


def test_a_former_agencys_money_for_a_debt_back_in_active_ar(desk: Desk) -> None:
    a = placement(desk, "A")
    desk.book.transfer("A", "2026-06-01")

    done = desk.agency("First Bay", 75_00, gross(a, 100_00, 75_00), repoint=True)

    assert [row[:3] for row in desk.moved(done)] == [("GPYMT", "CASH", "AR"), ("ECOMM", "COMMISSION", "CASH")]
    assert desk.book.balance("A") == 380_00


def test_a_takeback_is_the_reversal_of_the_earlier_payment(desk: Desk) -> None:
    a, b = placement(desk, "A"), placement(desk, "B")
    desk.agency("First Bay", 75_00, gross(a, 100_00, 75_00))

    done = desk.agency("First Bay", 15_00, gross(a, -100_00, -75_00), gross(b, 120_00, 90_00))

    assert sorted(desk.moved(done)) == [
        ("ECOMM", "COMMISSION", "CASH", 30_00),
        ("EPYMT", "CASH", "EXT", 120_00),
        ("RVCOMM", "CASH", "COMMISSION", 25_00),
        ("RVPAY", "EXT", "CASH", 100_00),
    ]
    assert desk.stands("CASH") == 75_00 + 15_00
    assert desk.book.placed()["A"][1] == 480_00


def test_a_takeback_follows_the_debt(desk: Desk) -> None:
    a = placement(desk, "A")
    desk.agency("First Bay", 75_00, gross(a, 100_00, 75_00))
    desk.book.reassign("A", "Third", DAY)

    desk.agency("First Bay", 15_00, gross(a, -100_00, -75_00), gross(placement(desk, "B"), 90_00))

    assert desk.book.placed()["A"] == ("Third", 480_00)


def test_a_guarantors_money_does_not_go_to_a_placed_line(desk: Desk) -> None:
    with pytest.raises(RuleRefusal, match="Line A is with First Bay"):
        desk.guarantor("A-A", 10_00, to_line("A", 10_00))
    batch = desk.batch(10_00)
    desk.enter(batch, desk.header("guarantor", 10_00, account="A-D"), to_line("D", 10_00))
    desk.book.add(["D"], "Third", DAY)
    desk.book.post(["D"], DAY)

    (refused,) = desk.post(batch).refused

    assert refused.sentence.startswith("Line D is with Third as placement")
    assert desk.book.placed()["D"][1] == 200_00


def test_an_insurers_money_brings_a_placed_debt_back(desk: Desk) -> None:
    reasons = (Reason("CO", "45", 80_00), Reason("PR", "1", 100_00))
    done = desk.insurer(300_00, to_line("A", 300_00, reasons=reasons))

    assert [row[0] for row in desk.moved(done)] == ["RVCOL", "IPYMT", "MADJN"]
    assert (done.recalled, done.recalled_amount) == (1, 480_00)
    assert desk.book.balance("A") == 100_00
    assert desk.book.waiting() == {"A": "First Bay"}


def test_an_insurer_pays_adjusts_and_rolls_to_the_guarantor(desk: Desk) -> None:
    desk.book.becomes("D", "insurance", "2026-01-01")
    reasons = (Reason("CO", "45", 60_00), Reason("PR", "2", 40_00))

    done = desk.insurer(100_00, to_line("D", 100_00, reasons=reasons, roll="guarantor", claim="C-1"))

    assert desk.moved(done) == [("IPYMT", "CASH", "AR", 100_00), ("MADJN", "ADJUSTMENT", "AR", 60_00)]
    line = desk.book.the_line("D")
    assert (line.ar, line.responsibility, line.aging_date) == (40_00, "guarantor", desk.day)
    assert desk.book.sql("SELECT note, transaction_code FROM entry WHERE act = ? ORDER BY id", done.acts[0]) == [
        ("CO-45 60.00, PR-2 40.00", None),
        ("CO-45", "CONTR"),
    ]


def test_a_denial_moves_no_money_but_the_line(desk: Desk) -> None:
    desk.book.becomes("D", "insurance", "2026-01-01")
    done = desk.insurer(0, to_line("D", 0, reasons=(Reason("PR", "1", 200_00),), roll="guarantor"))
    assert (desk.moved(done), done.payments) == ([], 1)
    assert desk.book.the_line("D").responsibility == "guarantor"


def test_the_same_check_twice(desk: Desk) -> None:
    header = desk.header("guarantor", 10_00, account="A-D", number="4471")
    batch = desk.batch(10_00, 10_00)
    desk.enter(batch, header, to_line("D", 10_00))
    with pytest.raises(RuleRefusal, match=r"Check 4471 of A-D, Ana, 10.00 of 2026-06-30, is in batch 1 already"):
        desk.enter(batch, header)


def test_straight_to_suspense_and_income(desk: Desk) -> None:
    done = desk.guarantor(
        "A-D", 60_00, Share("suspense", 20_00, note="whose?"), Share("misc", 30_00), Share("on_account", 10_00)
    )
    assert desk.moved(done) == [
        ("GPYMT", "CASH", "SUSPENSE", 20_00),
        ("GPYMT", "CASH", "MISC_INCOME", 30_00),
        ("ONACCT", "CASH", "ON_ACCOUNT", 10_00),
    ]
