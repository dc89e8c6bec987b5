"""What a sitting leaves in the chain of looks, and the page Audit Trail as a supervisor works it."""

from __future__ import annotations

import csv
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bo_tui.db.tables import Access, Account, AgencyFile
from bo_tui.errors import NotAllowed
from bo_tui.office import Actor, Office
from bo_tui.rules import checking
from bo_tui.rules.external import files, pending
from bo_tui.screens.app import PAGES, BackOffice
from bo_tui.widgets.textpage import TextPage
from tests import acting, making
from tests.making import PRACTICE
from tests.screens.piloting import SMALL, Sitting, sitting

SSN = "900-12-3456"


@pytest.fixture
def working(office: Office) -> Office:
    """L1 (account 1, with an SSN) pending; L2 (account 2) placed with First Bay and in file 1."""
    bay = making.make_agency(office, "First Bay")
    acting.a_line(office, "L1")
    making.change(office, Account, Account.id == 1, ssn=SSN, address1="1 Pier")
    acting.placed(office, bay, "L2")
    files.make_files(office, PRACTICE, bay)
    files.write_copies(office)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    return office


@asynccontextmanager
async def trail(office: Office, size: tuple[int, int] = SMALL) -> AsyncIterator[Sitting]:
    """The program at Alt+X, T."""
    app = BackOffice(office)
    async with app.run_test(size=size) as pilot:
        one = Sitting(app, pilot)
        await one.rest()
        await one.press("alt+x", "t")
        yield one


Looked = tuple[str, str, int | None, str | None]


def looks(office: Office) -> list[Looked]:
    with office.reading():
        query = Access.select(Access.kind, Access.subject, Access.subject_id, Access.detail)
        return list(query.order_by(Access.id).tuples())


async def test_a_look_is_in_the_store_within_two_seconds(working: Office) -> None:
    async with sitting(working, "transactions") as one:
        start = time.monotonic()
        await one.press("alt+h")
        while ("look", "service_line", 2, "history") not in looks(working):
            assert time.monotonic() - start < 2.0
            await one.pilot.pause(0.05)
        assert looks(working)[:3] == [
            ("open", "program", None, None), ("look", "home", None, None), ("look", "transactions", None, None),
        ]  # fmt: skip


async def test_what_is_opened_read_and_searched_is_kept_once_and_names_nobody(working: Office) -> None:
    async with sitting(working, "transactions") as one:
        await one.press("f8", "escape", "alt+1", "alt+h", "escape", "f8", "escape")
        one.app.show("accounts")
        await one.rest()
        await one.press("alt+s", "enter", "=smith", "f2", "home", "enter", "alt+2", "alt+1", "alt+2", "escape")
        await one.press("alt+y", "escape")
        one.app.show_tab("files")
        await one.rest()
        await one.press("enter", "escape", "alt+p", "escape")
    kept = looks(working)
    assert kept[3:] == [
        ("look", "service_line", 2, "why"),
        ("look", "pending", None, None),
        ("look", "service_line", 1, "history"),
        ("look", "service_line", 1, "why"),
        ("look", "accounts", None, None),
        ("look", "accounts", None, "searched: guarantor"),
        ("look", "account", 1, "general"),
        ("look", "account", 1, "ar"),
        ("look", "accounts", None, None),
        ("look", "account", 1, "holds"),
        ("look", "files", None, None),
        ("look", "agency_file", 1, "contents, 1 row"),
        ("look", "agency_file", 1, "preview, 1 row"),
    ]
    assert "smith" not in str(kept).casefold()
    assert checking.check(working.store) == []


async def save_as(one: Sitting, target: Path) -> None:
    one.screen.fields["target"].input.value = str(target)
    await one.press("f2")


TAKES_OUT = {
    ("files", "print"): ("print", "agency_file", 1, "PDF, 1 row"),
    ("files", "export"): ("export", "agency_file", 1, "1 row"),
    ("account_general", "activity"): ("print", "account", 1, "activity"),
    ("account_general", "overview"): ("print", "account", 1, "overview"),
    ("account_ar", "activity"): ("print", "account", 1, "activity"),
    ("account_ar", "overview"): ("print", "account", 1, "overview"),
    ("account_notes", "activity"): ("print", "account", 1, "activity"),
    ("account_notes", "overview"): ("print", "account", 1, "overview"),
    ("audit", "export"): ("export", "audit", None, None),
}
ELSEWHERE = {  # files of pre-collections: tests/cli/test_precollect.py
    (page, action) for page in ("start_files", "stop_files") for action in ("print", "export")
}


async def test_whatever_takes_something_out_leaves_a_row(working: Office, tmp_path: Path) -> None:
    async with sitting(working, "files", (120, 40)) as one:
        one.app.session.account = 1
        found = set()
        for name in PAGES:
            page = one.app.page(name)
            for action in page.page_actions():
                words = action.label.casefold()
                if action.id in ("print", "export", "activity", "overview") or words.startswith(("print", "export")):
                    found.add((name, action.id))
        assert found == set(TAKES_OUT) | ELSEWHERE, "whoever adds an export says here what it leaves"
        by_row = {row: where for where, row in TAKES_OUT.items()}  # one page of those that share an action
        for number, (row, (name, action)) in enumerate(by_row.items()):
            one.app.show(name)
            await one.rest()
            await one.screen.do(next(each for each in one.screen.actions if each.id == action))
            await one.rest()
            if isinstance(one.screen, TextPage):
                await one.press("f3")
            await save_as(one, tmp_path / f"{number}.pdf")
            last = [look for look in looks(working) if look[0] in ("print", "export")][-1]
            assert last[:3] == row[:3], (name, action)
            assert row[3] is None or last[3] == row[3]
            assert list(tmp_path.glob(f"{number}.*"))
            await one.press("escape")


async def test_an_export_that_fails_leaves_no_row(working: Office, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine")
    async with sitting(working, "files") as one:
        await one.press("alt+e")
        await save_as(one, tmp_path / "there.csv")
        assert "already there" in one.dialog
    assert not [look for look in looks(working) if look[0] == "export"]
    assert (tmp_path / "there.csv").read_text() == "mine"


async def test_an_ssn_shows_until_the_next_key_and_is_kept_first(working: Office) -> None:
    async with sitting(working, "pending") as one:
        one.app.show_account(1, "account_general")
        await one.rest()
        assert "xxx-xx-3456" in one.screen.query_one("TextView").text
        await one.press("alt+i")
        assert one.said.startswith(f"SSN {SSN} ")
        assert ("unmask", "account", 1, "SSN") in looks(working)
        await one.press("down")
        assert SSN not in one.said
        one.app.show_account(2)
        await one.rest()
        await one.press("alt+i")
        assert one.said == "No SSN is kept for this account."


async def test_an_operator_sees_neither_ssn_nor_trail(working: Office) -> None:
    async with sitting(working.by(Actor("bob", "operator")), "pending") as one:
        one.app.show_account(1, "account_general")
        await one.rest()
        await one.press("alt+i")
        assert "takes the role supervisor or administrator" in one.said
        await one.press("escape", "alt+x", "t")
        assert "audit" not in one.app._pages
    assert not [look for look in looks(working) if look[0] == "unmask"]


async def test_the_trail_is_read_searched_and_exported(working: Office, tmp_path: Path) -> None:
    async with trail(working) as one:
        first = one.rows[0]
        assert (first["actor"], first["kind"], first["count"]) == ("ana", "add", "1")
        assert one.said.startswith(f"Act {one.screen.grid.current.id}, add by ana ")
        await one.press("enter")
        assert "- It verifies: its rows are as they were written." in one.screen.text
        assert "Digest: " in one.screen.text
        await one.press("escape", "alt+s", "enter", "=post", "f2")
        assert [row["kind"] for row in one.rows] == ["post"]
        await one.press("f8")
        assert "- EXCOL 480.00 (" in one.screen.text
        assert "line L2" in one.screen.text
        await one.press("escape", "alt+e")
        await save_as(one, tmp_path / "acts.csv")
        rows = list(csv.DictReader((tmp_path / "acts.csv").open()))
        assert [(row["kind"], row["amount"], row["practice"]) for row in rows] == [("post", "480.00", "LAKE")]
        await one.press("alt+l")
        assert len(one.rows) > 3
        await one.press("alt+s")
        await one.press(*["enter"] * 4, "=nobody", "f2")
        assert "There is no account nobody." in one.dialog
        await one.press("escape")


async def test_looks_grow_while_one_looks_and_each_says_whether_it_verifies(working: Office) -> None:
    async with trail(working) as one:
        await one.press("alt+2")
        for _ in range(60):
            if one.rows:
                break
            await one.pilot.pause(0.05)
        one.screen.grid.look()
        await one.rest()
        assert [row["what"] for row in one.rows] == ["audit", "home", "program"]
        await one.press("end", "enter")
        assert "opened the program" in one.screen.text
        assert "It verifies" in one.screen.text


async def test_closing_the_program_keeps_what_waits(working: Office) -> None:
    async with sitting(working, "files"):
        pass
    assert ("look", "files", None, None) in looks(working)
    assert AgencyFile.select().count() == 1


async def test_what_was_refused_is_one_row_of_the_page_and_of_the_report(bo, working: Office) -> None:
    viewer = Actor("eve", "viewer")
    async with sitting(working.by(viewer), "pending") as one:
        letter = next(action.letter for action in one.screen.actions if action.id == "deny")
        await one.press(f"alt+{letter.lower()}")
        assert "takes the role" in one.said
        await one.press("alt+x", "t", "escape")  # Admin, Audit Trail
    with pytest.raises(NotAllowed):
        pending.deny(working.by(viewer), PRACTICE, "L1", "no")
    bo("deny", "NOSUCH", "--note", "x")  # ana may, and there is no such line
    refused = [look[1:] for look in looks(working) if look[0] == "refused"]
    assert refused == [(name, None, "as viewer") for name in ("deny", "audit", "deny")]
    printed = bo("report", "audit", "--csv").stdout
    assert (printed.count(",refused,"), printed.count(",eve,refused,deny,,,,as viewer,")) == (3, 2)
    async with trail(working) as one:
        await one.press("alt+2", "alt+s", "=eve", "f2", "home")
        assert (one.rows[0]["kind"], one.rows[0]["what"], one.rows[0]["detail"]) == ("was refused", "deny", "as viewer")
    assert checking.check(working.store) == []
