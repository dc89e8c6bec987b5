"""`bo-tui init`: make the office's file, its first practice, and the user who runs it its administrator."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from bo_tui import dates
from bo_tui.cli import common
from bo_tui.db import schema
from bo_tui.db.connection import Store, create_store
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger
from bo_tui.rules.operators import write_operator
from bo_tui.rules.roles import ADMINISTRATOR
from bo_tui.rules.setup import create_practice, ensure_common_codes, require_practice_code


@click.command("init", help="Make the office file and its first practice; you become its administrator.")
@click.option("--code", required=True, help="The practice's code: letters, digits, - and _.")
@click.option("--name", required=True, help="The practice's name.")
@click.pass_context
def command(ctx: click.Context, code: str, name: str) -> None:
    """Make the store, all or nothing, and say where it is."""
    path = common.store_path(ctx)
    make_office(path, code, name, common.current_user(), dates.today()).close()
    common.say(f"Made {path} with practice {code}.")


def make_office(path: Path, code: str, name: str, user: str, business_date: int) -> Office:
    """A new office at a path that must be free (CannotCreate): schema, first practice, common codes, its administrator."""
    require_practice_code(code)
    new_folder = not path.parent.exists()
    store = create_store(path)
    try:
        if new_folder:
            path.parent.chmod(0o770)  # whatever the umask: the group's members make SQLite's side files here
        schema.migrate(store)
        office = Office(store, Actor(user, ADMINISTRATOR), business_date)
        with office.act("init") as draft:
            create_practice(draft, code, name)
            ensure_common_codes(draft)
            write_operator(draft, user, ADMINISTRATOR)
            ledger.seal(draft)
        return office
    except BaseException:
        store.close()
        _remove(store)
        raise


def _remove(store: Store) -> None:
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            Path(f"{store.path}{suffix}").unlink()
