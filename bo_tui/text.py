"""Text that came from data, made inert: what a cell may show and what a CSV field may hold.

One function cleans every cell (DESIGN section 6): no control characters, no bidirectional or zero-width marks, no markup.
"""

from __future__ import annotations

import re
import unicodedata

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)

_QUOTED = 40  # characters


def clean(text: object) -> str:
    """The text as it may reach a terminal: control, bidirectional and zero-width characters become `·`; nothing for None."""
    if text is None:
        return ""
    result = text if isinstance(text, str) else str(text)
    if result.isascii() and result.isprintable():
        return result
    return _UNSAFE.sub("·", result)


def sentences(text: object) -> str:
    """Text of several lines as a terminal may get it: `clean`, but lines stay lines."""
    return "\n".join(clean(line) for line in str(text).split("\n"))


def escaped(document: str) -> str:
    """A JSON document in which what `clean` would take away is written as JSON's own escapes: inert, and the same data."""
    if document.isascii() and document.isprintable():
        return document
    return _UNSAFE.sub(_escape, document)


def _escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def clip(text: str) -> str:
    """A piece of data as a sentence quotes it: inert, and not longer than a line."""
    shown = clean(text[: _QUOTED + 1])
    return shown if len(shown) <= _QUOTED else shown[:_QUOTED] + "..."


def counted(count: int, word: str, several: str = "") -> str:
    """So many of something: `1 line`, `2,000 lines`; `several` is the plural that is not the word with an s."""
    return f"{count:,} {word if count == 1 else several or f'{word}s'}"


def first_unsafe(text: str) -> str | None:
    """The name of the first character that data may not bring in (a control character), or None when all are fine."""
    if text.isprintable():
        return None
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs"):
            return f"U+{ord(character):04X}"
    return None


def no_formula(text: str) -> str:
    """The text as a CSV field that no spreadsheet takes for a formula: `=1+1` becomes `'=1+1`."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
