"""`bo-tui report NAME`: a report as a table, as CSV or as JSON, streamed."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

import click

from bo_tui import dates, money
from bo_tui.cli import common
from bo_tui.db.tables import Operator, Practice
from bo_tui.errors import NotFound, WrongUsage
from bo_tui.office import NIGHT, Office
from bo_tui.rules import audit, roles
from bo_tui.rules.codes import ACTIVITY, BOOKS
from bo_tui.rules.external import lookups
from bo_tui.text import clean, no_formula
from bo_tui.views.entryterms import CALENDARS
from bo_tui.views.reports import REPORTS, Asked, Column, Report
from bo_tui.views.reports.base import COUNT, DATE, ID, MONEY, PERCENT

_PRACTICE = Column("practice")
_RIGHT = (MONEY, COUNT, PERCENT, ID)
_NUMBERS = (MONEY, COUNT, PERCENT)  # one below zero begins with `-` and is no formula
_COUNTED = 5000  # rows that are counted before the first is printed
_WIDTH = max(map(len, REPORTS))
_HELP = "Print a report:\n\n\b\n" + "\n".join(f"{name:{_WIDTH}} {report.says}" for name, report in REPORTS.items())


class _Month(click.ParamType):
    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """The first and last day of `2026-03`."""
        try:
            first = dates.parse(f"{value}-01")
        except ValueError:
            self.fail(f"{value!r} is not a month such as 2026-03.", param, ctx)
        return first, dates.shift(first, 1, "m") - 1


def _narrowing(command: Any) -> Any:
    """The options that narrow a report; which of them a report takes, it says itself."""
    for option in (
        click.option("--placed", type=_Month(), metavar="M", help="Only debts placed in this month, such as 2026-03."),
        click.option(
            "--book", type=click.Choice(BOOKS, case_sensitive=False), metavar="B", help="Only what moves this book."
        ),
        click.option(
            "--code",
            type=click.Choice(list(ACTIVITY), case_sensitive=False),
            metavar="C",
            help="Only this activity code.",
        ),
        click.option("--operator", metavar="USER", help="Only what this operator (or `night`) did."),
        click.option("--agency", metavar="A", help="Only this agency."),
        click.option("--by", type=click.Choice(CALENDARS), help="Which of an entry's dates counts (default: posted)."),
    ):
        command = option(command)
    return command


@click.command("report", help=_HELP)
@click.argument("name", type=click.Choice(list(REPORTS)), metavar="NAME")
@common.practice_option
@click.option(
    "--since",
    type=common.DAY,
    metavar="D",
    help="From this day (rollforward: the month's first; deposits: the day; else all).",
)
@common.date_option
@_narrowing
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@common.json_option
@click.pass_context
def command(
    ctx: click.Context,
    name: str,
    practice: str | None,
    since: int | None,
    date: int | None,
    as_csv: bool,
    as_json: bool,
    **narrowed: Any,
) -> None:
    """Print one report of one practice, or of all when none is named."""
    if as_csv and as_json:
        raise WrongUsage("--csv and --json exclude each other.")
    office = common.open_office(ctx, date, ahead=True)
    report = REPORTS[name]
    roles.require(office, report.role)
    if report.begins and since is None:
        since = dates.month_start(office.business_date) if report.begins == "month" else office.business_date
    if since is not None and since > office.business_date:
        raise WrongUsage(f"--since {dates.iso(since)} is after --date {dates.iso(office.business_date)}.")
    given = _given(report, office, narrowed)
    practices = [common.practice_of(office, practice)] if practice else _all(office)
    with office.reading():
        rows = _rows(report, office, practices, since, named=practice is not None, all_later=date is None, **given)
        form = "CSV" if as_csv else "JSON" if as_json else "table"
        rows = _kept(report, office, practices, rows, ", ".join([form, *_asked(since, date, given)]))
        if as_csv:
            _print_csv(report, rows)
        elif as_json:
            _print_json(report, rows)
        else:
            _print_table(report, rows, several=len(practices) > 1)


def _asked(since: int | None, date: int | None, given: dict[str, Any]) -> list[str]:
    """What a report was asked for, for the chain of looks: its days, and which options narrow it."""
    days = [f"from {dates.iso(since)}"] if since is not None else []
    days += [f"to {dates.iso(date)}"] if date is not None else []
    return [*days, *(f"by {option}" for option in given if option != "by")]


def _kept(
    report: Report, office: Office, practices: list[Practice], rows: Iterator[tuple[Any, ...]], asked: str
) -> Iterator[tuple[Any, ...]]:
    """The same rows, once it is kept that they are printed; Locked (75), and nothing printed, where that cannot be."""
    first = list(islice(rows, _COUNTED + 1))
    count = audit.rows(min(len(first), _COUNTED), len(first) > _COUNTED)
    practice = practices[0].id if len(practices) == 1 else None
    audit.keep_beside(office, "report", report.name, None, f"{count}, {asked}", practice)
    return chain(first, rows)


def _given(report: Report, office: Office, narrowed: dict[str, Any]) -> dict[str, Any]:
    """The options given, as the report asks for them; WrongUsage for one that it does not take, NotFound for a stranger."""
    given = {option: value for option, value in narrowed.items() if value is not None}
    for option in given:
        if option not in report.takes:
            raise WrongUsage(f"The report {report.name} does not take --{option}.")
    with office.reading():
        if "agency" in given:
            given["agency"] = lookups.the_agency(given["agency"]).id
        user = given.get("operator", NIGHT)
        if user != NIGHT and not Operator.select().where(Operator.user == user).exists():
            raise NotFound(f"There never was an operator {user}.", field="operator")
    return given


def _all(office: Office) -> list[Practice]:
    with office.reading():
        return list(Practice.select().order_by(Practice.code))


def _rows(
    report: Report,
    office: Office,
    practices: list[Practice],
    since: int | None,
    *,
    named: bool,
    all_later: bool,
    **given: Any,
) -> Iterator[tuple[Any, ...]]:
    """The report's rows of each practice, which comes first; a report of the whole office says the practice itself."""
    if report.whole_office:
        of = practices[0].id if named else 0
        yield from map(tuple, report.rows(Asked(office, of, since, office.business_date, all_later, **given)))
        return
    for practice in practices:
        for row in report.rows(Asked(office, practice.id, since, office.business_date, all_later, **given)):
            yield practice.code, *row


def _plain(column: Column, value: Any) -> str:
    """A value as files and JSON carry it (CONTRACT)."""
    if value is None:
        return ""
    if column.kind in (MONEY, PERCENT):
        return money.plain(value)
    return dates.iso(value) if column.kind == DATE else str(value)


def _print_csv(report: Report, rows: Iterator[Sequence[Any]]) -> None:
    columns = (_PRACTICE, *report.columns)
    out, shown = csv.writer(sys.stdout, lineterminator="\r\n"), sys.stdout.isatty()
    out.writerow([column.name for column in columns])
    for row in rows:
        cells = [_plain(column, value) for column, value in zip(columns, row, strict=True)]
        cells = [clean(cell) for cell in cells] if shown else cells  # a file gets the data's own characters
        out.writerow(
            [cell if column.kind in _NUMBERS else no_formula(cell) for column, cell in zip(columns, cells, strict=True)]
        )


def _print_json(report: Report, rows: Iterator[Sequence[Any]]) -> None:
    """One list of objects, an object a line; counts are numbers, what is not there is null."""
    columns = (_PRACTICE, *report.columns)
    between = "[\n"
    for row in rows:
        document = {
            column.name: value if value is None or column.kind == COUNT else _plain(column, value)
            for column, value in zip(columns, row, strict=True)
        }
        sys.stdout.write(between + common.dumps(document))
        between = ",\n"
    sys.stdout.write("[]\n" if between == "[\n" else "\n]\n")


def _print_table(report: Report, rows: Iterator[Sequence[Any]], *, several: bool) -> None:
    columns = (_PRACTICE, *report.columns) if several else report.columns
    heads = [common.Column(column.name.replace("_", " ").title(), column.kind in _RIGHT) for column in columns]
    common.print_table(heads, _cells(columns, (row if several else row[1:] for row in rows)))


def _cells(columns: Sequence[Column], rows: Iterator[Sequence[Any]]) -> Iterator[list[str]]:
    """Cells as a person reads them, and a last row with the totals of more than one."""
    totals = [0 if column.total else None for column in columns]
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007
        for place, column in enumerate(columns):
            if column.total:
                totals[place] = (totals[place] or 0) + (row[place] or 0)
        yield [_shown(column, value) for column, value in zip(columns, row, strict=True)]
    if number > 1 and any(total is not None for total in totals):
        last = [_shown(column, total) for column, total in zip(columns, totals, strict=True)]
        yield [f"Total ({number:,})" if place == 0 and not cell else cell for place, cell in enumerate(last)]


def _shown(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if value in column.words:
        return column.words[value]
    if column.kind in (MONEY, PERCENT):
        return money.shown(value)
    if column.kind == COUNT:
        return f"{value:,}"
    return dates.iso(value) if column.kind == DATE else str(value)
