"""Create a Stop file: what TSI would be told, record by record, and what is left out, shown before it is made."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import Refusal
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.rules.precollect import startrows, stops
from bo_tui.rules.precollect.files import MadeFile
from bo_tui.rules.precollect.stops import Upcoming
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.page import own_connection
from bo_tui.screens.precollect.accountsource import MEANS
from bo_tui.screens.precollect.startwords import HELP, write_copies
from bo_tui.text import counted
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.dialog import Dialog, Lines, call_holding_keys
from bo_tui.widgets.gridmodel import Column, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

COLUMNS = (
    Column("guarantor", "Guarantor", 16, grow=True, min_width=11, priority=8),
    Column("account", "Acct", 8, min_width=7, priority=9),
    Column("date", "Date", 10, priority=4),
    Column("type", "Type", 4, priority=10),
    Column("means", "Means", 20, grow=True, min_width=12, priority=3),
    Column("amount", "Amount", 10, align="right", priority=7),
    Column("balance", "Then owes", 10, align="right", priority=6),
    Column("told", "Told", 14, grow=True, min_width=8, priority=5),
)
NOTHING = "There is nothing to tell TSI."


@dataclass(frozen=True, slots=True)
class Done:
    """The files that were made; `unwritten` says why a copy is not on the disk, or is empty."""

    files: list[MadeFile]
    unwritten: str


class CreateDialog(Dialog):
    """The records of the next Stop file; dismissed with a `Done`."""

    help_topic = HELP
    AUTO_FOCUS = "LedgerGrid"
    keys_line = "F2 Create   Esc Cancel"
    DEFAULT_CSS = """
    CreateDialog {
        & > .dialog--box { width: 100%; height: 100%; margin: 1 0 0 0; }
        & LedgerGrid { height: 1fr; min-height: 4; }
    }
    """

    def __init__(self, office: Office, practice: PracticeRow, rows: list[Upcoming]) -> None:
        super().__init__(f"Create Stop file: {practice.name}")
        self.office = office
        self.practice = practice
        self.rows = rows
        items = [_item(at, row) for at, row in enumerate(rows)]
        self.grid = LedgerGrid(ListSource(COLUMNS, items), Sort(""), empty=NOTHING)

    def body(self) -> ComposeResult:
        yield self.grid
        yield Lines(summary(self.rows), keep=True)
        yield Lines("", id="stop-error", classes="dialog--error")

    def action_ok(self) -> None:
        """F2: look once more, and make the file of what is there then."""

        def work() -> Done:
            made = stops.create_stop(self.office, self.practice.id)
            return Done(made, write_copies(self.office))

        def made(done: Done | None, error: Exception | None) -> None:
            if done is not None:
                self.dismiss(done)
            else:
                words = error.sentence if isinstance(error, Refusal) else f"No file was made: {error}"
                self.query_one("#stop-error", Lines).set(words)

        call_holding_keys(self, lambda: own_connection(self.office, work), made)


def summary(rows: list[Upcoming]) -> str:
    """How many records of how many accounts by type, and how many are left out."""
    told = [row for row in rows if not row.left_out]
    left = len(rows) - len(told)
    if not told:
        text = NOTHING
    else:
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in sorted(Counter(row.type for row in told).items()))
        owners = len({row.account for row in told})
        records = f"{counted(len(told), 'record')} of {counted(owners, 'account')}"
        text = f"{records}: {kinds}. A file is never deleted."
    return f"{text} {left:,} left out: not told." if left else text


def _item(at: int, row: Upcoming) -> Item:
    told = "in a Start file" if row.type == startrows.PLACEMENT else ""
    if row.left_out:
        told = f"no: {row.reason}" if row.reason else "no"
    cells = (
        row.guarantor,
        row.account,
        dates.iso(row.date),
        row.type,
        MEANS[row.type],
        shown(row.amount),
        shown(row.balance),
        told,
    )
    return Item(at + 1, cells, {"amount": row.amount, "balance": row.balance})


def said(done: Done) -> str:
    """What was done, for the status line."""
    count, total = sum(file.count for file in done.files), sum(file.total for file in done.files)
    names = ", ".join(file.path.rsplit("/", 1)[-1] for file in done.files)
    text = f"Made {names}: {counted(count, 'record')}, {shown(total)}."
    return f"{text} Its copy was not written: {done.unwritten}" if done.unwritten else text
