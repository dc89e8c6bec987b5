"""The whole program by raw bytes: Address Corrections, from a file to the history, at 80x24 and 120x40."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Account, AddressCorrection
from bo_tui.office import Actor, Office
from tests import making

from .harness import Terminal, alt
from .test_program_transactions import PROGRAM, SIZES, store

__all__ = ["store"]

FILE = """account,new_address1,new_city,new_state,new_zip,move_date,return_code,undeliverable
100230,40 Lake Ave,Chicago,IL,60601,2026-09-01,A,
100231,1 Main St,,,60601,2026-10-01,A,
100232,,,,,,,V
"""


@pytest.fixture(params=SIZES, ids=["80x24", "120x40"])
def term(store: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    rows, cols = request.param
    (tmp_path / "acs.csv").write_text(FILE)
    with Terminal(PROGRAM, rows=rows, cols=cols, environ={"BO_TUI_DB": str(store)}) as one:
        one.wait_for("6 Returned mail, accounts")
        yield one


def test_from_a_file_to_the_history_in_bursts(term: Terminal, store: Path, tmp_path: Path) -> None:
    term.send(alt("m") + b"d")
    term.wait_for("No correction waits.")
    term.press("f7", f"{tmp_path}/acs.csv", "f2")
    term.wait_for("[1 Pending 2 + 1 error]")
    for title in ("Acct", "Guarantor", "New address", "Reason", "State"):
        assert title in term.lines[3], title
    term.wait_for("incomplete")
    term.press("f3", "f2")  # Smith's, the first by name
    term.wait_for("1 address updated.")
    term.press("f3", "f2")
    term.wait_for("Nothing updated. Denied, now under Errors: account 100231: The city and the")
    term.send(alt("e"))
    term.wait_for("Mail returned: vacant.")
    term.press("f6", "y")
    term.wait_for("Returned Mail marked on 1 account.")
    term.send(alt("2"))
    term.wait_for("[2 History 3 + 1 error]")
    term.wait_for("Returned Mail")
    term.press("f1")
    term.wait_for("What an address service")
    term.press("escape", "escape")
    term.wait_for("What waits in")
    office = Office(open_store(store), Actor(making.USER, "administrator"), dates.today())
    office.store.use()
    assert sorted(row.outcome or "" for row in AddressCorrection.select()) == ["approved", "denied", "denied"]
    assert Account.get(Account.number == "100230").city == "Chicago"
    assert making.verify(office) == []
    office.close()
