"""`bo-tui keys`: the keyboard check, which shows what arrives for each key."""

from __future__ import annotations

import os

import click

from bo_tui.cli import require_terminal
from bo_tui.widgets import environment


@click.command()
def command() -> int:
    """Show what arrives for each key; Esc twice ends."""
    require_terminal()
    environment.prepare(os.environ)
    from bo_tui.widgets import keycheck

    return keycheck.run()
