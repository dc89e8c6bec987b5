"""View Attachment as an operator meets it: the sign in the row, the facts, the picture, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui.office import Office
from bo_tui.rules.attachments import attach
from bo_tui.screens.external.attachment import AttachmentPage
from bo_tui.widgets import picture
from bo_tui.widgets.picture import PictureView
from bo_tui.widgets.textpage import TextBar, TextView
from tests import acting, making, pictures
from tests.making import PRACTICE
from tests.screens.piloting import Sitting, sitting


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 256 colours, whatever the tests run in."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def paid(office: Office) -> int:
    """L1 with a payment below its placement, L2 without; the payment's entry."""
    agency = making.make_agency(office)
    paid, _ = acting.agency_payment(office, acting.placed(office, agency, "L1"), 80_00)
    acting.placed(office, agency, "L2")
    return paid


def text(one: Sitting) -> str:
    return str(one.screen.query_one(TextView).text)


def bars(one: Sitting) -> list[str]:
    return [bar.text for bar in one.screen.query(TextBar)]


async def test_rows_show_a_sign_and_only_they_can_be_viewed(office: Office, paid: int, tmp_path: Path) -> None:
    attach(office, PRACTICE, entry=paid, path=pictures.put(tmp_path, "check.png"))
    async with sitting(office, "transactions") as one:
        assert [row["description"] for row in one.rows] == ["@ Anesthesia", "Anesthesia"]
        await one.press("right", "down")
        assert one.rows[1]["description"] == "@ Check 7"
        await one.press("alt+v")
        assert "- Name: check.png" in text(one)
        await one.press("escape", "down", "f7")
        assert one.said == "Nothing is attached to this line; rows that have something show @ before the description."
        assert not isinstance(one.screen, AttachmentPage)


async def test_attach_from_the_page(office: Office, paid: int, tmp_path: Path) -> None:
    image = pictures.put(tmp_path, "check.png")
    async with sitting(office, "transactions") as one:
        await one.press("alt+p", "=/nowhere", "f2")
        assert "nowhere" in one.screen.fields["file"].refusal
        await one.press("ctrl+u", f"={image}", "tab", "=bill.png", "f2")
        assert one.said == "Attached bill.png to line L1; Alt+V shows it."
        assert one.rows[0]["description"] == "@ Anesthesia"
        await one.press("right", "down", "alt+p", f"={image}", "f2")
        assert one.said == f"Attached check.png to entry {paid}, EPYMT; Alt+V shows it."
        assert one.rows[1]["description"] == "@ Check 7"


async def test_the_facts(office: Office, paid: int, tmp_path: Path) -> None:
    attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "bill [b]x.pdf", pictures.pdf(3)))
    done = attach(office, PRACTICE, entry=paid, path=pictures.put(tmp_path, "check.tif", pictures.tiff(2)))
    async with sitting(office, "transactions") as one:
        await one.press("alt+v")
        shown = text(one)
        for words in ("# Attachment 1 of 2", "- Name: bill [b]x.pdf", "PDF document, 3 pages", "- Attached to: line L1",
                      "- By: ana, 20", " for 2026-11-20", "- Checked now: the file is as it was attached",
                      "A PDF is not"):  # fmt: skip
            assert words in shown
        await one.press("n")
        shown = text(one)
        for words in (
            "# Attachment 2 of 2",
            "TIFF image, 2 pages",
            f"entry {paid} (EPYMT) of line L1",
            *done.path.rsplit("/", 1),
            done.sha256,
        ):
            assert words in shown
        await one.press("n")
        assert "# Attachment 1 of 2" in text(one)
        await one.press("p", "f1")
        assert "View Attachment" in one.screen.text
        await one.press("escape", "escape")
        assert one.rows[0]["code"] == "EXCOL"


async def test_the_picture_its_pages_and_zoom(office: Office, paid: int, tmp_path: Path) -> None:
    pytest.importorskip("textual_image")
    attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "check.tif", pictures.tiff(2)))
    async with sitting(office, "transactions") as one:
        await one.press("alt+v")
        assert "Enter shows the picture." in text(one)
        await one.press("enter")
        view = one.screen.query_one(PictureView)
        assert view.display
        assert not one.screen.query_one(TextView).display
        assert bars(one)[0] == "check.tif   page 1 of 2   1x"
        assert view.render_line(0).text.startswith("▀▀▀")
        first = view.render_line(0)
        await one.press("plus", "pagedown")
        assert bars(one)[0] == "check.tif   page 2 of 2   1x"
        assert view.render_line(0) != first
        await one.press("pagedown", "plus", "right", "minus", "pageup")
        assert bars(one)[0] == "check.tif   page 1 of 2   1x"
        await one.press("enter")
        assert one.screen.query_one(TextView).display


async def test_without_the_extra_there_are_facts_and_path(
    office: Office, paid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "find_spec", lambda name: None)
    done = attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "check.png"))
    async with sitting(office, "transactions") as one:
        await one.press("alt+v", "enter")
        assert "Pictures are shown with the extra: pip install 'bo-tui[images]'." in text(one)
        assert done.path.rsplit("/", 1)[1] in text(one)
        assert one.screen.query_one(TextView).display


@pytest.mark.parametrize("named", [("TERM", "vt220"), ("NO_COLOR", "1")])
async def test_without_colours_there_is_no_picture(
    office: Office, paid: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: tuple[str, str]
) -> None:
    monkeypatch.delenv("COLORTERM", raising=False)
    monkeypatch.setenv(*named)
    attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "check.png"))
    async with sitting(office, "transactions") as one:
        await one.press("alt+v", "enter")
        assert "This terminal has too few colours for a picture." in text(one)


async def test_a_picture_that_does_not_decode_says_so(office: Office, paid: int, tmp_path: Path) -> None:
    pytest.importorskip("textual_image")
    attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "frame.jpg", pictures.jpeg()))
    async with sitting(office, "transactions") as one:
        await one.press("alt+v", "enter")
        assert "The picture cannot be decoded" in text(one)
        assert one.screen.query_one(TextView).display


async def test_a_file_that_was_altered_or_lost_is_not_shown(office: Office, paid: int, tmp_path: Path) -> None:
    done = attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "check.png"))
    where = office.store.folder / done.path
    where.write_bytes(pictures.png(shade=1))
    async with sitting(office, "transactions") as one:
        await one.press("alt+v", "enter")
        assert "TAKE CARE" in text(one)
        assert "no longer has the bytes that were attached" in text(one)
        await one.press("escape")
        where.unlink()
        await one.press("alt+v")
        assert "TAKE CARE" in text(one)
        assert "is missing" in text(one)


async def test_a_viewer_may_look(office: Office, paid: int, tmp_path: Path) -> None:
    attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "check.png"))
    async with sitting(acting.viewer(office), "transactions") as one:
        await one.press("alt+v")
        assert "check.png" in text(one)
