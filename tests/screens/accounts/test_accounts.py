"""The Accounts page and the finder: filters, criteria, opening, creating with a duplicate, holds and flags."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Account, Hold
from bo_tui.office import Office
from bo_tui.rules import payments
from bo_tui.screens.accounts import edit, finder
from bo_tui.screens.accounts.edit import AccountForm, MatchDialog
from bo_tui.screens.accounts.finder import FinderDialog, LineDialog, PickDialog
from bo_tui.screens.accounts.general import GeneralTab
from bo_tui.screens.accounts.page import AccountsPage
from tests import acting, making
from tests.screens.piloting import Sitting, sitting


@pytest.fixture
def full(office: Office) -> Office:
    """Three accounts; the second paid by check 77."""
    agency = making.make_agency(office)
    for at, name in enumerate(("Smith, Ana", "Olsen, Kari", "Smithers, Jo")):
        last, first = name.split(", ")
        row = making.make_account(
            office, f"10{at}", guarantor=name, last=last, first=first, date_of_birth=at, city="Bay", state="WI"
        )
        making.make_line(office, row, f"L{at}", 480_00 + at, age=60 + at, case=f"C{at}")
    payments.receive(office, 1, "L1", "GPYMT", 80_01, number="77")
    making.place(office, acting.line("L2").id, agency)
    return office


def names(one: Sitting) -> list[str]:
    return [row["guarantor"] for row in one.rows]


async def test_rows_filters_orders_and_criteria(full: Office) -> None:
    async with sitting(full, "accounts", (120, 40)) as one:
        assert names(one) == ["Olsen, Kari", "Smith, Ana", "Smithers, Jo"]
        row = one.rows[0]
        assert (row["account"], row["balance"], row["part"], row["oldest"]) == ("101", "400.00", "400.00", "61")
        assert one.rows[2]["placed"] == "480.02"
        assert one.said == "Olsen, Kari: 400.00 in active AR, the guarantor's oldest 61 days"
        await one.press("=smi", "down")
        assert names(one) == ["Smith, Ana", "Smithers, Jo"]
        await one.press("escape", "=102", "down")
        assert names(one) == ["Smithers, Jo"]
        await one.press("escape")
        for _ in range(4):
            await one.press("greater_than_sign")  # from Guarantor to Balance
        assert names(one) == ["Smithers, Jo", "Olsen, Kari", "Smith, Ana"]
        await one.press("alt+s", "alt+k", "=77", "f2")
        assert names(one) == ["Olsen, Kari"]
        assert "check 77: 1 found" in one.screen.query_one("FilterStrip").count
        await one.press("alt+s", "alt+r", "space", "alt+t")  # the criteria of before give way to others
        assert (one.value("check"), one.value("returned_mail")) == ("", False)
        await one.press("escape", "y", "alt+l")
        assert len(names(one)) == 3


async def test_enter_opens_the_account_and_esc_comes_back_to_the_row(full: Office) -> None:
    async with sitting(full, "accounts") as one:
        await one.press("down", "enter")
        assert isinstance(one.screen, GeneralTab)
        assert "100 Smith, Ana   AR 480.00" in one.screen.query_one("Banner").text
        await one.press("escape")
        assert isinstance(one.screen, AccountsPage)
        assert one.screen.current.number == "100"


async def test_a_new_account_that_may_be_there_already_asks_first(full: Office) -> None:
    async with sitting(full, "accounts") as one:
        await one.press("alt+c", "alt+l", "=smith", "enter", "=ana", "alt+b", "=1970-01-01", "f2")
        assert isinstance(one.screen, MatchDialog)
        await one.press("escape")
        assert isinstance(one.screen, AccountForm)
        assert one.value("last") == "smith"
        await one.press("f2", "f2")
        assert isinstance(one.screen, GeneralTab)
        kept = Account.get_by_id(one.app.session.account)
        assert (kept.number, kept.guarantor) == ("103", "smith, ana")
        await one.press("escape", "alt+c", "alt+l", "=Smith", "enter", "=Ana", "alt+b", "=1970-01-01", "f2", "enter")
        assert one.app.session.account in (1, kept.id)
        assert Account.select().count() == 4


async def test_a_wrong_field_is_named_and_nothing_is_lost(full: Office) -> None:
    async with sitting(full, "accounts") as one:
        await one.press("alt+e", "alt+z", "=5400", "f2")
        assert "Zip code is not five digits" in one.dialog
        await one.press("=54007", "f2")
        assert one.said == "Account 101, Olsen, Kari: zip code changed."


async def test_hold_and_returned_mail(full: Office) -> None:
    async with sitting(full, "accounts") as one:
        await one.press("alt+w")
        assert one.said == "There is no hold on this account or line."
        await one.press("alt+o", "alt+k", "=disp", "enter", "alt+r", "=says no", "f2")
        assert "Dispute set with no end." in one.said
        assert one.rows[0]["flags"] == "H---"
        await one.press("alt+r", "y")
        assert one.rows[0]["flags"] == "HR--"
        await one.press("alt+w", "alt+r", "=settled", "f2")
        assert one.rows[0]["flags"] == "-R--"
        assert Hold.get().until == making.DAY


async def test_the_finder_gives_an_account_or_a_line_of_it(full: Office) -> None:
    making.make_line(full, 1, "L9", 20_00, case="C9")
    async with sitting(full, "accounts") as one:
        got: list[finder.Found] = []
        finder.find(one.screen, got.append)
        await one.rest()
        assert isinstance(one.screen, FinderDialog)
        await one.press("alt+g", "=smi", "f2")
        assert isinstance(one.screen, PickDialog)
        await one.press("down", "enter")
        assert (got[0].account, got[0].number, got[0].line) == (3, "102", None)
        finder.find(one.screen, got.append, line=True)
        await one.rest()
        await one.press("alt+e", "=C9", "f2")  # one account fits: only its line is left to choose
        assert isinstance(one.screen, LineDialog)
        assert [row["line"] for row in one.rows] == ["L9"]
        await one.press("f2")
        assert got[1].line is not None
        assert (got[1].number, got[1].line.number) == ("100", "L9")


def test_a_zip_code_of_another_state_is_a_hint() -> None:
    assert edit._elsewhere({"zip": "54007", "state": "TX"}) == "Zip code 54007 lies in WI, not in TX."
    for zip_code, state in (("54007", "WI"), ("54007", None), ("5400", "TX"), ("00100", "TX"), (None, "TX")):
        assert edit._elsewhere({"zip": zip_code, "state": state}) == ""
