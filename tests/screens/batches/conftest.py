"""Placements with two agencies and lines of one account, for the pages of payment batches; the books are checked afterwards."""

from __future__ import annotations

import pytest

from bo_tui.office import Office
from bo_tui.rules import checking
from tests import making
from tests.support.book import OfficeBook
from tests.support.paying import Desk


@pytest.fixture
def desk(office: Office):
    """P1 to P3 of 100.00, 200.00, 300.00 placed with First Bay (account of the same name), Q with Gross Co; A owes L1 to L3."""
    book = OfficeBook(office)
    book.agency("First Bay")
    book.agency("Gross Co", remits="gross")
    for number, cents in (("P1", 100_00), ("P2", 200_00), ("P3", 300_00), ("Q", 150_00)):
        book.line(number, cents)
        agency = "Gross Co" if number == "Q" else "First Bay"
        book.add([number], agency, "2026-09-01")
        book.post([number], "2026-09-01")
    for line, since in (("L1", "2026-08-01"), ("L2", "2026-07-01"), ("L3", "2026-09-01")):
        book.line(line, 100_00, since, account="A")
    yield Desk(book, making.DAY)
    assert checking.check(office.store) == []
