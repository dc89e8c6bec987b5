"""Forms and dialogs: what the fields read, what is refused where, what is asked."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from bo_tui import dates
from bo_tui.errors import RuleRefusal
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialog import Dialog, Lines
from bo_tui.widgets.dialogs import ConfirmDialog, ListDialog, MessageDialog
from bo_tui.widgets.fields import AmountField, CheckField, DateField, Field, NoteField, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.keyqueue import OrderedKeysApp
from bo_tui.widgets.textpage import TextPage, TextView

TODAY = dates.parse("2026-11-20")
CODES = [(1, "SB Small balance"), (2, "WO Write off"), (3, "WC Write off, charity")]


class Host(OrderedKeysApp):
    """Shows one dialog and keeps what it ended with."""

    def __init__(self, dialog: Any) -> None:
        super().__init__()
        self.dialog = dialog
        self.ended: list[Any] = []

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self.ended.append)


async def play(dialog: Any, *presses: str, size: tuple[int, int] = (80, 24)) -> Host:
    app = Host(dialog)
    async with app.run_test(size=size) as pilot:
        for press in presses:
            await pilot.press(*(list(press[1:]) if press.startswith("=") else [press]))
        for _ in range(100):
            await pilot.pause(0.01)
            if not app.keys_held:
                break
        app.text = {field.key: field.refusal for field in app.query(Field)}  # type: ignore[attr-defined]
    return app


def form(**options: Any) -> FormDialog:
    fields = [
        ChoiceField("code", "&Code", CODES, required=True),
        AmountField("amount", "&Amount", required=True),
        DateField("date", "&Date", today=TODAY),
        TextField("name", "&Name", "Smith"),
        NoteField("note", "N&ote", longest=10),
        CheckField("letter", "&Letter"),
    ]
    return FormDialog("Adjust", fields, **options)


async def test_reads_every_kind_of_field() -> None:
    app = await play(
        form(),
        "=wo",
        "enter",
        "=1,234.5",
        "down",
        "=t-1w",
        "tab",
        "end",
        "=y",
        "alt+o",
        "=123456789012",
        "enter",
        "space",
        "f2",
    )
    assert app.ended == [
        {"code": 2, "amount": 123450, "date": TODAY - 7, "name": "Smithy", "note": "1234567890", "letter": True}
    ]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("=wc", 3),
        ("=charity", 3),
        ("=SB", 1),
        ("=small", 1),
        ("=wr", "fits more than one of the list"),
        ("=x", "is not in the list"),
    ],
)
async def test_a_choice_understands_what_fits_one(typed: str, value: Any) -> None:
    dialog = form()
    await play(dialog, typed)
    field = dialog.fields["code"]
    if isinstance(value, str):
        with pytest.raises(ValueError, match=value):
            field.read()
    else:
        assert field.read() == value


async def test_a_choice_is_taken_from_the_list() -> None:
    app = await play(form(), "down", "down", "enter", "=5", "alt+c", "down", "up", "escape", "f2")
    assert app.ended[0]["code"] == 2


async def test_refusals_stand_at_their_fields_and_the_first_gets_the_focus() -> None:
    dialog = form()
    app = await play(dialog, "tab", "=1.005", "f2")
    assert app.ended == []
    assert dialog.fields["code"].refusal == "Code is needed."
    assert dialog.fields["amount"].refusal == "Amount has fractions of a cent; two decimals at most."
    assert dialog.fields["amount"].raw == "1.005"
    assert dialog.fields["date"].refusal is None


async def test_a_save_runs_in_a_thread_and_its_refusal_comes_back() -> None:
    seen: list[Any] = []

    def save(values: dict[str, Any]) -> str:
        seen.append(threading.current_thread() is threading.main_thread())
        if len(seen) == 1:
            raise RuleRefusal("The balance is only 5.00.", field="amount")
        if len(seen) == 2:
            raise RuleRefusal("The placement was reassigned by Ana.")
        if len(seen) == 3:
            raise OSError("disk full")
        return f"saved {values['amount']}"

    dialog = form(save=save)
    app = Host(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"sb", "enter", *"9", "f2")
        await pilot.pause(0.1)
        assert dialog.fields["amount"].refusal == "The balance is only 5.00."
        assert app.focused is dialog.fields["amount"].control
        await pilot.press("f2")
        await pilot.pause(0.1)
        error = dialog.query_one("#form-error", Lines)
        assert error.text == "The placement was reassigned by Ana."
        await pilot.press("f2")
        await pilot.pause(0.1)
        assert error.text == "Nothing was saved: OSError: disk full"
        await pilot.press("f2")
        await pilot.pause(0.1)
    assert app.ended == ["saved 900"]
    assert seen == [False] * 4


async def test_the_live_line_follows_the_amount() -> None:
    def live(values: Mapping[str, Any]) -> str:
        return f"leaves {1000 - values['amount']}" if values.get("amount") else ""

    dialog = form(live=live)
    async with Host(dialog).run_test(size=(80, 24)) as pilot:
        await pilot.press("tab", "4")
        assert dialog.query_one("#form-live", Lines).text == "leaves 600"
        await pilot.press("x")
        assert dialog.query_one("#form-live", Lines).text == ""


async def test_esc_leaves_an_untouched_form_and_asks_for_a_touched_one() -> None:
    assert (await play(form(), "tab", "tab", "escape")).ended == [None]
    app = await play(form(), "tab", "=4", "escape")
    assert app.ended == []
    app = await play(form(), "tab", "=4", "escape", "enter", "y")
    assert app.ended == [None]
    assert (await play(form(), "tab", "=4", "backspace", "escape")).ended == [None]


async def test_questions_messages_and_lists() -> None:
    assert (await play(ConfirmDialog("Sure?"), "enter", "alt+y")).ended == [True]
    assert (await play(ConfirmDialog("Sure?"), "f2")).ended == [True]
    assert (await play(ConfirmDialog("[/b] Sure?", "[red]x"), "escape")).ended == [False]
    assert (await play(MessageDialog("Said", "so"), "enter")).ended == [None]
    rows = [(n, f"{name} [/b]") for n, name in enumerate(("Ana", "Bo", "Cy", "Bea"))]
    assert (await play(ListDialog("Who", rows), "down", "enter")).ended == [1]
    assert (await play(ListDialog("Who", rows), "b", "b", "f2")).ended == [3]
    assert (await play(ListDialog("Who", rows, multi=True), "alt+a", "down", "space", "f2")).ended == [[0, 2, 3]]
    assert (await play(ListDialog("Who", rows, multi=True, marked=[1]), "alt+n", "f2")).ended == [[]]
    many = [(n, f"Row {n}") for n in range(300)]
    assert (await play(ListDialog("Many", many), "end", "pageup", "enter")).ended == [284]


async def test_a_page_of_text_scrolls() -> None:
    page = TextPage("Help", "# Title\n" + "\n".join(f"- item {n} [/b]" for n in range(100)))
    app = Host(page)
    async with app.run_test(size=(80, 24)) as pilot:
        view = page.query_one(TextView)
        assert view.place == "lines 1-22 of 101"
        await pilot.press("pagedown", "down")
        assert view.place == "lines 23-44 of 101"
        await pilot.press("end", "down")
        assert view.place == "lines 80-101 of 101"
        await pilot.press("escape")
    assert app.ended == [None]


async def test_a_long_form_fits_and_scrolls_to_the_focus() -> None:
    fields = [TextField(f"f{n}", f"Field {n}") for n in range(40)]
    dialog = FormDialog("Long", fields, intro="Many")
    app = Host(dialog)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*["down"] * 39, "x")
        last = fields[-1].region
        assert 0 < last.y < 22
        keys = dialog.query_one(".dialog--keys").region
        assert keys.bottom <= 24
        await pilot.press("f2")
    assert app.ended[0]["f39"] == "x"


def test_dialog_is_the_base_of_all() -> None:
    assert all(issubclass(kind, Dialog) for kind in (FormDialog, ConfirmDialog, MessageDialog, ListDialog))
