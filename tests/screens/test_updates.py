"""Updates on the Files tab: what an agency would be told is shown by kind before it is, and the file's rows stand in a grid."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Agency, AgencyFile
from bo_tui.office import Office
from bo_tui.rules import holds
from bo_tui.rules.external import adjust, files, transfer
from bo_tui.widgets.textpage import TextView
from tests import acting, making
from tests.making import PRACTICE
from tests.screens.piloting import sitting


@pytest.fixture
def changed(office: Office) -> Office:
    """Three placements in a file of First Bay; one adjusted, one brought back, one's guarantor bankrupt. West has no file."""
    bay = making.make_agency(office)
    making.make_agency(office, "West")
    placed = [acting.placed(office, bay, f"L{at}") for at in range(3)]
    files.make_files(office, PRACTICE, bay)
    adjust.adjust(office, placed[0], "CHRTY", 80_00, "hardship")
    transfer.transfer(office, [placed[1]], "guarantor", False)
    holds.set_hold(office, PRACTICE, "AL2", "bankruptcy", "court")
    return office


async def test_what_would_go_is_shown_and_then_made(changed: Office) -> None:
    async with sitting(changed, "files") as one:
        await one.press("alt+u")
        assert one.value("agency") == "First Bay: 3 updates, 1,040.00"
        assert "3 updates about 3 accounts would go, type csv:" in one.dialog
        assert "recalls                         2          960.00" in one.dialog
        assert "adjustments down                1           80.00" in one.dialog
        await one.press("alt+l")
        text = one.screen.query_one(TextView).text
        assert "2026-11-20 AL2       Smith, Ana        bankruptcy             480.00       0.00" in text
        await one.press("escape", "f2")
        assert one.said == "Made First-Bay-000002-update.csv: 3 updates, 1,040.00."
        assert [(row["file"], row["lines"], row["balance"]) for row in one.rows] == [
            ("2 upd", "3", "1,040.00"),
            ("1", "3", "1,440.00"),
        ]
        await one.press("home", "enter")
        assert [(row["record_type"], row["account"], row["amount"]) for row in one.rows] == [
            ("adjustment_down", "AL0", "80.00"),
            ("recall", "AL1", "480.00"),
            ("recall", "AL2", "480.00"),
        ]
        await one.press("=al1", "enter")
        assert len(one.rows) == 1
        await one.press("escape", "escape", "alt+p")
        assert "Updates 3   Accounts 3   Amounts 1,040.00" in one.screen.query_one(TextView).text
        await one.press("escape", "alt+u", "f2")
        assert "Agency is needed." in one.dialog
        await one.press("=fi", "f2")
        assert "There is nothing to tell this agency" in one.dialog
    assert AgencyFile.select().where(AgencyFile.kind == "update").count() == 1
    acting.assert_sound(changed)


async def test_an_agency_without_an_agreement_gets_none(changed: Office) -> None:
    Agency.update(baa_date=None).where(Agency.name == "First Bay").execute()
    async with sitting(changed, "files") as one:
        await one.press("alt+u", "=fi", "enter")
        assert "agreement" in one.dialog
        await one.press("f2")
        assert one.dialog.count("agreement") == 2


async def test_nobody_to_tell(office: Office) -> None:
    making.make_agency(office)
    async with sitting(office, "files") as one:
        await one.press("alt+u")
        assert one.said == "No agency has a file of this practice yet; there is nobody to tell."
    async with sitting(acting.viewer(office), "files") as one:
        await one.press("alt+u")
        assert one.said.endswith("to make agency files takes the role operator, supervisor or administrator.")
