"""A field for a count: days, accounts."""

from __future__ import annotations

from bo_tui.widgets.fields import TextField

LONGEST = 9  # digits; far below what a database can hold


class NumberField(TextField):
    """A whole number from 0; its value is int, or None when it is left empty."""

    def __init__(
        self, key: str, label: str, value: int | None = None, *, required: bool = False, hint: str = ""
    ) -> None:
        text = "" if value is None else str(value)
        super().__init__(key, label, text, required=required, width=10, hint=hint)

    def read(self) -> int | None:
        text = super().read().replace(",", "")
        if not text:
            return None
        if not (text.isascii() and text.isdecimal()):
            raise ValueError("is not a whole number such as 45")
        if len(text) > LONGEST:
            raise ValueError("is too large")
        return int(text)
