"""What payments do elsewhere: exclusions of the same night, what agencies are told, and commission owed."""

from __future__ import annotations

import pytest

from bo_tui.errors import RuleRefusal
from bo_tui.rules.batches import invoices, reversing
from bo_tui.rules.batches.model import Share
from bo_tui.rules.external import filerows, lookups, updaterows
from bo_tui.rules.external.why import why
from bo_tui.views import home
from tests.support.book import excluded, queued
from tests.support.paying import Desk, gross, to_line


def told(desk: Desk, agency: str) -> list[tuple[str, int, int]]:
    """(record type, cents, new balance) of what waits for an agency."""
    with desk.office.reading():
        rows = updaterows.waiting(filerows.recipient(1, desk.book.agencies[agency]), desk.day, 100).rows
    return [(one.row.record_type, one.row.amount, one.row.new_balance) for one in rows]


def test_a_payment_posted_today_keeps_the_line_out_tonight(desk: Desk) -> None:
    desk.book.agency("Night", balance=50_00, age=30)
    desk.book.rules(payment_within_days=35, payment_minimum=20_00)
    desk.guarantor("A", 30_00, to_line("L1", 20_00), to_line("L2", 10_00))
    night = desk.book.night(desk.day)
    assert (night["L1"], night["L2"]) == (excluded("recent_payment"), queued("Night"))


@pytest.mark.parametrize(("amount", "kept"), [(20_00, True), (19_99, False)])
def test_money_on_account_counts_at_account_level(desk: Desk, amount: int, kept: bool) -> None:
    desk.book.agency("Night", balance=50_00, age=30)
    desk.book.rules(payment_within_days=35, payment_minimum=20_00, account_level=True)
    desk.guarantor("A", amount, Share("on_account", amount))
    assert desk.book.night(desk.day)["L1"] == (excluded("recent_payment") if kept else queued("Night"))


def test_money_kept_on_account_counts_once_and_what_bounced_not_at_all(desk: Desk) -> None:
    desk.book.agency("Night", balance=50_00, age=30)
    desk.book.rules(payment_within_days=35, payment_minimum=20_00, account_level=True)
    desk.guarantor("A", 20_00, to_line("L1", 20_00))
    reversing.reverse_distribution(desk.office, desk.last().id, "another line", to="on_account")
    assert desk.book.whys(desk.day, "LAKE", ["L3"])["L3"] == excluded("recent_payment")
    (receipt,) = desk.book.sql("SELECT payment FROM entry WHERE code = 'GPYMT'")
    desk.guarantor("A", 19_99, Share("on_account", 19_99))
    reversing.reverse_distribution(desk.office, desk.last().id, "bounced")
    desk.guarantor("A", 1, to_line("L2", 1))
    assert receipt
    assert desk.book.whys(desk.day, "LAKE", ["L3"])["L3"] == excluded("recent_payment")


def test_what_the_patient_paid_is_told_and_the_agencys_own_money_is_not(desk: Desk) -> None:
    desk.book.file("First Bay", "2026-03-02")
    placement = desk.book.placement("P").id
    desk.agency("First Bay", 75_00, gross(placement, 100_00, 75_00))
    desk.agency("First Bay", 40_00, gross(placement, 40_00, 30_00), received_from_patient=True)
    assert told(desk, "First Bay") == [("payment", 40_00, 340_00)]


def test_what_the_agency_takes_back_itself_it_is_not_told(desk: Desk) -> None:
    desk.book.file("First Bay", "2026-03-02")
    placement = desk.book.placement("P").id
    desk.agency("First Bay", 100_00, gross(placement, 100_00))
    first = desk.last().entry
    desk.agency("First Bay", 50_00, gross(placement, -50_00), gross(placement, 100_00))
    assert told(desk, "First Bay") == []
    reversing.reverse_entry(desk.office, first, "bounced at our bank", 10_00)
    assert [row[:2] for row in told(desk, "First Bay")] == [("payment_reversed", 10_00)]


def test_another_agencys_money_is_told_to_the_one_that_has_the_debt(desk: Desk) -> None:
    placement = desk.book.placement("P").id
    desk.book.reassign("P", "Gross Co", "2026-03-02")
    desk.book.file("Gross Co", "2026-03-03")
    desk.agency("First Bay", 100_00, gross(placement, 100_00), repoint=True)
    assert told(desk, "Gross Co") == [("payment", 100_00, 380_00)]


def test_commission_owed_is_paid_against_an_invoice(desk: Desk) -> None:
    placement = desk.book.placement("P").id
    desk.agency("First Bay", 40_00, gross(placement, 40_00, 30_00), received_from_patient=True)
    desk.book.reassign("P", "Gross Co", desk.day)
    desk.agency("Gross Co", 100_00, gross(desk.book.placement("P").id, 100_00, 80_00))
    assert invoices.owed(desk.office, 1) == {"First Bay": 10_00, "Gross Co": 20_00}
    reversing.reverse_distribution(desk.office, desk.last().id, "bounced", 50_00)
    assert invoices.owed(desk.office, 1)["Gross Co"] == 10_00

    paid = invoices.pay_agency(desk.office, 1, "First Bay", 10_00, "9001", desk.day)
    assert desk.moved(paid.act) == [("AGPAY", "AGENCY_PAYABLE", "CASH", 10_00)]
    assert invoices.owed(desk.office, 1) == {"Gross Co": 10_00}
    with pytest.raises(RuleRefusal, match=r"Gross Co is owed 10.00"):
        invoices.pay_agency(desk.office, 1, "Gross Co", 10_01, "9002", desk.day)
    reversing.reverse_entry(desk.office, paid.entries[0], "stopped")
    assert invoices.owed(desk.office, 1)["First Bay"] == 10_00


def test_why_says_what_is_entered_and_not_posted(desk: Desk) -> None:
    """A night takes the line all the same: only posted money counts."""
    practice = lookups.the_practice(1)
    before = why(desk.office, practice, "L1")
    batch = desk.batch(30_00, 20_00)
    desk.enter(batch, desk.header("guarantor", 30_00, account="A"), to_line("L1", 30_00))
    desk.enter(batch, desk.header("guarantor", 20_00, account="A"), to_line("L1", 20_00))
    now = why(desk.office, practice, "L1")
    assert (now.outcome, now.because, now.balance) == (before.outcome, before.because, 100_00)
    said = " 50.00 of 2 payments entered on it is not posted yet; only posted money counts."
    assert now.sentence == before.sentence + said
    assert why(desk.office, practice, "L2").sentence.count("not posted") == 0
    assert home.figures(desk.office, 1).batches == 1
    assert home.figures(desk.office, 1).batches_amount == 50_00
    desk.post(batch)
    assert "not posted" not in why(desk.office, practice, "L1").sentence
    assert home.figures(desk.office, 1).batches == 0
