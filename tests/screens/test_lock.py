"""The lock: it covers everything after so long without a key, shows nothing of patients, and can only be left."""

from __future__ import annotations

import pytest

from bo_tui.office import Office
from bo_tui.screens.app import BackOffice
from bo_tui.screens.lock import LockPage
from bo_tui.widgets.statusline import StatusLine
from tests import acting, making
from tests.screens.piloting import SMALL, Sitting


@pytest.fixture
def app(office: Office) -> BackOffice:
    acting.placed(office, making.make_agency(office))
    return BackOffice(office, idle_minutes=15)


def away(app: BackOffice, minutes: float) -> None:
    """No key for so long."""
    app._last_key -= minutes * 60
    app.look_idle()


def everything(app: BackOffice) -> str:
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


async def test_it_locks_on_the_minute_and_shows_nothing(app: BackOffice) -> None:
    async with app.run_test(size=SMALL) as pilot:
        one = Sitting(app, pilot)
        app.show_tab("transactions")
        await one.rest()
        assert "Smith" in everything(app)
        away(app, 13.9)
        assert "Nobody there?" not in app.screen.query_one(StatusLine).text
        away(app, 0.2)
        assert app.screen.query_one(StatusLine).text.startswith("Nobody there?")
        away(app, 0.8)
        assert not app.locked
        away(app, 0.1)
        await one.rest()
        assert isinstance(app.screen, LockPage)
        shown = everything(app)
        assert "ana: no key was pressed for 15 minutes" in shown
        assert not any(word in shown for word in ("Smith", "L1", "480.00", "Lakeside"))
        await one.press("alt+f", "f12", "f1", "alt+m", "x", "f2", "alt+a", "=q")
        assert isinstance(app.screen, LockPage)
        await pilot.press("enter")
        await pilot.pause()
    assert app.return_code == 0


async def test_a_key_begins_the_time_anew_and_text_is_lost_only_after_a_warning(app: BackOffice) -> None:
    async with app.run_test(size=SMALL) as pilot:
        one = Sitting(app, pilot)
        app.show_tab("transactions")
        await one.rest()
        away(app, 14)
        await one.press("down")
        away(app, 14)
        assert not app.locked
        await one.press("alt+a", "=CHRTY", "enter", "=5")
        away(app, 15)
        await one.rest()
        shown = everything(app)
        assert "what was typed in it is lost when" in shown
        assert "CHRTY" not in shown
        await one.press("escape")
        assert app.is_running
        assert "Press Enter once more" in everything(app)
        await pilot.press("enter")
        await pilot.pause()
    assert app.return_code == 0


async def test_zero_means_never_and_a_running_save_is_waited_for(office: Office) -> None:
    app = BackOffice(office)
    async with app.run_test(size=SMALL):
        away(app, 10_000)
        assert not app.locked
    app = BackOffice(office, idle_minutes=1)
    async with app.run_test(size=SMALL) as pilot:
        one = Sitting(app, pilot)
        await one.rest()
        app.hold_keys()
        away(app, 1.5)
        assert not app.locked
        app.release_keys()
        app.look_idle()
        await one.rest()
        assert app.locked
    app = BackOffice(office, idle_minutes=1)
    async with app.run_test(size=SMALL) as pilot:
        await Sitting(app, pilot).rest()
        app.hold_keys()
        away(app, 2)  # what does not end in a minute does not keep the screen open
        await pilot.pause()
        assert app.locked


async def test_a_fault_does_not_unlock(app: BackOffice) -> None:
    async with app.run_test(size=SMALL) as pilot:
        await Sitting(app, pilot).rest()
        away(app, 16)
        await pilot.pause()
        await app._begin_again("something failed")
        await pilot.pause()
        assert isinstance(app.screen, LockPage)
