"""The operators' acts as commands, for scripts: the same rules and the same refusals as in the program (CONTRACT).

Each prints one plain sentence for each thing that happened, or with `--json` one document. A rule's refusal exits 65, a
role's 77. `--accounting-date` is taken by all and used by those that move money.
"""

from __future__ import annotations

from typing import Any

import click

from bo_tui import dates, money
from bo_tui.cli import common
from bo_tui.cli.acting import ID, TEXT, Asked, Happened, act
from bo_tui.cli.approvals import waiting_of
from bo_tui.cli.marks import flag, hold
from bo_tui.errors import WrongUsage
from bo_tui.text import counted

__all__ = [
    "add",
    "adjust",
    "deny",
    "file",
    "flag",
    "hold",
    "post",
    "reassign",
    "reverse",
    "transfer",
    "withdraw",
]


@act("add", "Queue service fee lines for an agency, whatever their thresholds and payments.")
@click.argument("lines", type=TEXT, nargs=-1, required=True, metavar="LINE...")
@click.option("--agency", type=TEXT, metavar="A", required=True, help="The agency's name.")
def add(asked: Asked, lines: tuple[str, ...], agency: str) -> Happened:
    """`add LINE... --agency A`."""
    from bo_tui.rules.external import pending

    done = pending.add(asked.office, asked.practice, lines, agency)
    said = [f"Line {row.line} waits for {row.agency}, {money.shown(row.amount)}." for row in done.lines]
    return {"kind": "add", "act": str(done.act), "amount": money.plain(done.amount), "lines": _lines(done.lines)}, said


@act("post", "Place pending lines with their agency, or with another one.")
@click.argument("lines", type=TEXT, nargs=-1, required=True, metavar="LINE...")
@click.option("--agency", type=TEXT, metavar="A", help="Another agency's name.")
def post(asked: Asked, lines: tuple[str, ...], agency: str | None) -> Happened:
    """`post LINE... [--agency A]`."""
    from bo_tui.rules.external import pending

    done = pending.post(asked.office, asked.practice, lines, agency=agency, accounting_date=asked.accounting_date)
    said = [
        f"Line {row.line} is placed with {row.agency} as placement {row.placement}, {money.shown(row.amount)}."
        for row in done.lines
    ]
    document = {"kind": "post", "act": str(done.act), "amount": money.plain(done.amount), "lines": _lines(done.lines)}
    return document | waiting_of(done.waiting), said + [row.sentence for row in done.waiting]


def _lines(rows: Any) -> list[dict[str, Any]]:
    return [
        {"line": row.line, "agency": row.agency, "amount": money.plain(row.amount)}
        | ({} if row.placement is None else {"placement": str(row.placement)})
        for row in rows
    ]


@act("deny", "Refuse one pending line, with a note.")
@click.argument("line", type=TEXT)
@click.option("--note", metavar="N", required=True, help="Why.")
@click.option("--task", metavar="NOTE", help="Keep a collection task as well: what is to be done.")
@click.option("--follow-up", type=common.DAY, metavar="D", help="The task's day; today or later.")
@click.option("--assign", type=TEXT, metavar="USER", help="The operator who is to do the task.")
def deny(asked: Asked, line: str, note: str, task: str | None, follow_up: int | None, assign: str | None) -> Happened:
    """`deny LINE --note N [--task NOTE --follow-up D [--assign USER]]`."""
    from bo_tui.rules.collections.tasks import Wanted
    from bo_tui.rules.external import pending

    if (task is None) != (follow_up is None) or (task is None and assign is not None):
        raise WrongUsage("A collection task needs both --task and --follow-up.")
    wanted = None if task is None or follow_up is None else Wanted(task, follow_up, assign)
    done = pending.deny(asked.office, asked.practice, line, note, task=wanted)
    then = "ages anew" if done.re_aged else "is marked brought back"
    said = [f"Line {done.line} is denied and {then}; its balance in active AR is {money.shown(done.balance)}."]
    document: dict[str, Any] = {"line": done.line, "balance": money.plain(done.balance), "re_aged": done.re_aged}
    if done.task is not None:
        said.append(f"Collection task {done.task} is kept for {dates.iso(follow_up)}.")
        document["task"] = str(done.task)
    return {"kind": "deny", "act": str(done.act)} | document, said


@act("withdraw", "Take out what is still pending of one night.")
@click.option("--run", "run", type=common.DAY, metavar="DATE", required=True, help="The night's business date.")
def withdraw(asked: Asked, run: int) -> Happened:
    """`withdraw --run DATE`."""
    from bo_tui.rules.external import pending

    done = pending.withdraw(asked.office, asked.practice, run)
    lines = counted(done.count, "line")
    said = f"Withdrawn of the night of {dates.iso(run)}: {lines}, {money.shown(done.amount)}."
    document = {"run": dates.iso(run), "count": done.count, "amount": money.plain(done.amount)}
    return {"kind": "withdraw", "act": str(done.act)} | document, [said]


@act("adjust", "Adjust a placement's balance by a transaction code.")
@click.argument("placement", type=ID)
@click.option("--code", type=TEXT, metavar="C", required=True, help="The transaction code; it says whether up or down.")
@click.option("--amount", type=common.AMOUNT, metavar="A", required=True, help="The amount, above zero.")
@click.option("--note", metavar="N", required=True, help="Why.")
def adjust(asked: Asked, placement: int, code: str, amount: int, note: str) -> Happened:
    """`adjust PLACEMENT --code C --amount A --note N`."""
    from bo_tui.rules.external import adjust as rule
    from bo_tui.rules.external.proposals import Waiting

    done = rule.adjust(asked.office, placement, code, amount, note, asked.accounting_date, practice=asked.practice)
    if isinstance(done, Waiting):
        return {"kind": "adjust", "act": str(done.act)} | waiting_of([done]), [done.sentence]
    said = f"Placement {placement}: {done.code} of {money.shown(done.amount)} as entry {done.entry}; "
    document = {
        "placement": str(placement),
        "entry": str(done.entry),
        "code": done.code,
        "amount": money.plain(done.amount),
        "balance": money.plain(done.balance),
    }
    said += f"its balance is {money.shown(done.balance)}."
    return {"kind": "adjust", "act": str(done.act)} | document, [said]


@act(
    "reverse",
    "Reverse a placement (its EXCOL), a payment, money on account or in suspense, a refund, an agency's invoice, a commission, an "
    "adjustment or a service fee, with a reason. All that is left of a payment takes its adjustments along.",
)
@click.argument("entry", type=ID)
@click.option("--reason", metavar="R", required=True, help="Why.")
@click.option(
    "--amount", type=common.AMOUNT, metavar="A", help="A part; not for an EXCOL or SVCFE, which go back whole."
)
def reverse(asked: Asked, entry: int, reason: str, amount: int | None) -> Happened:
    """`reverse ENTRY --reason R [--amount A]`."""
    from bo_tui.rules.accounts.reversefee import reverse_in_ar

    done = reverse_in_ar(asked.office, entry, reason, amount, asked.accounting_date, practice=asked.practice)
    said = f"Entry {entry} is reversed by {done.code} {done.entry} of {money.shown(done.amount)}; "
    if done.commission and done.code == "RVPAY":
        said += f"commission taken back: {money.shown(done.commission)}; "
    if done.adjusted and done.code == "RVPAY":
        said += f"adjustments reversed with it: {money.shown(done.adjusted)}; "
    where = "active AR" if done.placement is None else f"placement {done.placement}"
    left = f"the balance in {where} is {money.shown(done.balance)}."
    said += left if done.on_line else f"{money.shown(done.balance)} is left of it."
    document = {
        "reversed": str(entry),
        "entry": str(done.entry),
        "code": done.code,
        "amount": money.plain(done.amount),
        "commission": money.plain(done.commission),
        "placement": None if done.placement is None else str(done.placement),
        "balance": money.plain(done.balance),
        "adjusted": money.plain(done.adjusted),
        "left": list(done.left),
    }
    return {"kind": "reverse", "act": str(done.act)} | document, [said, *done.left]


@act("reassign", "Move a placement's balance to another agency.")
@click.argument("placement", type=ID)
@click.option("--agency", type=TEXT, metavar="A", required=True, help="The other agency's name.")
def reassign(asked: Asked, placement: int, agency: str) -> Happened:
    """`reassign PLACEMENT --agency A`."""
    from bo_tui.rules.external import reassign as rule

    done = rule.reassign(asked.office, placement, agency, asked.accounting_date, practice=asked.practice)
    said = f"Placement {done.old} is now placement {done.new} with {done.agency}, {money.shown(done.balance)}."
    document = {
        "placement": str(done.new),
        "came_from": str(done.old),
        "agency": done.agency,
        "balance": money.plain(done.balance),
    }
    return {"kind": "reassign", "act": str(done.act)} | document, [said]


@act("transfer", "Bring placements back to active AR, for the guarantor or the insurer.")
@click.argument("placements", type=ID, nargs=-1, required=True, metavar="PLACEMENT...")
@click.option("--responsible", type=click.Choice(("guarantor", "insurance")), required=True, help="Who owes it now.")
@click.option("--re-age", is_flag=True, help="Let the guarantor's lines age from the business date.")
def transfer(asked: Asked, placements: tuple[int, ...], responsible: str, re_age: bool) -> Happened:
    """`transfer PLACEMENT... --responsible guarantor|insurance [--re-age]`."""
    from bo_tui.rules.external import transfer as rule

    done = rule.transfer(asked.office, placements, responsible, re_age, asked.accounting_date, practice=asked.practice)
    said = [
        f"Placement {row.placement} is back in active AR as line {row.line}, {money.shown(row.amount)}."
        for row in done.lines
    ]
    lines = [
        {"placement": str(row.placement), "line": row.line, "amount": money.plain(row.amount)} for row in done.lines
    ]
    document = {"responsible": responsible, "re_age": re_age, "amount": money.plain(done.amount), "lines": lines}
    return {"kind": "transfer", "act": str(done.act)} | document, said


@act(
    "file", "Make an agency's file, or files, of the placements that are in none yet, or of what it must be told since."
)
@click.argument("agency", type=TEXT)
@click.option("--updates", is_flag=True, help="Recalls, adjustments and payments of debt that is in its files already.")
def file(asked: Asked, agency: str, updates: bool) -> Happened:
    """`file AGENCY [--updates]`."""
    from bo_tui.rules.external import files, lookups
    from bo_tui.rules.external.updates import make_updates

    with asked.office.reading():
        found = lookups.the_agency(agency).id
    make, what = (make_updates, "updates") if updates else (files.make_files, "placements")
    made = make(asked.office, asked.practice, found)
    files.write_copies(asked.office)
    said = [
        f"File {row.sequence} for {row.agency}: {row.count:,} {what}, {money.shown(row.total)}, {row.path}."
        for row in made
    ]
    document = [
        {
            "agency": row.agency,
            "kind": row.kind,
            "sequence": row.sequence,
            "path": row.path,
            "count": row.count,
            "amount": money.plain(row.total),
            "sha256": row.sha256,
        }
        for row in made
    ]
    return {"kind": "file", "files": document}, said
