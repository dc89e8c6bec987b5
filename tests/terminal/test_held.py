"""Money held by raw bytes at 80x24: applied over lines, refunded, the refund taken back; each form in one write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Entry
from bo_tui.office import Actor, Office
from bo_tui.rules.batches.model import Share
from tests import making
from tests.support.book import OfficeBook
from tests.support.paying import Desk

from .harness import Terminal, alt
from .test_program_transactions import PROGRAM, store

__all__ = ["store"]


@pytest.fixture
def term(store: Path) -> Iterator[Terminal]:
    """Account 200 owes 50.00 and holds 80.00 on account."""
    office = Office(open_store(store), Actor(making.USER, "administrator"), dates.today())
    office.store.use()
    account = making.make_account(office, "200", guarantor="Berg, Ida")
    making.make_line(office, account, "L-9", fee=50_00)
    Desk(OfficeBook(office), dates.today()).guarantor("200", 80_00, Share("on_account", 80_00))
    office.close()
    with Terminal(PROGRAM, rows=24, cols=80, environ={"BO_TUI_DB": str(store)}) as one:
        one.wait_for("2 Placed")
        yield one


def test_applied_refunded_and_taken_back(term: Terminal, store: Path) -> None:
    term.send(alt("m") + b"p")
    term.wait_for("Payment Batches")
    term.send(alt("h"))
    term.wait_for("Berg, Ida")
    assert "[1 On Account 80.00]" in term.text
    term.send(alt("o") + b"\x0b" + b"50" + b"\x1bOQ")
    term.wait_for("50.00 went to lines, by 1 entry.")
    term.send(alt("r") + b"\r\rpaid twice\r\r5512" + b"\x1bOQ")
    term.wait_for("30.00 went as a refund, by 1 entry.")
    term.send(alt("z"))
    term.wait_for("Shown is also what is at nothing.")
    term.send(alt("h"))
    term.wait_for("check 5512; dated")
    assert all(len(line) <= 80 for line in term.lines)
    term.press("escape")
    term.send(alt("e") + b"\rcame back" + b"\x1bOQ")
    term.wait_for("Reversed 30.00 by 1 entry.")
    assert "30.00" in term.wait_for("200 ")
    office = Office(open_store(store), Actor(making.USER, "administrator"), dates.today())
    office.store.use()
    made = Entry.select(Entry.code, Entry.amount).where(Entry.code.in_(("GPYMT", "REFND", "RVRFD"))).order_by(Entry.id)
    assert list(made.tuples()) == [("GPYMT", 50_00), ("REFND", 30_00), ("RVRFD", 30_00)]
    assert making.verify(office) == []
    office.close()
