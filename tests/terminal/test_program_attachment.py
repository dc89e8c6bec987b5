"""View Attachment and Print by raw bytes: Alt keys in one write with what follows, the picture, the PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.db.connection import open_store
from bo_tui.db.tables import AgencyFile, Entry
from bo_tui.office import Actor, Office
from bo_tui.rules.attachments import attach
from bo_tui.rules.external import files
from tests import making, pictures

from .harness import Terminal, alt, keys
from .test_program_transactions import PROGRAM, store  # noqa: F401


@pytest.fixture
def term(store: Path, tmp_path: Path) -> Iterator[Terminal]:  # noqa: F811
    """The same four placements, the first with two attachments, all in a file; a terminal of 256 colours."""
    office = Office(open_store(store), Actor(making.USER, "administrator"), dates.today())
    office.store.use()
    payment = Entry.get(Entry.code == "EPYMT").id
    attach(office, 1, line="L-0", path=pictures.put(tmp_path, "statement.pdf", pictures.pdf(3)))
    attach(office, 1, entry=payment, path=pictures.put(tmp_path, "check.tif", pictures.tiff(2, 120, 60)))
    files.make_files(office, 1, 1)
    assert AgencyFile.select().count() == 1
    office.close()
    environ = {"BO_TUI_DB": str(store), "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(tmp_path)}
    with Terminal(PROGRAM, rows=24, cols=80, environ=environ) as one:
        one.wait_for("2 Placed")
        one.press("2")
        one.wait_for("L-3 placed")
        one.settle(0.05)
        yield one


def test_the_sign_the_facts_and_the_picture_in_one_burst(term: Terminal) -> None:
    pytest.importorskip("textual_image")
    term.send(keys("smith,", "down"))
    term.wait_for("@ ")
    term.send(alt("v") + keys("n", "enter", "+", "pagedown"))
    term.wait_for("check.tif   2 of 2   page 2 of 2   1x")
    assert term.lines[1].startswith("▀▀▀")
    assert "\x1b" not in term.text
    term.send(keys("enter"))
    term.wait_for("TIFF image, 2 pages")
    assert all(len(line.rstrip()) <= 80 for line in term.lines)
    assert "…" not in term.text  # the path and the hash are whole at 80 columns
    term.press("escape")
    term.wait_for("1 by Guarantor")


def test_a_row_without_any_says_so(term: Terminal) -> None:
    term.send(alt("v"))
    term.wait_for("Nothing is attached to this line")


def test_a_file_is_previewed_and_saved_as_a_pdf(term: Terminal, tmp_path: Path) -> None:
    term.send(alt("3"))
    term.wait_for("[3 Files 1]")
    term.wait_for("First Bay, file 1")
    term.send(alt("p"))
    term.wait_for("Preview: First Bay, file 1")
    term.send(keys("f3", "f2"))
    term.wait_for("Saved as ")
    made = tmp_path / "First-Bay-000001.pdf"
    assert b"(Smith" in made.read_bytes()
    assert made.stat().st_mode & 0o777 == 0o600
    term.send(keys("f3", "f2"))
    term.wait_for("is already there")
