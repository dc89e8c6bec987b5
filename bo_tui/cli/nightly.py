"""`bo-tui nightly`: the night of one practice or of all, as a report for people or as CONTRACT's JSON; then the backup."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from bo_tui import config, dates, logs, money
from bo_tui.cli import common, ping
from bo_tui.office import Office
from bo_tui.rules import nightly
from bo_tui.rules.night.report import RunReport, office_heads
from bo_tui.rules.night.words import STEP_WORDS, control_rows

if TYPE_CHECKING:
    from bo_tui.rules.night.backups import NightBackup

Heads = Callable[[], tuple[str, str] | None]  # of the acts of no practice, of the looks
NO_ACTS = "no acts yet"
_IN_FILES = {"placement": "placement", "update": "update", "start": "account", "stop": "record"}


@click.command(name="nightly")
@common.practice_option
@common.date_option
@click.option("--ahead", is_flag=True, help="Allow a business date after today.")
@click.option("--dry-run", is_flag=True, help="Take the same decisions and write nothing.")
@common.json_option
@click.option("--lines", is_flag=True, help="List what was decided about each service fee line.")
@click.option(
    "--backup/--no-backup",
    default=None,
    help="A verified backup after the night, and older ones thinned out (default: as the settings file says, else none).",
)
@click.pass_context
def command(
    ctx: click.Context,
    practice: str | None,
    date: int | None,
    ahead: bool,
    dry_run: bool,
    as_json: bool,
    lines: bool,
    backup: bool | None,
) -> None:
    """Run the night: withdraw, returned mail, reassign, select, approve, files, updates, pre-collections, check; then a backup."""
    settings = common.settings(ctx)
    worst = 70  # whatever ends this before its time did not go well
    try:
        office = common.open_office(ctx, date, ahead)
        logs.begin(logging.StreamHandler(sys.stderr))
        wanted = settings.backups.nightly if backup is None else backup
        asked = _Asked(practice, dry_run, as_json, lines, wanted and not dry_run)
        worst = _night(office, asked, settings.backups)
    finally:
        if settings.ping_url is not None and not dry_run:
            sys.stdout.flush()
            if said := ping.ping(settings.ping_url, worst == 0):
                common.say(said)
    if worst:
        ctx.exit(worst)


@dataclass(frozen=True)
class _Asked:
    practice: str | None
    dry_run: bool
    as_json: bool
    lines: bool
    backup: bool


def _night(office: Office, asked: _Asked, settings: config.Backups) -> int:
    """The nights, the backup after them, and what is printed of both; the exit code."""
    tell = _tell if common.on_terminal() else lambda step, count: None
    print_them = _print_json if asked.as_json else _print_reports
    with nightly.nights(office, asked.practice, dry_run=asked.dry_run, lines=asked.lines, tell=tell) as reports:
        counted = _counting(reports)

        def backup() -> NightBackup | None:
            if not asked.backup:
                return None
            from bo_tui.rules.night import backups

            done = backups.after_night(office, settings, lambda left, pages: tell("backup, pages left", left))
            _clear()
            if done.message:
                common.say(f"Backup: {done.message}")
            counted.exit_code = counted.exit_code or done.exit_code
            return done

        def heads() -> tuple[str, str] | None:
            return None if asked.dry_run else office_heads(office)  # a dry run's acts are thrown away

        print_them(counted, asked.lines, heads, backup)
    return counted.exit_code


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


def _print_json(reports: _counting, lines: bool, heads: Heads, backup: Callable[[], NightBackup | None]) -> None:
    """One document, written as it grows: a run's lines are never held in memory together."""
    out = sys.stdout
    out.write('{"runs": [')
    for number, report in enumerate(reports):
        _clear()
        text = common.dumps(report.document())
        out.write(", " if number else "")
        if not lines:
            out.write(text)
            continue
        out.write(text[:-1] + ', "lines": [')
        for place, line in enumerate(report.lines()):
            out.write((", " if place else "") + common.dumps(line))
        out.write("]}")
    done = backup()
    own, looks = heads() or (None, None)
    after = {"backup": done and done.document(), "office_head": own, "access_head": looks}
    out.write("], " + common.dumps(after).removeprefix("{") + "\n")


def _print_reports(reports: _counting, lines: bool, heads: Heads, backup: Callable[[], NightBackup | None]) -> None:
    for number, report in enumerate(reports):
        _clear()
        if number:
            common.out("")
        print_report(report, lines)
    _print_heads(heads())
    if (done := backup()) is not None:
        common.out("")
        _print_backup(done)


def _print_heads(found: tuple[str, str] | None) -> None:
    """What no practice's head covers; after every night, also one in which each practice failed."""
    if found is None:
        return
    own, looks = found
    if looks:
        common.out(f"Head of who looked at what: {looks}")
    common.out(f"Head of the acts of no practice: {own or NO_ACTS}")


def _print_backup(done: NightBackup) -> None:
    if done.status == "failed":
        common.out("No backup was made.")
        return
    here = "verified" if done.status == "made" else "there already, with all that is in the store"
    common.out(f"Backup: {done.path}, {done.size:,} bytes, {here}.")
    if done.removed:
        common.out(f"Backups no longer kept: {', '.join(done.removed)}")
    if done.copied:
        common.out(f"Attachments copied: {done.copied:,}")


def print_report(report: RunReport, lines: bool = False) -> None:
    """One practice's night for people."""
    if report.status == "unchanged":
        day = dates.iso(report.business_date)
        common.out(f"The night of {day} was finished before; nothing was done now. What it did when it ran:")
    dry = ", dry run: nothing was written" if report.dry_run else ""
    common.out(f"{report.practice}  night of {dates.iso(report.business_date)}: {report.status}{dry}")
    if report.message:
        common.out(f"  {report.message}")
    if not report.steps:  # it could not begin
        return
    rows = [(STEP_WORDS.get(s.step, s.step), f"{s.count:,}", money.shown(s.amount)) for s in report.steps]
    common.print_table([common.Column("Step"), common.Column("Lines", True), common.Column("Amount", True)], rows)
    common.out("")
    _print_control(report)
    common.out("")
    _print_remarks(report)
    if lines:
        columns = [common.Column(title) for title in ("Line", "Account", "Outcome", "Agency", "Because")]
        columns += [common.Column("Balance", True), common.Column("Age", True)]
        common.print_table(columns, (tuple(line.values()) for line in report.lines()))
    if not report.dry_run:
        common.out(f"Head of the chain: {report.head or NO_ACTS}")


def _print_remarks(report: RunReport) -> None:
    for name in report.braked:
        common.out(f"{name}: the limit for one night was reached; the rest stays pending.")
    for name in report.unsigned:
        common.out(f"{name}: no file was made, because no business-associate agreement is in force.")
    for agency, account, words in report.lacking:
        common.out(f"{agency}, account {account}: {', '.join(words)}.")
    for account, words in report.precollect_lacking:
        common.out(f"TSI, account {account}: {', '.join(words)}." if account else f"TSI: {', '.join(words)}.")
    for file in report.files:
        amount = money.shown(money.parse(file["amount"]))
        what = _IN_FILES[file["kind"]]
        what += "" if file["count"] == 1 else "s"
        common.out(f"{file['agency']}: {file['path']}, {file['count']:,} {what}, {amount}")


def _print_control(report: RunReport) -> None:
    rows = control_rows(report.control)
    table = [(label, f"{count:,}", money.shown(amount)) for label, count, amount in rows]
    common.print_table(
        [common.Column("Control identity"), common.Column("Lines", True), common.Column("Amount", True)], table
    )
