"""Text in so many cells, and labels with an Alt letter: `&Amount` shows Amount with its A underlined, and Alt+A goes there."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from bo_tui.text import clean


def split(label: str) -> tuple[str, str, str]:
    """The text before the letter, the letter, and the text after it; no letter gives ('', '', label)."""
    before, found, rest = label.partition("&")
    return (before, rest[:1], rest[1:]) if found and rest else ("", "", label)


def plain(label: str) -> str:
    """The label without its mark."""
    return "".join(split(label))


def alt_key(label: str) -> str | None:
    """The key of the label's letter, such as `alt+a`; None without one."""
    letter = split(label)[1]
    return f"alt+{letter.lower()}" if letter else None


def with_letter(label: str, letter: str) -> str:
    """The label with its first such letter marked; `Reverse`, `e` gives `R&everse`; one it lacks is put in brackets."""
    if not letter:
        return label
    index = label.find(letter.upper())
    if index < 0:
        index = label.lower().find(letter.lower())
    return f"{label[:index]}&{label[index:]}" if index >= 0 else f"{label} (&{letter.upper()})"


def segments(label: str, style: Style) -> list[Segment]:
    """The label as segments, its letter underlined."""
    before, letter, after = split(label)
    parts = [(before, style), (letter, style + Style(underline=True)), (after, style)]
    return [Segment(clean(text), look) for text, look in parts if text]


def width(label: str) -> int:
    """How many cells the label takes."""
    return cell_len(plain(label))


def fit(text: str, width: int, align: str = "left", cut: str = "…") -> str:
    """The text in exactly `width` cells, cleaned; long text is cut visibly, a right-aligned figure is never cut but hashed."""
    text = clean(text)
    size = len(text) if text.isascii() else cell_len(text)
    if size > width:
        if align == "right":
            return "#" * width
        return set_cell_size(text, width - 1) + cut if width > 1 else set_cell_size(text, width)
    blanks = " " * (width - size)
    return blanks + text if align == "right" else text + blanks
