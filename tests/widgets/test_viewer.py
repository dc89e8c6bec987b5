"""What is read over a page answers the keys of the menus, and a note field that is filled in is added to."""

from __future__ import annotations

from textual.app import App, ComposeResult

from bo_tui.widgets.fields import NoteField
from bo_tui.widgets.textpage import MENU_KEYS, TextBar, TextPage


class _Program(App[None]):
    def compose(self) -> ComposeResult:
        yield NoteField("note", "&Note", "Called")


async def test_the_menus_keys_say_that_esc_goes_back_and_a_note_is_added_to() -> None:
    program = _Program()
    async with program.run_test() as pilot:
        await pilot.press("tab", "!")
        assert program.query_one(NoteField).raw == "Called!"
        for key in MENU_KEYS:
            page = TextPage("Why", "A sentence.")
            program.push_screen(page)
            await pilot.pause()
            await pilot.press(key)
            assert "Esc goes back first" in list(page.query(TextBar))[-1].text
            await pilot.press("escape")
            assert program.screen is not page
