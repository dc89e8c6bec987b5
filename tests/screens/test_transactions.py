"""The Transactions page: who may what, filters and tabs that are remembered, what others do, conflicts."""

from __future__ import annotations

from typing import Any

import pytest

from bo_tui.office import Actor, Office
from bo_tui.rules import holds
from bo_tui.rules.external.adjust import adjust
from bo_tui.screens.app import BackOffice
from bo_tui.screens.external import words
from bo_tui.screens.external.placementrows import COLUMNS, PlacementRows
from bo_tui.screens.external.transactions import TransactionsPage
from bo_tui.views import placements, transactions
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Sort
from bo_tui.widgets.statusline import StatusLine
from bo_tui.widgets.tabs import TabStrip
from tests import acting, making

from .test_home import settled


@pytest.fixture
def placed(office: Office) -> list[int]:
    agency = making.make_agency(office)
    found = []
    for at, name in enumerate(("Smith, Ana", "Olsen, Kari", "Smithers, Jo")):
        account = making.make_account(office, f"10{at}", guarantor=name)
        found.append(making.place(office, making.make_line(office, account, f"L{at}"), agency))
    return found


async def at_transactions(app: BackOffice, pilot: Any) -> TransactionsPage:
    app.show_external()
    await pilot.pause()
    page = app.screen
    assert isinstance(page, TransactionsPage)
    await settled(pilot, lambda: page.grid.current is not None)
    return page


def said(app: BackOffice) -> str:
    return app.screen.query_one(StatusLine).text


async def test_a_viewer_is_told_who_may(office: Office, placed: list[int]) -> None:
    app = BackOffice(office.by(Actor("vic", "viewer")))
    async with app.run_test(size=(80, 24)) as pilot:
        await at_transactions(app, pilot)
        await pilot.press("f3")
        assert "vic is viewer here; to adjust a placement takes the role" in said(app)
        assert isinstance(app.screen, TransactionsPage)


async def test_sort_filter_and_cursor_are_there_after_another_tab(office: Office, placed: list[int]) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await at_transactions(app, pilot)
        await pilot.press(*"smi", "down", "down")
        await settled(pilot, lambda: page.grid.current is not None and page.grid.current.id == placed[2])
        await pilot.press("alt+3")
        await pilot.pause()
        assert app.screen is not page
        await pilot.press("alt+2")
        await pilot.pause()
        assert app.screen is page
        assert page.query_one(FilterStrip).text == "smi"
        assert page.grid.current is not None
        assert page.grid.current.id == placed[2]
        await pilot.press("o")  # what is typed after coming back is another filter, and not the old one's end
        assert page.query_one(FilterStrip).text == "o"
        assert said(app).startswith("Enter or Down goes to the rows that fit; Esc")
        await pilot.press("enter", "alt+s", "escape", "r")  # a dialog is no leaving
        assert page.query_one(FilterStrip).text == "or"
        await pilot.press("enter")
        await settled(pilot, lambda: "Esc takes" not in said(app))


async def test_what_another_operator_does_shows_within_two_seconds_with_the_cursor_where_it_was(
    office: Office, placed: list[int]
) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await at_transactions(app, pilot)
        await pilot.press("down")
        before = page.grid.current
        assert before is not None
        adjust(office.by(Actor("bea", "operator")), placed[1], "BADDB", 480_00, "gone")
        await settled(pilot, lambda: len(page.grid.shown) == 2)
        assert page.grid.current is not None
        assert page.grid.current.id == before.id
        await settled(
            pilot, lambda: page.query_one(TabStrip).counts["transactions"] == "2"
        )  # the tabs are counted anew


async def test_a_conflict_names_who_changed_it_and_keeps_what_was_typed(office: Office, placed: list[int]) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await at_transactions(app, pilot)
        chosen = page.root.id
        await pilot.press("alt+a", *"SMBAL", "enter", *"5", "enter", *"small")
        adjust(office.by(Actor("bea", "operator")), chosen, "BADDB", 1_00, "one")
        await pilot.press("f2")
        dialog = app.screen
        assert isinstance(dialog, FormDialog)
        await settled(
            pilot, lambda: "was changed meanwhile by bea (adjust)" in str(dialog.query_one("#form-error").text)
        )
        assert dialog.fields["note"].raw == "small"


async def test_the_sum_of_the_tree_is_the_balance(office: Office, placed: list[int]) -> None:
    acting.agency_payment(office, placed[0], 125_00, 31_25)
    source = PlacementRows(office, making.PRACTICE)
    row = source.at(Sort("guarantor"), placed[0])
    assert row is not None
    (paid,) = source.children([placed[0]])[placed[0]]
    (kept,) = source.children([paid.id])[paid.id]
    assert (row.cells[6], row.cells[7]) == ("480.00", "355.00")
    assert (paid.cells[4], paid.cells[5], paid.cells[6], paid.cells[7]) == ("EPYMT", "Check 7", "-125.00", "")
    assert (kept.cells[4], kept.cells[6], kept.kind) == ("ECOMM", "31.25", "memo")
    assert len(row.cells) == len(COLUMNS) == 9


@pytest.mark.parametrize(
    ("text", "sort", "column", "order"),
    [
        ("smi", "guarantor", "guarantor", "guarantor"),
        ("10", "guarantor", "account", "account"),
        ("2026", "date", "date", "date"),
        ("smi", "date", "guarantor", "guarantor"),
        ("first", "agency", "agency", "agency"),
        ("smi", "amount", "guarantor", "guarantor"),
        ("", "amount", "guarantor", "amount"),
    ],
)
def test_what_is_filtered_follows_the_order_and_the_first_character(
    office: Office, text: str, sort: str, column: str, order: str
) -> None:
    source = PlacementRows(office, making.PRACTICE)
    assert source.filter(text, Sort(sort)).column == order
    assert source.wanted.column == column


def test_rows_are_counted_again_when_others_are_wanted_or_anything_was_committed(
    office: Office, placed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = PlacementRows(office, making.PRACTICE)
    asked: list[int] = []
    count = transactions.count
    monkeypatch.setattr(transactions, "count", lambda *given: asked.append(1) or count(*given))
    assert [source.count(limit) for limit in (9, 9, 2, 9)] == [3, 3, 2, 3]
    assert len(asked) == 3
    adjust(office, placed[0], "BADDB", 480_00, "gone")
    assert source.count(9) == 2
    source.everything = True
    assert source.count(9) == 3
    source.filter("smi", Sort("guarantor"))
    assert [source.count(9), source.count(9)] == [2, 2]
    assert len(asked) == 6


def test_the_line_above_the_keys(office: Office, placed: list[int]) -> None:
    facts = placements.facts(office, placed[0])
    assert words.one_line(facts) == f"{facts.guarantor}: L0 placed 2026-11-20 by ana (480.00); in no file yet"
    making.make_file(office, facts.agency_id)
    assert words.one_line(placements.facts(office, placed[0])).endswith("; file 1 created 11-20")


def test_a_hold_and_what_waits_for_a_second_person_show(office: Office, placed: list[int]) -> None:
    facts = placements.facts(office, placed[0])
    holds.set_hold(office, facts.practice, facts.account, "bankruptcy", "chapter 7")
    acting.practice_setting(office, four_eyes_limit=100_00)
    adjust(office, placed[1], "CHRTY", 350_00, "hardship")
    first, second = (placements.facts(office, one) for one in placed[:2])
    assert "; on hold (bankruptcy since 2026-11-20); in no file yet" in words.one_line(first)
    assert "waits for a second person: CHRTY of 350.00 (proposal 1 by ana)" in words.one_line(second)
    assert "recall" not in words.page(first)
    making.make_file(office, facts.agency_id)
    assert "a recall waits for the next update file" in words.page(placements.facts(office, placed[0]))
    rows = PlacementRows(office, facts.practice).page(Sort("account"), None, 10)
    assert [row.cells[5][:2] == "! " for row in rows] == [True, True, False]


async def test_the_accounting_date_is_asked_only_where_the_practice_uses_one(office: Office, placed: list[int]) -> None:
    acting.practice_setting(office, uses_accounting_dates=True, closed_through=making.DAY + 3)
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await at_transactions(app, pilot)
        await pilot.press("f6")
        dialog = app.screen
        assert isinstance(dialog, FormDialog)
        assert dialog.fields["accounting_date"].raw == "2026-11-24"  # the first day that is not closed
        await pilot.press("alt+d", *"t", "f2")
        await settled(pilot, lambda: dialog.fields["accounting_date"].refusal is not None)
        assert "closed through 2026-11-23" in str(dialog.fields["accounting_date"].refusal)
        await pilot.press("alt+d")
        dialog.fields["accounting_date"].input.value = "t+4"
        await pilot.press("f2")
        await settled(pilot, lambda: isinstance(app.screen, TransactionsPage))
        assert "transferred back to active AR" in said(app)
    with_none = BackOffice(office)
    acting.practice_setting(office, uses_accounting_dates=False, closed_through=None)
    async with with_none.run_test(size=(80, 24)) as pilot:
        await at_transactions(with_none, pilot)
        await pilot.press("f6")
        assert isinstance(with_none.screen, FormDialog)
        assert "accounting_date" not in with_none.screen.fields
