"""Search: choose a practice by typing a part of its name or code."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from bo_tui.office import Office
from bo_tui.screens.page import own_connection
from bo_tui.text import clean
from bo_tui.views import practices
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.dialog import Dialog
from bo_tui.widgets.lineinput import LineInput
from bo_tui.widgets.listbox import Entry, ListBox


class PracticeDialog(Dialog):
    """All practices with what waits and what is placed; dismissed with a PracticeRow, or None on Esc."""

    AUTO_FOCUS = "LineInput"
    help_topic = "practice"
    keys_line = "Type a part of the name or code   Enter or F2 choose   Esc Cancel"

    def __init__(self, office: Office, chosen: PracticeRow | None) -> None:
        super().__init__("Search: choose a practice")
        self.office = office
        self.chosen = chosen
        self.rows: list[PracticeRow] = practices.all_practices(office)
        self.counts: dict[int, str] = {}

    def body(self) -> ComposeResult:
        yield LineInput()
        yield ListBox(self._entries(""))

    def on_mount(self) -> None:
        """Start at the practice chosen before, and count in a worker what each holds."""
        box = self.query_one(ListBox)
        if self.chosen is not None:
            at = next((at for at, entry in enumerate(box.entries) if entry.value.id == self.chosen.id), 0)
            box.call_after_refresh(box.move, at)
        self.run_worker(self._count, thread=True, exit_on_error=False)

    def _count(self) -> None:
        def all_counts() -> dict[int, str]:
            return {row.id: self._words(row) for row in self.rows}

        counts = own_connection(self.office, all_counts)
        self.app.call_from_thread(self._counted, counts)

    def _words(self, row: PracticeRow) -> str:
        found = practices.tab_counts(self.office, row.id)
        return f"{practices.capped(found.pending)} pending  {practices.capped(found.transactions):>7} placed"

    def _counted(self, counts: dict[int, str]) -> None:
        if not self.is_attached:
            return
        self.counts = counts
        box = self.query_one(ListBox)
        box.entries = [self._entry(entry.value) for entry in box.entries]
        box.refresh()

    def _entries(self, text: str) -> list[Entry]:
        words = text.casefold().split()
        return [
            self._entry(row) for row in self.rows if all(word in f"{row.code} {row.name}".casefold() for word in words)
        ]

    def _entry(self, row: PracticeRow) -> Entry:
        return Entry(row, clean(f"{row.code:<8} {row.name}").replace("&", "+"), self.counts.get(row.id, ""))

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """Narrow the list."""
        self.query_one(ListBox).show(self._entries(event.value))

    def on_key(self, event: events.Key) -> None:
        """Arrows move in the list while the text keeps the focus; Enter takes."""
        box = self.query_one(ListBox)
        steps = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}
        if event.key in steps:
            box.move(steps[event.key])
        elif event.key == "enter":
            self.action_ok()
        else:
            return
        event.stop()

    def on_list_box_taken(self, event: ListBox.Taken) -> None:
        """Enter on the list."""
        self.dismiss(event.entry.value)

    def action_ok(self) -> None:
        """F2 and Enter: the practice under the cursor."""
        current = self.query_one(ListBox).current
        if current is not None:
            self.dismiss(current.value)
