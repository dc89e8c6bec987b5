"""The Notes tab: what was written about the account, and what acts say of it by themselves; never changed, never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bo_tui import dates
from bo_tui.rules.accounts import notes as rule
from bo_tui.rules.accounts.notes import KINDS, SYSTEM, NoteRow
from bo_tui.screens.accounts import acts, note, printing
from bo_tui.screens.accounts.listed import ReadSource
from bo_tui.screens.accounts.tab import AccountGrid
from bo_tui.screens.external.listsource import Item
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialogs import ListDialog
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.textpage import TextPage

COLUMNS = (
    Column("date", "Date", 10, priority=5),
    Column("type", "Type", 10, priority=4),
    Column("author", "By", 10, min_width=7, priority=3),
    Column("line", "Line", 9, min_width=7, priority=2),
    Column("what", "Act", 16, min_width=10, priority=1),
    Column("text", "Note", 30, grow=True, min_width=20, priority=6, sortable=False),
)
NEWEST = Sort("date", descending=True)


class NotesTab(AccountGrid):
    """Write one; see those of one type; Enter shows a whole note."""

    tab = "account_notes"
    help_topic = "account_notes"
    columns = COLUMNS
    first_sort = NEWEST
    nothing = "No note; Alt+N writes one."

    def __init__(self) -> None:
        super().__init__()
        self.kind: str | None = None
        self._notes: list[NoteRow] = []

    def make_source(self) -> ReadSource:
        person = self.person()

        def read() -> list[Item]:
            self._notes = rule.of_account(self.office, person.practice, person.number, self.kind)
            return [_item(at, len(self._notes) - at, row) for at, row in enumerate(self._notes)]

        return ReadSource(self.office, COLUMNS, read, ("date", "type", "author", "line", "text"))

    def page_actions(self) -> Sequence[PageAction]:
        return (
            note.action(self),
            PageAction("type", "Type: show the notes of one", "T", self.by_type, self.missing, short="Type"),
            PageAction("read", "Read the whole note", "R", self.show_note, self.on_row("look"), short="Read"),
            *printing.actions(self),
            acts.search_action(self),
        )

    def another_account(self) -> None:
        self.kind = None
        self._name_nothing()
        super().another_account()

    def _name_nothing(self) -> None:
        """What the grid says when it has no rows: that of the type that was chosen."""
        self.grid.empty = f"No note of type {self.kind}; Alt+T shows all." if self.kind else self.nothing

    def count_words(self, count: str) -> str:
        found = super().count_words(count)
        return f"{self.kind}: {found}" if self.kind else found

    def note_of(self, row: Row) -> NoteRow:
        """The note of a row."""
        return self._notes[row.id - 1]

    def row_words(self, row: Row) -> str:
        one = self.note_of(row)
        return f"{dates.written(one.made_at, one.made)} {one.author}: {one.text}"

    # --- actions ---------------------------------------------------------------------------------------------------

    def by_type(self) -> None:
        """Alt+T: all, or the notes of one type."""
        entries: list[tuple[Any, str]] = [("", "all types")]
        entries += [(kind, kind) for kind in KINDS]
        entries.append((SYSTEM, f"{SYSTEM}: the reasons that acts bear"))

        def chosen(kind: str | None) -> None:
            if kind is not None:
                self.kind = kind or None
                self._name_nothing()
                self.source.forget()
                self.grid.reload(keep_cursor=False)
                self.grid.focus()

        self.app.push_screen(ListDialog("Notes of one type", entries, ok="Show"), chosen)

    def show_note(self) -> None:
        """Alt+R, Enter: the whole text."""
        row = self.grid.current
        if row is not None:
            one = self.note_of(row)
            facts = [f"- Type: {one.kind}" + (f", {one.what}" if one.what else ""), f"- By: {one.author}"]
            facts += [f"- Line: {one.line}"] if one.line else []
            text = "\n".join([f"# {dates.written(one.made_at, one.made)}", "", *facts, "", one.text])
            self.app.push_screen(TextPage("Note", text))

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        self.show_note()


def _item(at: int, age: int, row: NoteRow) -> Item:
    """A note as a row; `age` counts from the oldest, so that notes of a day keep their order."""
    cells = (dates.iso(row.made), row.kind, row.author, row.line or "", row.what, row.text)
    return Item(at + 1, cells, {"date": (row.made, age)})
