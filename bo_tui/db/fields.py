"""Column kinds of our own: business dates as whole day numbers, money as whole cents, and text that history must not repeat."""

from __future__ import annotations

from peewee import BigIntegerField, BooleanField, IntegerField, TextField


class DayField(IntegerField):
    """A business date as a day number (see `bo_tui.dates`); subtraction gives an age in days."""


class CentsField(BigIntegerField):
    """An amount in whole cents."""


class FlagField(BooleanField):
    """Yes or no, kept as 1 or 0."""

    def __init__(self, **options: object) -> None:
        super().__init__(default=False, **options)


class SsnField(TextField):
    """A social security number; change rows, which are for ever, keep its last four digits alone (DESIGN section 7)."""
