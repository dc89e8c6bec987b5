"""`bo-tui upgrade`: bring an older store to this program's version, under the night's lock and after a backup."""

from __future__ import annotations

from pathlib import Path

import click

from bo_tui import dates
from bo_tui.cli import common
from bo_tui.db import disk, schema
from bo_tui.db.backup import make_backup
from bo_tui.db.connection import Store
from bo_tui.db.lock import night_lock
from bo_tui.errors import BadConfiguration, StoreUnavailable
from bo_tui.office import Actor, Office
from bo_tui.rules import operators, roles


@click.command("upgrade", help="Bring an older store to this version, after a backup into its backups/ folder.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Migrate what is missing; nothing to do is success."""
    store = common.open_the_store(ctx)
    if not _missing(store):
        roles.require(_office(store), "upgrade")
        common.say(f"{store.path} is up to date; there is nothing to do.")
        return
    office = _office(store)
    roles.require(office, "upgrade")
    with night_lock(store, office.actor.name, "an upgrade"):
        missing = _missing(store)  # asked again: another upgrade may just have ended
        if missing:
            copy = _backup(store)
            schema.migrate(store)
            common.say(f"Upgraded {store.path}: {', '.join(missing)}. The store as it was is {copy}.")


def _missing(store: Store) -> list[str]:
    """The migrations that a store has not had; refuses what is no store (69) or of a newer program (78)."""
    ours, theirs = set(schema.known()), set(schema.applied(store))
    if not theirs:
        raise StoreUnavailable(f"{store.path} is not a bo_tui store.")
    if theirs - ours:
        raise BadConfiguration(f"{store.path.name} was written by a newer program; use that one.")
    return sorted(ours - theirs)


def _office(store: Store) -> Office:
    return Office(store, Actor(user := common.current_user(), operators.role_of(store, user)), dates.today())


def _backup(store: Store) -> Path:
    folder = store.folder / "backups"
    with disk.explained("backups"), disk.open_folder(store, "backups", "backups/x", create=True):
        pass  # the office's group may write there: the night's user puts its backups beside this one
    target = folder / f"{store.path.stem}-{dates.iso(dates.today())}-before-upgrade.db"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{store.path.stem}-{dates.iso(dates.today())}-before-upgrade-{number}.db"
    make_backup(store, target)
    return target
