"""External Collection Agencies: the enterprise's list; create, update, delete what was never used (external_collections.md 5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.rules.settings import agencies
from bo_tui.rules.settings.agencies import CHOICES, Kept
from bo_tui.screens.admin import agencyform, changes
from bo_tui.screens.admin.agencyform import AgencyForm
from bo_tui.screens.admin.agencypage import AgencyPage
from bo_tui.screens.admin.base import AdminPage
from bo_tui.screens.external.listsource import Item
from bo_tui.views import admin
from bo_tui.views.admin import AgencyRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.gridmodel import Column, Row
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage

COLUMNS = (
    Column("name", "Name", 16, grow=True, min_width=12, priority=9),
    Column("address", "Address", 16, grow=True, min_width=10, priority=3),
    Column("city", "City", 12, grow=True, min_width=8, priority=4),
    Column("state", "State", 5, priority=5),
    Column("zip", "Zip", 10, min_width=5, priority=6),
    Column("remits", "Remits", 13, min_width=6, priority=8),
    Column("file_type", "File type", 11, min_width=9, priority=7),
    Column("baa", "BAA date", 10, priority=8),
)


class AgenciesPage(AdminPage):
    """The list of agencies."""

    help_topic = "agencies"
    columns = COLUMNS
    empty = "There is no agency yet; Alt+C creates one."

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("create", "Create an agency", "C", self.create, lambda: self.may("settings"), short="Create"),
            PageAction("update", "Update the agency", "U", self.update_row, self.on_row("settings"), short="Update"),
            PageAction("delete", "Delete the agency", "D", self.delete_row, self.on_row("settings"), short="Delete"),
            PageAction("history", "History of changes", "H", self.history, lambda: self.may("look"), short="History"),
            PageAction(
                "figures", "Figures by month of placement", "G", self.figures, self.on_row("look"), short="Figures"
            ),
        )

    def before(self) -> ComposeResult:
        yield TabStrip((), heading="External Collection Agencies")

    # --- rows ------------------------------------------------------------------------------------------------------

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, AgencyRow] = {}

    def items(self) -> list[Item]:
        rows = admin.agencies(self.office)
        self._rows = {row.id: row for row in rows}
        return [_item(row) for row in rows]

    @property
    def current(self) -> AgencyRow | None:
        """The agency under the cursor as it was read."""
        row = self.grid.current
        return self._rows.get(row.id) if row is not None else None

    def row_words(self, row: Row) -> str:
        found = self._rows.get(row.id)
        return agencyform.facts(found) if found is not None else ""

    # --- actions ---------------------------------------------------------------------------------------------------

    def create(self) -> None:
        """Alt+C."""
        self.open_dialog(AgencyForm(self.office), self._created)

    def _created(self, kept: Kept) -> None:
        self.announce(f"Created {kept.name}; assign it to a practice in Collections Admin before use.", kept.agency)

    def update_row(self) -> None:
        """Alt+U and Enter."""
        if self.current is not None:
            self.open_dialog(
                AgencyForm(self.office, self.current), lambda kept: self.announce(f"Saved {kept.name}.", kept.agency)
            )

    def delete_row(self) -> None:
        """Alt+D: refused with the reason, or confirmed."""
        row = self.current
        if row is None:
            return
        reason = agencies.why_not_delete(self.office, row.id)
        if reason is not None:
            self.say(reason, warning=True)
            return

        def answered(yes: bool) -> None:
            if yes:
                self.act(
                    lambda: agencies.delete(self.office, row.id, seen=row.act),
                    lambda kept: self.announce(f"Deleted {kept.name}."),
                )

        question = ConfirmDialog(f"Delete {row.name}?", "Nothing refers to it. What it was stays in the history.")
        self.open_dialog(question, answered)

    def history(self) -> None:
        """Alt+H: who changed which agency, deleted ones too."""

        def show(text: str) -> None:
            self.app.push_screen(TextPage("History of agencies", text))

        self.read(lambda: changes.page("Agencies", admin.agency_history(self.office)), show, group="history")

    def figures(self) -> None:
        """Alt+G: what the agency made of what the practice gave it."""
        page = self.program.page("agency")
        assert isinstance(page, AgencyPage)
        page.agency = self.current
        self.program.show("agency")

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter updates, where the role may."""
        reason = self.may("settings")
        if reason is None:
            self.update_row()
        else:
            self.say(reason, warning=True)


def _item(row: AgencyRow) -> Item:
    address = ", ".join(part for part in (row.address1, row.address2) if part)
    kind = CHOICES["file_type"].get(row.file_type, row.file_type).split(",")[0]
    agreed = dates.iso(row.baa_date) or "none"
    remits = f"{row.remits}, former" if row.former else row.remits
    cells = (row.name, address, row.city or "", row.state or "", row.zip, remits, kind, agreed)
    return Item(row.id, cells, {"name": row.name.casefold()})
