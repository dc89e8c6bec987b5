"""The contents of an agency file as a grid; from the store's own bytes, SSNs masked."""

from __future__ import annotations

from textual.app import ComposeResult

from bo_tui import money
from bo_tui.screens.external import filesource
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.views.files import Contents, FileRow
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Column, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.textpage import TextBar, Viewer

FIRST = ("account", "DEBTOR REFERENCE", "TRANSMITTAL/REFERENCE NUMBER", "guarantor_last", "guarantor", "DEBTOR NAME", "record_type",
         "TRANSACTION TYPE", "balance", "AMOUNT DUE", "amount", "TRANSACTION AMOUNT", "new_balance", "NEW BALANCE",
         "date_of_service", "date", "TRANSACTION DATE", "guarantor_first", "DATE OF DEBT", "reason", "placement")  # fmt: skip
SEARCHED = (
    "account", "guarantor_last", "guarantor", "DEBTOR REFERENCE", "DEBTOR NAME", "TRANSMITTAL/REFERENCE NUMBER",
)  # fmt: skip
WIDEST = 24


class ContentsPage(Viewer):
    """A whole screen with the file's rows; letters filter by account or guarantor; Esc goes back."""

    AUTO_FOCUS = "LedgerGrid"
    KEYS = "Esc back   letters filter   < > = sort   Shift+Left Shift+Right columns"
    DEFAULT_CSS = "ContentsPage { background: $background; &:ansi { background: ansi_default; } }"
    BINDINGS = [("escape,f2", "back", "Back"), ("f1", "app.help", "Help")]
    help_topic = "files"

    def __init__(self, row: FileRow, found: Contents) -> None:
        super().__init__()
        self.row = row
        columns = columns_of(found)
        self.source = ListSource(columns, items(found), searched=SEARCHED)

    def compose(self) -> ComposeResult:
        row = self.row
        yield TextBar(f"{filesource.title(row)}: {row.lines:,} {filesource.rows_of(row)}, {money.shown(row.total)}")
        yield FilterStrip(wait=0)
        yield LedgerGrid(self.source, Sort(""), empty="No row begins so.")
        yield TextBar(self.KEYS)

    def on_mount(self) -> None:
        """Letters typed in the grid go to the filter."""
        self.query_one(FilterStrip).attach(self.query_one(LedgerGrid))

    def on_filter_strip_changed(self, event: FilterStrip.Changed) -> None:
        """Show what begins so."""
        self.source.prefix = event.text
        self.query_one(LedgerGrid).reload(keep_cursor=False)

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """The number of rows."""
        self.query_one(FilterStrip).set_count(event.text)

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        """The keys again, where something was said in their place."""
        list(self.query(TextBar))[-1].set(self.KEYS)

    def action_back(self) -> None:
        """Back to the tab."""
        self.dismiss(None)


def columns_of(found: Contents) -> list[Column]:
    """A grid's columns for a file's, as wide as what is in them; the ones that matter most stay longest."""
    columns = []
    for at, name in enumerate(found.columns):
        title = title_of(name)
        longest = max((len(row[at]) for row in found.rows), default=0)
        rank = FIRST.index(name) if name in FIRST else len(FIRST) + at
        align = "right" if at in found.amounts else "left"
        width = max(len(title), min(longest, WIDEST))
        columns.append(Column(name, title, width, align, priority=200 - rank))  # type: ignore[arg-type]
    return columns


def items(found: Contents) -> list[Item]:
    """The file's rows, amounts with thousands, SSNs masked."""
    secret = [at for at, name in enumerate(found.columns) if "ssn" in name.lower()]
    made = []
    for number, row in enumerate(found.rows, start=1):
        cells, keys = list(row), {}
        for at in found.amounts:
            cents = _cents(row[at])
            if cents is not None:
                cells[at], keys[found.columns[at]] = money.shown(cents), cents
            else:
                keys[found.columns[at]] = -(10**18)
        for at in secret:
            cells[at] = masked(row[at])
        made.append(Item(number, tuple(cells), keys))
    return made


def masked(ssn: str) -> str:
    """An SSN with all but its last four digits hidden."""
    digits = [at for at, sign in enumerate(ssn) if sign.isdigit()]
    return "".join("*" if at in digits[:-4] else sign for at, sign in enumerate(ssn))


def title_of(name: str) -> str:
    """A column's heading: `Guarantor last` for `guarantor_last`."""
    return name.replace("_", " ").capitalize()


def _cents(text: str) -> int | None:
    try:
        return money.parse(text)
    except ValueError:
        return None
