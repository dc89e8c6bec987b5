"""Small dialogs: a question, a message, a list to pick from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual import events
from textual.app import ComposeResult

from bo_tui.text import clean
from bo_tui.widgets.dialog import Dialog, KeysOnly, Lines
from bo_tui.widgets.listbox import Entry, ListBox


class ConfirmDialog(Dialog):
    """A question; dismissed with True (Alt+Y, Y or F2) or False (Alt+N, N or Esc). Enter does nothing, so that none is hasty."""

    def __init__(self, question: str, detail: str = "", *, yes: str = "&Yes", no: str = "&No") -> None:
        super().__init__(question)
        self.detail = detail
        self.yes, self.no = yes, no
        self.keys_line = f"F2 {yes}   Esc {no}"

    def body(self) -> ComposeResult:
        if self.detail:
            yield Lines(self.detail + "\n ")
        yield KeysOnly()
        # only one letter of a line can be marked, so the two answers stand on two lines
        yield Lines(f"  Alt+Y or F2   {self.yes}", letters=True)
        yield Lines(f"  Alt+N or Esc  {self.no}", letters=True)

    def on_mount(self) -> None:
        """The answers above say all keys already."""
        self.query_one(".dialog--keys").display = False

    def on_key(self, event: events.Key) -> None:
        """Y and N, with or without Alt."""
        if event.key in ("y", "Y", "alt+y"):
            self.dismiss(True)
        elif event.key in ("n", "N", "alt+n"):
            self.dismiss(False)
        else:
            return
        event.stop()

    def action_cancel(self) -> None:
        """Esc is No."""
        self.dismiss(False)


class MessageDialog(Dialog):
    """A message to read; Enter, F2 and Esc close it; dismissed with None."""

    keys_line = "Esc, Enter or F2 closes"

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title)
        self.text = text

    def body(self) -> ComposeResult:
        yield Lines(self.text)
        yield KeysOnly()

    def on_key(self, event: events.Key) -> None:
        """Enter closes."""
        if event.key == "enter":
            event.stop()
            self.dismiss(None)

    def action_ok(self) -> None:
        """F2 closes."""
        self.dismiss(None)


class ListDialog(Dialog):
    """Pick one of `entries`, pairs of (value, text), or with `multi` any number of them.

    Dismissed with the value, with `multi` the list of values in the order shown, or None on Esc. Letters go to the next
    entry that begins with them; Alt+A marks all, Alt+N none.
    """

    def __init__(
        self,
        title: str,
        entries: Sequence[tuple[Any, str]],
        *,
        multi: bool = False,
        marked: Iterable[Any] = (),
        intro: str = "",
        ok: str = "OK",
    ) -> None:
        super().__init__(title)
        self.box = ListBox(
            [Entry(value, clean(text).replace("&", "+")) for value, text in entries], multi=multi, marked=marked
        )
        self.intro = intro
        more = "   Space mark   Alt+A all   Alt+N none" if multi else ""
        self.keys_line = f"F2 {ok}   Esc Cancel{more}"

    def body(self) -> ComposeResult:
        if self.intro:
            yield Lines(self.intro + "\n ")
        yield self.box
        if self.box.multi:
            yield Lines("", id="list-count")

    def on_mount(self) -> None:
        """Say how many are marked."""
        self.on_list_box_marked()

    def on_list_box_marked(self) -> None:
        """The count below the list."""
        if self.box.multi:
            self.query_one("#list-count", Lines).set(f"{len(self.box.marked)} of {len(self.box.entries)} marked")

    def on_list_box_taken(self, event: ListBox.Taken) -> None:
        """Enter takes the entry; where several may be marked only F2 does."""
        if not self.box.multi:
            self.dismiss(event.entry.value)

    def on_key(self, event: events.Key) -> None:
        """All, none, and letters."""
        if self.box.multi and event.key in ("alt+a", "alt+n"):
            self.box.mark_all(event.key == "alt+a")
        elif event.is_printable and event.character:
            self._find(event.character.casefold())
        else:
            return
        event.stop()

    def _find(self, letter: str) -> None:
        entries = self.box.entries
        for step in range(1, len(entries) + 1):
            index = (self.box.at + step) % len(entries)
            if entries[index].label.casefold().startswith(letter):
                self.box.move(index - self.box.at)
                return

    def action_ok(self) -> None:
        """F2: what is marked, or the current entry."""
        if self.box.multi:
            self.dismiss([entry.value for entry in self.box.entries if entry.value in self.box.marked])
        elif self.box.current is not None:
            self.dismiss(self.box.current.value)
