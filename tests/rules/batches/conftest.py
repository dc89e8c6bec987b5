"""A desk with lines in active AR and placed: what the tests of payment batches share."""

from __future__ import annotations

import pytest

from bo_tui.office import Office
from bo_tui.rules import checking
from tests.support.book import OfficeBook
from tests.support.paying import Desk

DAY = "2026-06-30"


@pytest.fixture
def desk(office: Office):
    """P of 480.00 placed with First Bay, L1 to L3 of 100.00 each on account A (L2 is the oldest), and what `check` says after."""
    book = OfficeBook(office)
    book.agency("First Bay")
    book.agency("Gross Co", remits="gross")
    book.line("P", 480_00)
    book.add(["P"], "First Bay", "2026-03-01")
    book.post(["P"], "2026-03-01")
    for line, since in (("L1", "2026-02-01"), ("L2", "2026-01-01"), ("L3", "2026-03-01")):
        book.line(line, 100_00, since, account="A")
    yield Desk(book, DAY)
    assert checking.check(office.store) == []
