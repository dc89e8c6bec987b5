"""The administrator's pages as one works them: assignments with their preview, rules, agencies, operators, refusals, conflicts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bo_tui.db.tables import Operator
from bo_tui.office import Actor, Office
from bo_tui.rules import operators, roles
from bo_tui.rules.settings import agencies, assignments, external_rules, practices
from bo_tui.rules.settings.agencies import AgencyFields
from bo_tui.rules.settings.assignments import Thresholds
from bo_tui.rules.settings.external_rules import Rules
from bo_tui.rules.settings.practices import PracticeSettings
from bo_tui.rules.setup import create_practice
from bo_tui.screens import help
from bo_tui.screens.admin.admintabs import BUILT, COMING, TABS
from bo_tui.screens.admin.operators import role_table
from bo_tui.screens.admin.previewdialog import PreviewDialog
from bo_tui.screens.app import BackOffice
from bo_tui.views import admin
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.textpage import TextView
from tests import acting, making
from tests.making import DAY, PRACTICE
from tests.screens.piloting import SMALL, Sitting


@pytest.fixture
def settled(office: Office) -> Office:
    """First Bay over 99.00 and 45 days, West by hand, North not assigned; lines of 100.00, 200.00 and 300.00, 60 days old."""
    for name in ("First Bay", "West", "North"):
        agencies.create(office, AgencyFields(name, "1 Pier", zip="54007", file_type="csv", baa_date=DAY))
    first, west = (row.id for row in admin.agencies(office) if row.name != "North")
    assignments.add(office, PRACTICE, first, Thresholds(99_00, 45))
    assignments.add(office, PRACTICE, west, Thresholds())
    for at in range(1, 4):
        acting.a_line(office, f"L{at}", at * 100_00)
    return office


@asynccontextmanager
async def at(office: Office, letter: str, size: tuple[int, int] = SMALL) -> AsyncIterator[Sitting]:
    """The program at a page of the Admin menu."""
    app = BackOffice(office)
    async with app.run_test(size=size) as pilot:
        one = Sitting(app, pilot)
        await one.rest()
        await one.press("alt+x", letter)
        yield one


def shown(one: Sitting, part: str) -> str:
    return one.screen.query_one(f"#{part}", Lines).text


def text_page(one: Sitting) -> str:
    return one.screen.query_one(TextView).text


async def test_what_stands_on_the_external_collections_tab(settled: Office) -> None:
    external_rules.save(settled, PRACTICE, Rules(35, None, 10_00, move_all_by_dos=True))
    async with at(settled, "c", (120, 40)) as one:
        first, west = one.rows
        assert (first["name"], first["balance"], first["age"], first["approve"]) == ("First Bay", "99.00", "45", "no")
        assert (west["name"], west["balance"], west["age"]) == ("West", "by hand", "by hand")
        assert shown(one, "admin-practice") == "Practice: Lakeside Anesthesia (LAKE)"
        rules = shown(one, "admin-rules")
        assert "On 480.00: a payment of 48.00 or more in the last 35 days keeps the line out." in rules
        assert "[x] Move all by DOS" in rules
        assert "[ ] Returned mail" in rules
        assert "Accounting dates off   never closed   no four-eyes limit" in rules
        assert one.said == "First Bay: over 99.00 from day 46 on"
        practices.save(settled, PRACTICE, PracticeSettings("Lakeside", True, DAY - 1, 5_00))
        one.app.screen.grid.look()
        await one.rest()
        assert "Accounting dates on   closed through 2026-11-19   four eyes over 5.00" in shown(one, "admin-rules")


async def test_a_tab_that_is_not_built_goes_nowhere_and_says_what_will_be_there(settled: Office) -> None:
    async with at(settled, "c") as one:
        page = one.screen
        for number, (tab, title) in enumerate(TABS, 1):
            if tab in BUILT:
                continue
            await one.press(f"alt+{number}")
            assert one.screen is page
            assert one.said == f"{title}, not built: {COMING[tab]}."
            assert len(one.said) <= 76, "it is not cut at 80 columns"
        await one.press("ctrl+pagedown")  # over what is not built to the next that is, and round again
        assert one.screen is not page
        await one.press("ctrl+pagedown")
        assert one.screen is page


async def test_update_shows_tonight_before_and_after_and_saves_on_f2(settled: Office) -> None:
    async with at(settled, "c") as one:
        await one.press("alt+u")
        assert set(one.screen.fields) == {
            "balance_greater_than", "age_greater_than", "auto_approve", "auto_create_file", "max_lines", "max_amount",
            "client_number",
        }, "the agency of an assignment is fixed"  # fmt: skip
        await one.press("ctrl+k", "=150", "f2")
        assert isinstance(one.screen, PreviewDialog)
        figures = [line.split() for line in shown(one, "preview-figures").splitlines()]
        assert ["Selected", "3", "600.00", "2", "500.00", "*"] in figures
        assert ["First", "Bay", "3", "600.00", "2", "500.00", "*"] in figures
        assert ["balance", "too", "small", "0", "0.00", "1", "100.00", "*"] in figures
        await one.press("escape")
        assert one.value("balance_greater_than") == "150", "what was typed is still there"
        assert admin.assignments(settled, PRACTICE)[0].balance_greater_than == 99_00
        await one.press("f2", "f2")
        assert one.said == "Saved the assignment of First Bay."
        assert one.rows[0]["balance"] == "150.00"
        await one.press("alt+h")
        assert "- Balance Greater Than: 99.00 -> 150.00" in text_page(one)
        assert "ana: assignment of First Bay (assignment update)" in text_page(one)


async def test_a_burst_saves_as_if_typed_slowly(settled: Office) -> None:
    async with at(settled, "c") as one:
        await one.pilot.press(
            "alt+u", "ctrl+k", "1", "5", "0", "f2", "f2", "alt+u", "enter", "ctrl+k", "6", "0", "f2", "f2"
        )
        await one.rest()
        (first, _) = admin.assignments(settled, PRACTICE)
        assert (first.balance_greater_than, first.age_greater_than) == (150_00, 60)


async def test_add_save_and_add_next_and_remove(settled: Office) -> None:
    agencies.create(settled, AgencyFields("South", "1 Pier", zip="54007", file_type="csv"))
    async with at(settled, "c") as one:
        await one.press("alt+d", "=no", "enter", "=10", "f2")
        assert "Age Greater Than is required when Balance Greater Than is given." in one.dialog
        await one.press("=20", "alt+n", "f2")
        assert one.screen.add_next is False
        assert one.screen.agencies == {4: "South"}, "a new form for the next one"
        await one.press("=so", "enter", "enter", "enter", "space", "f2")
        assert "Auto Approve needs thresholds" in one.dialog
        await one.press("space", "f2", "f2")
        assert [row["name"] for row in one.rows] == ["First Bay", "West", "North", "South"]
        assert one.said == "Saved the assignment of South."
        await one.press("alt+d")
        assert one.said.startswith("Every agency is assigned")
        await one.press("alt+r")
        assert "Remove the assignment of South" in one.dialog
        await one.press("escape")
        assert len(one.rows) == 4
        await one.press("alt+r", "f2")
        assert one.said == "Removed the assignment of South."
        assert [row["name"] for row in one.rows] == ["First Bay", "West", "North"]


async def test_who_was_faster_is_named_and_nothing_typed_is_lost(settled: Office) -> None:
    carl = settled.by(Actor("carl", "administrator"))
    (first, _) = admin.assignments(settled, PRACTICE)
    async with at(settled, "c") as one:
        await one.press("alt+u", "ctrl+k", "=150", "f2")
        assignments.update(carl, first.id, Thresholds(120_00, 45))
        await one.press("f2")
        assert "changed meanwhile by carl (assignment update): it takes balances over 120.00" in one.dialog
        assert one.value("balance_greater_than") == "150"
        await one.press("f2", "f2")
        assert one.rows[0]["balance"] == "150.00"


async def test_exclusions_have_a_live_example_for_a_sample_balance(settled: Office) -> None:
    async with at(settled, "c") as one:
        await one.press("alt+e")
        assert "nothing is excluded for payments" in shown(one, "form-live")
        await one.press("=35")
        assert "above zero is required when days are given" in shown(one, "form-live")
        await one.press("enter", "enter", "=10")
        assert "On 480.00: a payment of 48.00 or more in the last 35 days" in shown(one, "form-live")
        await one.press("alt+b", "ctrl+k", "=200")
        assert "On 200.00: a payment of 20.00 or more in the last 35 days" in shown(one, "form-live")
        await one.press("enter", "space", "f2")
        assert "Rules on: Returned mail." in one.dialog
        await one.press("f2")
        kept = admin.rules(settled, PRACTICE)
        assert (kept.payment_within_days, kept.payment_percent, kept.roll_returned_mail) == (35, 10_00, True)
        assert one.said == "Saved exclusions and rules."
        external_rules.save(settled, PRACTICE, Rules(35, None, 10_00))
        await one.press("alt+e", "ctrl+k", "=40", "f2")
        external_rules.save(settled, PRACTICE, Rules(50, None, 10_00))
        await one.press("f2")
        assert "The rules of Lakeside Anesthesia was changed" in one.dialog or "changed meanwhile" in one.dialog


async def test_closing_the_books_is_asked_once_more(settled: Office) -> None:
    async with at(settled, "c") as one:
        await one.press("alt+p", "enter", "space", "enter", "=t+1", "f2")
        assert "Close the books through 2026-11-21?" in one.screen.heading
        await one.press("y")
        assert "The books cannot be closed beyond today, 2026-11-20." in one.dialog
        await one.press("ctrl+a", "ctrl+k", "=t", "f2", "y")
        assert one.said == "Saved the practice's settings."
        assert one.app.session.practice is not None
        assert one.app.session.practice.closed_through == DAY
        assert one.app.session.practice.uses_accounting_dates


async def test_another_practice_and_none(settled: Office) -> None:
    with settled.act("practice_add") as draft:
        roles.require(settled, "settings")
        create_practice(draft, "BAY", "Bay Clinic")
        from bo_tui.rules import ledger

        ledger.seal(draft)
    async with at(settled, "c") as one:
        assert one.rows == []
        await one.press("alt+d")
        assert one.said.startswith("Choose a practice first")
        await one.press("alt+s", "=bay", "enter")
        assert one.rows == []
        assert shown(one, "admin-practice") == "Practice: Bay Clinic (BAY)"
        await one.press("alt+s", "=lake", "enter")
        assert [row["name"] for row in one.rows] == ["First Bay", "West"]


async def test_only_an_administrator_changes_settings(settled: Office) -> None:
    supervisor = settled.by(Actor("sue", "supervisor"))
    async with at(supervisor, "c") as one:
        for key in ("alt+d", "alt+u", "alt+r", "alt+e", "alt+p", "enter"):
            page = one.screen
            await one.press(key)
            assert one.screen is page
            assert one.said == "sue is supervisor here; to change the office's settings takes the role administrator."
        await one.press("alt+x", "a", "alt+c")
        assert "takes the role administrator" in one.said
        await one.press("alt+x", "o", "alt+d")
        assert "takes the role administrator" in one.said


async def test_agencies_are_created_updated_and_deleted_while_unused(settled: Office) -> None:
    making.make_account(settled, "Z", city="Harbor Point", state="WI", zip="54007")
    async with at(settled, "a", (100, 30)) as one:
        assert [row["name"] for row in one.rows] == ["First Bay", "North", "West"]
        assert one.said.startswith("First Bay: assigned to 1 practice; SSN in files: none")
        await one.press("alt+c", "=Pier", "enter", "=2 Main", "enter", "enter", "=54007", "enter")
        assert (one.value("city"), one.value("state")) == ("Harbor Point", "WI")
        assert shown(one, "form-live") == "Without an agreement date no file can be made for this agency."
        await one.press("ctrl+k", "=Elsewhere", "alt+z", "ctrl+a", "ctrl+k", "=60007", "enter")
        assert one.value("city") == "Elsewhere", "what was typed is not replaced"
        assert one.value("state") == "IL"
        await one.press("f2")
        assert "File Type is needed." in one.dialog
        await one.press("=csv", "enter", "f2")
        assert one.said == "Created Pier; assign it to a practice in Collections Admin before use."
        assert [row["name"] for row in one.rows] == ["First Bay", "North", "Pier", "West"]
        await one.press("alt+u", "alt+e", "=nowhere", "f2")
        assert "Email is not an address such as office@example.com." in one.dialog
        await one.press("ctrl+a", "ctrl+k", "f2")
        assert "there is nothing to save" in one.dialog
        await one.press("escape", "alt+d", "y")
        assert one.said == "Deleted Pier."
        await one.press("home", "alt+d")
        assert one.said.startswith("First Bay is assigned to Lakeside Anesthesia; an agency in use is not deleted.")
        await one.press("alt+h")
        assert "agency Pier (agency delete)" in text_page(one)


async def test_operators_are_added_changed_and_removed(office: Office) -> None:
    async with at(office, "o") as one:
        assert one.rows == [{"name": "ana", "role": "administrator", "since": "2026-11-20", "by": "ana"}]
        await one.press("alt+d", "=no such user", "enter", "=op", "enter", "f2")
        assert "no such user is not a user of this machine" in one.dialog
        await one.press("ctrl+a", "ctrl+k", "=root", "f2")
        assert one.said.startswith("root is now operator.")
        await one.press("alt+u", "ctrl+k", "=sup", "enter", "f2")
        assert [row["role"] for row in one.rows] == ["administrator", "supervisor"]
        await one.press("alt+u", "ctrl+k", "=view", "enter")
        operators.change_role(office.by(Actor("carl", "administrator")), "root", "operator")
        await one.press("f2")
        assert "root was changed meanwhile by carl (operator role): it is operator now." in one.dialog
        await one.press("f2")
        assert one.rows[1]["role"] == "viewer"
        await one.press("alt+r", "y")
        assert one.said == "root is no longer an operator."
        assert Operator.get(Operator.user == "root").removed
        await one.press("alt+r", "y")
        assert "last administrator" in one.said


async def test_what_each_role_may_do_is_the_codes_own_table(office: Office) -> None:
    table = role_table().splitlines()
    assert len(table) == len(roles.ACTIONS) + 1
    assert max(len(line) for line in table) <= 78
    for line, (may, words) in zip(table[1:], roles.ACTIONS.values(), strict=True):
        assert line.startswith(words)
        assert line[len(words) :].split() == ["x" if role in may else "-" for role in roles.ROLES]
    async with at(office, "o") as one:
        await one.press("alt+w")
        assert role_table() in text_page(one)
        await one.press("escape", "f1")
        assert role_table() in text_page(one)


@pytest.mark.parametrize(
    "topic", ["collections_admin", "agencies", "operators", "preview", "precollections", "precollections_admin"]
)
def test_each_page_has_its_help(topic: str) -> None:
    assert help.text(topic).startswith("# ")
    assert help.text(topic) != help.text("keys")
