"""The account finder (Alt+S): criteria, the accounts that meet them, and where one is wanted, a line of the chosen account.

`find` asks all of it and gives a `Found`; the Accounts page shows the criteria's dialog alone and the accounts in its own grid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from textual import events
from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import RuleRefusal
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.screens.accounts.accountrows import AccountLine, AccountRows, words
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.page import OfficePage
from bo_tui.views import practices
from bo_tui.views.accounts import lines as line_view
from bo_tui.views.accounts.criteria import Criteria
from bo_tui.views.accounts.lines import LineRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialog import Dialog, Lines
from bo_tui.widgets.fields import CheckField, DateField, Field, TextField
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Column, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

LINE_COLUMNS = (
    Column("dos", "DOS", 10, priority=8),
    Column("line", "Line", 10, min_width=7, priority=7),
    Column("case", "Case", 8, min_width=6, priority=2),
    Column("patient", "Patient", 14, grow=True, min_width=8, priority=3),
    Column("description", "Description", 14, grow=True, min_width=8, priority=4),
    Column("fee", "Fee", 10, align="right", priority=1),
    Column("balance", "Balance", 10, align="right", priority=9),
    Column("owes", "Owes", 9, priority=5),
    Column("where", "Where", 12, min_width=9, sortable=False, priority=6),
)
NAMES = {
    "number": "account {}...",
    "guarantor": "guarantor {}",
    "date_of_birth": "born {}",
    "date_of_service": "DOS {}",
    "check": "check {}",
    "case": "case {}",
    "precollection": "pre-collection {}",
    "hold_statements": "no statements",
    "suspend_precollection": "no pre-collections",
    "returned_mail": "returned mail",
}


@dataclass(frozen=True, slots=True)
class Found:
    """What was chosen: the practice, the account by id, number and name, and one of its lines where that was asked for."""

    practice: PracticeRow
    account: int
    number: str
    guarantor: str
    line: LineRow | None = None


def find(page: OfficePage, done: Callable[[Found], None], *, line: bool = False, first: Criteria | None = None) -> None:
    """Ask for criteria, then for one of the accounts that meet them, with `line` for one of its lines too; Esc ends it.

    Where only one account fits it is taken. `first` is what the criteria begin with.
    """

    def criteria_given(result: tuple[PracticeRow, Criteria] | None) -> None:
        if result is not None:
            practice, criteria = result
            searched(page, practice, criteria)
            page.app.push_screen(
                PickDialog(page.office, practice, criteria, page.program.ascii_guides),
                lambda row: picked(practice, criteria, row),
            )

    def picked(practice: PracticeRow, criteria: Criteria, row: AccountLine | None) -> None:
        if row is None or row.account is None:
            return
        found = Found(practice, row.id, row.account.number, row.account.guarantor)
        if not line:
            done(found)
            return
        page.program.looks.at("account", row.id, "lines", practice=practice.id)

        def chosen(one: LineRow | None) -> None:
            if one is not None:
                done(Found(practice, found.account, found.number, found.guarantor, one))

        page.app.push_screen(LineDialog(page.office, found, criteria, page.program.ascii_guides), chosen)

    page.app.push_screen(FinderDialog(page.office, page.session.practice, first or Criteria()), criteria_given)


def searched(page: OfficePage, practice: PracticeRow, criteria: Criteria) -> None:
    """Keep that accounts were searched: in which fields, never for what."""
    fields = ", ".join(name.replace("_", " ") for name in criteria.given)
    page.program.looks.at("accounts", detail=f"searched: {fields or 'all'}", practice=practice.id)


class FinderDialog(FormDialog):
    """What to look for; dismissed with the practice and the criteria, or None on Esc."""

    def __init__(self, office: Office, practice: PracticeRow | None, first: Criteria) -> None:
        self.practices = {row.id: row for row in practices.all_practices(office)}
        chosen = practice.id if practice else next(iter(self.practices)) if len(self.practices) == 1 else None
        options = [(row.id, f"{row.code} {row.name}") for row in self.practices.values()]
        today = office.business_date
        fields: list[Field] = [
            TextField("number", "&Account", first.number, width=20, hint="the beginning of its number"),
            TextField("guarantor", "&Guarantor", first.guarantor, width=30),
            CheckField("contains", "&Contains", first.contains, hint="anywhere in the name, not only at its beginning"),
            DateField("date_of_birth", "Date of &birth", first.date_of_birth, today=today),
            DateField("date_of_service", "&DOS", first.date_of_service, today=today),
            TextField("check", "Chec&k number", first.check, width=20),
            TextField("case", "Cas&e", first.case, width=20),
            TextField("precollection", "Pre-co&ll. id", first.precollection, width=20),
            CheckField("hold_statements", "&Hold statements", first.hold_statements),
            CheckField("suspend_precollection", "&Suspend pre-coll.", first.suspend_precollection),
            CheckField("returned_mail", "&Returned mail", first.returned_mail),
            ChoiceField("practice", "&Practice", options, chosen, required=True, width=34),
        ]
        super().__init__("Search: accounts", fields, ok="Search", threaded=False, help_topic="accounts")
        self.keys_line = "F2 Search (empty: all)   Alt+T Clear all   Esc Cancel   Enter next field"

    def on_key(self, event: events.Key) -> None:
        """Alt+T; the rest is the form's handler's, which textual calls after this one."""
        if event.key != "alt+t":
            return
        event.stop()
        event.prevent_default()
        for key, field in self.fields.items():
            if isinstance(field, CheckField):
                field.value = False
                field.changed()
            elif isinstance(field, TextField) and key != "practice":
                field.set("")
        self.fields["number"].control.focus()

    def save_values(self, values: dict[str, Any]) -> tuple[PracticeRow, Criteria]:
        practice = self.practices[values.pop("practice")]
        given: dict[str, Any] = {
            name: "" if value is None and name in _TEXTS else value for name, value in values.items()
        }
        return practice, Criteria(**given)


_TEXTS = ("number", "guarantor", "check", "case", "precollection")


def in_words(criteria: Criteria) -> str:
    """What is looked for: `guarantor ...mith..., DOS 2026-07-02, returned mail`."""
    found = []
    values = asdict(criteria)
    for name in (one for one in criteria.given if one != "contains"):
        value = values[name]
        if name == "guarantor":
            value = f"...{value}..." if criteria.contains else f"{value}..."
        found.append(NAMES[name].format(dates.iso(value) if name.startswith("date") else value))
    return ", ".join(found)


class _GridDialog(Dialog):
    """A dialog of the whole screen with one grid; Enter and F2 take its current row."""

    AUTO_FOCUS = "LedgerGrid"
    help_topic = "accounts"
    keys_line = "F2 or Enter choose   Esc Cancel   type to filter"
    DEFAULT_CSS = """
    _GridDialog {
        & > .dialog--box { width: 100%; height: 100%; margin: 1 0 0 0; }
        & LedgerGrid { height: 1fr; min-height: 4; }
        & FilterStrip > LineInput { max-width: 20; }
    }
    """

    def __init__(self, title: str, grid: LedgerGrid) -> None:
        super().__init__(title)
        self.grid = grid

    def body(self) -> ComposeResult:
        yield FilterStrip()
        yield self.grid
        yield Lines("", keep=True, id="grid-words")

    def on_mount(self) -> None:
        """Letters typed in the grid go to the filter."""
        self.query_one(FilterStrip).attach(self.grid)

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """The number of rows."""
        self.query_one(FilterStrip).set_count(event.text)

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        self.action_ok()

    def action_ok(self) -> None:
        """F2: the current row, unless the rows of a filter are still read."""
        if not self.grid.reading and self.grid.current is not None:
            self.dismiss(self.taken())

    def taken(self) -> Any:
        """What is dismissed with."""
        return self.grid.current


class PickDialog(_GridDialog):
    """The accounts that meet the criteria; dismissed with an AccountLine, at once where there is only one, or None."""

    def __init__(self, office: Office, practice: PracticeRow, criteria: Criteria, ascii_guides: bool) -> None:
        self.office = office
        self._first = True
        what = in_words(criteria) or "all accounts"
        grid = LedgerGrid(
            AccountRows(office, practice.id, criteria),
            Sort("guarantor"),
            empty="No account of this practice meets these criteria.",
            ascii_guides=ascii_guides,
        )
        super().__init__(f"Choose an account: {what}", grid)

    def on_filter_strip_changed(self, event: FilterStrip.Changed) -> None:
        """A filter rests."""
        source = self.grid.source
        assert isinstance(source, AccountRows)
        sort = source.filter(event.text, Sort("guarantor"))
        if sort == self.grid.sort:
            self.grid.reload(keep_cursor=False)
        else:
            self.grid.set_sort(sort)

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """One account alone needs no choosing; textual calls the base's own handler as well."""
        if self._first and event.count == 1 and self.grid.current is not None:
            self.dismiss(self.grid.current)
        self._first = False

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        """Say of the account what the Accounts page says."""
        row = event.row
        text = words(row.account, self.office.business_date) if isinstance(row, AccountLine) and row.account else ""
        self.query_one("#grid-words", Lines).set(text)


class LineDialog(_GridDialog):
    """The lines of an account, those that meet the criteria first; dismissed with a LineRow, or None."""

    def __init__(self, office: Office, found: Found, criteria: Criteria, ascii_guides: bool) -> None:
        rows = line_view.lines(office, found.practice.id, found.account)
        fits = line_view.that_fit(office, found.practice.id, found.account, criteria)
        self.rows = {row.id: row for row in rows if not fits or row.id in fits}
        grid = LedgerGrid(
            ListSource(LINE_COLUMNS, [_item(row) for row in self.rows.values()], searched=("dos", "line", "case")),
            Sort("dos", descending=True),
            empty="This account has no service fee line.",
            ascii_guides=ascii_guides,
        )
        super().__init__(f"Choose a line: account {found.number}, {found.guarantor}", grid)

    def on_filter_strip_changed(self, event: FilterStrip.Changed) -> None:
        """A filter rests: DOS, line or case."""
        source = self.grid.source
        assert isinstance(source, ListSource)
        source.prefix = event.text.strip()
        self.grid.reload(keep_cursor=False)

    def taken(self) -> LineRow:
        row = self.grid.current
        if row is None:
            raise RuleRefusal("There is no line to choose.")
        return self.rows[row.id]


def _item(row: LineRow) -> Item:
    cells = (
        dates.iso(row.date_of_service),
        row.number,
        row.case or "",
        row.patient,
        row.description,
        shown(row.fee),
        shown(row.ar + row.placed),
        row.responsibility,
        where(row),
    )
    return Item(row.id, cells, {"fee": row.fee, "balance": row.ar + row.placed})


def where(row: LineRow) -> str:
    """Where a line's debt is: active AR, waiting, with an agency, in pre-collections."""
    if row.agency is not None:
        return row.agency
    if row.waits_for is not None:
        return f"pending: {row.waits_for}"
    return "pre-collections" if row.started is not None else "active AR"
