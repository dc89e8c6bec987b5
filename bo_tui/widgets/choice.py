"""A field that takes one of a list: type the start of a code or of any word, or go down the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import events

from bo_tui.text import clean
from bo_tui.widgets.fields import Field, TextField
from bo_tui.widgets.lineinput import LineInput


class ChoiceField(TextField):
    """A choice among `options`, pairs of (value, text); its value is the chosen pair's first, or None when left empty.

    Typing narrows the list, which opens below the field; Up and Down move in it, Enter takes the marked one and goes on,
    Esc closes it. A text that fits exactly one option is taken as it is when the field is left.
    """

    MOST = 6  # lines of an open list, so that a form with it still fits 24 lines

    def __init__(
        self,
        key: str,
        label: str,
        options: Sequence[tuple[Any, str]],
        value: Any = None,
        *,
        required: bool = False,
        width: int = 0,
        hint: str = "",
    ) -> None:
        self.options = [(one, clean(text)) for one, text in options]
        text = next((text for one, text in self.options if one == value and value is not None), "")
        super().__init__(key, label, text, required=required, width=width, hint=hint)
        self._open = False
        self._marked = 0
        self._typed = False

    @property
    def opened(self) -> bool:
        """Whether the list is shown."""
        return self._open

    def matches(self) -> list[tuple[Any, str]]:
        """The options that the text so far fits; all of them as long as nothing was typed since the field was entered."""
        text = self.input.value.strip().casefold()
        if not text or not self._typed:
            return self.options
        starts = [option for option in self.options if option[1].casefold().startswith(text)]
        words = [option for option in self.options if option not in starts and _has_word(option[1], text)]
        return starts + words

    def read(self) -> Any:
        text = super().read()
        if not text:
            return None
        exact = [value for value, label in self.options if text in (label, value)]
        if exact:
            return exact[0]
        found = [option for option in self.options if option[1].casefold().split()[:1] == [text.casefold()]]
        found = found or self._fitting(text)
        if len(found) == 1:
            return found[0][0]
        raise ValueError("fits more than one of the list" if found else "is not in the list")

    def lines(self) -> list[str]:
        if not self._open:
            return []
        # as many lines as at first, however few fit: another height would have the whole screen drawn again
        height = min(self.MOST, len(self.options))
        lines = self._list_lines()
        return lines + [""] * (height - len(lines))

    def _list_lines(self) -> list[str]:
        found = self.matches()
        if not found:
            return ["  nothing fits"]
        first = max(0, min(self._marked - self.MOST + 2, len(found) - self.MOST))
        shown = found[first : first + self.MOST]
        lines = [("> " if first + at == self._marked else "  ") + text for at, (_, text) in enumerate(shown)]
        rest = len(found) - first - len(shown)
        if rest > 0:
            lines[-1] += f"   ({rest} more below)"
        return lines

    def note(self) -> str:
        if self._open:
            return ""
        return f"Down: list; {self.hint}" if self.hint else "Down: list"

    def take_marked(self) -> None:
        """Take the entry that the open list marks, as Enter does; nothing when the list is closed or nothing fits."""
        found = self.matches()
        if self._open and found:
            with self.prevent(Field.Changed):  # its echo would wipe out what the save then refuses
                self.choose(found[min(self._marked, len(found) - 1)][0])

    def choose(self, value: Any) -> None:
        """Take one of the options by its value."""
        text = next((text for one, text in self.options if one == value), "")
        self._typed = False
        with self.input.prevent(LineInput.Changed):
            self.input.value = text
        self._show(False)
        self.changed()

    def on_key(self, event: events.Key) -> None:
        """Keys of the open list; Enter takes and lets the form go on."""
        found = self.matches()
        if event.key == "down" and not self._open:
            self._marked = next((at for at, (_, text) in enumerate(found) if text == self.input.value), 0)
            self._show(True)
        elif self._open and event.key in ("down", "up"):
            step = 1 if event.key == "down" else -1
            self._marked = max(0, min(self._marked + step, len(found) - 1))
            self._show(True)
        elif self._open and event.key == "escape":
            self._show(False)
        elif self._open and event.key in ("enter", "tab"):
            if found and (self._typed or event.key == "enter"):
                self.choose(found[min(self._marked, len(found) - 1)][0])
            return  # the form goes on to the next field
        else:
            return
        event.stop()

    def on_input_changed(self, event: LineInput.Changed) -> None:
        event.stop()
        self._typed = True
        self._marked = 0
        self._show(bool(self.input.value) and self.input.has_focus)
        self.changed()

    def on_descendant_blur(self) -> None:
        """Leaving the field closes the list; a text that fits one option becomes that option."""
        try:
            value = self.read()
        except ValueError:
            value = None
        if value is not None and self._typed:
            self.choose(value)
        self._typed = False
        self._show(False)

    def _show(self, opened: bool) -> None:
        self._open = opened
        self._fit()
        self.refresh()

    def _fitting(self, text: str) -> list[tuple[Any, str]]:
        text = text.casefold()
        starts = [option for option in self.options if option[1].casefold().startswith(text)]
        return starts or [option for option in self.options if _has_word(option[1], text)]


def _has_word(label: str, start: str) -> bool:
    return any(word.startswith(start) for word in label.casefold().replace("-", " ").split())
