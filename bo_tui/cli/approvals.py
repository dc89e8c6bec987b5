"""`bo-tui approve`: what is above a practice's four-eyes limit and waits for a second person (docs/decisions.md)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click

from bo_tui import dates, money
from bo_tui.cli.acting import ID, Asked, Happened, act


def waiting_of(rows: Iterable[Any]) -> dict[str, Any]:
    """What an act adds to its JSON where it was not done, or not whole, but waits for a second person."""
    waiting = [
        {"proposal": str(row.proposal), "subject": row.subject, "amount": money.plain(row.amount)} for row in rows
    ]
    return {"state": "waiting", "waiting": waiting} if waiting else {}


@click.group("approve", help="List, approve or refuse what waits for a second person.")
def approve() -> None:
    """`approve list|yes ID|no ID --reason R`."""


@act("list", "List what waits for a second person.")
def _list(asked: Asked) -> Happened:
    from bo_tui.rules import audit, roles
    from bo_tui.rules.external import foureyes

    roles.require(asked.office, "look")
    rows = foureyes.listed(asked.office, asked.practice)
    audit.keep(asked.office, "look", "proposal", None, audit.rows(len(rows)), asked.practice)
    said = [
        f"{row.id}: {row.asked}, {money.shown(row.amount)}, by {row.proposed_by} on {dates.iso(row.proposed)}."
        + (f" It can only be refused: {row.moot}." if row.moot else "")
        for row in rows
    ]
    document = [
        {
            "proposal": str(row.id),
            "kind": row.kind,
            "asked": row.asked,
            "amount": money.plain(row.amount),
            "proposed_by": row.proposed_by,
            "proposed": dates.iso(row.proposed),
            "moot": row.moot,
        }
        for row in rows
    ]
    return {"kind": "approve_list", "proposals": document}, said or ["Nothing waits for a second person."]


@act("yes", "Approve somebody else's proposal: what was asked for is checked again and done.")
@click.argument("proposal", type=ID)
def _yes(asked: Asked, proposal: int) -> Happened:
    from bo_tui.rules.external import foureyes

    done = foureyes.approve(asked.office, proposal, accounting_date=asked.accounting_date, practice=asked.practice)
    amount = done.done.amount
    said = f"Proposal {proposal} is approved and done: {money.shown(amount)}."
    return {
        "kind": "approve",
        "act": str(done.act),
        "proposal": str(proposal),
        "state": "approved",
        "amount": money.plain(amount),
    }, [said, *filter(None, [done.sentence])]


@act("no", "Refuse a proposal, or take back your own.")
@click.argument("proposal", type=ID)
@click.option("--reason", metavar="R", required=True, help="Why.")
def _no(asked: Asked, proposal: int, reason: str) -> Happened:
    from bo_tui.rules.external import foureyes

    done = foureyes.refuse(asked.office, proposal, reason, practice=asked.practice)
    document = {"kind": "refuse", "act": str(done.act), "proposal": str(proposal), "state": done.state}
    return document, [f"Proposal {proposal} is {done.state}."]


for _command in (_list, _yes, _no):
    approve.add_command(_command)
