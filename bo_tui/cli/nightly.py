"""`bo-tui nightly`: the night of one practice or of all, as a report for people or as CONTRACT's JSON."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import click

from bo_tui import dates, logs, money
from bo_tui.cli import common
from bo_tui.rules import nightly
from bo_tui.rules.night.report import RunReport
from bo_tui.rules.night.words import STEP_WORDS, control_rows

_IN_FILES = {"placement": "placement", "update": "update", "start": "account", "stop": "record"}


@click.command(name="nightly")
@common.practice_option
@common.date_option
@click.option("--ahead", is_flag=True, help="Allow a business date after today.")
@click.option("--dry-run", is_flag=True, help="Take the same decisions and write nothing.")
@common.json_option
@click.option("--lines", is_flag=True, help="List what was decided about each service fee line.")
@click.pass_context
def command(
    ctx: click.Context, practice: str | None, date: int | None, ahead: bool, dry_run: bool, as_json: bool, lines: bool
) -> None:
    """Run the night: withdraw, returned mail, reassign, select, approve, files, updates, pre-collections, check."""
    office = common.open_office(ctx, date, ahead)
    logs.begin(logging.StreamHandler(sys.stderr))
    tell = _tell if common.on_terminal() else lambda step, count: None
    worst = 0
    with nightly.nights(office, practice, dry_run=dry_run, lines=lines, tell=tell) as reports:
        counted = _counting(reports)
        if as_json:
            _print_json(counted, lines)
        else:
            _print_reports(counted, lines)
        worst = counted.exit_code
    if worst:
        ctx.exit(worst)


class _counting:
    """The reports as they come, remembering the exit code of the first practice that failed."""

    def __init__(self, reports: Iterator[RunReport]) -> None:
        self.reports = reports
        self.exit_code = 0

    def __iter__(self) -> Iterator[RunReport]:
        for report in self.reports:
            if report.exit_code:
                self.exit_code = self.exit_code or report.exit_code
                common.say(f"{report.practice}: {report.message}")
            yield report


def _tell(step: str, count: int) -> None:
    sys.stderr.write(f"\r\x1b[K{step}: {count:,}")
    sys.stderr.flush()


def _clear() -> None:
    if common.on_terminal():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _print_json(reports: _counting, lines: bool) -> None:
    """One document, written as it grows: a run's lines are never held in memory together."""
    out = sys.stdout
    out.write('{"runs": [')
    for number, report in enumerate(reports):
        _clear()
        text = json.dumps(report.document(), ensure_ascii=False)
        out.write(", " if number else "")
        if not lines:
            out.write(text)
            continue
        out.write(text[:-1] + ', "lines": [')
        for place, line in enumerate(report.lines()):
            out.write((", " if place else "") + json.dumps(line, ensure_ascii=False))
        out.write("]}")
    out.write("]}\n")


def _print_reports(reports: _counting, lines: bool) -> None:
    for number, report in enumerate(reports):
        _clear()
        if number:
            click.echo("")
        print_report(report, lines)


def print_report(report: RunReport, lines: bool = False) -> None:
    """One practice's night for people."""
    dry = ", dry run: nothing was written" if report.dry_run else ""
    click.echo(f"{report.practice}  night of {dates.iso(report.business_date)}: {report.status}{dry}")
    if report.message:
        click.echo(f"  {report.message}")
    if not report.steps:  # it could not begin
        return
    if report.status == "unchanged":
        click.echo("This night is finished; what follows is what it did when it ran. The next one is of a later date.")
    rows = [(STEP_WORDS.get(s.step, s.step), f"{s.count:,}", money.shown(s.amount)) for s in report.steps]
    common.print_table([common.Column("Step"), common.Column("Lines", True), common.Column("Amount", True)], rows)
    click.echo("")
    _print_control(report)
    click.echo("")
    _print_remarks(report)
    if lines:
        columns = [common.Column(title) for title in ("Line", "Account", "Outcome", "Agency", "Because")]
        columns += [common.Column("Balance", True), common.Column("Age", True)]
        common.print_table(columns, (tuple(line.values()) for line in report.lines()))
    if report.head and not report.dry_run:
        click.echo(f"Head of the chain: {report.head}")
        if report.access_head:
            click.echo(f"Head of who looked at what: {report.access_head}")


def _print_remarks(report: RunReport) -> None:
    for name in report.braked:
        click.echo(f"{name}: the limit for one night was reached; the rest stays pending.")
    for name in report.unsigned:
        click.echo(f"{name}: no file was made, because no business-associate agreement is in force.")
    for agency, account, words in report.lacking:
        click.echo(f"{agency}, account {account}: {', '.join(words)}.")
    for account, words in report.precollect_lacking:
        click.echo(f"TSI, account {account}: {', '.join(words)}." if account else f"TSI: {', '.join(words)}.")
    for file in report.files:
        amount = money.shown(money.parse(file["amount"]))
        what = _IN_FILES[file["kind"]]
        what += "" if file["count"] == 1 else "s"
        click.echo(f"{file['agency']}: {file['path']}, {file['count']:,} {what}, {amount}")


def _print_control(report: RunReport) -> None:
    rows = control_rows(report.control)
    table = [(label, f"{count:,}", money.shown(amount)) for label, count, amount in rows]
    common.print_table(
        [common.Column("Control identity"), common.Column("Lines", True), common.Column("Amount", True)], table
    )
