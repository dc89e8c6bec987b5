"""What was changed behind the program's back in stays with TSI, Start files' states and held statements is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bo_tui.office import Office
from bo_tui.rules import checking
from bo_tui.rules.accounts import statements
from bo_tui.rules.precollect import filestates, starts, stops
from tests.support.book import OfficeBook
from tests.support.precollecting import ADDRESS, enrol


@pytest.fixture
def path(office: Office):
    """L1 and L2 with TSI, L3 was and was stopped; the Start file is sent; the statements of L1 are held, of L2 sent again."""
    book = OfficeBook(office)
    enrol(book)
    book.account("A", **ADDRESS)
    for line in ("L1", "L2", "L3"):
        book.line(line, 100_00, "2026-01-01", account="A")
    day = book.on("2026-03-03")
    file = starts.create_start(day, 1, ["L1", "L2", "L3"]).files[0]
    stops.stop_precollection(day, 1, ["L3"])
    filestates.mark_sent(day, file.id)
    for line in ("L1", "L2"):
        statements.hold_statement(day, 1, line, True)
    statements.hold_statement(day, 1, "L2", False)
    assert checking.check(office.store) == []
    office.close()
    return office.store.path


@pytest.mark.parametrize(
    ("tampered", "said"),
    [
        ("UPDATE precollection SET ended = 20600, ended_as = 'paid' WHERE id = 1", "stay 1 of line L1 with TSI ended, or goes on,"),
        ("UPDATE precollection SET ended = NULL, ended_as = NULL WHERE id = 3", "stay 3 of line L3 with TSI ended, or goes on,"),
        ("UPDATE precollection SET ended_as = 'paid' WHERE id = 3", "stay 3 of line L3"),
        ("UPDATE precollection SET amount = 1 WHERE id = 2", "stay 2 of line L2 with TSI was not begun so"),
        ("UPDATE precollect_file SET state = 'acknowledged'", "state stands as acknowledged"),
        ("UPDATE statement_hold SET lifted = 20600 WHERE line = 1", "The statements of line L1 are held, or sent,"),
        ("UPDATE statement_hold SET lifted = NULL WHERE line = 2", "The statements of line L2 are held, or sent,"),
    ],
)  # fmt: skip
def test_tampering_is_named(office: Office, path, tampered: str, said: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(tampered)
        db.commit()
    assert any(said in finding.sentence for finding in checking.check(office.store))
