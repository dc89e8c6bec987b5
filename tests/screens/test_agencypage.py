"""The Agency page: figures by month of placement with their bars, what they are made of, another's money at once, Esc back."""

from __future__ import annotations

import pytest

from bo_tui.office import Office
from bo_tui.screens.admin import agencypage
from bo_tui.screens.admin.agencies import AgenciesPage
from bo_tui.screens.admin.agencypage import AgencyPage
from bo_tui.screens.app import BackOffice
from bo_tui.views.scoreboard import Figures, Month
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.textpage import TextView
from tests.screens.piloting import SMALL, Sitting
from tests.support.book import OfficeBook
from tests.support.paying import Desk, gross


@pytest.fixture
def office_with_figures(office: Office) -> Office:
    """First Bay got 300.00 in January and 400.00 in March, of which 35% and 10% came; West got nothing."""
    book = OfficeBook(office)
    book.agency("First Bay")
    book.agency("West")
    for number, (line, placed) in enumerate((("A", "2026-01-10"), ("B", "2026-01-31"), ("C", "2026-03-01"))):
        book.line(line, (100_00, 200_00, 400_00)[number])
        book.add([line], "First Bay", placed)
        book.post([line], placed)
    of = [book.placement(line).id for line in "ABC"]
    desk = Desk(book, "2026-04-02")
    desk.agency("First Bay", 120_00, gross(of[0], 100_00, 75_00), gross(of[1], 5_00), gross(of[2], 40_00))
    return office


async def test_months_bars_and_what_they_are_made_of(office_with_figures: Office) -> None:
    app = BackOffice(office_with_figures)
    async with app.run_test(size=SMALL) as pilot:
        one = Sitting(app, pilot)
        await one.rest()
        await one.press("alt+x", "a", "alt+g")
        assert isinstance(one.screen, AgencyPage)
        assert [
            (row["month"], row["placements"], row["placed"], row["percent"], len(row["bar"])) for row in one.rows
        ] == [
            ("2026-01", "2", "300.00", "35.00", 12),
            ("2026-03", "1", "400.00", "10.00", 4),
        ]
        assert one.said.startswith(
            "Placed 2026-01: 2 debts, 300.00 placed; collected 105.00 (35.00%), commission 25.00,"
        )
        total = one.screen.query_one("#agency-total", Lines).text
        assert total.startswith("First Bay, for Lakeside Anesthesia: 3 debts, 700.00 placed; collected 145.00 (20.71%)")
        assert total.endswith("The longest bar is 40.00%.")

        await one.press("down", "enter")
        page = one.screen.query_one(TextView).text
        assert "bo-tui report agency_payments \\\n    --practice LAKE --agency 'First Bay' --placed 2026-03\n" in page
        assert "paid by the agency                -40.00  EPYMT, RVPAY" in page
        await one.press("escape")

        desk = Desk(OfficeBook(office_with_figures), "2026-04-03")
        desk.agency("First Bay", 80_00, gross(desk.book.placement("C").id, 80_00))
        one.screen.grid.look()
        await one.rest()
        assert [row["percent"] for row in one.rows] == ["35.00", "30.00"]
        assert one.screen.grid.current.id == 1, "the cursor stays"

        await one.press("escape")
        assert isinstance(one.screen, AgenciesPage)
        await one.press("end", "alt+g")
        assert (one.rows, one.screen.agency.name) == ([], "West")


def test_bars_in_cells() -> None:
    assert agencypage.bar(20_00, 20_00, 10) == "█" * 10
    assert agencypage.bar(1, 100_00, 10, ascii_only=True) == "#", "what is above nothing can be seen"
    assert [len(agencypage.bar(value, 20_00, 10)) for value in (None, 0, 2_99, 3_00, 30_00)] == [0, 0, 1, 2, 10]


def test_a_month_that_never_was() -> None:
    text = agencypage.explained(Month("O'Neil & Co", None, Figures(collected=5_00, elsewhere=5_00)), "LAKE")
    assert "for debts that were never with it" in text
    assert "--placed" not in text
    assert "--agency 'O'\"'\"'Neil & Co'" in text
