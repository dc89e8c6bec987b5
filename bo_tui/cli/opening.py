"""The user, the settings and the store of an invocation, and the program opened on them without the parser of the command line."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from bo_tui import cli, config
from bo_tui.cli import Invocation
from bo_tui.errors import BadConfiguration, NotAllowed


def current_user() -> str:
    """The machine's user who runs this process, from the user table and never the environment (DESIGN section 7)."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        raise NotAllowed(f"User number {os.getuid()} is not a user of this machine.") from None


def settings(invocation: Invocation) -> config.Settings:
    """The settings that count for an invocation."""
    named = invocation.config
    return config.load(Path(named).expanduser() if named else None)


def store_path(invocation: Invocation) -> Path:
    """Where the store is: `--db`, else BO_TUI_DB, else the settings file, else the user's data folder."""
    named = invocation.db
    if (
        named is None or invocation.config
    ):  # a settings file that is named is read by every command: a bad one is refused
        of_settings = settings(invocation).db
        named = named or of_settings
    return path_of(named) if named else config.default_store()


def path_of(text: str) -> Path:
    """The file that a path or `sqlite:///path` names; BadConfiguration (78) for any other kind of address."""
    if "://" not in text:
        return Path(text).expanduser().absolute()
    from urllib.parse import unquote, urlsplit

    parts = urlsplit(text)
    if parts.scheme != "sqlite" or parts.netloc or parts.path in ("", "/", "/:memory:"):
        raise BadConfiguration(f"{parts.scheme}://...: only files are supported so far, as a path or sqlite:///path.")
    return Path(unquote(parts.path[1:])).expanduser().absolute()


def open_program() -> int:
    """What `bo-tui` does when nothing follows it: the program on the store that BO_TUI_DB or the settings name; its exit code."""
    cli.require_terminal()
    from bo_tui import dates
    from bo_tui.db.connection import open_store
    from bo_tui.office import Office, known_actor
    from bo_tui.rules import roles

    invocation = Invocation(os.environ.get("BO_TUI_DB") or None)
    store = open_store(store_path(invocation))
    try:
        office = Office(store, known_actor(store, current_user()), dates.today())
        roles.require(office, "look")
        idle_minutes = settings(invocation).idle_minutes
        return int(cli.load(*cli.PROGRAM)(office, idle_minutes) or 0)
    finally:
        store.close()
