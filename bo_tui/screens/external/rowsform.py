"""A form over the pending rows that an operator means: the current one, the marked ones, or all that the list shows.

The rows are read when the choice is made, with the keys held, and what was read is what is acted on: its acts are compared when
the rule writes. After a conflict the rows are read anew, so that F2 again means the new state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.screens.page import own_connection
from bo_tui.text import counted
from bo_tui.views import pending
from bo_tui.views.pending import PendingRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialog import call_holding_keys
from bo_tui.widgets.fields import Field
from bo_tui.widgets.forms import FormDialog

WHICH = "which"
OWN = ""  # the agency choice that leaves each row its own


@dataclass(frozen=True, slots=True)
class Meant:
    """What `Rows` can mean: a word, its text, and how its rows are read."""

    key: str
    text: str
    read: Callable[[], list[PendingRow]]


def meant(
    office: Office, practice: int, current: PendingRow | None, marked: frozenset[int], prefix: str, count: str
) -> list[Meant]:
    """The choices there are, the likeliest first: marked rows if any are, else the current row, then all that are shown."""
    choices = []
    if marked:
        rows = counted(len(marked), "row")
        choices.append(Meant("marked", f"marked: {rows}", lambda: pending.rows(office, practice, marked)))
    if current is not None:
        one = current.id
        text = f"this row: {current.line}, {current.guarantor}, {shown(current.balance)}"
        choices.append(Meant("this", text, lambda: pending.rows(office, practice, [one])))
    narrowed = f", filter {prefix}" if prefix else ""

    def every() -> list[PendingRow]:
        return pending.rows(office, practice, pending.ids(office, practice, prefix))

    choices.append(Meant("all", f"all: {count} {'row' if count == '1' else 'rows'}{narrowed}", every))
    return choices


class RowsForm(FormDialog):
    """A form whose first field says which rows; subclasses say what is done with them in `save_rows` and `words`."""

    def __init__(
        self,
        title: str,
        office: Office,
        practice: int,
        choices: Sequence[Meant],
        fields: Sequence[Field],
        **options: Any,
    ) -> None:
        which = ChoiceField(WHICH, "&Rows", [(it.key, it.text) for it in choices], choices[0].key, required=True)
        super().__init__(title, [which, *fields], **options)
        self.office = office
        self.practice_id = practice
        self._choices = {it.key: it for it in choices}
        self._read: dict[str, list[PendingRow]] = {}
        self._reading: set[str] = set()
        self.done_with: set[int] = set()  # the rows that were acted on, whose marks go

    # --- what subclasses say ---------------------------------------------------------------------------------------

    def words(self, rows: list[PendingRow], values: Mapping[str, Any]) -> str:
        """The line below the fields for the rows chosen: how many, how much money, what stays behind."""
        raise NotImplementedError

    def learn(self, rows: list[PendingRow]) -> None:
        """What else the words need of the rows; in the worker that read them."""

    def save_rows(self, rows: list[PendingRow], values: dict[str, Any]) -> Any:
        """Act on the rows; in a worker."""
        raise NotImplementedError

    def acted_on(self, rows: list[PendingRow], result: Any) -> set[int]:
        """The ids of the rows that `save_rows` did something with."""
        return {row.id for row in rows}

    # --- inside ----------------------------------------------------------------------------------------------------

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        which = values.get(WHICH)
        if which is None:
            return ""
        if which in self._read:
            rows = self._read[which]
            return self.words(rows, values) if rows else "None of these rows waits any more."
        if which not in self._reading:
            self._reading.add(which)

            def work() -> list[PendingRow]:
                rows = self._choices[which].read()
                self.learn(rows)
                return rows

            call_holding_keys(
                self,
                lambda: own_connection(self.office, work),
                lambda rows, error: self._have(which, rows, error),
            )
        return "Counting ..."

    def _have(self, which: str, rows: list[PendingRow] | None, error: Exception | None) -> None:
        self._reading.discard(which)
        if error is not None or rows is None:
            self.refuse(None, f"These rows could not be read: {error}")
            return
        self._read[which] = rows
        self._compute()

    def save_values(self, values: dict[str, Any]) -> Any:
        rows = self._read.get(values[WHICH])

        def work() -> Any:
            meant = self._choices[values[WHICH]].read() if rows is None else rows
            if not meant:
                raise RuleRefusal("None of these rows waits any more.", field=WHICH)
            result = self.save_rows(meant, values)
            self.done_with = self.acted_on(meant, result)
            return result

        try:
            return own_connection(self.office, work)
        except Conflict:
            self._read.clear()
            raise

    def refuse(self, field: str | None, sentence: str) -> None:
        """Say it, and show the state of now where a conflict made what was read old."""
        super().refuse(field, sentence)
        self._compute()


def agency_choices(office: Office, practice: int) -> list[tuple[str, str]]:
    """The assigned agencies as a choice of names."""
    return [(name, name) for _, name in pending.agencies(office, practice)]


def by_agency(rows: Sequence[PendingRow], agency: str | None = None) -> str:
    """`First Bay 2, 580.00; West 1, 20.00` for rows, or for one agency that takes them all."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        name = agency or row.agency
        count, amount = sums.get(name, (0, 0))
        sums[name] = count + 1, amount + row.balance
    return "; ".join(f"{name} {count:,}, {shown(amount)}" for name, (count, amount) in sorted(sums.items()))


def lines(count: int) -> str:
    """`1 line`, `2 lines`."""
    return counted(count, "line")
