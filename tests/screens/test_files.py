"""The Files tab as an operator works it: making, looking into, exporting and answering for agency files."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui.db.tables import Agency, AgencyFile, Placement
from bo_tui.office import Office
from bo_tui.rules import holds
from bo_tui.rules.external import files as rules
from tests import acting, making
from tests.making import PRACTICE
from tests.screens.piloting import sitting
from tests.views.test_files import made  # noqa: F401


@pytest.fixture
def placed(office: Office) -> Office:
    """Six placements with First Bay, one of an account that lacks nothing; none of them in a file."""
    bay = making.make_agency(office, "First Bay")
    Agency.update(ssn="full").execute()
    for at in range(6):
        whole = (
            {"address1": "1 Pier", "city": "Bay", "state": "WI", "zip": "54007", "ssn": "900-12-3456"}
            if at == 5
            else {}
        )
        account = making.make_account(office, f"10{at}", guarantor=f"Name{at}, A", last=f"Name{at}", **whole)
        making.place(office, making.make_line(office, account, f"L{at}", (at + 1) * 100_00), bay)
    return office


@pytest.fixture
def filed(placed: Office) -> Office:
    """The same in a file, with its copy."""
    rules.make_files(placed, PRACTICE, 1)
    rules.write_copies(placed)
    return placed


def copy(office: Office) -> Path:
    return office.store.folder / AgencyFile.get().path


async def test_creating_shows_first_what_goes_and_what_is_lacking(placed: Office) -> None:
    async with sitting(placed, "files") as one:
        assert one.rows == []
        await one.press("f3")
        assert "6 placements of 6 accounts, 2,100.00, would go in 1 file of type csv." in one.dialog
        assert "5 accounts lack something and would go all the same: 100 no street address, no city" in one.dialog
        assert "and 1 more (Alt+L)" in one.dialog
        await one.press("alt+l")
        assert one.screen.text.count("- 10") == 5
        await one.press("escape", "f2")
        assert one.said == "Made First-Bay-000001.csv: 6 placements, 2,100.00."
        assert copy(placed).is_file()
        row = one.rows[0]
        assert (row["agency"], row["file"], row["accounts"], row["lines"]) == ("First Bay", "1", "6", "6")
        assert (row["balance"], row["state"], row["acknowledged"]) == ("2,100.00", "created", "")
        await one.press("f3", "f2")
        assert "No placement of this agency waits" in one.dialog or "Agency is needed" in one.dialog


async def test_the_cursor_goes_to_the_file_just_made(filed: Office) -> None:
    making.place(filed, making.make_line(filed, making.make_account(filed, "200"), "NEW", 70_00), 1)
    async with sitting(filed, "files") as one:
        await one.press("home", "f3", "f2")
        assert one.screen.current.id == AgencyFile.select().order_by(AgencyFile.id.desc()).get().id
        assert one.said.startswith("Made First-Bay-000002.csv: 1 placement, 70.00.")


async def test_figures_that_agree_are_recorded_without_a_question(filed: Office) -> None:
    async with sitting(filed, "files") as one:
        await one.press("f7", "=6", "enter", "=2100", "f2")
        assert one.said.endswith("agree with the file.")
        assert AgencyFile.get().state == "acknowledged"


async def test_no_agreement_no_file(placed: Office) -> None:
    Agency.update(baa_date=None).execute()
    async with sitting(placed, "files") as one:
        await one.press("f3", "down", "enter")
        assert "First Bay has no business-associate agreement date; no file may be made." in one.dialog
        await one.press("f2")
        assert AgencyFile.select().count() == 0
        assert (
            one.screen.fields["agency"].refusal
            == "First Bay has no business-associate agreement date; no file may be made."
        )


async def test_a_copy_that_cannot_be_written_is_said_and_the_file_kept(placed: Office) -> None:
    (placed.store.folder / "outbox").write_text("in the way")
    async with sitting(placed, "files") as one:
        await one.press("f3", "f2")
        assert one.said.startswith("Made First-Bay-000001.csv: 6 placements, 2,100.00. Its copy was not written: ")
        await one.rest()
        assert one.rows[0]["state"] == "not written"


async def test_copies_that_changed_or_went_are_flagged_in_words(filed: Office) -> None:
    async with sitting(filed, "files") as one:
        assert one.rows[0]["state"] == "created"
        assert one.said == f"First Bay, file 1, csv, made 2026-11-20; {AgencyFile.get().path}"
    copy(filed).write_bytes(copy(filed).read_bytes().replace(b"600.00", b"6.00"))
    async with sitting(filed, "files") as one:
        assert one.rows[0]["state"] == "copy differs"
        assert "NO LONGER HAS THE BYTES THAT WERE MADE" in one.said
        await one.press("f6")
        assert "Take care: THE COPY" in one.dialog
    copy(filed).unlink()
    async with sitting(filed, "files") as one:
        assert one.rows[0]["state"] == "copy missing"


async def test_sent_and_acknowledged_with_a_difference(filed: Office) -> None:
    async with sitting(filed, "files") as one:
        await one.press("f6", "n")
        assert AgencyFile.get().state == "created"
        await one.press("f6", "y")
        assert one.said == "First Bay, file 1: sent 2026-11-20."
        await one.press("f6")
        assert one.said == "This file was already sent."
        await one.press("f7", "=6", "enter", "=2100")
        assert "The agency's 6 accounts and 2,100.00 agree with the file." in one.dialog
        await one.press("alt+c", "=5x")
        await one.press("f2")
        assert "Accounts is not a whole number" in one.dialog
        await one.press("backspace")
        assert "The agency acknowledged 1 account less than the file holds." in one.dialog
        await one.press("f2")
        assert AgencyFile.get().state == "sent"  # a difference is asked about before it is recorded
        assert "1 account less than the file holds" in one.dialog
        await one.press("alt+n", "f2", "alt+y")
        assert one.said == "First Bay, file 1: The agency acknowledged 1 account less than the file holds."
        assert (one.rows[0]["state"], one.rows[0]["acknowledged"]) == ("acknowledged", "-1 acct 11-20")
        await one.press("f7")
        assert one.said == "This file was already acknowledged."


async def test_exporting_never_overwrites(filed: Office, tmp_path: Path) -> None:
    target, there = tmp_path / "copy.csv", tmp_path / "there.csv"
    there.write_text("mine")
    async with sitting(filed, "files") as one:
        await one.press("f5", f"={there}", "f2")
        assert "is already there; it was left as it is. Choose another name." in one.dialog
        assert there.read_text() == "mine"
        one.screen.fields["target"].set(str(filed.store.folder / "outbox" / ".." / "x.csv"))
        await one.press("f2")
        assert "That is the office's own folder; choose a place outside it." in one.dialog
        one.screen.fields["target"].set(str(tmp_path / "nowhere" / "x.csv"))
        await one.press("f2")
        assert "There is no folder" in one.dialog
        one.screen.fields["target"].set(str(target))
        await one.press("f2")
        assert one.said == f"Exported First Bay, file 1 to {target}."
    assert target.read_bytes() == copy(filed).read_bytes()
    assert target.stat().st_mode & 0o777 == 0o600


async def test_the_contents_as_a_grid_and_on_paper(filed: Office) -> None:
    async with sitting(filed, "files") as one:
        await one.press("enter")
        rows = one.rows
        assert [row["account"] for row in rows] == [f"10{at}" for at in range(6)]
        assert (rows[5]["balance"], rows[5]["ssn"]) == ("600.00", "***-**-3456")
        await one.press("=name3")
        assert [row["guarantor_last"] for row in one.rows] == ["Name3"]
        await one.press("escape", "escape", "alt+p")
        assert "Placements 6   Accounts 6   Balance 2,100.00" in one.screen.text
        assert AgencyFile.get().sha256 in one.screen.text
        assert "900-12" not in one.screen.text
        assert any(line.split()[:2] == ["105", "Name5"] for line in one.screen.text.splitlines())


async def test_the_preview_is_saved_as_a_pdf(filed: Office, tmp_path: Path) -> None:
    there = tmp_path / "there.pdf"
    there.write_text("mine")
    async with sitting(filed, "files") as one:
        await one.press("alt+p", "alt+p")
        assert one.value("target") == "~/First-Bay-000001.pdf"
        await one.press(f"={there}", "f2")
        assert "is already there; it was left as it is. Choose another name." in one.dialog
        assert there.read_text() == "mine"
        one.screen.fields["target"].set(str(filed.store.folder / "x.pdf"))
        await one.press("f2")
        assert "That is the office's own folder; choose a place outside it." in one.dialog
        one.screen.fields["target"].set(str(tmp_path))
        await one.press("f2")
        assert f"Saved as {tmp_path}/First-Bay-000001.pdf" in [bar.text for bar in one.screen.query("TextBar")]
        await one.press("escape")
        assert one.rows[0]["agency"] == "First Bay"
    saved = tmp_path / "First-Bay-000001.pdf"
    content = saved.read_bytes()
    assert content.startswith(b"%PDF-")
    assert saved.stat().st_mode & 0o777 == 0o600
    assert b"(Total: 6 placements of 6 accounts, 2,100.00)" in content
    assert all(f"(Name{at})".encode() in content for at in range(6))
    assert b"***-**-3456" in content
    assert b"900-12" not in content


async def test_a_viewer_previews_but_saves_nothing(filed: Office) -> None:
    async with sitting(acting.viewer(filed), "files") as one:
        await one.press("alt+p", "f3")
        assert "vic is viewer here; to export lists of the office's data takes the role operator" in one.dialog


async def test_earlier_debt_and_roles(filed: Office) -> None:
    AgencyFile.update(kind="earlier", path=None, sha256=None, content=None).execute()
    async with sitting(filed, "files") as one:
        assert one.rows[0]["file"] == "old"
        for key in ("f4", "f5", "f6", "f7", "enter"):
            await one.press(key)
            assert one.said == "This stands for debt that the agency had before; there is no file."
    async with sitting(acting.viewer(filed), "files") as one:
        for key in ("f3", "f5"):
            await one.press(key)
            assert "vic is viewer here" in one.said
    assert Placement.select().where(Placement.file.is_null()).count() == 0


async def test_the_filter_is_by_agency(office: Office, made: list[rules.MadeFile]) -> None:  # noqa: F811
    async with sitting(office, "files") as one:
        assert [row["agency"] for row in one.rows] == ["East", "Bay", "West"] * 2
        await one.press("=we", "enter")
        assert [(row["agency"], row["file"]) for row in one.rows] == [("West", "2"), ("West", "1")]


async def test_a_file_before_an_earlier_one_that_was_not_sent_is_asked_about_once_more(filed: Office) -> None:
    making.place(filed, making.make_line(filed, making.make_account(filed, "200"), "NEW", 70_00), 1)
    rules.make_files(filed, PRACTICE, 1)
    async with sitting(filed, "files") as one:
        await one.press("home", "f6")
        assert "First Bay, file 1 of 2026-11-20 was made before it and is not marked as sent." in one.dialog
        await one.press("n", "f7")
        assert "First Bay, file 1 of" in one.dialog
        await one.press("n", "f6", "y", "y")
        assert one.said == "First Bay, file 2: sent 2026-11-20."
        await one.press("down", "f6", "y")
        assert one.said == "First Bay, file 1: sent 2026-11-20."


async def test_create_names_what_is_held_and_left_out(placed: Office) -> None:
    holds.set_hold(placed, PRACTICE, "102", "dispute", "says so", line="L2")
    async with sitting(placed, "files") as one:
        await one.press("f3")
        assert "5 placements of 5 accounts, 1,800.00, would go" in one.dialog
        assert "1 placement, 300.00, held and left out: L2 of 102." in one.dialog
        await one.press("alt+l")
        assert "- line L2 of account 102" in one.screen.text
