"""The administrator's pages by raw bytes, at 80x24 and 120x40; bursts end as if typed slowly."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.office import Actor, Office
from bo_tui.rules import operators
from bo_tui.rules.settings import agencies, assignments
from bo_tui.rules.settings.agencies import AgencyFields
from bo_tui.rules.settings.assignments import Thresholds
from bo_tui.views import admin
from tests import making

from .harness import Terminal, alt, keys

SIZES = [(24, 80), (40, 120)]
PROGRAM = [sys.executable, "-m", "bo_tui"]


@pytest.fixture
def office(tmp_path: Path, empty_store: Path) -> Iterator[Office]:
    """First Bay over 99.00 and 45 days, North not assigned, three lines of 100.00 to 300.00; this user is administrator."""
    path = tmp_path / "office" / "office.db"
    path.parent.mkdir(mode=0o770)
    shutil.copy(empty_store, path)
    office = Office(open_store(path), Actor(making.USER, "administrator"), dates.today())
    for name in ("First Bay", "North"):
        agencies.create(office, AgencyFields(name, "1 Pier", zip="54007", file_type="csv"))
    first = next(row.id for row in admin.agencies(office) if row.name == "First Bay")
    assignments.add(office, making.PRACTICE, first, Thresholds(99_00, 45))
    for at in range(1, 4):
        account = making.make_account(office, f"A{at}", city="Harbor Point", state="WI", zip="54007")
        making.make_line(office, account, f"L{at}", at * 100_00)
    operators.add(office, pwd.getpwuid(os.getuid()).pw_name, "administrator")
    yield office
    office.close()


@pytest.fixture(params=SIZES, ids=["80x24", "120x40"])
def term(office: Office, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    rows, cols = request.param
    with Terminal(PROGRAM, rows=rows, cols=cols, environ={"BO_TUI_DB": str(office.store.path)}) as one:
        one.wait_for("1 Pending")
        one.settle(0.05)
        yield one


def test_thresholds_in_one_write(term: Terminal, office: Office) -> None:
    term.send(alt("x") + b"c")
    term.wait_for("First Bay: over 99.00 from day 46 on")
    assert "[7 External Collections]" in term.text
    assert term.lines[-1].startswith(" F1 Help")
    term.send(alt("u") + b"\x0b150" + keys("f2"))
    line = term.wait_for("Selected  ")
    assert re.search(r"Selected +3 +600\.00 +2 +500\.00 \*", line)
    term.wait_for("F2 Save   Esc Back")
    term.send(b"\x1b")
    term.wait_gone("Before this is saved")
    term.wait_for("150")
    # back in the form: save, and in the same write add North, with the preview of each in between
    term.send(keys("f2", "f2") + alt("d") + b"no" + keys("enter", "50", "enter", "30") + keys("f2", "f2"))
    term.wait_for("Saved the assignment of North.")
    found = [(row.name, row.balance_greater_than, row.age_greater_than) for row in admin.assignments(office, 1)]
    assert found == [("First Bay", 150_00, 45), ("North", 50_00, 30)]
    term.send(alt("r") + keys("f2"))
    term.wait_for("Removed the assignment of North.")
    term.send(alt("1"))
    term.wait_for("Actions & Action Series, not built")
    term.send(alt("h"))
    term.wait_for("- Balance Greater Than: 99.00 -> 150.00")


def test_the_example_follows_the_typing(term: Terminal, office: Office) -> None:
    term.send(alt("x") + b"c" + alt("e") + keys("35", "enter", "enter", "10"))
    term.wait_for("On 480.00: a payment of 48.00 or more in the last 35 days")
    term.send(keys("f2", "f2"))
    term.wait_for("Saved exclusions and rules.")
    assert admin.rules(office, making.PRACTICE).payment_percent == 10_00
    assert "[ ] Returned mail" in term.text


def test_an_agency_in_one_write_and_why_another_stays(term: Terminal, office: Office) -> None:
    fields = keys("Pier", "enter", "2 Main St", "enter", "enter", "54007", "enter", "f2")
    term.send(alt("x") + b"a" + alt("c") + fields)
    term.wait_for("File Type is needed.")
    assert "Harbor Point" in term.text, "the zip filled the city"
    term.send(keys("csv", "f2"))
    term.wait_for("Created Pier; assign it to a practice")
    assert {(row.name, row.city, row.state) for row in admin.agencies(office)} >= {("Pier", "Harbor Point", "WI")}
    term.send(alt("d") + b"y")
    term.wait_for("Deleted Pier.")
    term.send(keys("home") + alt("d"))
    term.wait_for("First Bay is assigned to Lakeside Anesthesia")


def test_operators(term: Terminal, office: Office) -> None:
    term.send(alt("x") + b"o" + alt("d") + keys("nobody", "enter", "view", "enter", "f2"))
    term.wait_for("nobody is now viewer.")
    term.send(alt("w"))
    term.wait_for("post pending lines")
    term.send(b"\x1b")
    term.wait_gone("post pending lines")
    term.send(alt("r") + b"y")
    term.wait_for("nobody is no longer an operator.")
    assert making.verify(office) == []
