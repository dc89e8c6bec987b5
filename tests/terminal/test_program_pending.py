"""The whole program by raw bytes: Pending and Files with their dialogs, at 80x24 and 120x40; bursts end as if typed slowly."""

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
from bo_tui.db.tables import Operator, Pending, Placement, ServiceLine
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger
from bo_tui.rules.external import pending as rules
from tests import making

from .harness import Terminal, alt, keys

SIZES = [(24, 80), (40, 120)]
PROGRAM = [sys.executable, "-m", "bo_tui"]
NAMES = ("Abara, Chi", "Ng, Wei", "Olsen, Kari")


@pytest.fixture
def office(tmp_path: Path, empty_store: Path) -> Iterator[Office]:
    """Three rows added by hand, 480.00 each; one more line to add; this user is an operator."""
    path = tmp_path / "office" / "office.db"
    path.parent.mkdir(mode=0o770)
    shutil.copy(empty_store, path)
    office = Office(open_store(path), Actor(making.USER, "administrator"), dates.today())
    making.make_agency(office, "First Bay")
    making.make_agency(office, "Bay West")
    for at, name in enumerate((*NAMES, "Young, Al")):
        account = making.make_account(office, f"10023{at}", guarantor=name, last=name)
        making.make_line(office, account, f"L-{at}")
    rules.add(office, making.PRACTICE, ["L-0", "L-1", "L-2"], "First Bay")
    with office.act("operator") as draft:
        user = pwd.getpwuid(os.getuid()).pw_name
        row = Operator.insert(user=user, role="operator", act=draft.id).execute()
        ledger.change(draft, "operator", row, "role", None, "operator")
        ledger.seal(draft)
    yield office
    office.close()


@pytest.fixture(params=SIZES, ids=["80x24", "120x40"])
def term(office: Office, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    rows, cols = request.param
    with Terminal(PROGRAM, rows=rows, cols=cols, environ={"BO_TUI_DB": str(office.store.path)}) as one:
        one.wait_for("2 Placed")
        one.send(alt("m") + b"x" + alt("1"))
        one.wait_for("[1 Pending 3]")
        one.wait_for("Line L-0: First Bay has no auto approve")
        one.settle(0.05)
        yield one


def waiting(office: Office) -> list[str]:
    office.store.use()
    query = Pending.select(ServiceLine.number).join(ServiceLine, on=(ServiceLine.id == Pending.line))
    return sorted(number for (number,) in query.where(Pending.outcome.is_null()).tuples())


def test_the_columns_that_matter_stand_at_any_size(term: Terminal) -> None:
    wanted = ["DOS", "Agency", "Acct", "Guarantor", "Balance", "Source", "Changed"]
    if term.screen.columns >= 120:
        wanted += ["Date", "Description", "Amount", "Queued"]
        term.wait_for("pending 20")
    for title in wanted:
        assert title in term.lines[3]
    assert "480.00" in term.lines[4]
    assert term.lines[-1].split()[:2] == ["F1", "Help"]
    assert "Why" in term.lines[-1]
    assert "Menu" in term.lines[-1]


def test_post_in_one_burst(term: Terminal, office: Office) -> None:
    term.press("f5", "all", "enter", "bay west", "enter", "f2")
    term.wait_for("Posted 3 lines, 1,440.00: Bay West 3.")
    assert waiting(office) == []
    assert {row.agency_name for row in Placement.select()} == {"Bay West"}
    term.wait_for("[1 Pending]" if "[1 Pending]" in term.text else "[1 Pending 0]")


def test_deny_in_one_burst_meets_the_filtered_row(term: Terminal, office: Office) -> None:
    term.press("olsen", "f4", "paid in cash", "f2")
    term.wait_for("Denied line L-2, 480.00 in active AR; marked as brought back.")
    assert waiting(office) == ["L-0", "L-1"]
    assert Pending.get(Pending.outcome == "denied").reason == "paid in cash"


def test_two_denials_typed_ahead_deny_two_rows(term: Terminal, office: Office) -> None:
    term.press("f4", "first note", "f2", "f4", "second note", "f2")
    term.wait_for("Denied line L-1")
    assert waiting(office) == ["L-2"]
    reasons = [row.reason for row in Pending.select().where(Pending.outcome == "denied").order_by(Pending.line)]
    assert reasons == ["first note", "second note"]


def test_a_note_is_compulsory_and_what_was_typed_stays(term: Terminal, office: Office) -> None:
    term.press("f4", "f2")
    term.wait_for("Note is needed.")
    term.press("wrong person")
    term.wait_gone("Note is needed.")
    term.press("escape")
    term.wait_for("Leave without saving?")
    term.press("n")
    term.send(alt("t") + keys("space", "enter", "call him", "enter") + b"\x7f" * 10 + keys("t+3", "f2"))
    term.wait_for("Denied line L-0")
    term.wait_for("Task 1 for")


def test_add_change_the_agency_and_post_the_marked(term: Terminal, office: Office) -> None:
    term.press("f3", "400", "f2")
    term.wait_for("Young, Al")
    term.press("space", "alt+g", "first", "f2")
    term.wait_for("Added line L-3, 480.00, pending for First Bay.")
    term.press("end", "space", "f7", "enter", "west", "f2")
    term.wait_for("Line L-3, 480.00: pending for Bay West now.")
    term.press("space", "up", "space", "f5", "f2")
    term.wait_for("Posted 2 lines, 960.00: Bay West 1, First Bay 1.")
    assert waiting(office) == ["L-0", "L-1"]


def test_a_conflict_in_the_terminal(term: Terminal, office: Office) -> None:
    term.press("f4", "note kept")
    term.wait_for("note kept")
    rules.change_agency(office, making.PRACTICE, ["L-0"], "Bay West")
    term.press("f2")
    term.wait_for("changed meanwhile by ana (pending")
    assert "note kept" in term.text
    term.press("f2")
    term.wait_for("Denied line L-0")


def test_withdraw_is_dimmed_for_an_operator(term: Terminal) -> None:
    term.press("f6")
    term.wait_for("to withdraw a night takes the role supervisor or")


def test_a_file_from_create_to_acknowledged(term: Terminal, office: Office, tmp_path: Path) -> None:
    target = tmp_path / "copy.csv"
    term.press("f5", "all", "enter", "f2")
    term.wait_for("Posted 3 lines")
    term.send(keys("alt+3", "f3", "f2"))
    term.wait_for("Made First-Bay-000001.csv: 3 placements, 1,440.00.")
    assert "outbox" not in term.lines[-2]
    term.press("f5", str(target), "f2")
    term.wait_for("Exported First Bay, file 1 to")
    assert target.read_bytes().startswith(b"client_number,placement,account")
    term.press("f6", "y")
    term.wait_for("First Bay, file 1: sent")
    term.press("f7", "2", "enter", "1400.00")
    term.wait_for("1 account less and 40.00 less")
    term.press("f2")
    term.wait_for("Record this difference?")
    term.press("y")
    term.wait_for("acknowledged")
    term.wait_for("-1 acct")
    term.press("enter")
    term.wait_for("Esc back   letters filter")
    term.press("ng")
    term.wait_gone("Abara")
    term.press("escape", "escape")
    term.wait_for("[3 Files 1]")


def test_a_key_typed_before_the_figures_is_kept_for_them(office: Office) -> None:
    with Terminal(PROGRAM, rows=24, cols=80, environ={"BO_TUI_DB": str(office.store.path)}) as one:
        one.wait_for("Manage")
        one.send(b"1")
        one.wait_for("[1 Pending 3]")
