"""The Collections page: tasks worked off by keys."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import CollectionTask, Pending
from bo_tui.office import Office
from bo_tui.rules.collections import tasks
from bo_tui.rules.collections.tasks import Wanted
from tests import acting, making
from tests.making import DAY, PRACTICE
from tests.screens.piloting import sitting


@pytest.fixture(autouse=True)
def three(office: Office):
    making.make_agency(office, "West")
    for at, number in enumerate(("L1", "L2", "L3")):
        acting.a_line(office, number)
        tasks.keep(office, PRACTICE, number, Wanted(f"call about {number}", DAY + at))
    yield
    acting.assert_sound(office)


async def test_a_days_work_update_done_and_transfer(office: Office) -> None:
    async with sitting(office, "pending") as one:
        await one.press("alt+m", "l")
        assert [(row["follow_up"], row["line"], row["balance"]) for row in one.rows] == [
            ("2026-11-20", "L1", "480.00"), ("2026-11-21", "L2", "480.00"), ("2026-11-22", "L3", "480.00"),
        ]  # fmt: skip
        assert one.said == "Task 1, due today: call about L1; made 2026-11-20 by ana"
        await one.press("alt+u", "=ana", "tab", "=t-1", "f2")
        assert "The follow-up date is before today" in one.dialog
        await one.press("alt+f", "ctrl+u", "=t+5", "f2")
        assert one.said == "Saved task 1."
        await one.press("home", "alt+d", "=paid by phone", "f2")
        assert one.said == "Task 2 is done."
        assert [row["line"] for row in one.rows] == ["L3", "L1"]
        await one.press("alt+e")
        assert one.dialog.count("Marked 1 of 1: 480.00.") == 1
        await one.press("f2")
        assert one.said == "Added line L3, 480.00, pending for West. Task 3 is done."
        await one.press("alt+w")
        assert [(row["line"], row["state"]) for row in one.rows] == [("L1", "open"), ("L2", "done"), ("L3", "done")]
        await one.press("down")
        assert one.said == "Task 2, call about L2; done 2026-11-20 by ana: paid by phone"
        await one.press("alt+d")
        assert one.said == "Task 2 is done already."
    assert [row.source for row in Pending.select()] == ["task"]
    assert CollectionTask.get_by_id(1).assigned_to == "ana"


async def test_a_changed_task_is_named_and_the_note_typed_stays(office: Office) -> None:
    async with sitting(office, "pending") as one:
        await one.press("alt+m", "l", "alt+d", "=did it")
        tasks.update(office, PRACTICE, 1, Wanted("write to her", DAY))
        await one.press("f2")
        assert "Task 1 was changed meanwhile by ana (task update)" in one.dialog
        assert "write to her" in one.dialog
        assert one.value("note") == "did it"
        await one.press("f2")
        assert one.said == "Task 1 is done."


async def test_a_task_opens_its_account_and_esc_comes_back(office: Office) -> None:
    async with sitting(office, "pending") as one:
        await one.press("alt+m", "l", "down", "alt+b")
        assert one.screen is one.app._pages["account_ar"]
        assert one.app.session.account == CollectionTask.get_by_id(2).account
        await one.press("escape")
        assert one.screen is one.app._pages["collections"]
