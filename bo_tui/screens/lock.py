"""The lock: after so long without a key the screen is covered, and the program can only be left (docs/decisions.md, Program).

Operators are the machine's users, and SSH has proved who they are; the program has no passwords of its own to ask for.
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from bo_tui.text import counted
from bo_tui.widgets.dialog import KeysOnly, Lines
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextBar

LEAVING = "Enter or Esc ends the program. To go on, sign in to this machine and start it again."
LOST = "A form is open below; what was typed in it is lost when the program ends."
SURELY = "Press Enter once more to end the program and lose it."


class LockPage(ModalScreen[None]):
    """Covers everything and shows nothing of the office's data; Enter or Esc ends the program, twice where text would be lost."""

    AUTO_FOCUS = "KeysOnly"
    DEFAULT_CSS = """
    LockPage {
        background: $background;
        &:ansi { background: ansi_default; }
        & > Lines { padding: 1 3 0 3; }
        & > #lock-lost { text-style: bold; }
    }
    """

    def __init__(self, minutes: int, operator: str) -> None:
        super().__init__()
        self.minutes = minutes
        self.operator = operator
        self._warned = False

    def compose(self) -> ComposeResult:
        yield TextBar("Locked")
        time = counted(self.minutes, "minute")
        yield Lines(f"{self.operator}: no key was pressed for {time}, so the screen is covered.\n\n{LEAVING}")
        yield Lines(LOST if self._unsaved else "", keep=True, id="lock-lost")
        yield KeysOnly()

    @property
    def _unsaved(self) -> bool:
        return any(isinstance(screen, FormDialog) and screen.changed for screen in self.app.screen_stack)

    def on_key(self, event: events.Key) -> None:
        """Only leaving is possible."""
        event.stop()
        event.prevent_default()
        if event.key not in ("enter", "escape"):
            return
        if self._unsaved and not self._warned:
            self._warned = True
            self.query_one("#lock-lost", Lines).set(f"{LOST}\n{SURELY}")
        else:
            self.app.exit()
