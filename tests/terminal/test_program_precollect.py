"""Pre-Collections by raw bytes, from enrolling the practice to a Stop file; a burst ends as if typed slowly."""

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
from bo_tui.db.tables import PrecollectFile
from bo_tui.office import Actor, Office
from bo_tui.rules import operators
from tests import making

from .harness import Terminal, alt, keys

PROGRAM = [sys.executable, "-m", "bo_tui"]


@pytest.fixture
def office(tmp_path: Path, empty_store: Path) -> Iterator[Office]:
    """Three lines of 100.00 to 300.00 on accounts of their own, 60 days old; this user is administrator."""
    path = tmp_path / "office" / "office.db"
    path.parent.mkdir(mode=0o770)
    shutil.copy(empty_store, path)
    office = Office(open_store(path), Actor(making.USER, "administrator"), dates.today())
    for at in range(1, 4):
        account = making.make_account(office, f"A{at}", city="Harbor Point", state="WI", zip="54007")
        making.make_line(office, account, f"L{at}", at * 100_00)
    operators.add(office, pwd.getpwuid(os.getuid()).pw_name, "administrator")
    yield office
    office.close()


def test_enrol_start_stop(office: Office) -> None:
    with Terminal(PROGRAM, environ={"BO_TUI_DB": str(office.store.path)}) as term:
        term.wait_for("1 Pending")
        term.settle(0.05)
        term.send(alt("m") + b"t")
        term.wait_for("is not enrolled for")
        term.send(keys("escape"))
        term.wait_gone("is not enrolled for")
        # enrol, and in the same write the rules with their preview
        term.send(alt("x") + b"c" + alt("6") + alt("p") + alt("l") + b" " + alt("t") + b"77" + keys("f2"))
        term.wait_for("enrolled, TSI client 77")
        term.send(alt("u") + b"99\r30\r20\r\r35" + keys("f2", "f2"))
        term.wait_for("Saved the pre-collection rules.")
        assert "[6 Pre-Collections]" in term.text
        # Start: list, all, what is lacking, yes
        term.send(alt("m") + b"t" + alt("c") + keys("f2") + alt("a"))
        term.wait_for("Marked 3 of 3: 600.00 of 3 accounts.")
        term.send(keys("f2"))
        term.wait_for("3 accounts lack something and would go all the same")
        term.send(b"y")
        term.wait_for(": 3 lines, 600.00.")
        term.wait_for("[1 Start Files 1]")
        # one account back, and the Stop file that tells it
        term.send(alt("3") + alt("p") + keys("f2"))
        term.wait_for("Stopped 1 line of account A1; 1 message waits")
        term.send(alt("2") + alt("c"))
        term.wait_for("1 record of 1 account: SS 1.")
        term.send(keys("f2"))
        term.wait_for(": 1 record, 100.00.")
        term.send(keys("f1"))
        term.wait_for("Pre-Collections (Transworld)")
        found = PrecollectFile.select(PrecollectFile.kind, PrecollectFile.accounts, PrecollectFile.total).order_by(
            PrecollectFile.id
        )
        assert list(found.tuples()) == [("start", 3, 600_00), ("stop", 1, 100_00)]
    assert not making.verify(office)
