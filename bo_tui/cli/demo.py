"""`bo-tui demo`: a made-up practice with every rule at work, its night, the report, and the program on it."""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

import click

from bo_tui import dates
from bo_tui.cli import PROGRAM, common, load
from bo_tui.cli.init import make_office
from bo_tui.cli.nightly import print_report
from bo_tui.db.connection import open_store
from bo_tui.errors import CannotCreate, Defect, NoInput
from bo_tui.formats.office import LAYOUTS
from bo_tui.office import Office, known_actor
from bo_tui.rules import nightly
from bo_tui.rules.importing import import_folder

DAY = dates.parse("2026-11-20")  # the business date that the fixtures were written for
STORE = "office.db"
BUSINESS_DATES = {
    "closed_through", "baa_date", "since", "until", "date_of_service", "responsible_since", "posted", "accounting_date",
    "placed", "started",
}  # fmt: skip


@click.command("demo")
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@click.option("--no-open", is_flag=True, help="Do not open the program afterwards.")
def command(folder: Path | None, no_open: bool) -> None:
    """Make a made-up practice, run its night, print the report, and open it if there is a terminal.

    DIR is a folder to keep it in; one that holds a demo already is taken up where it was left. Without DIR it is a new
    folder among the machine's temporary files.
    """
    where = folder.expanduser().absolute() if folder else Path(tempfile.mkdtemp(prefix="bo_tui-demo-"))
    office = _office(where)
    try:
        with nightly.nights(office) as reports:
            for report in reports:
                print_report(report)
        common.say(f"\nThe practice is in {where}. Look at it again with: bo-tui --db {where / STORE}")
        if not no_open and sys.stdin.isatty() and sys.stdout.isatty():
            common.say("Press Enter to open the program (F1 helps there, Alt+F Q leaves) ...")
            sys.stdin.readline()
            load(*PROGRAM)(office)
    finally:
        office.close()


def _office(where: Path) -> Office:
    """The demo's office in a folder: the one that is there, or a new one loaded from the fixtures."""
    today, user = dates.today(), common.current_user()
    if (where / STORE).exists():
        store = open_store(where / STORE)
        return Office(store, known_actor(store, user), today)
    if where.exists() and any(where.iterdir()):
        raise CannotCreate(f"{where} is not empty and holds no demo; choose another folder.")
    office = make_office(where / STORE, "LAKE", "Lakeside Anesthesia", user, today)
    with tempfile.TemporaryDirectory(prefix="bo_tui-demo-") as shifted:
        shift_dates(fixtures(), Path(shifted), today - DAY)
        import_folder(office, Path(shifted))
    return office


def fixtures() -> Path:
    """The folder of the made-up practice: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "fixtures", package.parent / "fixtures"):
        if (folder / "practices.csv").exists():
            return folder
    raise NoInput("The made-up practice is missing from this installation.")


def shift_dates(source: Path, target: Path, days: int) -> None:
    """Copy a folder of office CSV files with every business date moved by so many days; dates of birth stay."""
    for path in sorted(source.glob("*.csv")):
        columns = {column.name for column in LAYOUTS[path.stem].columns if column.name in BUSINESS_DATES}
        with (
            open(path, newline="", encoding="utf-8") as given,
            open(target / path.name, "w", newline="", encoding="utf-8") as out,
        ):
            rows = csv.DictReader(given)
            if rows.fieldnames is None:
                raise Defect(f"{path.name} is empty.")
            writer = csv.DictWriter(out, rows.fieldnames)
            writer.writeheader()
            for row in rows:
                for column in columns & row.keys():
                    if row[column]:
                        row[column] = dates.iso(dates.parse(row[column]) + days)
                writer.writerow(row)
