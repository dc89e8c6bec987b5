"""Bursts: many keys at once act as if typed slowly."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Input

from bo_tui.widgets.keyqueue import ROUNDS, OrderedKeysApp

NAMED = {"<": "left", "#": "backspace", "\n": "enter"}


class Form(ModalScreen[list[str]]):
    BINDINGS = [("f4", "save", "Save"), ("escape", "dismiss", "Cancel")]

    def compose(self) -> ComposeResult:
        yield Input(id="one")
        yield Input(id="two")

    def on_input_submitted(self) -> None:
        self.focus_next()

    def action_save(self) -> None:
        self.dismiss([field.value for field in self.query(Input)])


class Page(OrderedKeysApp):
    BINDINGS = [("alt+s", "search", "Search"), ("f2", "form", "Form"), ("f5", "work", "Work")]

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Any] = []

    def compose(self) -> ComposeResult:
        yield Input(id="amount")

    def action_search(self) -> None:
        self.said.append(self.query_one("#amount", Input).value)

    def action_form(self) -> None:
        self.push_screen(Form(), self.said.append)

    def action_work(self) -> None:
        self.hold_keys()
        self.set_timer(0.05, self.done)

    def done(self) -> None:
        self.said.append(("while working", self.query_one("#amount", Input).value))
        self.release_keys()

    def burst(self, *keys: str) -> None:
        for key in keys:
            if len(key) > 1 and not key.startswith(("f", "alt", "esc")):
                self.burst(*key)
            else:
                name = NAMED.get(key, key)
                typed = key if len(key) == 1 and key not in NAMED else None
                self.post_message(events.Key(name, "s" if name == "alt+s" else typed))


async def run(*keys: str, pause: float = 0.15) -> tuple[list[Any], str]:
    app = Page()
    async with app.run_test(size=(80, 24)) as pilot:
        app.burst(*keys)
        for _ in range(100):
            await pilot.pause(0.01)
            if not app._typed and not app._in_flight and not app.keys_held:
                break
        return app.said, app.query_one("#amount", Input).value


@pytest.mark.parametrize("_", range(3))
async def test_a_dialog_opened_and_saved_in_one_burst(_: int) -> None:
    said, _value = await run("f2", "100", "\n", "200", "f4")
    assert said == [["100", "200"]]


async def test_two_dialogs_after_each_other_and_keys_between() -> None:
    said, value = await run("f2", "1", "\n", "2", "f4", "77", "f2", "3", "f4", "8", "f2", "escape", "9")
    assert said == [["1", "2"], ["3", ""], None]
    assert value == "7789"


async def test_editing_keys_do_not_overtake_letters() -> None:
    assert (await run("ba#ckspace"))[1] == "bckspace"
    assert (await run("12<3"))[1] == "132"


async def test_an_alt_key_acts_after_the_digits_and_types_nothing() -> None:
    said, value = await run("12345", "alt+s", "6")
    assert said == ["12345"]
    assert value == "123456"


async def test_two_hundred_letters() -> None:
    said, _ = await run("x" * 200, "alt+s")
    assert said == ["x" * 200]


async def test_keys_wait_while_a_save_runs() -> None:
    said, value = await run("1", "f5", "2", "#", "3")
    assert said == [("while working", "1")]
    assert value == "13"


async def test_a_paste_keeps_its_place() -> None:
    app = Page()
    async with app.run_test(size=(80, 24)) as pilot:
        app.burst("1")
        app.post_message(events.Paste("234"))
        app.burst("#5")
        await pilot.pause(0.1)
        assert app.query_one("#amount", Input).value == "1235"


class QuickSave(OrderedKeysApp):
    """A save that ends while the key that began it is still under way, and then moves the focus."""

    BINDINGS = [("f5", "hold_keys", "Work")]

    def compose(self) -> ComposeResult:
        yield Input(id="one")
        yield Input(id="two")

    def action_hold_keys(self) -> None:
        self.hold_keys()

    def on_probe(self) -> None:
        if self.keys_held and self._round == ROUNDS - 1:
            self.query_one("#two").focus()
            self.release_keys()


async def test_a_key_waits_for_the_focus_that_a_quick_save_moves() -> None:
    app = QuickSave()
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("1", "f5", "2"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        for _ in range(100):
            await pilot.pause(0.01)
            if not app._typed and not app._in_flight:
                break
        assert [field.value for field in app.query(Input)] == ["1", "2"]
