"""A night under the settings of now beside the same night under settings that are not saved yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Outcome = TypeVar("Outcome")


@dataclass
class Compared(Generic[Outcome]):
    """What a night does under what is kept (`old`) and under what is considered (`new`), on a business date (a day number)."""

    business_date: int
    old: Outcome
    new: Outcome

    @property
    def same(self) -> bool:
        """Whether what is considered makes no difference."""
        return self.old == self.new
