"""The Active AR tab: the account's ledger, rooted at its service fee lines (back_office_rest.md 2.3 and 2.4)."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.screens.accounts import acts, entrywords, lineacts, linewhy, note, plan, printing, reverse
from bo_tui.screens.accounts.ledgerrows import COLUMNS, LedgerLine, LedgerRows
from bo_tui.screens.accounts.tab import AccountGrid
from bo_tui.screens.external import history, hold
from bo_tui.screens.external.attachment import AttachmentPage
from bo_tui.screens.external.hold import Subject
from bo_tui.views import attachments
from bo_tui.views import history as line_history
from bo_tui.views.accounts import lines as line_view
from bo_tui.views.accounts.lines import LineRow
from bo_tui.views.attachments import AttachmentRow
from bo_tui.views.history import Event
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialogs import ListDialog
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Row, Sort
from bo_tui.widgets.textpage import TextPage

NOTHING_ATTACHED = "Nothing is attached there; rows that have something show @ in Marks."


class ActiveARTab(AccountGrid):
    """Adjust, roll, reverse, hold statements, transfer, plan, pre-collections; what is done to a line is done to the row's."""

    tab = "account_ar"
    help_topic = "account_ar"
    columns = COLUMNS
    first_sort = Sort("date", descending=True)
    tree_column = "code"
    toggle_label = "Hide &zero"
    nothing = "No service fee line of this account, or none that fits the filter."

    def make_source(self) -> LedgerRows:
        return LedgerRows(self.office, self.person().practice, self.account_id())

    def page_actions(self) -> Sequence[PageAction]:
        on = self.on_row
        here, away = lineacts.here, lineacts.transferable
        return (
            PageAction("adjust", "Adjust line", "A", lambda: lineacts.adjust(self), on("adjust", here), short="Adjust"),
            PageAction("roll", "Roll to: change who is responsible", "L", lambda: lineacts.roll(self), on("roll", here),
                       short="Roll to"),
            PageAction("reverse", "Reverse", "R", lambda: reverse.start(self), on("reverse", reverse.against)),
            PageAction("statement", "Hold statement: this line or its DOS", "H", lambda: lineacts.statement(self),
                       on("statement"), short="Hold"),
            PageAction("ext", "Ext. transfer: queue for an agency", "E", lambda: lineacts.transfer(self), on("add", away),
                       short="Ext"),
            plan.action(self),
            *acts.precollection_actions(self),
            PageAction("view", "View attachment", "V", self.view, on("look", self._attached)),
            note.action(self),
            PageAction("dos", "Filter by DOS", "I", self.by_dos, on("look")),
            PageAction("zero", "Hide what is at zero, or show it", "Z", self._turn, self.missing),
            PageAction("legend", "Legend: colours, signs, marks", "G", self.legend),
            PageAction("history", "History of the line", "Q", self.line_history, on("look")),
            PageAction("hold", "Hold: set on this account or line", "O", lambda: hold.set_one(self), on("hold")),
            PageAction("extend", "Hold: keep it longer or shorter", "K", lambda: hold.extend_one(self), on("hold")),
            PageAction("lift", "Hold: lift", "W", lambda: hold.lift_one(self), on("hold")),
            PageAction("holds", "Holds of the account, and their history", "Y", lambda: hold.show(self),
                       self.on_account("look")),
            *printing.actions(self),
            acts.search_action(self),
        )  # fmt: skip

    # --- rows ------------------------------------------------------------------------------------------------------

    @property
    def row(self) -> LedgerLine:
        """The current row."""
        row = self.grid.current
        assert isinstance(row, LedgerLine)  # `on_row` has seen to it
        return row

    def line(self) -> LineRow:
        """The line that the current row belongs to, as it was read last."""
        line = self.row.line
        assert line is not None
        return line

    def line_now(self) -> LineRow:
        """The same line, read anew: what a dialog shows, and what an act compares."""
        seen = self.line()
        found = line_view.lines(self.office, self.practice.id, self.account_id(), seen.id)
        return found[0] if found else seen

    def subject(self) -> Subject:
        person = self.person()
        row = self.grid.current
        line = row.line.number if isinstance(row, LedgerLine) and row.line is not None else None
        return Subject(person.practice, person.number, person.guarantor, line)

    def row_words(self, row: Row) -> str:
        assert isinstance(row, LedgerLine)
        if row.posting is not None:
            return entrywords.of_entry(row.posting)
        if row.waiting is not None:
            return entrywords.of_waiting(row.waiting)
        return "" if row.line is None else entrywords.of_line(row.line, self.office.business_date)

    def count_words(self, count: str) -> str:
        found = super().count_words(count)
        return f"{found}  Alt+G legend"

    def why_reason(self) -> str | None:
        return self.on_row("why")()

    async def why(self) -> None:
        """F8: what the night would do with the line."""
        line = self.line()
        linewhy.show(self, self.practice.id, line.id, line.number)

    # --- looking ---------------------------------------------------------------------------------------------------

    def _attached(self, row: Row) -> str | None:
        assert isinstance(row, LedgerLine)
        if row.posting is not None:
            return None if row.posting.attached else NOTHING_ATTACHED
        return None if row.line is not None and row.line.attached else NOTHING_ATTACHED

    def view(self) -> None:
        """Alt+V: of a line everything attached to it and its entries, of an entry its own."""
        row = self.row
        office = self.office

        def read() -> list[AttachmentRow]:
            if row.posting is not None:
                return attachments.of_entry(office, row.posting.id)
            return attachments.of_line(office, self.line().id)

        def show(found: list[AttachmentRow]) -> None:
            if found:
                self.app.push_screen(AttachmentPage(office, found))

        self.act(read, show)

    def by_dos(self) -> None:
        """Alt+I: choose a date of service of the account, or all."""
        days = self.source.days()
        entries: list[tuple[str, str]] = [("", "All dates of service")]
        entries += [
            (dates.iso(day), f"{dates.iso(day)}   {count:>4} {'line ' if count == 1 else 'lines'}   {shown(owed):>12}")
            for day, count, owed in days
        ]

        def chosen(day: str | None) -> None:
            if day is not None:
                strip = self.query_one(FilterStrip)
                strip.input.value = day
                strip.flush()
                self.grid.focus()

        self.app.push_screen(ListDialog("Filter by DOS", entries, ok="Show"), chosen)

    def _turn(self) -> None:
        toggle = self.query_one(FilterStrip).toggle
        if toggle is not None:
            toggle.turn()

    def legend(self) -> None:
        """Alt+G."""
        self.app.push_screen(TextPage("Legend of Active AR", entrywords.legend()))

    def line_history(self) -> None:
        """Alt+Q: who did what with the line."""
        line, about = self.line(), self.subject()
        heading = f"History: line {line.number}, account {about.account}, {about.guarantor}"
        self.looked("service_line", line.id, "history")

        def show(events: list[Event]) -> None:
            self.app.push_screen(TextPage(heading, history.text(events)))

        self.read(lambda: line_history.of_line(self.office, line.id), show, group="history")
