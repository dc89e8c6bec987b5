"""The whole program by raw bytes: Waiting for a second person, holds and updates, at 80x24 and 120x40."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Hold, Placement, Proposal
from bo_tui.office import Actor, Office
from bo_tui.rules.external import adjust, files
from tests import acting, making

from .harness import Terminal, alt
from .test_program_transactions import PROGRAM, SIZES, store

__all__ = ["store"]


@pytest.fixture
def office(store: Path) -> Iterator[Office]:
    """The placements of Transactions in a file; two adjustments of 200.00 by ana wait, the limit is 100.00."""
    office = Office(open_store(store), Actor(making.USER, "administrator"), dates.today())
    acting.practice_setting(office, four_eyes_limit=100_00)
    files.make_files(office, making.PRACTICE, 1)
    for placement in list(Placement.select().order_by(Placement.id).limit(2)):
        adjust.adjust(office, placement.id, "CHRTY", 200_00, "hardship")
    yield office
    office.close()


@pytest.fixture(params=SIZES, ids=["80x24", "120x40"])
def term(office: Office, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    rows, cols = request.param
    with Terminal(PROGRAM, rows=rows, cols=cols, environ={"BO_TUI_DB": str(office.store.path)}) as one:
        one.wait_for("7 For a second person")
        yield one


def test_approve_one_and_refuse_one_in_bursts(term: Terminal, office: Office) -> None:
    assert "2" in term.wait_for("7 For a second person")
    term.press("7", "f3", "f2")
    term.wait_for("Proposal 1 approved: MADJN of 200.00; the balance is 155.00.")
    for title in ("What", "Line", "Acct", "Guarantor", "Amount", "Asked b", "Asked", "State"):
        assert title in term.lines[3]
    term.press("f4", "not agreed", "f2")
    term.wait_for("Proposal 2 is refused.")
    term.wait_for("Nothing waits for a second person.")
    term.send(alt("d"))
    term.wait_for("decided, the newest first")
    term.wait_for("refused")
    term.press("f1")
    term.wait_for("They are not done yet")
    term.press("escape", "escape")
    term.wait_for("What waits in")
    office.store.use()
    assert [row.state for row in Proposal.select().order_by(Proposal.id)] == ["approved", "refused"]
    acting.assert_sound(office)


def test_a_hold_is_set_extended_and_lifted_and_its_history_tells(term: Terminal, office: Office) -> None:
    term.press("2")
    term.wait_for("L-3 placed")
    term.press("alt+o", "enter", "disp", "enter", "says so", "enter", "t+10", "f2")
    term.wait_for("Dispute set until")
    term.press("alt+k", "enter", "t+30", "enter", "more time", "f2")
    term.wait_for("Dispute extended until")
    term.send(alt("y"))
    term.wait_for("hold extend: until")
    term.wait_for("(more time)")
    term.press("escape", "alt+l", "enter", "settled", "f2")
    term.wait_for("Dispute lifted.")
    office.store.use()
    assert Hold.get().until == dates.today()


def test_an_update_file_by_hand(term: Terminal, office: Office) -> None:
    term.press("7", "f3", "f2")
    term.wait_for("Proposal 1 approved")
    term.press("escape")
    term.wait_for("What waits in")
    term.press("3")
    term.wait_for("[3 Files 1]")
    term.send(alt("u"))
    term.wait_for("1 update about 1 account would go, type csv:")
    term.wait_for("adjustments down                1          200.00")
    term.press("f2")
    term.wait_for("Made First-Bay-000002-update.csv: 1 update, 200.00.")
    term.wait_for("2 upd")
