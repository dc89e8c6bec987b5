"""What must not be cut at 80x24: the hints beside the fields of every dialog that a page's own actions open."""

from __future__ import annotations

import pytest
from textual.screen import ModalScreen

from bo_tui.office import Office
from bo_tui.rules.collections import tasks
from bo_tui.rules.collections.tasks import Wanted
from bo_tui.rules.external import files, pending
from bo_tui.widgets import labels
from bo_tui.widgets.dialog import Dialog
from bo_tui.widgets.fields import Field
from tests import acting, making
from tests.making import DAY, PRACTICE
from tests.screens.piloting import sitting

PAGES = ("pending", "transactions", "files", "collections", "collections_admin", "agencies", "operators")

ASIDE = (
    "history",
    "holds",
    "second",
    "mark",
    "zero",
    "closed",
    "search",
    "table",
    "contents",
    "unmark",
)  # open no form


@pytest.fixture
def busy(office: Office) -> Office:
    """A row on every page."""
    bay = making.make_agency(office, "First Bay", balance_greater_than=0, age_greater_than=900)
    making.make_agency(office, "West")
    for number in ("L1", "L2"):
        acting.a_line(office, number)
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    tasks.keep(office, PRACTICE, "L2", Wanted("call", DAY))
    acting.practice_setting(office, uses_accounting_dates=True, closed_through=DAY - 30)
    acting.placed(office, bay, "L3")
    files.make_files(office, PRACTICE, bay)
    acting.placed(office, bay, "L4")
    return office


def cut(field: Field) -> bool:
    """Whether the note beside a field's control does not fit."""
    used = max(labels.width(field.label) + 1, field.label_width)
    own = sum(part.cell_length for part in field.own_text()) or field.control_width
    flows = not field.control_width and not field.own_text()  # a control over all the room hides its note
    return not flows and used + own + 2 + len(field.note()) > field.size.width


async def test_no_hint_of_any_dialog_is_cut(busy: Office) -> None:
    seen, wrong = 0, []
    async with sitting(busy, "pending") as one:
        for name in PAGES:
            one.app.show(name)
            await one.rest()
            page = one.screen
            for action in page.actions:
                if action.enabled() is not None or action.id in ASIDE:
                    continue
                await page.do(action)
                await one.rest()
                if isinstance(one.screen, Dialog):
                    fields = [field for field in one.screen.query(Field) if field.display]
                    seen += len(fields)
                    wrong += [(name, action.id, field.key, field.note()) for field in fields if cut(field)]
                while isinstance(one.screen, ModalScreen):
                    await one.app.pop_screen()
                if one.screen is not page:
                    one.app.show(name)
                    await one.rest()
    assert wrong == []
    assert seen > 30
