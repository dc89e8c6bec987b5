"""What a report is: columns with a kind each, and one function that yields plain rows from a snapshot of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bo_tui.office import Office

TEXT, DATE, MONEY, COUNT, PERCENT, ID = "text", "date", "money", "count", "percent", "id"
Row = Sequence[Any]  # plain values in the order of the columns: dates are day numbers, money cents, percent hundredths


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in CSV and JSON, its kind, and whether a table adds it up in a last row.

    `words` are the pages' own for some values: a table for people says them, CSV and JSON keep the value (CONTRACT).
    """

    name: str
    kind: str = TEXT
    total: bool = False
    words: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for: one practice (its id), and the days from `since` (None: from the beginning) to `date`.

    With `all_later` what is dated after `date`, as nights run ahead make it, is listed too; ages are still those on `date`.
    """

    office: Office
    practice: int
    since: int | None
    date: int
    all_later: bool = False

    def within(self, day: Any) -> Any:
        """The condition that a day lies in what was asked for."""
        if self.all_later:
            return day.is_null(False) if self.since is None else day >= self.since
        return (day <= self.date) if self.since is None else day.between(self.since, self.date)


@dataclass(frozen=True, slots=True)
class Report:
    """One report; `rows` is called inside a reading transaction and yields as it goes, so that a million rows need no memory."""

    name: str
    says: str
    columns: tuple[Column, ...]
    rows: Callable[[Asked], Iterator[Row]]


def stream(query: Any) -> Iterator[Row]:
    """The rows of a query as tuples, one at a time, none kept."""
    return iter(query.tuples().iterator())
