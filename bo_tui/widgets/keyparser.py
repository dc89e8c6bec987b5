"""Alt+letter without delay and without loss: an input parser that answers ESC+character at once.

Textual's own parser does not know ESC+letter, waits ESCDELAY for more, and when another key comes sooner it gives the
operator a literal `^` and the letter. Here the pair is an alt key the moment its second byte is read. ESC ESC [ B (an
old PuTTY's Alt+Down) stays Esc and Down, because on a stalled line it is just that: Esc, then the arrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers import linux_driver
from textual.message import Message

# After ESC these open a longer sequence (CSI, SS3, DCS, OSC, APC, PM, SOS, ST, SS2): only what follows tells the key.
OPENERS = frozenset("[OP]_^X\\N")
# An ESC inside a paste, other than the one that ends it (or may be about to, at the end of what was read).
_STRAY = re.compile(r"\x1b(?!\[201~|\[2?0?1?\Z|\Z)")


class KeyParser(XTermParser):
    """Textual's parser, with ESC+character answered at once as an alt key that carries no character to type."""

    _pasting = False

    def feed(self, data: str) -> Iterable[Message]:
        return super().feed(self._tame(data) if self._pasting or BRACKETED_PASTE_START in data else data)

    def _tame(self, data: str) -> str:
        """Take escapes out of pasted text, where they would break the paste up into keys."""
        tamed = ""
        while data:
            limit = BRACKETED_PASTE_END if self._pasting else BRACKETED_PASTE_START
            part, found, data = data.partition(limit)
            tamed += _STRAY.sub("", part + found) if self._pasting else part + found
            if found:
                self._pasting = not self._pasting
        return tamed

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if len(sequence) == 2 and sequence[0] == "\x1b" and sequence[1] not in OPENERS:
            yield events.Key(self._alt_name(sequence[1]), None)
            return
        yield from super()._sequence_to_key_events(sequence, alt)

    def _alt_name(self, character: str) -> str:
        if character.isupper() and len(character.lower()) == 1:
            return f"alt+shift+{character.lower()}"
        for event in super()._sequence_to_key_events(character):
            return f"alt+{event.key}"
        return f"alt+{character}"


def install() -> None:
    """Make the terminal driver use this parser; call it once, before the app runs."""
    linux_driver.XTermParser = KeyParser  # type: ignore[misc]
