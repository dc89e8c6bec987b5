"""A form in a dialog: fields one below the other, a live line, F2 to save in a worker, refusals next to their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual import events
from textual.app import ComposeResult

from bo_tui.errors import Refusal
from bo_tui.text import clean
from bo_tui.widgets import labels
from bo_tui.widgets.dialog import Dialog, Lines, call_holding_keys, wrap
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import Field
from bo_tui.widgets.more import MoreScroll


class FieldList(MoreScroll):
    """The fields; scrolls when there are more than fit."""


class FormDialog(Dialog):
    """A form; dismissed with what `save` returned, or with the values when there is no `save`, or with None on Esc.

    Enter, Tab and Down go to the next field, Shift+Tab and Up back; Enter in the last field stays there, because only F2
    saves. `save(values)` runs in a thread with the keys held (or at once with `threaded=False`) and refuses by raising
    a `Refusal`, whose `field` names the field it stands next to. A field that is not displayed is not asked. `live(values)`
    gives the computed line; values that cannot be read yet are missing there. Subclasses may override `save_values` and
    `on_form_changed` instead.
    """

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        *,
        intro: str | Callable[[], str] = "",
        save: Callable[[dict[str, Any]], Any] | None = None,
        live: Callable[[Mapping[str, Any]], str] | None = None,
        threaded: bool = True,
        ok: str = "Save",
        help_topic: str = "",
    ) -> None:
        super().__init__(title)
        self.fields = {field.key: field for field in fields}
        self._intro = intro
        self.help_topic = help_topic
        self.keys_line = f"F2 {ok}   Esc Cancel   Enter next field"
        self._save = save
        self._live = live
        self._threaded = threaded
        self._ok = ok
        self._at_first: dict[str, Any] = {}
        self._saving = False
        width = max([labels.width(field.label) for field in fields], default=0) + 2
        for field in fields:
            field.label_width = min(24, max(12, width))

    # --- what subclasses may say -----------------------------------------------------------------------------------

    def save_values(self, values: dict[str, Any]) -> Any:
        """Save; runs in a thread; raises Refusal to refuse."""
        return values if self._save is None else self._save(values)

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        """The computed line for the values so far, such as the balance that results."""
        return "" if self._live is None else self._live(values)

    # --- what screens may ask --------------------------------------------------------------------------------------

    def peek(self) -> dict[str, Any]:
        """The values that can be read so far."""
        values = {}
        for key, field in self.fields.items():
            try:
                values[key] = field.read()
            except (ValueError, OverflowError):
                continue
        return values

    def refuse(self, field: str | None, sentence: str) -> None:
        """Say one sentence next to a field and go there, or above the keys when no field is meant."""
        found = self.fields.get(field or "")
        if found is None:
            self.query_one("#form-error", Lines).set(clean(sentence))
        else:
            found.refuse(clean(sentence))
            found.control.focus()

    @property
    def intro(self) -> str:
        """The words above the fields; a callable is asked again after each refusal, because the state may be another one."""
        return self._intro if isinstance(self._intro, str) else self._intro()

    @property
    def changed(self) -> bool:
        """Whether anything was typed that would be lost."""
        return any(field.raw != self._at_first.get(key) for key, field in self.fields.items())

    # --- inside ----------------------------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        if self.intro:
            yield Lines(self.intro + "\n ", id="form-intro")
        fields = FieldList()
        fields.styles.max_height = self._room()  # before the first layout, which saves a second one
        with fields:
            yield from self.fields.values()
        computed = self._live is not None or type(self).on_form_changed is not FormDialog.on_form_changed
        yield Lines("", keep=computed, id="form-live")
        yield Lines("", id="form-error", classes="dialog--error")

    def on_mount(self) -> None:
        """Remember what the form began with, so that Esc knows whether something would be lost."""
        self._at_first = {key: field.raw for key, field in self.fields.items()}
        self._compute()

    def on_resize(self, event: events.Resize) -> None:
        """The fields get what the box's border, the lines around them and the keys leave over."""
        self.query_one(FieldList).styles.max_height = self._room()

    @property
    def high(self) -> bool:
        """A form with many fields begins at the top of the screen, so that two more of them fit."""
        return len(self.fields) > self._left_over(2)

    def _room(self) -> int:
        return max(3, self._left_over(0 if self.high else 2))

    def _left_over(self, above: int) -> int:
        return self.app.size.height - self.cramped - above - 6 - (len(wrap(self.intro, 70)) + 1 if self.intro else 0)

    def on_field_changed(self, event: Field.Changed) -> None:
        """Typing renews the computed line and takes the form's refusal away."""
        event.stop()
        self.query_one("#form-error", Lines).set("")
        self._compute()

    def _compute(self) -> None:
        try:
            text = self.on_form_changed(self.peek())
        except Refusal as refusal:
            text = refusal.sentence
        self.query_one("#form-live", Lines).set(text)  # cleaned line by line where it is drawn

    def on_key(self, event: events.Key) -> None:
        """The way from field to field, and the Alt letters."""
        if event.key in ("enter", "down"):
            self._move(1)
        elif event.key == "up":
            self._move(-1)
        else:
            found = [
                field for field in self.fields.values() if field.display and labels.alt_key(field.label) == event.key
            ]
            if not found:
                return
            found[0].control.focus()
        event.stop()

    def _move(self, step: int) -> None:
        controls = [field.control for field in self.fields.values() if field.display]
        here = controls.index(self.focused) if self.focused in controls else -1
        if 0 <= here + step < len(controls):
            controls[here + step].focus()

    def action_ok(self) -> None:
        """F2: read every field, then save."""
        if self._saving:
            return
        values: dict[str, Any] = {}
        wrong: list[Field] = []
        for key, field in self.fields.items():
            field.refuse(None)
            field.take_marked()
            if not field.display:  # not asked for with the other fields as they are
                values[key] = None
                continue
            try:
                values[key] = field.read()
                if field.required and values[key] is None:
                    raise ValueError("is needed")
            except (ValueError, OverflowError) as error:
                field.refuse(f"{labels.plain(field.label)} {error}.")
                wrong.append(field)
        self.query_one("#form-error", Lines).set("")
        if wrong:
            wrong[0].control.focus()
            return
        if self._threaded:
            self._saving = True
            call_holding_keys(self, lambda: self.save_values(values), self._saved)
            return
        try:
            result = self.save_values(values)
        except Refusal as refusal:
            self._saved(None, refusal)
        else:
            self._saved(result, None)

    def _saved(self, result: Any, error: Exception | None) -> None:
        self._saving = False
        if error is None:
            self.dismiss(result)
        elif isinstance(error, Refusal):
            self.refuse(error.field, error.sentence)
            self._compute()  # a conflict has another state to show
            for line in self.query("#form-intro").results(Lines):
                line.set(self.intro + "\n ")
        else:
            self.log.error(f"saving failed: {type(error).__name__}")
            self.refuse(None, f"Nothing was saved: {type(error).__name__}: {error}")

    def action_cancel(self) -> None:
        """Esc: ask only when something typed would be lost."""
        if not self.changed:
            self.dismiss(None)
            return

        def leave(sure: bool | None) -> None:
            if sure:
                self.dismiss(None)

        self.app.push_screen(ConfirmDialog("Leave without saving?", "What you typed here is lost."), leave)
