"""What the scenarios share: an office book."""

from __future__ import annotations

import pytest

from bo_tui.office import Office
from tests.support.book import OfficeBook


@pytest.fixture
def book(office: Office) -> OfficeBook:
    """An office with one practice, LAKE, and nothing else."""
    return OfficeBook(office)
