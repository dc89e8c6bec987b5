"""An office whose mail comes back, and files of an address service written in a line or two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_tui.office import Office
from tests import making

HOME = {"address1": "12 Oak St", "city": "Madison", "state": "WI", "zip": "53703"}
HEADER = "account,new_address1,new_city,new_state,new_zip,return_code,undeliverable,old_address1,old_zip"
NEW = "40 Lake Ave,Chicago,IL,60601"

Written = Callable[..., Path]


@pytest.fixture
def ana(office: Office) -> Office:
    """Accounts A1 to A4, all at 12 Oak St."""
    for number in ("A1", "A2", "A3", "A4"):
        making.make_account(office, number, **HOME)
    return office


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """`written("A1,...", name="x.csv")`: a file of these rows, cells at the end of a row may be left out."""

    def write(*rows: str, name: str = "x.csv", header: str = HEADER) -> Path:
        width = header.count(",")
        lines = [header, *(row + "," * (width - row.count(",")) for row in rows)]
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
