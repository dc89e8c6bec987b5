"""Forms over a row that somebody else may change meanwhile: what changed is named field by field, and taken where nobody typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.rules.batches.model import Payer
from bo_tui.widgets import labels
from bo_tui.widgets.fields import CheckField, Field, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.lineinput import LineInput

NEVER_HAD = "{} never had a debt of this practice; F2 again if the payment is its all the same."


class RenewingForm(FormDialog):
    """A form that after a conflict shows the row of now; a subclass says the fields for it and reads it anew before it raises."""

    def fields_now(self) -> Sequence[Field]:
        """The fields as the form would begin with the row of now."""
        raise NotImplementedError

    def _saved(self, result: Any, error: Exception | None) -> None:
        if isinstance(error, Conflict):
            said = self._renew()
            if said:
                head, _, _ = error.sentence.rpartition(": it ")
                error = Conflict(f"{head}: {', '.join(said)}.", field=error.field)
        super()._saved(result, error)

    def _renew(self) -> list[str]:
        """Take the new values into the fields that nobody touched; what changed in words, those that keep what was typed too."""
        said = []
        for fresh in self.fields_now():
            field, now = self.fields.get(fresh.key), fresh.raw
            if field is None or now == self._at_first.get(fresh.key):
                continue
            touched = field.raw != self._at_first.get(fresh.key)
            self._at_first[fresh.key] = now
            shown = ("yes" if now else "no") if isinstance(fresh, CheckField) else now or "empty"
            yours = " (yours is kept)" if touched and field.raw != now else ""
            said.append(f"{labels.plain(fresh.label).casefold()} is {shown}{yours}")
            if not touched:
                _put(field, now)
        return said


def _put(field: Field, raw: Any) -> None:
    """A value into a field as if the form had begun with it."""
    if isinstance(field, TextField):
        with field.input.prevent(LineInput.Changed):
            field.input.value = raw
    elif isinstance(field, CheckField):
        field.value = raw
    field.refresh()


class AskedOnce:
    """Whether an operator was asked about a payment of an agency that never had a debt of the practice."""

    def __init__(self, payers: Sequence[Payer]) -> None:
        self._had = {one.name for one in payers if one.had}
        self._asked: str | None = None

    def ask(self, agency: str) -> None:
        """RuleRefusal, field `agency`, the first time that such an agency is chosen."""
        if agency not in self._had and agency != self._asked:
            self._asked = agency
            raise RuleRefusal(NEVER_HAD.format(agency), field="agency")
