"""`bo-tui backup` and `bo-tui restore`: a consistent copy while in use, and one brought back after checking it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from bo_tui import dates
from bo_tui.cli import common
from bo_tui.db.backup import make_backup
from bo_tui.rules import audit, restoring, roles


@click.command(
    "backup", help="Write a consistent copy of the store to FILE, which must not exist; the program stays in use."
)
@click.argument("file", type=common.FILE)
@click.pass_context
def backup(ctx: click.Context, file: Path) -> None:
    """Make a backup and say what it is."""
    office = common.open_office(ctx)
    roles.require(office, "backup")
    looked = partial(audit.keep, office, "export", "store", None, "backup")
    sha256 = make_backup(
        office.store, file, complete=looked
    )  # kept once there is a copy, and before anybody can have it
    common.say(f"Wrote {file}, {file.stat().st_size:,} bytes, SHA-256 {sha256}.")


@click.command(
    "restore", help="Bring the copy FILE back into the store, after checking it; later agency files move aside."
)
@click.argument("file", type=common.FILE)
@click.pass_context
def restore(ctx: click.Context, file: Path) -> None:
    """Restore a backup and say what moved."""
    path = common.store_path(ctx)
    if path.exists() and not restoring.blank(path):
        done = restoring.restore(common.open_office(ctx), file)
    else:
        done = restoring.restore_anew(path, file, common.current_user(), dates.today())
    common.say(f"Restored {path} from {file}, SHA-256 {done.sha256}.")
    if done.aside is not None:
        common.say(f"{done.moved} later files of the outbox are now in {done.aside}; sequences go on above them.")
    if done.written:
        common.say(f"{done.written} agency files were written to the outbox again.")
