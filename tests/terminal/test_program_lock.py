"""Raw bytes on pages that few sessions see: a screen that is too small, Collections, For a second person, and the lock."""

from __future__ import annotations

import sys
from pathlib import Path

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Placement
from bo_tui.office import Actor, Office
from bo_tui.rules.collections import tasks
from bo_tui.rules.collections.tasks import Wanted
from bo_tui.rules.external import adjust
from tests import acting, making

from .harness import Terminal, alt
from .test_program_transactions import store

__all__ = ["store"]

# the program as it is, but two and a half seconds without a key lock it
IMPATIENT = """
import bo_tui.screens.app as app
opened, app.IDLE_LOOK = app.run, 0.1
app.run = lambda office, minutes: opened(office, 2.5 / 60)
import bo_tui.__main__ as program
program.main([])
"""


def test_a_small_screen_collections_a_second_person_and_the_lock(store: Path) -> None:
    office = Office(open_store(store), Actor(making.USER, "administrator"), dates.today())
    acting.practice_setting(office, four_eyes_limit=100_00)
    adjust.adjust(office, Placement.get().id, "CHRTY", 200_00, "hardship")
    acting.a_line(office, "T-1")
    tasks.keep(office, making.PRACTICE, "T-1", Wanted("call her", office.business_date))
    office.close()
    with Terminal([sys.executable, "-c", IMPATIENT], environ={"BO_TUI_DB": str(store)}) as term:
        term.wait_for("7 For a second person")
        term.send(alt("m") + b"l" + alt("d") + b"paid by phone")
        term.wait_for("paid by phone")
        term.resize(10, 60)
        term.wait_for("The screen is too small (needs 80x24).")
        term.resize(24, 80)
        term.wait_for("Task done")
        term.press("f2")
        term.wait_for("Task 1 is done.")
        term.press("escape")
        term.wait_for("What waits in")
        term.press("7")
        term.wait_for("Asked")
        term.press("f3")
        term.wait_for("Approve")
        term.wait_for("Locked")
        assert "Smith" not in term.text
        assert term.cursor[0] > 0
        term.send(alt("m") + b"q")
        term.settle()
        assert "Locked" in term.text
        term.press("enter")
        assert term.wait_exit() == 0
        assert "Locked" not in term.text.splitlines()[-1]
