"""Pre-Collections as an operator works it: from enrolling the practice to what TSI acknowledged."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bo_tui import dates
from bo_tui.db.tables import (
    Account,
    Practice,
    PrecollectFile,
    Precollection,
    PrecollectionRule,
    PrecollectTask,
    ServiceLine,
)
from bo_tui.office import Office
from bo_tui.rules import ledger
from bo_tui.rules.external import pending as rules
from bo_tui.rules.precollect import files, starts, stops
from bo_tui.rules.settings import precollection_rules
from bo_tui.rules.settings.precollection_rules import Rules
from bo_tui.rules.setup import create_practice
from bo_tui.screens.app import BackOffice
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.textpage import TextView
from tests import acting, making
from tests.making import DAY, PRACTICE
from tests.screens.piloting import SMALL, Sitting

WHOLE: dict[str, Any] = {
    "date_of_birth": DAY - 15_000,
    "address1": "1 Pier",
    "city": "Bay",
    "state": "WI",
    "zip": "54007",
    "ssn": "900-12-3456",
}
RULES = Rules(99_00, 30, None, 10_00, 35)


@asynccontextmanager
async def sitting(office: Office, size: tuple[int, int] = SMALL) -> AsyncIterator[Sitting]:
    app = BackOffice(office)
    async with app.run_test(size=size) as pilot:
        one = Sitting(app, pilot)
        await one.rest()
        yield one


@pytest.fixture
def enrolled(office: Office) -> Office:
    """Three lines of 100.00 to 300.00 on accounts of their own, 31 days old, and one of 50.00; L1's account lacks nothing."""
    acting.practice_setting(office, precollections_enrolled=True, tsi_client_number="T-1")
    precollection_rules.save(office, PRACTICE, RULES)
    for at, cents in enumerate((100_00, 200_00, 300_00, 50_00), start=1):
        account = making.make_account(
            office, f"A{at}", guarantor=f"Name{at}, A", last=f"Name{at}", **(WHOLE if at == 1 else {})
        )
        making.make_line(office, account, f"L{at}", cents, age=31)
    return office


@pytest.fixture
def started(enrolled: Office) -> Office:
    """The three in a Start file."""
    starts.create_start(enrolled, PRACTICE, ["L1", "L2", "L3"])
    files.write_copies(enrolled)
    return enrolled


def page(one: Sitting) -> str:
    return one.screen.query_one(TextView).text


async def test_without_enrolment_the_menu_and_the_tab_say_why_and_the_practice_form_enrolls(office: Office) -> None:
    async with sitting(office, (100, 30)) as one:
        await one.press("alt+m", "t")
        assert "start_files" not in one.app._pages
        await one.press("escape", "alt+x", "c", "alt+6")
        assert "not enrolled" in one.screen.query_one("#precollect-practice", Lines).text
        assert "Alt+P sets Enrolled" in one.screen.query_one("#precollect-example", Lines).text
        await one.press("alt+u")
        assert "is not enrolled for pre-collections" in one.said
        await one.press("alt+p", "alt+l", "space", "alt+t", "=T-77", "f2")
        practice = Practice.get_by_id(PRACTICE)
        assert (practice.precollections_enrolled, practice.tsi_client_number, practice.tsi_ssn) == (
            True,
            "T-77",
            "none",
        )
        assert "enrolled, TSI client T-77, SSN none" in one.screen.query_one("#precollect-practice", Lines).text
        assert one.rows[0]["value"] == "not set"
        await one.press("alt+h")
        assert "- Enrolled in pre-collections: no -> yes" in page(one)
        await one.press("escape", "alt+m", "t")
        assert one.screen is one.app._pages["start_files"]


async def test_the_rules_are_required_worked_out_previewed_and_kept_with_history(enrolled: Office) -> None:
    PrecollectionRule.delete().execute()
    async with sitting(enrolled) as one:
        await one.press("alt+x", "c", "alt+6", "alt+u", "=99", "enter", "=30", "f2")
        assert "In the last is needed" in one.dialog
        await one.press("=35", "f2")
        assert "minimum" in one.dialog.lower() or "payment" in one.dialog.lower()
        assert PrecollectionRule.select().count() == 0
        await one.press("alt+o", "=20", "alt+e", "=10")
        assert "On 480.00: a payment of 48.00 or more in the last 35 days keeps the line out." in one.dialog
        await one.press("alt+b", "ctrl+k", "=100")
        assert "On 100.00: a payment of 20.00 or more" in one.dialog  # the larger of the two
        await one.press("alt+t", "space", "f2")
        figures = [line.split() for line in one.screen.query_one("#preview-figures", Lines).text.splitlines()]
        assert ["Queued", "for", "a", "Start", "file", "0", "0.00", "3", "600.00", "*"] in figures
        assert ["account", "balance", "too", "small", "0", "0.00", "1", "50.00", "*"] in figures
        await one.press("f2")
        assert one.said == "Saved the pre-collection rules."
        assert [row["value"] for row in one.rows] == [
            "99.00", "30 days", "20.00", "10.00%", "35 days", "yes", "no", "no", "no", "no",
        ]  # fmt: skip
        await one.press("alt+h")
        assert "- More than (days past due): (empty) -> 30" in page(one)
        assert precollection_rules.current(enrolled, PRACTICE)[0] == Rules(99_00, 30, 20_00, 10_00, 35, thank_you=True)
        await one.press("escape", "alt+7")
        assert one.screen is one.app._pages["collections_admin"]


async def test_a_start_file_from_the_list(enrolled: Office) -> None:
    async with sitting(enrolled) as one:
        await one.press("alt+m", "t", "alt+c", f"={dates.iso(DAY - 60)}", "f2")
        assert "No line qualifies" in one.screen.grid.empty
        assert one.rows == []
        await one.press("escape", "alt+c", f"={dates.iso(DAY - 61)}", "enter", "=500", "f2")
        assert sorted(row["line"] for row in one.rows) == ["L1", "L2", "L3"]
        await one.press("f2")
        assert "Mark at least one line with Space, or all with Alt+A." in one.dialog
        await one.press("f8")
        assert "it meets every criterion" in page(one)
        assert "age 31 days, threshold 30" in page(one)
        await one.press("escape", "alt+a")
        assert "Marked 3 of 3: 600.00 of 3 accounts." in one.dialog
        await one.press("alt+n", "end", "space", "up", "space")
        assert "Marked 2 of 3: 300.00 of 2 accounts." in one.dialog
        await one.press("f2")
        assert "1 account lacks something and would go all the same: A2 no street address" in one.dialog
        await one.press("n")
        assert PrecollectFile.select().count() == 0
        await one.press("f2", "alt+l")
        assert "- A2: no street address" in page(one)
        await one.press("escape", "y")
        assert one.said.endswith("_20261120000001.txt: 2 lines, 300.00.")
        (row,) = one.rows
        assert (row["file"], row["accounts"], row["lines"], row["balance"], row["state"]) == (
            "1",
            "2",
            "2",
            "300.00",
            "created",
        )
        file = PrecollectFile.get()
        assert (enrolled.store.folder / file.path).is_file()
        assert Precollection.select().where(Precollection.ended.is_null()).count() == 2


async def test_a_line_that_changed_meanwhile_is_said_and_the_list_renewed(enrolled: Office) -> None:
    async with sitting(enrolled) as one:
        await one.press("alt+m", "t", "alt+c", "f2", "alt+a")
        line = ServiceLine.get(ServiceLine.number == "L2")
        making.pay(enrolled, line.id, 150_00)
        await one.press("f2", "y")
        await one.rest()
        assert PrecollectFile.select().count() == 0
        assert "L2" in one.dialog
        assert sorted(row["line"] for row in one.rows) == ["L1", "L3"]
        await one.press("f2", "y")
        assert one.said.endswith(": 2 lines, 400.00.")


async def test_a_queued_line_is_taken_out_of_the_queue(enrolled: Office) -> None:
    line = ServiceLine.get(ServiceLine.number == "L1")
    with enrolled.act("queue", PRACTICE) as draft:
        row = {
            "practice": PRACTICE,
            "account": line.account,
            "line": line.id,
            "amount": line.ar,
            "age": 31,
            "queued": DAY,
        }
        PrecollectTask.insert(**row, queued_act=draft.id, act=draft.id).execute()
        ledger.change(draft, "service_line", line.id, "precollections", None, "queued")
        ledger.seal(draft)
    async with sitting(enrolled, (110, 30)) as one:
        await one.press("alt+m", "t", "alt+c", "f2")
        assert [row["queued"] for row in one.rows if row["line"] == "L1"] == ["queued"]
        await one.press("alt+r")
        assert "Mark lines that are queued first" in one.dialog
        await one.press("alt+a", "alt+r", "f2")
        assert "Reason is needed" in one.dialog
        await one.press("=paid by cash", "f2")
        assert "Took 1 line out of the queue." in one.dialog
        assert "Marked 3 of 3" in one.dialog
        assert not any(row["queued"] for row in one.rows)
    assert PrecollectTask.get().outcome == "cancelled"


async def test_what_becomes_of_a_file(started: Office, tmp_path: Path) -> None:
    async with sitting(started) as one:
        await one.press("alt+m", "t", "enter")
        assert [row["AMOUNT DUE"] for row in one.rows] == ["100.00", "200.00", "300.00"]
        await one.press("escape", "alt+p")
        assert "Lines 3   Accounts 3   Balance 600.00" in one.screen.text
        await one.press("escape", "alt+e")
        name = one.value("target")
        assert name.startswith("~/start_file_export_20261120_")
        assert name.endswith(".csv")
        one.screen.fields["target"].set(str(tmp_path))
        await one.press("f2")
        (copy,) = tmp_path.glob("start_file_export_20261120_*.csv")
        assert one.said == f"Exported Start file 1 to {copy}."
        assert b"DEBTOR REFERENCE" in copy.read_bytes()
        await one.press("alt+t", "y")
        assert one.said == "Start file 1: sent 2026-11-20."
        await one.press("alt+k", "=2", "enter", "=600")
        assert "TSI acknowledged 1 account less than the file holds." in one.dialog
        await one.press("f2", "y")
        assert (one.rows[0]["state"], one.rows[0]["acknowledged"]) == ("acknowledged", "-1 acct 11-20")


async def test_the_bytes_themselves_are_exported_under_their_own_name(started: Office, tmp_path: Path) -> None:
    async with sitting(started) as one:
        await one.press("alt+m", "t", "alt+e", "alt+f", "=tsi", "enter")
        assert one.value("target") == "~/" + PrecollectFile.get().path.rsplit("/", 1)[-1]
        one.screen.fields["target"].set(str(tmp_path))
        await one.press("f2")
        (copy,) = tmp_path.glob("*.txt")
        assert copy.read_bytes().startswith(b"CLIENT NUMBER|")


async def test_lines_are_taken_back_and_the_stop_file_tells_it(started: Office) -> None:
    making.pay(started, ServiceLine.get(ServiceLine.number == "L1").id, 40_00)
    async with sitting(started) as one:
        await one.press("alt+m", "t", "alt+3")
        assert [(row["account"], row["told"], row["owed"]) for row in one.rows] == [
            ("A1", "100.00", "60.00"), ("A2", "200.00", "200.00"), ("A3", "300.00", "300.00"),
        ]  # fmt: skip
        await one.press("down", "alt+p", "f2")
        assert one.said == "Stopped 1 line of account A2; 1 message waits for the next Stop file."
        row = next(row for row in one.rows if row["account"] == "A2")
        assert (row["state"], row["waiting"], row["lines"]) == ("suspended 2026-11-20", "1", "0")
        await one.press("alt+p")
        assert one.said == "No line of this account is with TSI any more."
        await one.press("enter")
        assert "taken back by the office" in page(one)
        assert "SS suspended: taken back: 200.00, left 0.00 (waits for the next file)" in page(one)
        await one.press("escape", "alt+2", "alt+c")
        assert sorted((row["type"], row["account"], row["amount"]) for row in one.rows) == [
            ("PP", "A1", "40.00"), ("SS", "A2", "200.00"),
        ]  # fmt: skip
        assert "2 records of 2 accounts: PP 1, SS 1." in one.dialog
        await one.press("f2")
        assert one.said.endswith(": 2 records, 240.00.")
        assert one.rows[0]["lines"] == "2"
        await one.press("alt+c", "f2")
        assert "There is nothing to tell TSI" in one.dialog


async def test_an_account_is_suspended_and_let_in_again(started: Office) -> None:
    async with sitting(started) as one:
        await one.press("alt+m", "t", "alt+3", "alt+i")
        assert one.said == "This account is not suspended."
        await one.press("alt+u", "alt+s", "space", "f2")
        assert (
            one.said
            == "Account A1 is suspended: no later Start file takes it; stopped 1 line, told in the next Stop file."
        )
        assert one.rows[0]["out"] == "yes"
        assert Account.get(Account.number == "A1").suspend_precollection
        await one.press("alt+i", "y")
        assert one.said == "Account A1 is let in again."
        assert not Account.get(Account.number == "A1").suspend_precollection


async def test_a_viewer_looks_and_does_nothing(started: Office) -> None:
    async with sitting(acting.viewer(started)) as one:
        await one.press("alt+m", "t")
        assert len(one.rows) == 1
        for key in ("f3", "f5", "f6"):
            await one.press(key)
            assert "vic is viewer here" in one.said
        await one.press("alt+3", "alt+p")
        assert "vic is viewer here" in one.said


async def test_a_practice_that_leaves_must_have_nothing_with_tsi(started: Office) -> None:
    async with sitting(started, (100, 30)) as one:
        await one.press("alt+x", "c", "alt+p", "alt+l", "space", "f2")
        assert "3 accounts are still with TSI: take them back first (Stop Pre-Coll)." in one.dialog
        assert Practice.get_by_id(PRACTICE).precollections_enrolled


async def test_another_practice_is_chosen_for_the_list_and_one_that_is_not_enrolled_gets_nothing(
    enrolled: Office,
) -> None:
    with enrolled.act("practice") as draft:
        bay, west = create_practice(draft, "BAY", "Bay Clinic"), create_practice(draft, "WEST", "West Clinic")
        ledger.seal(draft)
    Practice.update(precollections_enrolled=True).where(Practice.id == bay).execute()
    precollection_rules.save(enrolled, bay, RULES)
    making.make_line(enrolled, making.make_account(enrolled, "B1", practice=bay), "B1", 500_00, practice=bay)
    async with sitting(enrolled) as one:
        await one.press("alt+m", "t")
        assert one.screen.grid.empty == "Choose a practice first: Alt+S or F2."
        await one.press("alt+s", "=lake", "enter", "alt+c")
        assert "West" not in str(one.screen.fields["practice"].options)
        await one.press("=bay", "enter", "f2", "alt+a")
        assert [row["line"] for row in one.rows] == ["B1"]
        await one.press("f2", "y")
        assert getattr(one.app.session.practice, "id", None) == bay
        assert [(row["practice"], row["balance"]) for row in one.rows] == [("Bay Clinic", "500.00")]
        await one.press("alt+s", "=west", "enter")
        assert one.rows == []
        assert one.screen.grid.empty.startswith("West Clinic is not enrolled")
        await one.press("alt+c")
        assert one.said.startswith("West Clinic is not enrolled for pre-collections")
        assert getattr(one.app.session.practice, "id", None) == west


async def test_the_account_is_opened_from_the_list(started: Office) -> None:
    async with sitting(started) as one:
        await one.press("alt+m", "t", "alt+3", "down", "alt+a")
        assert one.app.session.account == Account.get(Account.number == "A2").id
        assert one.screen is one.app._pages["account_precollections"]
        await one.press("escape")
        assert one.screen is one.app._pages["in_precollections"]


async def test_to_tell_agrees_with_what_the_next_stop_file_would_hold(started: Office) -> None:
    making.pay(started, ServiceLine.get(ServiceLine.number == "L1").id, 40_00)
    rules.add(started, PRACTICE, ["L2"], making.Agency.get_by_id(making.make_agency(started)).name)
    rules.post(started, PRACTICE, ["L2"])
    async with sitting(started) as one:
        await one.press("alt+m", "t", "alt+3")
        assert [(row["account"], row["owed"], row["waiting"]) for row in one.rows] == [
            ("A1", "60.00", "1"), ("A2", "0.00", "1"), ("A3", "300.00", ""),
        ]  # fmt: skip
        assert "1 message waits for the next Stop file" in one.said
        await one.press("alt+2", "alt+c")
        assert sorted((row["account"], row["type"]) for row in one.rows) == [("A1", "PP"), ("A2", "CN")]


async def test_a_stop_file_before_a_start_file_that_was_not_sent_is_asked_about_once_more(started: Office) -> None:
    making.pay(started, ServiceLine.get(ServiceLine.number == "L1").id, 40_00)
    stops.create_stop(started, PRACTICE)
    async with sitting(started) as one:
        await one.press("alt+m", "t", "alt+2", "alt+t")
        assert "Start file 1 of 2026-11-20 was made before it and is not marked as sent." in one.dialog
        await one.press("y", "y")
        assert one.said == "Stop file 1: sent 2026-11-20."
