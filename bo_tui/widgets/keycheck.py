"""The keyboard check: shows what arrives for each key, for support calls (`bo-tui keys`, and in the palette)."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from bo_tui.text import clean
from bo_tui.widgets.terminalapp import TerminalApp
from bo_tui.widgets.textpage import TextBar, TextView

INTRO = """\
# Press any key; its name appears below. Esc twice ends.

Try Alt+S (alt+s), Alt+F (alt+f), F3, F9, Shift+Right (shift+right), PgDn (pagedown).
- Alt+S shows escape and then s: the terminal sends Alt late, or a tmux waits; set escape-time to 20.
- Alt+S shows a letter such as ß: switch on "Use Option as Meta key" (macOS), or use the left Alt.
- Nothing appears: the terminal or the desktop keeps the key; F9 opens a menu with every action.

"""


class KeyCheck(ModalScreen[None]):
    """Lists the last keys as they arrived; Esc twice goes back; dismissed with None."""

    DEFAULT_CSS = "KeyCheck { background: $background; &:ansi { background: ansi_default; } }"

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def compose(self) -> ComposeResult:
        yield TextBar("Keyboard check")
        view = TextView(INTRO)
        view.can_focus = False  # so that its scrolling keys are shown too
        yield view
        yield TextBar("Esc Esc ends")

    def on_key(self, event: events.Key) -> None:
        """Show it; a second Esc ends."""
        event.stop()
        event.prevent_default()
        if event.key == "escape" and self.seen and self.seen[-1].startswith("escape"):
            self.dismiss(None)
            return
        typed = f"   types {clean(event.character)}" if event.is_printable else ""
        self.seen = [*self.seen[-40:], f"{event.key}{typed}"]
        view = self.query_one(TextView)
        room = max(1, self.size.height - 11)
        view.set(INTRO + "\n".join(f"- {line}" for line in self.seen[-room:]))

    def on_paste(self, event: events.Paste) -> None:
        """A paste is told by its length only; it may be anything."""
        self.seen.append(f"a paste of {len(event.text)} characters")


class KeyCheckApp(TerminalApp):
    """The keyboard check as a program of its own."""

    def on_mount(self) -> None:
        """Show the screen; its end is the program's."""
        self.push_screen(KeyCheck(), lambda _: self.exit())


def run() -> int:
    """Run the keyboard check in this terminal; its exit code."""
    return KeyCheckApp().run_here()
