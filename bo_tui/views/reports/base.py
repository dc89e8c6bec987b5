"""What a report is: columns with a kind each, and one function that yields plain rows from a snapshot of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bo_tui.office import Office
from bo_tui.views import entryterms
from bo_tui.views.entryterms import POSTED

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
    `by` says which of an entry's days counts; the rest narrow a report that takes them: an agency (id), an operator, an
    activity code, a book, and the first and last day on which debts were placed.
    """

    office: Office
    practice: int
    since: int | None
    date: int
    all_later: bool = False
    by: str = POSTED
    agency: int | None = None
    operator: str | None = None
    code: str | None = None
    book: str | None = None
    placed: tuple[int, int] | None = None

    @property
    def day(self) -> Any:
        """An entry's day, by the calendar asked for."""
        return entryterms.day_of(self.by)

    def within(self, day: Any) -> Any:
        """The condition that a day lies in what was asked for."""
        if self.all_later:
            return day.is_null(False) if self.since is None else day >= self.since
        return (day <= self.date) if self.since is None else day.between(self.since, self.date)


@dataclass(frozen=True, slots=True)
class Report:
    """One report; `rows` is called inside a reading transaction and yields as it goes, so that a million rows need no memory.

    `takes` names what of `Asked` narrows it (`by`, `agency`, ...); `begins` is where it begins when no day is given: with the
    `month` or the `day` of the date, or (empty) with all there is. `role` is the action that may print it (rules/roles.py). One
    of the `whole_office` is asked for once, with practice 0 where none is named, and its rows begin with the practice's code.
    """

    name: str
    says: str
    columns: tuple[Column, ...]
    rows: Callable[[Asked], Iterator[Row]]
    takes: frozenset[str] = frozenset()
    begins: str = ""
    role: str = "report"
    whole_office: bool = False


def stream(query: Any) -> Iterator[Row]:
    """The rows of a query as tuples, one at a time, none kept."""
    return iter(query.tuples().iterator())
