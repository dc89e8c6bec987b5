"""Home: the figures, the way to where each is worked, and choosing among several practices."""

from __future__ import annotations

import time
from typing import Any

import pytest
from textual import events

from bo_tui.db.tables import Practice, Run
from bo_tui.office import Office
from bo_tui.rules import ledger
from bo_tui.rules.collections import tasks
from bo_tui.rules.collections.tasks import Wanted
from bo_tui.rules.external import pending
from bo_tui.screens import home as page
from bo_tui.screens.app import BackOffice
from bo_tui.screens.external.practicedialog import PracticeDialog
from bo_tui.screens.external.transactions import TransactionsPage
from bo_tui.screens.home import HomeList, HomePage
from bo_tui.views import home
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.listbox import ListBox
from bo_tui.widgets.statusline import StatusLine
from bo_tui.widgets.textpage import TextPage
from tests import acting, making


async def settled(pilot: Any, done: Any) -> None:
    """Wait until workers have brought what is waited for."""
    for _ in range(100):
        await pilot.pause(0.02)
        if done():
            return
    raise AssertionError("it did not come")


def waits(app: BackOffice) -> dict[str, str]:
    """The figures by their first words."""
    box = app.screen.query_one("#home-waits", HomeList)
    return {entry.label.lstrip("&"): " ".join(entry.right.split()) for entry in box.entries}


def other_practice(office: Office) -> int:
    """A second practice."""
    with office.act("practice") as draft:
        practice: int = Practice.insert(code="HILL", name="Hillside", act=draft.id).execute()
        ledger.change(draft, "practice", practice, "code", None, "HILL")
        ledger.seal(draft)
    return practice


def test_figures_are_of_one_practice(office: Office) -> None:
    agency = making.make_agency(office)
    placement = acting.placed(office, agency)
    acting.placed(office, agency, "L2", 20_00)
    acting.agency_payment(office, placement, acting.FEE)
    making.make_file(office, agency)
    found = home.figures(office, making.PRACTICE)
    assert (found.placed, found.placed_amount) == (1, 20_00)
    assert (found.pending, found.pending_amount) == (0, 0)
    line = acting.a_line(office, "L3", 80_00)
    pending.add(office, making.PRACTICE, ["L3"], "First Bay")
    making.pay(office, line, 5_00)
    assert home.figures(office, making.PRACTICE).pending_amount == 75_00  # what the line owes now, as on the page
    assert (found.not_sent, found.not_acknowledged, found.returned_mail, found.night) == (1, 0, 0, None)
    assert home.figures(office, other_practice(office)).placed == 0


async def test_a_failed_night_says_why_and_its_steps_are_one_press_away(office: Office) -> None:
    office.store.use()
    Run.insert(
        practice=1, business_date=making.DAY, status="failed", message="the disk is full", started_at="x"
    ).execute()
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "failed Fri 2026-11-20" in waits(app).values())
        assert "the disk is full" in app.screen.query_one("#home-night", Lines).text
        await pilot.press("5")
        assert isinstance(app.screen, TextPage)
        assert "# Failed: Fri 2026-11-20" in app.screen.text


async def test_one_practice_is_chosen_by_itself_and_a_digit_leads_on(office: Office) -> None:
    acting.placed(office, making.make_agency(office))
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: waits(app).get("2 Placed") == "1 480.00")
        await pilot.press("2")
        assert isinstance(app.screen, TransactionsPage)
        assert app.screen.practice.code == "LAKE"


async def test_several_practices_are_chosen_from_and_remembered(office: Office) -> None:
    other_practice(office)
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: len(waits(app)) == 2)
        assert app.session.practice is None
        app.show("transactions")
        await pilot.pause()
        assert isinstance(app.screen, TransactionsPage)
        assert app.screen.grid.empty == "Choose a practice first: Alt+S or F2."
        await pilot.press("alt+s")
        assert isinstance(app.screen, PracticeDialog)
        await pilot.press(*"hill", "enter")
        assert app.session.practice is not None
        assert app.session.practice.code == "HILL"
        await pilot.press("escape")
        assert isinstance(app.screen, HomePage)
        await settled(pilot, lambda: "1 Pending lines" in waits(app))


async def test_a_long_refusal_takes_a_second_line_until_the_next_key(office: Office) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: len(waits(app)) == 9)
        app.screen.say("The reason stands first. " * 5, warning=True)
        await pilot.pause()
        line = app.screen.query_one(StatusLine)
        assert line.size.height == 2
        await pilot.press("down")
        await pilot.pause()
        assert (line.text, line.size.height) == ("", 1)


async def test_what_is_offered_is_read_anew_with_the_figures(office: Office) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: len(waits(app)) == 9)

        def offered() -> bool:
            manage = app.screen.query_one("#home-manage", HomeList)
            return next(entry.reason for entry in manage.entries if "Transworld" in entry.label) is None

        assert not offered()
        await pilot.press("alt+m")
        await pilot.pause()
        line = next(text for text in _menu_lines(app) if "Transworld" in text)
        assert "(not now)" in line
        await pilot.press("escape")
        acting.practice_setting(office, precollections_enrolled=True, tsi_client_number="T-1")
        app.show("transactions")
        await pilot.pause()
        app.show("home")
        await settled(pilot, offered)


def _menu_lines(app: BackOffice) -> list[str]:
    box = app.screen.query_one(ListBox)
    return [box.render_line(at).text for at in range(box.size.height)]


async def test_collection_tasks_that_are_due_are_counted_and_lead_there(office: Office) -> None:
    acting.a_line(office, "L1")
    for day in (making.DAY, making.DAY + 1):
        tasks.keep(office, making.PRACTICE, "L1", Wanted("call", day))
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: waits(app).get("8 Collection tasks due") == "1")
        await pilot.press("8")
        assert app.screen is app.page("collections")


async def test_a_fault_before_the_figures_leaves_the_next_save_its_keys(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = home.figures

    def slowly(*what: Any) -> Any:
        time.sleep(0.2)
        return counted(*what)

    monkeypatch.setattr(home, "figures", slowly)
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await app._begin_again("something failed")
        assert not app.keys_held
        await settled(pilot, lambda: "2 Placed" in waits(app))
        app.hold_keys()
        assert app.keys_held


async def test_a_fault_while_a_key_is_let_in_keeps_nothing_back_that_was_typed_behind_it(office: Office) -> None:
    app = BackOffice(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "2 Placed" in waits(app))
        app._typed.append(events.Key("alt+m", None))  # as it stands when the key before it failed
        await app._begin_again("something failed")
        await settled(pilot, lambda: app.screen is not app.page("home") and not app._typed)


class Watched(BackOffice):
    """Notes for each frame whether Home had its figures."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.frames: list[bool] = []

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is not None:
            self.frames.append(any("2 Placed" in waits(self) for _ in self.screen.query("#home-waits")))
        super()._display(screen, renderable)


@pytest.mark.parametrize(("counting", "figures"), [(5.0, True), (0.01, False)])
async def test_the_first_frame_has_the_figures_unless_they_take_long(
    office: Office, monkeypatch: pytest.MonkeyPatch, counting: float, figures: bool
) -> None:
    counted = home.figures

    def slowly(*what: Any) -> Any:
        time.sleep(0.15)
        return counted(*what)

    monkeypatch.setattr(page, "COUNTING", counting)
    monkeypatch.setattr(home, "figures", slowly)
    app = Watched(office)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: app.frames and app.frames[-1])
        assert app.frames[0] is figures
