"""What commands share: opening the office, finding a practice, common options, and printing results.

Standard output carries results only (CONTRACT); `say` and `progress` go to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import click

from bo_tui import config, dates, money
from bo_tui.cli import Invocation, opening
from bo_tui.cli.opening import current_user, path_of
from bo_tui.db.connection import Store, open_store
from bo_tui.db.tables import Practice
from bo_tui.errors import NotFound, RuleRefusal, WrongUsage
from bo_tui.office import Office, known_actor
from bo_tui.text import clean, escaped, sentences

__all__ = [
    "AMOUNT",
    "DAY",
    "FILE",
    "Column",
    "accounting_date_option",
    "current_user",
    "date_option",
    "dumps",
    "json_option",
    "on_terminal",
    "open_office",
    "open_the_store",
    "out",
    "path_of",
    "practice_of",
    "practice_option",
    "print_json",
    "print_table",
    "say",
    "settings",
    "store_path",
]

_FIRST_ROWS = 5000  # of a table, held in memory to find the widths of its columns


@dataclass(frozen=True)
class Column:
    """A column of a printed table; amounts and counts stand to the right."""

    title: str
    right: bool = False


class _Day(click.ParamType):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return dates.understand(value, dates.today())
        except ValueError as error:
            self.fail(f"{value!r} {error}.", param, ctx)


class _Amount(click.ParamType):
    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        try:
            return money.parse(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}.", param, ctx)


DAY = _Day()  # an option's value as a day number; ISO, or counted from today as `t-1`
FILE = click.Path(
    path_type=Path, readable=False
)  # whether it can be read is for the command to say, with its own exit code
AMOUNT = _Amount()  # an option's value in cents

practice_option = click.option("--practice", metavar="CODE", help="The practice; not needed when there is only one.")
date_option = click.option("--date", "date", type=DAY, metavar="D", help="The business date (default: today).")
accounting_date_option = click.option("--accounting-date", type=DAY, metavar="D", help="The accounting date.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings(ctx: click.Context) -> config.Settings:
    """The settings that count for this invocation."""
    return opening.settings(ctx.ensure_object(Invocation))


def store_path(ctx: click.Context) -> Path:
    """Where the store is: `--db`, else BO_TUI_DB, else the settings file, else the user's data folder."""
    return opening.store_path(ctx.ensure_object(Invocation))


def open_the_store(ctx: click.Context) -> Store:
    """The store of this invocation, closed when the command ends; its version is not compared."""
    store = open_store(store_path(ctx))
    ctx.call_on_close(store.close)
    return store


def open_office(ctx: click.Context, date: int | None = None, ahead: bool = False) -> Office:
    """The office as the user who runs this, on a business date (default: the machine's local date), closed with the command.

    Refuses a store of another version (78), a user who is no operator (77), and a date after today unless `ahead` (65).
    """
    today = dates.today()
    if date is not None and date > today and not ahead:
        command = click.get_current_context(silent=True)
        offers = command is not None and any(one.name == "ahead" for one in command.command.params)
        hint = "; --ahead allows it" if offers else ""
        raise RuleRefusal(f"{dates.iso(date)} is after today, {dates.iso(today)}{hint}.", field="date")
    store = open_the_store(ctx)
    return Office(store, known_actor(store, current_user()), today if date is None else date)


def practice_of(office: Office, code: str | None) -> Practice:
    """The practice of a code, or the only one when none is given; NotFound, or WrongUsage when there are several."""
    with office.reading():
        practices = {row.code: row for row in Practice.select().order_by(Practice.code)}
    listed = ", ".join(practices) or "none yet"
    if code is None:
        if len(practices) != 1:
            raise WrongUsage(f"Say which practice with --practice; there are: {listed}.")
        return next(iter(practices.values()))
    if code not in practices:
        raise NotFound(f"There is no practice {code}; there are: {listed}.", field="practice")
    return practices[code]


def say(sentence: str) -> None:
    """Something for the person at the keyboard, on standard error; what it holds of data is inert."""
    click.echo(sentences(sentence), err=True)


def out(text: str) -> None:
    """A result in words, on standard output; what it holds of data is inert."""
    click.echo(sentences(text))


def dumps(document: Any) -> str:
    """A JSON document on one line, which a terminal may get: what data has of control characters and marks is escaped."""
    return escaped(json.dumps(document, ensure_ascii=False))


def on_terminal() -> bool:
    """Whether progress may be shown: standard error is a terminal."""
    return sys.stderr.isatty()


def print_json(document: Any) -> None:
    """One JSON document on standard output, a line; amounts and dates are text already (CONTRACT)."""
    sys.stdout.write(dumps(document) + "\n")


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """Rows as an aligned table on standard output, cleaned; widths come from the first rows, so that any number streams."""
    from tabulate import tabulate

    cells = ([clean(value) for value in row] for row in rows)
    first = list(islice(cells, _FIRST_ROWS))
    align = ["right" if column.right else "left" for column in columns]
    heads = [column.title for column in columns]
    table = tabulate(first, heads, tablefmt="simple", colalign=align, disable_numparse=True)
    print(table)
    widths = [len(dashes) for dashes in table.splitlines()[1].split()]
    for row in cells:
        parts = (_fit(cell, width, side) for cell, width, side in zip(row, widths, align, strict=True))
        print("  ".join(parts).rstrip())


def _fit(cell: str, width: int, side: str) -> str:
    return cell.rjust(width) if side == "right" else cell.ljust(width)
