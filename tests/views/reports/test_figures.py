"""The figures of reports against the same sums in plain Python over the raw entries, and each traced to its entries."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import pytest

from bo_tui import dates, money
from bo_tui.office import Office
from bo_tui.views import scoreboard
from bo_tui.views.reports import REPORTS, Asked
from tests.support.book import OfficeBook, day
from tests.support.paying import Desk, gross
from tests.views.reports.conftest import LAST, Books, Raw

HELD = ("ON_ACCOUNT", "SUSPENSE", "MISC_INCOME", "AGENCY_PAYABLE")
BOOKS = ("AR", "EXT", *HELD, "COMMISSION")
BY = ("posted", "accounting", "entered")
SPANS = [("2026-01-01", "2026-01-31"), ("2026-02-01", "2026-02-28"), ("2026-04-01", "2026-04-30"), ("2026-05-01", LAST)]


def on(entry: Raw, by: str) -> int:
    return {"posted": entry.posted, "accounting": entry.accounting, "entered": entry.entered}[by]


def adds(entry: Raw, name: str) -> int:
    """What an entry adds to a book as the report shows it."""
    cents = entry.amount * ((entry.debit == name) - (entry.credit == name))
    return -cents if name in HELD else cents


def sent(entry: Raw) -> int:
    """Agencies' money that met a debt, gross."""
    if entry.payer is None or not {entry.debit, entry.credit} & {"AR", "EXT"}:
        return 0
    return {"EPYMT": 1, "GPYMT": 1, "RVPAY": -1}.get(entry.code, 0) * entry.amount


def kept(entry: Raw) -> int:
    return {"ECOMM": 1, "RVCOMM": -1}.get(entry.code, 0) * entry.amount


@pytest.mark.parametrize(("by", "span"), list(product(BY, SPANS)))
def test_opening_movements_and_closing(books: Books, by: str, span: tuple[str, str]) -> None:
    first, last = map(day, span)
    found = {(row["book"], row["item"]): row["amount"] for row in books.report("rollforward", *span, by=by)}
    wanted: dict[tuple[str, str], int] = defaultdict(int)
    for entry in books.entries:
        for name in BOOKS:
            if name in (entry.debit, entry.credit):
                if on(entry, by) < first:
                    wanted[name, "opening"] += adds(entry, name)
                elif on(entry, by) <= last:
                    wanted[name, entry.code] += adds(entry, name)
                if on(entry, by) <= last:
                    wanted[name, "closing"] += adds(entry, name)
    for name in {name for name, _ in wanted} | {"AR", "EXT"}:
        wanted.setdefault((name, "opening"), 0)
        wanted.setdefault((name, "closing"), 0)
    assert found == wanted


@pytest.mark.parametrize("by", BY)
def test_each_movement_is_the_sum_of_its_entries(books: Books, by: str) -> None:
    narrow = [{}, {"agency": "First Bay"}, {"agency": "Third"}, {"operator": "ana"}]
    for asked, span in product(narrow, SPANS[2:]):
        for row in books.report("rollforward", *span, by=by, **asked):
            if row["item"] in ("opening", "closing", "total"):
                continue
            name = row["book"]
            entries = books.report("entries", *span, by=by, book=name, code=row["item"], **asked)
            sign = -1 if name in HELD else 1
            cents = sum(one["amount"] * ((one["debit"] == name) - (one["credit"] == name)) for one in entries)
            assert (sign * cents, bool(entries)) == (row["amount"], True)


@pytest.mark.parametrize("by", BY)
def test_what_an_agency_had_at_the_end_of_any_day(books: Books, by: str) -> None:
    """On the day of each movement of a debt and on the day before, as the raw entries say, and as the other figures do."""
    moved = {on(entry, by) for entry in books.entries if "EXT" in (entry.debit, entry.credit)}
    for last in sorted(moved | {one - 1 for one in moved}):
        rows = books.report("agencies", until=dates.iso(last), by=by)
        for row in rows:
            mine = [one for one in books.entries if one.debtor == row["agency"] and on(one, by) <= last]
            assert row["balance"] == sum(adds(one, "EXT") for one in mine), (dates.iso(last), row["agency"])
            assert row["balance"] == (
                row["placed"] + row["adjusted"] - row["collected"] + row["elsewhere"] - row["by_others"]
                - row["recalled"] - row["reassigned"]
            )  # fmt: skip
        until = [row["open"] for row in books.report("scoreboard", until=dates.iso(last), by=by)]
        assert sum(until) == sum(row["balance"] for row in rows)
        if by == "posted":
            placed = books.report("placements", until=dates.iso(last))
            assert sum(row["balance"] for row in placed) == sum(until)
            assert all(row["balance"] == 0 for row in placed if row["closed"] is not None)


def test_the_age_and_the_guarantors_share_of_a_past_day(office: Office) -> None:
    """A payment, a roll, a re-age and a placement, each on a day of its own: the day before still has what was then."""
    book = OfficeBook(office)
    book.agency("First Bay")
    for line in ("A1", "A2", "A3"):
        book.line(line, 100_00, "2026-01-01", account="A")
    book.pay("A1", 30_00, "2026-02-10")
    book.becomes("A2", "insurance", "2026-03-10")
    book.add(["A3"], "First Bay", "2026-04-10")
    book.post(["A3"], "2026-04-10")
    book.transfer("A3", "2026-05-10", re_age=True)

    def aged(until: str) -> list[int]:
        report = REPORTS["aging"]
        with office.reading():
            rows = [list(row)[2:] for row in report.rows(Asked(office, 1, None, day(until)))]
        return rows[0]

    book.on("2026-05-20")
    wanted = {  # 0-30, 31-60, 61-90, 91-120, 121+, total
        "2026-02-09": [0, 300_00, 0, 0, 0, 300_00],
        "2026-02-10": [0, 270_00, 0, 0, 0, 270_00],
        "2026-03-09": [0, 0, 270_00, 0, 0, 270_00],
        "2026-03-10": [0, 0, 170_00, 0, 0, 170_00],
        "2026-04-09": [0, 0, 0, 170_00, 0, 170_00],
        "2026-04-10": [0, 0, 0, 70_00, 0, 70_00],
        "2026-05-09": [0, 0, 0, 0, 70_00, 70_00],
        "2026-05-10": [100_00, 0, 0, 0, 70_00, 170_00],
        "2026-05-20": [100_00, 0, 0, 0, 70_00, 170_00],
    }
    assert {until: aged(until) for until in wanted} == wanted


def test_an_agencys_books_and_an_operators_movements(books: Books) -> None:
    found = books.report("rollforward", "2026-04-01", "2026-04-30", agency="Gross Co")
    assert [(row["book"], row["item"], money.plain(row["amount"])) for row in found] == [
        ("EXT", "opening", "1000.00"), ("EXT", "MADJP", "2.50"), ("EXT", "closing", "1002.50"),
        ("AGENCY_PAYABLE", "opening", "20.00"), ("AGENCY_PAYABLE", "closing", "20.00"),
        ("COMMISSION", "opening", "20.00"), ("COMMISSION", "closing", "20.00"),
    ]  # fmt: skip
    found = books.report("rollforward", "2026-04-01", "2026-04-30", operator="ana")
    assert {row["item"] for row in found} & {"opening", "closing"} == set()
    assert books.report("rollforward", "2026-04-01", "2026-04-30", operator="night") == [
        {"book": name, "item": "total", "day": day("2026-04-30"), "amount": 0} for name in ("AR", "EXT")
    ]


def test_the_scoreboard_by_month_of_placement(books: Books) -> None:
    found = {(row["agency"], dates.iso(row["month"])): row for row in books.report("scoreboard")}
    assert {
        key: tuple(money.plain(row[name]) for name in ("placed", "collected", "commission", "net", "open"))
        for key, row in found.items()
    } == {
        # A: 100.00, 50.00 and 20.00 of First Bay's own, 25.00 bounced with a half of 10.00; B: 40.00 came and went
        ("First Bay", "2026-01-01"): ("300.00", "45.00", "9.00", "36.00", "200.00"),
        # C: 30.00 while it had the debt, 10.00 after that
        ("First Bay", "2026-02-01"): ("300.00", "40.00", "11.00", "29.00", "0.00"),
        ("First Bay", "2026-03-01"): ("400.00", "45.00", "5.00", "40.00", "340.00"),
        ("Gross Co", "2026-02-01"): ("1100.00", "112.00", "20.00", "92.00", "390.50"),
        # A: the 50.00 left, and the 25.00 that came back to it
        ("Third", "2026-04-01"): ("75.00", "7.00", "2.00", "5.00", "48.00"),
    }
    assert found["First Bay", "2026-01-01"]["placements"] == 2
    assert money.plain(found["Gross Co", "2026-02-01"]["percent"]) == "10.18"


def test_the_scoreboard_agrees_with_the_entries(books: Books) -> None:
    """Placed, adjusted and what is open are the debt's; collected and commission are the sender's."""
    months = books.report("scoreboard")
    totals = {row["agency"]: row for row in books.report("agencies")}
    for name in books.agencies:
        mine = [row for row in months if row["agency"] == name]
        debt = [entry for entry in books.entries if entry.debtor == name and "EXT" in (entry.debit, entry.credit)]
        money_of = [entry for entry in books.entries if entry.payer == name]
        assert sum(row["open"] for row in mine) == sum(adds(entry, "EXT") for entry in debt)
        assert sum(row["placed"] for row in mine) == sum(entry.amount for entry in debt if entry.code == "EXCOL")
        assert sum(row["collected"] for row in mine) == sum(map(sent, money_of)) == totals[name]["collected"]
        assert sum(row["commission"] for row in mine) == sum(map(kept, money_of)) == totals[name]["commission"]
        assert sum(row["open"] for row in mine) == totals[name]["balance"]
    for row in months:
        assert row["open"] == (
            row["placed"] + row["adjusted"] - row["collected"] + row["elsewhere"] - row["by_others"]
            - row["recalled"] - row["reassigned"]
        )  # fmt: skip


def test_each_month_is_traced_to_its_entries_and_payments(books: Books) -> None:
    for row in books.report("scoreboard"):
        month = (row["month"], dates.shift(row["month"], 1, "m") - 1)
        entries = books.report("entries", agency=row["agency"], book="EXT", placed=month)
        assert sum(one["amount"] * (1 if one["debit"] == "EXT" else -1) for one in entries) == row["open"]
        payments = books.report("agency_payments", agency=row["agency"], placed=month)
        sums = [sum(one[name] for one in payments) for name in ("gross", "commission", "net")]
        assert sums == [row["collected"], row["commission"], row["net"]]


def test_the_months_asked_for_and_the_days_up_to_which_they_are_told(books: Books) -> None:
    march = books.report("scoreboard", "2026-02-01", "2026-03-31", agency="First Bay")
    assert [(dates.iso(row["month"]), row["collected"]) for row in march] == [("2026-02-01", 30_00), ("2026-03-01", 0)]
    assert [row["percent"] for row in march] == [10_00, 0]
    april = books.report("agencies", "2026-04-01", "2026-04-30")
    assert [(row["agency"], row["placed"], row["collected"]) for row in april] == [
        ("First Bay", 0, 20_00 + 10_00 - 40_00 + 45_00),
        ("Gross Co", 0, 0),
        ("Third", 50_00, 7_00),
    ]


def test_money_for_a_debt_that_was_never_with_its_sender(office: Office) -> None:
    book = OfficeBook(office)
    book.agency("First Bay")
    book.agency("Third")
    book.line("B", 100_00)
    book.add(["B"], "First Bay", "2026-03-01")
    book.post(["B"], "2026-03-01")
    Desk(book, "2026-03-02").agency("Third", 8_00, gross(book.placement("B").id, 10_00, 8_00))
    found = Books(office).report("scoreboard")
    assert [
        (row["agency"], row["month"] and dates.iso(row["month"]), row["collected"], row["elsewhere"], row["by_others"])
        for row in found
    ] == [("First Bay", "2026-03-01", 0, 0, 10_00), ("Third", None, 10_00, 10_00, 0)]
    assert [row["open"] for row in found] == [90_00, 0]


def test_percentages_are_half_up() -> None:
    figures = scoreboard.Figures(placed=0, collected=5)
    assert (figures.percent, figures.net) == (None, 5)
    assert scoreboard.Figures(placed=300, collected=1).percent == 33
    assert scoreboard.Figures(placed=200, collected=1).percent == 50
    assert scoreboard.Figures(placed=200, collected=-1).percent is None
