"""What all settings share: only an administrator, only what differs, every change with before and after, nobody overwritten."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bo_tui import dates, money
from bo_tui.db.fields import CentsField, DayField, FlagField, SsnField
from bo_tui.db.tables import Act, Change
from bo_tui.errors import Conflict, NotFound, RuleRefusal
from bo_tui.formats import contact
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.text import first_unsafe

ACTION = "settings"
LONGEST = 200  # characters of a text; far more than any column of an agency file takes
LARGEST_WHOLE = 999_999_999  # as many digits as an office CSV file may have (formats/office/columns.py)

Values = Mapping[str, Any]  # a table's field -> its value
Checks = Callable[[dict[str, Any]], Iterable[tuple[str, str]]]  # as in formats/office/rowrules.py: (column, reason)


def as_text(table: Any, field: str, value: Any) -> str | None:
    """A value as a change row keeps it, the same as an import writes: ISO date, decimal amount, yes or no, an SSN's last
    four digits; None stays.
    """
    if value is None:
        return None
    kind = getattr(table, field)
    if isinstance(kind, DayField):
        return dates.iso(value)
    if isinstance(kind, CentsField):
        return money.plain(value)
    if isinstance(kind, SsnField):
        return contact.masked_ssn(value)
    return ("yes" if value else "no") if isinstance(kind, FlagField) else str(value)


def insert(draft: Draft, table: Any, values: Values, *, keys: Values) -> int:
    """Add a row of `keys` and `values` and keep what it holds as changes from nothing; the row's id."""
    key: int = table.insert({**keys, **values, "act": draft.id}).execute()
    after = {name: value for name, value in values.items() if value is not None}
    _keep(draft, table, key, {name: (None, value) for name, value in after.items()})
    return key


def update(draft: Draft, table: Any, row: Any, values: Values) -> list[str]:
    """Write what differs and keep it as changes; the names of those fields. RuleRefusal when nothing differs."""
    before = {name: getattr(row, name) for name in values}
    moved = {name: (before[name], value) for name, value in values.items() if before[name] != value}
    if not moved:
        raise RuleRefusal("Nothing differs from what is kept already; there is nothing to save.")
    key = table._meta.primary_key
    changed = {name: after for name, (_, after) in moved.items()}
    table.update({**changed, "act": draft.id}).where(key == getattr(row, key.name)).execute()
    _keep(draft, table, getattr(row, key.name), moved)
    return list(moved)


def forget(draft: Draft, table: Any, row: Any, fields: Iterable[str]) -> None:
    """Really delete a row; what it held stays as changes to nothing."""
    key = table._meta.primary_key
    held = {name: (getattr(row, name), None) for name in fields if getattr(row, name) is not None}
    _keep(draft, table, getattr(row, key.name), held)
    table.delete().where(key == getattr(row, key.name)).execute()


def _keep(draft: Draft, table: Any, key: int, moved: Mapping[str, tuple[Any, Any]]) -> None:
    subject = table._meta.table_name
    ledger.change_many(
        draft,
        [
            (subject, key, name, as_text(table, name, before), as_text(table, name, after))
            for name, (before, after) in moved.items()
        ],
    )


def check(values: dict[str, Any], rule: Checks, labels: Mapping[str, str]) -> None:
    """Run a rule of the office CSV files over values; RuleRefusal with a form's words for the columns. May fill in values."""
    for column, reason in rule(values):
        words = reason if reason.startswith(tuple(labels)) else f"{labels[column]} {reason}"
        for name, label in labels.items():
            words = words.replace(name, label)
        raise RuleRefusal(f"{words}.", field=column)


def limits(table: Any, values: Values, labels: Mapping[str, str]) -> None:
    """RuleRefusal for an amount, a count or a text outside of what is kept anywhere; dates and flags are their own limit."""
    for name, value in values.items():
        if isinstance(value, str):
            _text(name, value, labels)
        elif isinstance(value, int) and not isinstance(getattr(table, name), DayField | FlagField):
            largest = money.LARGEST if isinstance(getattr(table, name), CentsField) else LARGEST_WHOLE
            if value < 0:
                raise RuleRefusal(f"{labels[name]} is below zero.", field=name)
            if value > largest:
                raise RuleRefusal(f"{labels[name]} is too large.", field=name)


def _text(name: str, value: str, labels: Mapping[str, str]) -> None:
    if unsafe := first_unsafe(value):
        raise RuleRefusal(f"{labels[name]} cannot hold the character {unsafe}.", field=name)
    if len(value) > LONGEST:
        raise RuleRefusal(f"{labels[name]} is longer than {LONGEST} characters.", field=name)


def trimmed(value: str | None) -> str | None:
    """A text without blanks around it; None for an empty one."""
    text = (value or "").strip()
    return text or None


def gone(table: Any, key: int, what: str, seen: int | None) -> Exception:
    """The refusal for a row that is not there: a Conflict naming who deleted it where it was seen before, else NotFound."""
    query: Any = Change.select(Act.actor).join(Act, on=(Act.id == Change.act))
    mine = (Change.subject == table._meta.table_name) & (Change.subject_id == key)
    actor = query.where(mine).order_by(Change.id.desc()).limit(1).scalar()
    if seen is None or actor is None:
        return NotFound(f"There is no such {what}.", field=what)
    return Conflict(f"This {what} was deleted meanwhile by {actor}.")
