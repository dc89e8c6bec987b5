"""Address Corrections as an operator works it: load, the two tabs with their sections, approve, deny, acknowledge, flag."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bo_tui.db.tables import Account, AddressCorrection
from bo_tui.office import Actor, Office
from bo_tui.rules import flags
from bo_tui.rules.addresses import decide, load
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextView
from tests import acting, making
from tests.making import PRACTICE
from tests.screens.piloting import Sitting, sitting

HEADER = "account,new_address1,new_city,new_state,new_zip,move_date,return_code,undeliverable"
ROWS = (
    "A1,40 Lake Ave,Chicago,IL,60601,2026-09-01,A,",
    "A2,1 Main St,,,60601,2026-10-01,A,",
    "A3,,,,,,,V",
    "A4,,,,,,02,",
)


@pytest.fixture
def ana(office: Office, tmp_path: Path) -> Office:
    """Four accounts at 12 Oak St, and a file about them."""
    for at, name in enumerate(("Olsen, Kari", "Smith, Ana", "McDonald, Old", "Smithers, Jo"), 1):
        making.make_account(
            office, f"A{at}", guarantor=name, address1="12 Oak St", city="Madison", state="WI", zip="53703"
        )
    (tmp_path / "acs.csv").write_text("\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    return office


@asynccontextmanager
async def at_the_page(office: Office, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Sitting]:
    """The program at Address Corrections, reached from Home's figure."""
    async with sitting(office, "pending", size) as one:
        await one.press("escape", "6")
        yield one


def tabs(one: Sitting) -> dict[str, str]:
    """What the tabs say they hold."""
    return one.screen.query_one(TabStrip).counts


async def test_a_file_is_loaded_and_worked_off(ana: Office, tmp_path: Path) -> None:
    flags.returned_mail(ana, PRACTICE, "A1", True)
    async with at_the_page(ana, (120, 30)) as one:
        await one.press("alt+l", f"={tmp_path}/acs.csv", "f2")
        assert one.said == "Loaded acs.csv, 4 rows: 2 wait, 2 returned, to be looked at."
        assert [(row["account"], row["old"], row["state"]) for row in one.rows] == [
            ("A1", "12 Oak St, Madison WI 53703", "ready"),
            ("A2", "12 Oak St, Madison WI 53703", "incomplete"),
        ]
        assert tabs(one) == {"pending": "2 + 2 errors", "history": "0"}

        await one.press("alt+r", "alt+a")  # both, the incomplete one with them
        assert "2 corrections: 1 complete" in one.dialog
        assert "1 incomplete one" in one.dialog
        assert one.value("clear") is True
        await one.press("f2")
        assert one.said.startswith(
            "1 address updated, Returned Mail cleared on 1. Denied, now under Errors: account A2:"
        )
        assert one.rows == []

        await one.press("alt+a")
        assert one.said == "There is no row to do that with."
        await one.press("alt+e")
        assert [(row["account"], row["reason"]) for row in one.rows] == [
            ("A3", "vacant"),
            ("A2", "The city and the state are missing"),
            ("A4", "moved, left no address"),
        ]
        await one.press("alt+n")
        assert one.said.startswith("Corrections that wait are approved or denied: tab Pending")
        await one.press("alt+g")
        assert "Mail returned: vacant." in one.dialog
        assert "is off" in one.dialog
        await one.press("y")
        assert one.said == "Returned Mail marked on 1 account."
        await one.press("alt+r", "alt+k", "f2")
        assert one.said == "2 errors acknowledged."

        await one.press("alt+2")
        assert {(row["account"], row["state"], row["by"]) for row in one.rows} == {
            ("A2", "acknowledged", "ana"), ("A3", "Returned Mail", "ana"), ("A4", "acknowledged", "ana"),
        }  # fmt: skip
        await one.press("alt+e")
        assert {(row["account"], row["state"]) for row in one.rows} == {
            ("A1", "approved"), ("A2", "denied"), ("A3", "denied"),
        }  # fmt: skip
        assert tabs(one) == {"pending": "0", "history": "3 + 3 errors"}
        await one.press("alt+k")
        assert one.said.startswith("Errors that wait are acknowledged or flagged")
    assert Account.get(Account.number == "A1").address1 == "40 Lake Ave"
    assert making.verify(ana) == []


async def test_a_refused_file_is_shown_row_by_row_and_may_be_tried_again(ana: Office, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f"{HEADER}\nA1,,,,,,,V\nA9,,,,,,,V\nA8,,,,,,,V\n")
    async with at_the_page(ana) as one:
        await one.press("alt+l", f"={tmp_path}/bad.csv", "f2")
        assert one.screen.query_one(TextView).text == (
            "- bad.csv row 3, account: there is no account A9\n- bad.csv row 4, account: there is no account A8"
        )
        await one.press("escape")
        assert "Nothing was loaded: 2 problems in bad.csv." in one.dialog
        await one.press(*["backspace"] * 7, "=acs.csv", "f2")
        assert one.said.startswith("Loaded acs.csv, 4 rows")
        await one.press("alt+l", f"={tmp_path}/acs.csv", "f2")
        assert "acs.csv holds the same bytes as acs.csv, loaded by ana on 2026-11-20" in one.dialog


async def test_everything_known_of_a_correction_and_a_conflict(ana: Office, tmp_path: Path) -> None:
    load.load(ana, PRACTICE, tmp_path / "acs.csv")
    first = AddressCorrection.get(AddressCorrection.return_code == "A").id
    async with at_the_page(ana) as one:
        assert one.said == "12 Oak St, Madison WI 53703 -> 40 Lake Ave, Chicago IL 60601"
        await one.press("enter")
        text = one.screen.query_one(TextView).text
        assert "Move: unknown, effective 2026-09-01." in text
        assert "From acs.csv, row 2, received 2026-11-20." in text
        await one.press("escape", "alt+n", "=wrong person")
        decide.approve(ana.by(Actor("bob", "operator")), PRACTICE, [first])
        await one.press("f2")
        assert "was changed meanwhile by bob (address approve): it was approved by bob" in one.dialog
        assert one.value("note") == "wrong person"
        await one.press("escape", "y")
        await one.press("alt+2", "alt+h")
        assert "address1: 12 Oak St to 40 Lake Ave" in one.screen.query_one(TextView).text
        await one.press("escape", "=sm", "down")
        assert one.rows == []
        await one.press("alt+1")
        assert [row["account"] for row in one.rows] == ["A2"]


async def test_a_viewer_looks(ana: Office, tmp_path: Path) -> None:
    load.load(ana, PRACTICE, tmp_path / "acs.csv")
    async with at_the_page(acting.viewer(ana)) as one:
        assert len(one.rows) == 2
        await one.press("alt+l")
        assert one.said == (
            "vic is viewer here; to load and decide address corrections takes the role operator, supervisor or administrator."
        )
        await one.press("alt+e")
        assert len(one.rows) == 2
