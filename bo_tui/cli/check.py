"""`bo-tui check`: silent and 0 when the store is good; otherwise the findings, and 1."""

from __future__ import annotations

import re
from dataclasses import asdict

import click

from bo_tui.cli import common
from bo_tui.errors import WrongUsage
from bo_tui.rules import checking, roles
from bo_tui.text import clean

FOUND = 1
DIGEST = re.compile("[0-9a-fA-F]{64}")


@click.command("check", help="Verify ledger, balances, digest chains and files; silent when all is good.")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="DIGEST",
    help="A digest kept outside, of a nightly report (head) or a file's manifest; say if the store no longer has it.",
)
@common.json_option
@click.pass_context
def command(ctx: click.Context, anchors: tuple[str, ...], as_json: bool) -> int:
    """Print what is wrong, one sentence a line; the exit code says whether there was anything."""
    office = common.open_office(ctx)
    roles.require(office, "check")
    for anchor in anchors:
        if not DIGEST.fullmatch(anchor):
            raise WrongUsage(f"--anchor {anchor}: a digest has 64 letters and digits, 0-9 and a-f.")
    findings = checking.check(office.store) + checking.missing_anchors(office.store, anchors)
    if as_json:
        common.print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.kind}: {clean(finding.sentence)}")
    return FOUND if findings else 0
