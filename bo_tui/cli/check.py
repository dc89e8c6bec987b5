"""`bo-tui check`: silent and 0 when the store is good; otherwise the findings, and 1."""

from __future__ import annotations

from dataclasses import asdict

import click

from bo_tui.cli import common
from bo_tui.rules import checking, roles
from bo_tui.text import clean

FOUND = 1


@click.command("check", help="Verify ledger, balances, digest chains and files; silent when all is good.")
@common.json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Print what is wrong, one sentence a line; the exit code says whether there was anything."""
    office = common.open_office(ctx)
    roles.require(office, "check")
    findings = checking.check(office.store)
    if as_json:
        common.print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.kind}: {clean(finding.sentence)}")
    return FOUND if findings else 0
