"""The whole program by raw bytes at 80x24 and 120x40: home, Transactions, its dialogs, bursts, and how it ends."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Operator
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger
from tests import acting, making

from .harness import Terminal, alt, keys

SIZES = [(24, 80), (40, 120)]
PROGRAM = [sys.executable, "-m", "bo_tui"]


@pytest.fixture
def store(tmp_path: Path, empty_store: Path) -> Path:
    """Four placements of 480.00 with First Bay, the first with a payment of 125.00 below it; this user is an operator."""
    path = tmp_path / "office" / "office.db"
    path.parent.mkdir(mode=0o770)
    shutil.copy(empty_store, path)
    office = Office(open_store(path), Actor(making.USER, "administrator"), dates.today())
    first, _ = making.make_agency(office), making.make_agency(office, "Bay West")
    names = ("Smith, Ana", "Smithers, Jo", "Olsen, Kari", "McDonald, Old")
    placed = []
    for at, name in enumerate(names):
        account = making.make_account(office, f"10023{at}", guarantor=name)
        placed.append(making.place(office, making.make_line(office, account, f"L-{at}"), first))
    acting.agency_payment(office, placed[0], 125_00, 31_25)
    with office.act("operator") as draft:
        user = pwd.getpwuid(os.getuid()).pw_name
        row = Operator.insert(user=user, role="operator", act=draft.id).execute()
        ledger.change(draft, "operator", row, "role", None, "operator")
        ledger.seal(draft)
    office.close()
    return path


@pytest.fixture(params=SIZES, ids=["80x24", "120x40"])
def term(store: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    rows, cols = request.param
    with Terminal(PROGRAM, rows=rows, cols=cols, environ={"BO_TUI_DB": str(store)}) as one:
        one.wait_for("2 Placed")
        yield one


def opened(term: Terminal) -> Terminal:
    """Transactions, by its figure on Home."""
    term.press("2")
    term.wait_for(": L-3 placed")
    term.settle(0.05)
    return term


def test_home_counts_and_leads_to_where_the_figure_is_worked(term: Terminal) -> None:
    assert "1,795.00" in term.wait_for("2 Placed")
    assert "Lakeside Anesthesia" in term.lines[0]
    term.press("s")
    term.wait_for("Not in this version yet: statements to guarantors")
    term.send(alt("m"))
    term.wait_for("Pre-Collections (Transworld)")
    term.press("x")
    term.wait_for("[2 Transactions 4]")
    term.press("escape")
    term.wait_for("What waits in")


def test_all_nine_columns_stand_on_the_screen_with_the_tree(term: Terminal) -> None:
    opened(term).press("smi", "down", "up", "+")
    term.wait_for("EPYMT")
    head = term.lines[3]
    for title in ("Date", "Agency", "Acct", "Guaranto", "Code", "Desc", "Amount", "Balance", "File"):
        assert title in head
    text = term.text
    assert "2 by Guarantor" in text
    assert "▾ EXCOL" in text
    assert "└─▾ EPYMT" in text
    assert "-125.00" in text
    assert "  31.25" in text
    assert "-31.25" not in text


def test_an_adjustment_in_one_burst_ends_as_if_typed_slowly(term: Terminal) -> None:
    opened(term).send(keys("smithers", "down", "f3", "SMBAL", "enter", "5.25", "enter", "rounding", "f2"))
    term.wait_for("MADJN of 5.25 written; the balance is 474.75.")
    term.press("right")
    term.wait_for("└─ MADJN")
    assert "-5.25" in term.text


def test_a_refusal_stands_at_its_field_and_nothing_is_lost(term: Terminal) -> None:
    opened(term).press("alt+a", "CHRTY", "enter", "480.01", "enter", "too much", "f2")
    term.wait_for("480.01 is more than the balance of 480.00")
    term.press("480", "f2")  # the field that is refused is selected, so typing takes its place
    term.wait_for("MADJN of 480.00 written; the balance is 0.00.")
    term.wait_for("[2 Transactions 3]")
    assert "McDonald" not in term.text
    term.send(alt("z"))
    term.wait_for("McDonald")


def test_a_payment_is_reversed_in_part_with_its_commission(term: Terminal) -> None:
    opened(term).press("smith,", "down", "right", "down", "alt+r")
    term.wait_for("RVPAY of 125.00, RVCOMM of 31.25")
    term.press("bounced", "enter", "25", "f2")
    term.wait_for("RVPAY of 25.00 with 6.25 commission written")
    term.wait_for("380.00")


def test_reassign_moves_the_cursor_to_the_new_placement(term: Terminal) -> None:
    opened(term).press("f5", "bay", "enter", "f2")
    term.wait_for("480.00 moved to Bay West as placement")
    term.press("down", "up")
    term.wait_for("moved from First Bay")


def test_marked_placements_are_transferred_together(term: Terminal) -> None:
    opened(term).press("insert", "insert", "f6")
    term.wait_for("2 marked placements, 960.00 together.")
    term.press("f2")
    term.wait_for("2 placements, 960.00, transferred back to active AR.")
    term.wait_for("[2 Transactions 2]")


def test_why_history_and_help(term: Terminal) -> None:
    opened(term).press("f8")
    term.wait_for("How it came here")
    term.press("escape")
    term.wait_gone("How it came here")
    term.send(alt("h"))
    term.wait_for("EXCOL 480.00 (placed with an agency; AR to EXT)")
    term.press("escape")
    term.wait_gone("EXCOL 480.00 (placed")
    term.press("f1")
    term.wait_for("All debt that is or was with an agency")


def test_what_does_not_apply_says_why(term: Terminal) -> None:
    opened(term).press("f7")
    term.wait_for("Nothing is attached to this line")
    term.press("smith,", "down", "right", "down", "right", "down", "alt+e")
    term.wait_for("Agency*")  # the row's placement is meant, whichever row of its tree is current


def test_a_signal_and_quit_end_it_cleanly(term: Terminal) -> None:
    opened(term).signal(signal.SIGTERM)
    assert term.wait_exit() == 128 + signal.SIGTERM
    assert b"\x1b[?1049l" in term.raw


def test_quit_from_the_menu(term: Terminal) -> None:
    term.send(alt("f") + b"q")
    assert term.wait_exit() == 0


def test_a_dialog_costs_what_it_shows_and_leaves_the_page_as_it_was(term: Terminal) -> None:
    opened(term).settle(0.3)
    page = term.lines
    assert term.spent(alt("a"), 0.3) < 6_000
    assert "External Collection Transaction Adjustment" in term.text
    assert term.spent(keys("escape"), 0.3) < 4_000
    assert term.lines == page
    term.resize(24, 80)
    term.settle(0.3)
    assert "External Collections" in term.lines[1]
