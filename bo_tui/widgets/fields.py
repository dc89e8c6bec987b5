"""The fields of a form, each one line high, with the refusal one line below it.

Values are what rules want: text, cents, day numbers, a choice's value, a bool. `read` says in words what is wrong.
"""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from bo_tui import dates, money
from bo_tui.text import clean
from bo_tui.widgets import labels
from bo_tui.widgets.lineinput import LineInput

LABEL = 18
"""Cells that a form's labels take when it does not say otherwise."""


class Field(Widget):
    """One labelled field; `key` is its name in the form's values, `label` may mark an Alt letter (`&Amount`).

    `required` refuses an empty value; `width` is the cells of its control (0 = all there are).
    """

    COMPONENT_CLASSES = {"field--label", "field--refusal", "field--hint"}
    DEFAULT_CSS = """
    Field {
        height: 1;
        width: 1fr;
        & > .field--label { text-style: none; }
        & > .field--refusal { color: $text-error; text-style: bold; }
        & > .field--hint { text-style: dim; }
        &:ansi > .field--refusal { color: ansi_red; }
        &:ansi { color: ansi_default; background: ansi_default; }
    }
    """

    class Changed(Message):
        """The value was edited; `field` is the one."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(self, key: str, label: str, *, required: bool = False, width: int = 0, hint: str = "") -> None:
        super().__init__(id=f"field-{key.replace('_', '-')}")
        self.key = key
        self.label = label
        self.required = required
        self.control_width = width
        self.hint = hint
        self.refusal: str | None = None
        self.label_width = LABEL

    @property
    def control(self) -> Widget:
        """What takes the focus."""
        return self

    @property
    def raw(self) -> Any:
        """What was typed, unread; two equal raws mean that nothing was changed."""
        raise NotImplementedError

    def read(self) -> Any:
        """The value; ValueError says what is wrong, to follow the label (`is not an amount`)."""
        raise NotImplementedError

    def take_marked(self) -> None:
        """A save is asked for: what an open list of the field marks is meant."""

    def refuse(self, sentence: str | None) -> None:
        """Show one sentence below the field; None takes it away."""
        if sentence != self.refusal:
            self.refusal = sentence
            self._fit()
            self.refresh()

    def lines(self) -> list[str]:
        """Further lines between the field and its refusal (an open list)."""
        return []

    def note(self) -> str:
        """What stands to the right of the control."""
        return self.hint

    def _fit(self) -> None:
        height = 1 + len(self.lines()) + (self._refusal_lines() if self.refusal else 0)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
            if height > 1 and self.is_attached:  # what opened below the field is meant to be seen
                self.call_after_refresh(self.scroll_visible, animate=False)

    def _refusal_lines(self) -> int:
        return len(_wrap(self.refusal or "", max(20, self._room)))

    @property
    def _room(self) -> int:
        return (self.size.width or 70) - self.label_width

    def render_line(self, y: int) -> Strip:
        """The label and the note on line 0, an open list, the refusal; the control lies over its own cells."""
        width = self.size.width
        base = self.rich_style
        lines = self.lines()
        if y == 0:
            style = self.get_component_rich_style("field--label")
            star = "*" if self.required else " "
            parts = [*labels.segments(self.label, style), Segment(star, style)]
            used = labels.width(self.label) + 1
            parts.append(Segment(" " * max(0, self.label_width - used), base))
            own = self.own_text()
            parts.extend(own)
            done = max(used, self.label_width) + sum(part.cell_length for part in own)
            if not own and self.control_width:
                parts.append(Segment(" " * self.control_width, base))
                done += self.control_width
            parts.append(Segment(labels.fit(f"  {self.note()}", max(0, width - done)), self._look("hint")))
            return Strip(parts).adjust_cell_length(width, base)
        if y <= len(lines):
            text = " " * self.label_width + lines[y - 1]
            return Strip([Segment(labels.fit(text, width), base)], width)
        wrapped = _wrap(self.refusal or "", max(20, self._room))
        text = wrapped[y - 1 - len(lines)] if y - 1 - len(lines) < len(wrapped) else ""
        return Strip([Segment(labels.fit(" " * self.label_width + text, width), self._look("refusal"))], width)

    def own_text(self) -> list[Segment]:
        """The control as segments, for fields that draw it themselves."""
        return []

    def _look(self, part: str) -> Any:
        return self.get_component_rich_style(f"field--{part}")

    def changed(self) -> None:
        """The operator edited it: the refusal no longer holds."""
        self.refuse(None)
        self.refresh()
        self.post_message(self.Changed(self))


class TextField(Field):
    """A line of text; its value is str without blanks around it."""

    def __init__(
        self,
        key: str,
        label: str,
        value: str = "",
        *,
        required: bool = False,
        width: int = 0,
        hint: str = "",
        longest: int = 0,
    ) -> None:
        super().__init__(key, label, required=required, width=width, hint=hint)
        self.input = LineInput(max_length=longest)
        self._first = clean(value)  # set in compose: an Input with a text cannot be made outside a running app

    def compose(self) -> ComposeResult:
        with self.input.prevent(LineInput.Changed):
            self.input.value = self._first
        yield self.input

    def on_mount(self) -> None:
        """The input lies over its cells of this field's first line."""
        self.input.styles.margin = (0, 0, 0, self.label_width)
        self.input.styles.width = self.control_width or "1fr"

    @property
    def control(self) -> Widget:
        return self.input

    @property
    def raw(self) -> str:
        return self.input.value if self.input.is_attached else self.input.value or self._first

    def set(self, text: str) -> None:
        """Put a text into the field, as if typed."""
        self.input.value = text

    def read(self) -> Any:
        text = self.input.value.strip()
        if self.required and not text:
            raise ValueError("is needed")
        return text

    def on_input_changed(self, event: LineInput.Changed) -> None:
        """Typing takes the refusal away and tells the form."""
        event.stop()
        self.changed()


class NoteField(TextField):
    """A note or reason: one line that scrolls sideways, at most `longest` characters; what stands in it is added to."""

    def __init__(self, key: str, label: str, value: str = "", *, required: bool = False, longest: int = 200) -> None:
        super().__init__(key, label, value, required=required, longest=longest)
        self.input.select_on_focus = False


class AmountField(TextField):
    """An amount; its value is int cents, or None when it is left empty. `negative` allows amounts below zero."""

    def __init__(
        self,
        key: str,
        label: str,
        value: int | None = None,
        *,
        required: bool = False,
        negative: bool = False,
        hint: str = "",
    ) -> None:
        super().__init__(key, label, money.shown(value), required=required, width=14, hint=hint)
        self.negative = negative

    def read(self) -> int | None:
        text = super().read()
        if not text:
            return None
        cents = money.parse(text)
        if cents < 0 and not self.negative:
            raise ValueError("is below zero")
        return cents


class DateField(TextField):
    """A date; its value is an int day number, or None when empty. Takes 2026-11-20, t, t-1, t+2w; shows what it understood."""

    def __init__(self, key: str, label: str, value: int | None = None, *, today: int, required: bool = False) -> None:
        super().__init__(key, label, dates.iso(value), required=required, width=12)
        self.today = today

    def read(self) -> int | None:
        text = super().read()
        return dates.understand(text, self.today) if text else None

    def note(self) -> str:
        try:
            day = self.read()
        except (ValueError, OverflowError):
            return "as 2026-11-21, t, t-1, t+2w"
        return "t = today, t-1, t+2w" if day is None else f"{dates.weekday(day)} {dates.iso(day)}"


class CheckField(Field, can_focus=True):
    """A switch drawn as [x] or [ ]; Space turns it; its value is bool."""

    DEFAULT_CSS = "CheckField { &:focus > .field--label { text-style: reverse; } }"

    def __init__(self, key: str, label: str, value: bool = False, *, hint: str = "") -> None:
        super().__init__(key, label, hint=hint)
        self.value = value

    @property
    def raw(self) -> bool:
        return self.value

    def read(self) -> bool:
        return self.value

    def own_text(self) -> list[Segment]:
        style = self._look("label") if self.has_focus else self.rich_style
        return [Segment("[x]" if self.value else "[ ]", style)]

    def on_focus(self) -> None:
        """Draw it as the one that Space turns."""
        self.refresh()

    @property
    def real_cursor(self) -> Offset:
        """The real cursor stands on the switch."""
        return Offset(self.region.x + self.label_width + 1, self.region.y)

    def on_blur(self) -> None:
        """Draw it as left."""
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """Space turns it."""
        if event.key == "space":
            event.stop()
            self.value = not self.value
            self.changed()


def _wrap(text: str, width: int) -> list[str]:
    """A sentence in lines of at most `width` cells, broken at blanks."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
