"""The program's menus, what is not built, help, and how it lives on after a fault."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.screens import help as helptext
from bo_tui.screens import logfile
from bo_tui.screens.app import BackOffice
from bo_tui.screens.external.transactions import TransactionsPage
from bo_tui.screens.home import HomePage
from bo_tui.screens.notbuilt import ADMIN, MANAGE
from bo_tui.widgets.menubar import MenuScreen, Palette
from bo_tui.widgets.statusline import StatusLine
from bo_tui.widgets.textpage import TextPage


async def test_the_menus_letters_and_what_is_missing(office: Office) -> None:
    assert "".join(item.letter for item in MANAGE) == "ABCLPTDXSKER"
    assert "".join(item.letter for item in ADMIN) == "CAOT"
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("alt+m", "s")
        assert isinstance(app.screen, MenuScreen)  # what is not built is not entered
        await pilot.press("x")
        assert isinstance(app.screen, TransactionsPage)
        await pilot.press("escape")
        assert isinstance(app.screen, HomePage)


async def test_the_palette_holds_the_keyboard_check_and_quit(office: Office) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f12")
        assert isinstance(app.screen, Palette)
        labels = {item.label for item in app.screen.items}
        assert {"Keyboard check", "Quit", "External Collections", "Search practice"} <= labels
        for text, first in (
            ("pend", "Pending"),
            ("trans", "Transactions"),
            ("files", "Files"),
            ("coll adm", "Collections Admin"),
        ):
            assert [e.label for e in app.screen._found(text) if e.label.startswith(first)], text


async def test_help_is_of_the_page(office: Office) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        assert isinstance(app.screen, TextPage)
        assert app.screen.text.startswith("# Home")
        await pilot.press("escape")
        assert isinstance(app.screen, HomePage)


def test_the_section_of_a_field_comes_first() -> None:
    assert helptext.text("transactions", "Re-age").startswith("## Re-age\n")
    assert helptext.text("transactions", "No such field").startswith("# Transactions")
    assert helptext.text("no such page").startswith("# Keys")


async def test_a_fault_ends_at_home_with_a_sentence_and_not_the_program(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        monkeypatch.setattr(type(app), "is_headless", property(lambda self: False))
        app.show("transactions")
        await pilot.pause()
        broken = app.screen
        broken.call_later(lambda: 1 // 0)
        for _ in range(100):
            await asyncio.sleep(0.02)  # the pilot would wait for the page that is no more
            # A Home that is on the stack but not composed yet has no status line.
            if isinstance(app.screen, HomePage) and any(line.warning for line in app.screen.query(StatusLine)):
                break
        assert "ZeroDivisionError" in app.screen.query_one(StatusLine).text
        app.show("transactions")
        await pilot.pause()
        assert isinstance(app.screen, TransactionsPage)
        assert app.screen is not broken


def test_the_log_holds_types_and_places_but_no_data(office: Office) -> None:
    logfile.begin(office)
    try:
        raise ValueError("Smith, Ana owes 480.00")
    except ValueError as error:
        logfile.fault(logging.getLogger("bo_tui.tests"), error)
    finally:
        logging.getLogger("bo_tui").handlers.clear()
    written = (office.store.folder / logfile.NAME).read_text()
    assert '"fault": "ValueError"' in written
    assert "test_app.py:" in written
    assert "Smith" not in written


def test_a_refusal_is_said_as_it_is(office: Office) -> None:
    assert BackOffice(office).sentence_of(RuleRefusal("No.")) == "No."


def test_the_first_frame_waits_for_none_of_the_heavy_parts() -> None:
    code = (
        "import sys; import bo_tui.screens.app, bo_tui.screens.home, bo_tui.screens.external.transactions;"
        "import bo_tui.screens.external.files;"
        "heavy = 'pendulum', 'tabulate', 'reportlab', 'PIL', 'textual_image', 'msgspec';"
        "print([name for name in heavy if name in sys.modules])"
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"
