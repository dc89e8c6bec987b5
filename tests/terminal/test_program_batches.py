"""The whole program by raw bytes: a day's check from an empty batch to EPYMT and ECOMM in Transactions, at 80x24 and 120x40."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Entry
from bo_tui.office import Actor, Office
from tests import making

from .harness import Terminal, alt
from .test_program_transactions import PROGRAM, SIZES, store

__all__ = ["store"]


@pytest.fixture(params=SIZES, ids=["80x24", "120x40"])
def term(store: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    rows, cols = request.param
    with Terminal(PROGRAM, rows=rows, cols=cols, environ={"BO_TUI_DB": str(store)}) as one:
        one.wait_for("2 Placed")
        yield one


def test_a_check_in_bursts_from_the_batch_to_the_ledger(term: Terminal, store: Path) -> None:
    term.send(alt("m") + b"p")
    term.wait_for("No batch was created")
    term.send(alt("c") + b"1\r270.00\x1bOQ")  # what is expected, in one write
    term.wait_for("Created batch 1.")
    term.send(alt("o") + b"first\r\r4472\r270.00\x1bOQ")
    term.wait_for("Distribute Check 4472 of First Bay")
    # three rows and what is wrong with a fourth, as a stalled line delivers them: all in one write
    rows = [
        ("100231", "100", "80", "20"),
        ("100232", "100", "", ""),
        ("100230", "90", "", ""),
        ("100233", "999", "", ""),
    ]
    term.send(b"".join("\r".join((*row, "")).encode() for row in rows))
    term.wait_for("Gross 999.00 is more than the balance of placement")
    term.wait_for("Distributed 270.00")
    term.wait_for("this row -999.00")
    term.press("escape")  # back to Find; what was typed for the row is still there
    term.wait_for("is not kept: F2")
    term.press("escape")
    term.wait_for("is dropped.")
    term.press("escape")  # the text in Find
    term.settle()
    term.press("escape")
    term.wait_for("Kept 3 rows; remaining 0.00 (balanced).")
    term.send(alt("s"))
    term.wait_for("Balance: in balance, nothing posted")
    term.send(alt("p") + b"\x1bOQ" + b"y")
    term.wait_for("Posted 1 payment of batch 1: 3 distributions, 270.00.")
    term.press("f1")
    term.wait_for("The head says what is expected")
    term.press("escape", "f9")
    term.wait_for("Create Coll")
    term.press("escape")
    term.settle()
    term.send(alt("m") + b"x")
    term.wait_for("[2 Transactions")
    term.send(b"smithers")
    term.settle(0.4)
    term.press("enter")
    term.send(b"+")
    term.wait_for("ECOMM")
    assert "-100.00" in term.wait_for("EPYMT")
    office = Office(open_store(store), Actor(making.USER, "administrator"), dates.today())
    office.store.use()
    made = Entry.select(Entry.code, Entry.amount).where(Entry.number == "4472").order_by(Entry.id)
    assert list(made.tuples()) == [("EPYMT", 100_00), ("EPYMT", 100_00), ("EPYMT", 90_00), ("ECOMM", 20_00)]
    assert making.verify(office) == []
    office.close()
