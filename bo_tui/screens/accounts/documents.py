"""The Documents tab: every image and PDF of the account, its lines and their entries; view one, attach another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bo_tui import dates
from bo_tui.errors import NoInput, RuleRefusal
from bo_tui.rules import attachments as rule
from bo_tui.rules.attachments import Attached
from bo_tui.screens.accounts import acts, note
from bo_tui.screens.accounts.listed import ReadSource
from bo_tui.screens.accounts.tab import AccountGrid
from bo_tui.screens.external.attachment import KINDS, AttachmentPage
from bo_tui.screens.external.listsource import Item
from bo_tui.views.accounts import documents
from bo_tui.views.accounts import lines as line_view
from bo_tui.views.attachments import AttachmentRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import Field, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

COLUMNS = (
    Column("date", "Attached", 10, priority=6),
    Column("name", "Name", 24, grow=True, min_width=14, priority=7),
    Column("type", "Type", 12, priority=4),
    Column("pages", "Pages", 5, align="right", priority=2),
    Column("size", "Size", 9, align="right", priority=1),
    Column("line", "Line", 9, min_width=7, priority=5),
    Column("entry", "Entry", 12, min_width=7, priority=3),
    Column("author", "By", 10, min_width=6, priority=3),
)


class DocumentsTab(AccountGrid):
    """View and attach."""

    tab = "account_documents"
    help_topic = "account_documents"
    columns = COLUMNS
    first_sort = Sort("date", descending=True)
    nothing = "Nothing is attached to this account; Alt+A attaches a file to one of its lines."

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[int, AttachmentRow] = {}

    def make_source(self) -> ReadSource:
        account = self.account_id()

        def read() -> list[Item]:
            found = documents.of_account(self.office, account)
            self._found = {row.id: row for row in found}
            return [_item(row) for row in found]

        return ReadSource(self.office, COLUMNS, read, ("date", "name", "line"))

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("view", "View", "V", self.view, self.on_row("look")),
            PageAction(
                "attach", "Attach a file to a line", "A", self.attach, self.on_account("attach"), short="Attach"
            ),
            note.action(self),
            acts.search_action(self),
        )

    def row_words(self, row: Row) -> str:
        one = self._found[row.id]
        to = f"line {one.line}" if one.entry is None else f"entry {one.entry} ({one.code}) of line {one.line}"
        return f"{one.name}: attached to {to} by {one.actor} {dates.written(one.made_at, one.on)}"

    def view(self) -> None:
        """Alt+V, Enter: the current one first, n and p go through the others."""
        row = self.grid.current
        if row is not None:
            ids = list(self._found)
            at = ids.index(row.id)
            ordered = [self._found[one] for one in (*ids[at:], *ids[:at])]
            self.app.push_screen(AttachmentPage(self.office, ordered))

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        self.view()

    def attach(self) -> None:
        """Alt+A: a file of this machine, to one of the account's lines."""
        about, practice = self.subject(), self.practice.id
        rows = line_view.lines(self.office, practice, self.account_id())[::-1]
        options = [(row.number, f"{row.number} {dates.iso(row.date_of_service)} {row.description}") for row in rows]

        def save(values: dict[str, Any]) -> Attached:
            try:
                path = Path(values["file"]).expanduser()
                name = values["name"] or None
                return rule.attach(self.office, practice, line=values["line"], path=path, name=name)
            except (NoInput, RuntimeError) as error:  # RuntimeError: ~somebody who is not known here
                raise RuleRefusal(str(error), field="file") from error

        fields: list[Field] = [
            ChoiceField("line", "&Line", options, options[0][0] if len(options) == 1 else None, required=True),
            TextField("file", "&File", required=True),
            TextField("name", "&Name", longest=rule.LONGEST_NAME),
        ]
        intro = f"{about.intro}\nA PNG, JPEG or TIFF image or a PDF; the name is the file's own where it is empty."
        dialog = FormDialog("Attach", fields, intro=intro, save=self.saving(save), ok="Attach", help_topic="attachment")
        self.open_dialog(dialog, lambda done: f"Attached {done.name} to line {done.line}.")


def _item(row: AttachmentRow) -> Item:
    entry = "" if row.entry is None else f"{row.code} {row.entry}"
    cells = (
        dates.iso(row.on), row.name, KINDS[row.kind], "" if row.pages is None else str(row.pages), f"{row.size:,}",
        row.line or "", entry, row.actor,
    )  # fmt: skip
    return Item(row.id, cells, {"pages": row.pages or 0, "size": row.size, "date": (row.on, row.id)})
