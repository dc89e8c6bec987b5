"""Payments, a day's deposit, and the external collection payment detail: they meet the checks and the entries of CASH."""

from __future__ import annotations

import pytest

from bo_tui import dates, money
from bo_tui.db.tables import Payment
from bo_tui.views.reports import REPORTS, Asked
from tests.support.book import day
from tests.views.reports.conftest import LAST, Books, Raw

BY = ("posted", "accounting", "entered")


def cash(entry: Raw) -> int:
    return entry.amount * ((entry.debit == "CASH") - (entry.credit == "CASH"))


def on(entry: Raw, by: str) -> int:
    return {"posted": entry.posted, "accounting": entry.accounting, "entered": entry.entered}[by]


@pytest.mark.parametrize("by", BY)
def test_a_days_deposit_is_its_cash_entries(books: Books, by: str) -> None:
    days = sorted({on(entry, by) for entry in books.entries})
    for one in days:
        found = books.report("deposits", dates.iso(one), dates.iso(one), by=by)
        mine = [entry for entry in books.entries if on(entry, by) == one]
        assert sum(row["amount"] for row in found) == sum(map(cash, mine)), dates.iso(one)
        assert {row["day"] for row in found} <= {one}
    whole = books.report("deposits", by=by)
    assert sum(row["amount"] for row in whole) == sum(map(cash, books.entries))


def test_the_deposit_of_a_day_by_batch_and_type(books: Books) -> None:
    found = books.report("deposits", "2026-05-05", "2026-05-05")
    assert [(row["batch"], row["type"], row["item"], money.plain(row["amount"])) for row in found] == [
        (None, "check", "invoice", "-12.00"),
        (1, "check", "reversed", "-20.00"),
        (5, "check", "reversed", "-20.00"),
    ]
    found = books.report("deposits", "2026-03-20", "2026-03-20")
    assert [(row["batch"], row["item"], row["payments"], row["amount"]) for row in found] == [
        (1, "posted", 1, 75_00), (2, "posted", 1, 100_00), (3, "posted", 1, 30_00), (4, "posted", 1, 120_00),
    ]  # fmt: skip


def test_payments_that_came_reversals_invoices_and_a_history_are_counted_apart(books: Books) -> None:
    whole = books.report("deposits")
    kinds = {"posted": "payments", "imported": "payments", "reversed": "reversed", "invoice": "invoices"}
    for row in whole:
        counts = {name: row[name] for name in ("payments", "reversed", "invoices")}
        assert counts == dict.fromkeys(counts, 0) | {kinds[row["item"]]: max(counts.values())}, row
    assert sum(row["invoices"] for row in whole) == 1
    (history,) = (row for row in whole if row["item"] == "imported")
    assert (history["payments"], history["amount"], dates.iso(history["day"])) == (1, 33_00, "2026-01-31")
    day_of = [row for row in whole if dates.iso(row["day"]) == "2026-05-05"]
    assert [sum(row[name] for row in day_of) for name in ("payments", "reversed", "invoices")] == [0, 2, 1]


def test_the_audit_shows_what_posting_took_of_checks(books: Books) -> None:
    """75.00 of an agency's check: 90.00 gross and 15.00 commission stand in its act's total."""
    audit = REPORTS["audit"]
    names = ["practice", *(column.name for column in audit.columns)]
    with books.office.reading():
        rows = list(audit.rows(Asked(books.office, 1, None, day(LAST), all_later=True)))
    acts = [row for row in (dict(zip(names, row, strict=True)) for row in rows) if row["kind"] == "payment_post"]
    posted = [row for row in books.report("payments") if row["kind"] != "invoice"]
    assert acts[0]["amount"] == 75_00
    assert sum(row["amount"] for row in acts) == sum(row["posted_amount"] for row in posted)


def test_what_is_posted_of_a_check_is_the_check(books: Books) -> None:
    """Every payment is posted in full: its rows together are its amount, and the deposits of its day have the same."""
    found = books.report("payments")
    for row in Payment.select():
        mine = [one for one in found if one["payment"] == row.id]
        assert sum(one["posted_amount"] for one in mine) == (-row.amount if row.kind == "invoice" else row.amount)
    assert {one["posted_by"] for one in found} == {"ana"}
    banked = [row for row in books.report("deposits") if row["item"] != "reversed" and row["type"] is not None]
    assert sum(row["posted_amount"] for row in found) == sum(row["amount"] for row in banked)


def test_what_a_payment_went_to(books: Books) -> None:
    (row,) = (row for row in books.report("payments") if row["amount"] == 120_00)
    assert (row["kind"], row["payer"], row["batch"]) == ("guarantor", "AX, Ana", 4)
    assert (row["lines"], row["on_account"], row["suspense"], row["placements"]) == (50_00, 40_00, 30_00, 0)
    assert (dates.iso(row["posted"]), row["posted_by"], row["received_from_patient"]) == ("2026-03-20", "ana", "no")
    (row,) = (row for row in books.report("payments") if row["amount"] == 60_00)
    assert (row["lines"], row["misc_income"], row["refunds"]) == (50_00, 6_00, 4_00)


def test_payments_of_an_agency_and_of_an_operator(books: Books) -> None:
    first = books.report("payments", agency="First Bay")
    assert {row["payer"] for row in first} == {"First Bay"}
    assert [(row["gross"], row["commission"], row["amount"]) for row in first[:2]] == [
        (90_00, 15_00, 75_00),
        (30_00, 10_00, 30_00),
    ]
    assert books.report("payments", operator="night") == []
    assert books.report("deposits", operator="night") == []
    assert [row["amount"] for row in books.report("deposits", agency="Third")] == [5_00]


def test_external_collection_payment_detail(books: Books) -> None:
    found = books.report("agency_payments", "2026-04-20", "2026-04-21")
    told = [
        (row["agency"], row["current_agency"], row["line"], row["code"], row["gross"], row["commission"], row["net"])
        for row in found
    ]
    assert told == [
        ("First Bay", "Third", "A", "EPYMT", 20_00, 4_00, 16_00),
        ("Third", "Third", "A", "EPYMT", 7_00, 2_00, 5_00),
        ("First Bay", None, "C", "GPYMT", 10_00, 1_00, 9_00),
        ("First Bay", "First Bay", "D", "EPYMT", 45_00, 5_00, 40_00),
        ("First Bay", "First Bay", "B", "RVPAY", -40_00, 0, -40_00),
        ("First Bay", "First Bay", "B", "RVCOMM", 0, -5_00, 5_00),
    ]
    assert {row["placed"] for row in found if row["line"] == "A"} == {day("2026-01-10"), day("2026-04-10")}
    patient = books.report("agency_payments", "2026-03-01", "2026-03-31", agency="First Bay")
    assert [(row["received_from_patient"], row["gross"]) for row in patient] == [
        ("no", 50_00),
        ("no", 40_00),
        ("yes", 30_00),
    ]


def test_refunds_made_later_are_rows_of_their_own(books: Books) -> None:
    """Out of what the money had gone to, into refunds: of all rows these are the REFND entries, and no money came by them."""
    found = books.report("payments")
    (row,) = (row for row in found if row["kind"] == "refund")
    assert (row["payment"], row["payer"], row["amount"], row["posted_by"]) == (None, "AX, Ana", 5_00, "ana")
    assert (row["on_account"], row["refunds"], row["lines"], row["posted_amount"]) == (-5_00, 5_00, 0, 0)
    assert sum(row["refunds"] for row in found) == sum(one.amount for one in books.entries if one.code == "REFND")
    names = ("lines", "placements", "on_account", "suspense", "misc_income", "refunds", "recouped")
    assert all(sum(row[name] for name in names) == row["posted_amount"] for row in found if row["kind"] != "invoice")
    assert [row["kind"] for row in books.report("payments", "2026-05-05", "2026-05-05")] == ["refund", "invoice"]
    assert all(row["kind"] != "refund" for row in books.report("payments", agency="First Bay"))
