"""`bo-tui audit prune --before D`: what was looked at more than six years ago; `bo-tui report audit` prints the trail."""

from __future__ import annotations

import click

from bo_tui import dates
from bo_tui.cli import common


@click.group("audit", help="The audit trail; `bo-tui report audit` prints it.")
def command() -> None:
    """`audit prune --before D`."""


@command.command("prune", help="Delete the looks made before a day at least six years back; acts are never deleted.")
@click.option("--before", type=common.DAY, metavar="D", required=True, help="An ISO date.")
@click.pass_context
def prune(ctx: click.Context, before: int) -> None:
    """Delete them by an act that names the last one and its digest."""
    from bo_tui.rules import audit

    count = audit.prune(common.open_office(ctx), before)
    common.say(f"{audit.rows(count)} of before {dates.iso(before)} deleted.")
