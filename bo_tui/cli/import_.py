"""`bo-tui import DIR`: load a folder of CSV files, all or nothing (CONTRACT, Command line and Office CSV)."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from bo_tui import money
from bo_tui.cli import common
from bo_tui.errors import BadInput
from bo_tui.formats.office import LAYOUTS
from bo_tui.rules.importing import SOURCES, FileCount, Summary, import_folder
from bo_tui.text import counted

_HELP = """Load a folder of CSV files, all or nothing; every refused row is listed.

The files and their columns: --layout, and docs/import.md."""


def _print_layout(ctx: click.Context, param: click.Parameter, asked: bool) -> None:
    """`--layout`: each file of an office's folder and its columns, the required ones marked."""
    if not asked or ctx.resilient_parsing:
        return
    for layout in LAYOUTS.values():
        print(f"{layout.file}  (key: {', '.join(layout.key)})")
        for column in layout.columns:
            print(f"  {column.name + ('*' if column.required else ''):<24}{column.kind}")
    print("* is required; an empty cell is not given.")
    ctx.exit()


@click.command("import", help=_HELP)
@click.option(
    "--layout",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_layout,
    help="Print an office's files and their columns, and load nothing.",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--from", "source", type=click.Choice(SOURCES), required=True, help="Whose files they are.")
@click.option(
    "--practice", metavar="CODE", help="Office: only this practice's rows. Synthea: the practice to load into."
)
@click.option("--update", is_flag=True, help="Match rows that are there already by key, and write what changed.")
@click.option(
    "--hold-back-payments", is_flag=True, help="Synthea: leave out the guarantor's payments other than COPAY."
)
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    source: str,
    practice: str | None,
    update: bool,
    hold_back_payments: bool,
    dry_run: bool,
) -> None:
    """Load the folder and print what was loaded; refused rows go to standard error, each with file, row, column, reason."""
    office = common.open_office(ctx)
    meter = _Meter() if common.on_terminal() else None
    try:
        summary = import_folder(
            office,
            folder,
            source,
            practice=practice,
            update=update,
            hold_back_payments=hold_back_payments,
            dry_run=dry_run,
            progress=meter,
        )
    except BadInput as refused:
        _end(meter)
        for problem in refused.problems:
            common.say(str(problem))
        if refused.total > len(refused.problems):
            common.say(f"... and {refused.total - len(refused.problems):,} more")
        raise BadInput(refused.sentence, total=0) from refused  # listed already
    finally:
        _end(meter)
    _print(summary)


class _Meter:
    """Progress on a terminal: one line of standard error, rewritten for each step and then twice a second at most."""

    def __init__(self) -> None:
        self._width = 0
        self._what = ""
        self._next = 0.0

    def __call__(self, what: str, rows: int) -> None:
        """Show what is being done and how many rows are through."""
        now = time.monotonic()
        if what == self._what and now < self._next:
            return
        self._what, self._next = what, now + 0.5
        text = f"{what}: {counted(rows, 'row')}" if rows else f"{what} ..."
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)

    def end(self) -> None:
        """Clear the line, once."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0


def _end(meter: _Meter | None) -> None:
    if meter is not None:
        meter.end()


def _print(summary: Summary) -> None:
    columns = [common.Column("File")]
    columns += [common.Column(title, right=True) for title in ("Rows", "New", "Changed", "Unchanged", "Amount")]
    out = any(file.left_out for file in summary.files)
    if out:
        columns.insert(5, common.Column("Left out", right=True))
    common.print_table(columns, [_cells(file, out) for file in summary.files])
    for code, (entries, cents) in summary.money.items():
        print(f"{code}: {entries:,} for {money.shown(cents)}")
    if summary.dry_run:
        print("Nothing was written: this was a dry run.")


def _cells(file: FileCount, out: bool) -> list[str]:
    amount = "" if file.amount is None else money.shown(file.amount)
    counts = [file.rows, file.loaded, file.changed, file.skipped, *([file.left_out] if out else [])]
    return [file.file, *(f"{count:,}" for count in counts), amount]
