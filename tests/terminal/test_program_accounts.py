"""Accounts by raw bytes at 80x24 and 120x40: from the menu to an account's ledger, an act in one burst, and back."""

from __future__ import annotations

import os
import pwd
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Operator
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger, payments
from tests import making

from .harness import Terminal, alt, keys

PROGRAM = [sys.executable, "-m", "bo_tui"]


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Path:
    """Two accounts with a line of 480.00 each, the first with an insurer's payment of 400.00; this user is an operator."""
    path = tmp_path / "office" / "office.db"
    path.parent.mkdir(mode=0o770)
    shutil.copy(empty_store, path)
    office = Office(open_store(path), Actor(making.USER, "administrator"), dates.today())
    making.make_agency(office)
    for at, name in enumerate(("Smith, Ana", "Smithers, Jo")):
        making.make_line(office, making.make_account(office, f"10023{at}", guarantor=name), f"L-{at}", age=60)
    payments.receive(office, 1, "L-0", "IPYMT", 400_00, number="4471")
    with office.act("operator") as draft:
        row = Operator.insert(user=pwd.getpwuid(os.getuid()).pw_name, role="operator", act=draft.id).execute()
        ledger.change(draft, "operator", row, "role", None, "operator")
        ledger.seal(draft)
    office.close()
    return path


@pytest.fixture(params=[(24, 80), (40, 120)], ids=["80x24", "120x40"])
def term(store: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    rows, cols = request.param
    with Terminal(PROGRAM, rows=rows, cols=cols, environ={"BO_TUI_DB": str(store)}) as one:
        one.wait_for("2 Placed")
        yield one


def test_an_operators_way_through_an_account(term: Terminal) -> None:
    term.send(alt("m") + b"a")
    term.wait_for("Smithers, Jo")
    term.send(alt("s") + keys("100230", "f2"))
    term.wait_for("1 found")
    term.press("enter")
    term.wait_for("[1 General]")
    assert term.wait_for("AR 80.00") == term.lines[1]
    assert "80.00" in term.wait_for("Guarantor  ")
    term.send(alt("2"))
    term.wait_for("▸ SVCFE")
    term.press("right")
    assert "-400.00" in term.wait_for("├─ IPYMT")
    term.send(alt("a") + keys("SMBAL", "enter", "5.25", "enter", "rounding", "f2"))  # as a stalled line delivers it
    term.wait_for("MADJN of 5.25 written; the balance of line L-0 is 74.75.")
    assert "-5.25" in term.wait_for("├─ MADJN")
    term.wait_for("AR 74.75")
    term.send(alt("5"))
    term.wait_for("rounding")
    term.press("f1")
    term.wait_for("The newest first")
    term.press("escape")
    term.wait_gone("The newest first")
    term.press("escape")
    term.wait_for("account 100230...: 1 found")
