"""What the night posts by itself, and what it leaves to people (DESIGN section 3, Approval and brakes)."""

from __future__ import annotations

import pytest

from tests.support.book import OfficeBook, queued

SINCE = "2026-01-01"
NIGHT = "2026-03-01"
NEXT = "2026-03-02"
THIRD = "2026-03-03"


def bay(book: OfficeBook, **fields: object) -> OfficeBook:
    """First Bay takes above 99.00 and 45 days and is approved by itself."""
    book.agency("First Bay", balance=99_00, age=45, **{"auto_approve": True} | fields)
    return book


def lines(book: OfficeBook, *fees: int) -> list[str]:
    """Lines L1, L2 and so on, each on an account of its own."""
    for number, fee in enumerate(fees, start=1):
        book.line(f"L{number}", fee, SINCE)
    return [f"L{number}" for number in range(1, len(fees) + 1)]


def test_approval_places_the_whole_balance(book: OfficeBook) -> None:
    lines(bay(book), 480_00)

    night = book.night(NIGHT)

    assert night["L1"] == queued("First Bay")  # queued includes what the same run approved
    assert night.step("approve") == (1, "480.00")
    assert book.placed() == {"L1": ("First Bay", 480_00)}
    assert book.balance("L1") == 0
    assert book.waiting() == {}
    row = book.sql(
        "SELECT code, debit, credit, amount, parent, accounting_date FROM entry WHERE id = ?", book.placement("L1").id
    )
    assert row == [("EXCOL", "EXT", "AR", 480_00, None, None)]


def test_what_was_paid_meanwhile_is_not_placed(book: OfficeBook) -> None:
    lines(bay(book, auto_approve=False), 480_00)
    book.night(NIGHT)
    book.pay("L1", 100_00, NEXT)
    book.reassignment_of("First Bay", auto_approve=True)

    assert book.night(NEXT).step("approve") == (1, "380.00")  # queued with 480.00


def test_whatever_night_or_source(book: OfficeBook) -> None:
    bay(book, auto_approve=False)
    lines(book, 480_00, 480_00)
    book.line("HAND", 1_00, NEXT)
    book.night(NIGHT)
    book.add(["HAND"], "First Bay", NEXT)
    assert book.night(NEXT).step("approve") == (0, "0.00")

    book.reassignment_of("First Bay", auto_approve=True)
    assert book.night(THIRD).step("approve") == (3, "961.00")


def test_only_agencies_that_have_it_now(book: OfficeBook) -> None:
    bay(book)
    book.agency("Bay West", balance=99_00, age=50)
    book.line("WEST", 480_00, "2026-01-01")
    book.line("BAY", 480_00, "2026-01-14")

    book.night(NIGHT)

    assert set(book.placed()) == {"BAY"}
    assert book.waiting() == {"WEST": "Bay West"}


def test_lines_up_to_the_limit_of_a_night(book: OfficeBook) -> None:
    lines(bay(book, max_lines=2), 100_00, 200_00, 300_00)

    first = book.night(NIGHT)
    assert first.step("approve") == (2, "300.00")
    assert first.report.braked == ["First Bay"]
    assert set(book.waiting()) == {"L3"}

    second = book.night(NEXT)
    assert second.step("approve") == (1, "300.00")
    assert second.report.braked == []


def test_exactly_the_limit_is_no_brake(book: OfficeBook) -> None:
    lines(bay(book, max_lines=2, max_amount=300_00), 100_00, 200_00)

    night = book.night(NIGHT)

    assert night.step("approve") == (2, "300.00")
    assert night.report.braked == []


def test_the_first_line_that_would_pass_the_amount_stops_the_rest(book: OfficeBook) -> None:
    """100.00 fits; 250.00 would make 350.00; 150.00 would fit but comes after the line that stopped."""
    lines(bay(book, max_amount=349_99), 100_00, 250_00, 150_00)

    assert book.night(NIGHT).step("approve") == (1, "100.00")
    assert book.night(NEXT).step("approve") == (1, "250.00")
    assert book.night(THIRD).step("approve") == (1, "150.00")


def test_a_line_above_the_amount_waits_for_an_operator(book: OfficeBook) -> None:
    lines(bay(book, max_amount=100_00), 100_01)

    for when in (NIGHT, NEXT):
        night = book.night(when)
        assert night.step("approve") == (0, "0.00")
        assert night.report.braked == ["First Bay"]
    book.post(["L1"], THIRD)
    assert set(book.placed()) == {"L1"}


def test_brakes_are_each_assignments_own(book: OfficeBook) -> None:
    bay(book, max_lines=1)
    book.agency("Bay West", balance=99_00, age=50, auto_approve=True)
    for number, since in enumerate(("2026-01-14", "2026-01-01", "2026-01-14", "2026-01-01"), start=1):
        book.line(f"L{number}", 100_00, since)

    book.night(NIGHT)

    assert set(book.placed()) == {"L1", "L2", "L4"}
    assert book.waiting() == {"L3": "First Bay"}


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_brakes_hold_across_chunks(book: OfficeBook, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    from bo_tui.rules.night import steps

    monkeypatch.setattr(steps, "ROWS", rows)
    lines(bay(book, max_lines=4, max_amount=500_00), 150_00, 150_00, 150_00, 100_00, 100_00, 100_00)

    assert book.night(NIGHT).step("approve") == (3, "450.00")
    assert book.night(NEXT).step("approve") == (3, "300.00")


def test_over_the_four_eyes_limit_two_people_look(book: OfficeBook) -> None:
    book.practice("LAKE", four_eyes_limit=500_00)
    lines(bay(book), 500_00, 500_01)

    book.night(NIGHT)

    assert set(book.placed()) == {"L1"}
    assert set(book.waiting()) == {"L2"}


def test_an_account_that_holds_credit_waits(book: OfficeBook) -> None:
    bay(book)
    book.line("OWED", 480_00, SINCE, account="A")
    book.line("CREDIT", 50_00, SINCE, account="A")
    book.pay("CREDIT", 50_01, "2026-02-01", "IPYMT")
    book.line("EVEN", 480_00, SINCE, account="B")
    book.line("PAID", 50_00, SINCE, account="B")
    book.pay("PAID", 50_00, "2026-02-01", "IPYMT")

    book.night(NIGHT)

    assert set(book.placed()) == {"EVEN"}
    assert set(book.waiting()) == {"OWED"}


def test_siblings_are_approved_with_their_lead(book: OfficeBook) -> None:
    bay(book)
    book.rules(move_all_by_dos=True)
    book.line("LEAD", 480_00, SINCE, account="A", case="C1")
    book.line("SMALL", 1, NIGHT, account="A", case="C1")

    book.night(NIGHT)

    assert set(book.placed()) == {"LEAD", "SMALL"}
    assert book.night(NEXT).withdrawn == {}


def test_the_accounting_date_is_the_nights_or_the_first_open_day(book: OfficeBook) -> None:
    from bo_tui import dates

    bay(book)
    book.practice("LAKE", uses_accounting_dates=True, closed_through=dates.parse("2026-03-01"))
    lines(book, 100_00)
    book.night(NIGHT)
    book.line("LATER", 100_00, SINCE)
    book.night("2026-03-05")

    rows = book.sql("SELECT posted, accounting_date FROM entry WHERE code = 'EXCOL' ORDER BY id")
    assert [(dates.iso(posted), dates.iso(booked)) for posted, booked in rows] == [
        ("2026-03-01", "2026-03-02"),  # closed through March 1
        ("2026-03-05", "2026-03-05"),
    ]


def test_money_on_account_waits_too(book: OfficeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Receipts on account are a later area's; the rule already knows the book that they will stand in."""
    from bo_tui.db.tables import Entry
    from bo_tui.rules import ledger, nightly

    monkeypatch.setattr(
        nightly, "STEPS", [step for step in nightly.STEPS if step[0] != "check"]
    )  # no code moves it yet
    lines(bay(book), 100_00, 100_00)
    for line, received, refunded in (("L1", 5_00, 4_99), ("L2", 5_00, 5_00)):
        account = book.the_line(line).account
        with book.on("2026-02-01").act("receipt", 1) as draft:
            first = draft.take_entry_ids(2)
            about = {"act": draft.id, "practice": 1, "account": account, "posted": draft.business_date, "code": "GPYMT"}
            Entry.insert(id=first, debit="CASH", credit="ON_ACCOUNT", amount=received, **about).execute()
            Entry.insert(id=first + 1, debit="ON_ACCOUNT", credit="REFUND", amount=refunded, **about).execute()
            ledger.seal(draft)

    book.night(NIGHT)

    assert set(book.placed()) == {"L2"}
    assert set(book.waiting()) == {"L1"}
