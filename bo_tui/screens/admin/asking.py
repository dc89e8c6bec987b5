"""A form that asks before it saves: it is checked, the consequence is shown, F2 there saves, Esc goes back to the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.screen import ModalScreen

from bo_tui.errors import Refusal
from bo_tui.office import Office
from bo_tui.screens.page import own_connection
from bo_tui.widgets import fields
from bo_tui.widgets.dialog import call_holding_keys
from bo_tui.widgets.forms import FormDialog


class AskingForm(FormDialog):
    """Subclasses say `check` (no reading), `question` (a screen that ends with True to go on, or None to ask nothing), `keep`."""

    def __init__(self, office: Office, title: str, entries: list[fields.Field], **options: Any) -> None:
        super().__init__(title, entries, threaded=False, **options)
        self.office = office

    def check(self, values: dict[str, Any]) -> Any:
        """What would be saved, checked by the rule; raises Refusal."""
        return values

    def question(self, wanted: Any) -> ModalScreen[Any] | None:
        """The screen that shows what it means; dismissed with True to save, with a Refusal that is said, or None to go back."""
        return None

    def keep(self, wanted: Any) -> Any:
        """Save; runs in a worker with a connection of its own."""
        raise NotImplementedError

    def save_values(self, values: dict[str, Any]) -> Any:
        return self.check(values)

    def _saved(self, result: Any, error: Exception | None) -> None:
        """FormDialog's end of the first step: the values are in order."""
        if error is not None:
            super()._saved(result, error)
            return
        screen = self.question(result)
        if screen is None:
            self._go(result)
        else:
            self.app.push_screen(screen, partial(self._answered, result))

    def _answered(self, wanted: Any, answer: Any) -> None:
        if isinstance(answer, Refusal):
            self.refuse(answer.field, answer.sentence)
        elif answer:
            self._go(wanted)

    def _go(self, wanted: Any) -> None:
        end: Callable[[Any, Exception | None], None] = super()._saved
        call_holding_keys(self, lambda: own_connection(self.office, lambda: self.keep(wanted)), end)
