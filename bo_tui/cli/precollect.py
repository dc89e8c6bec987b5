"""`bo-tui precollect`: pre-collections by command, with the same rules and refusals as in the program (CONTRACT)."""

from __future__ import annotations

from typing import Any

import click

from bo_tui import dates, money
from bo_tui.cli.acting import TEXT, Asked, Happened, act
from bo_tui.errors import WrongUsage
from bo_tui.text import counted


@click.group("precollect", help="Start and stop pre-collections (TSI), and list their files.")
def precollect() -> None:
    """`precollect start [LINE...]|stop|cancel LINE...|suspend ACCOUNT yes|no|files`."""


def _file(made: Any) -> dict[str, Any]:
    return {
        "kind": made.kind, "sequence": made.sequence, "path": made.path, "count": made.count, "lines": made.lines,
        "accounts": made.accounts, "amount": money.plain(made.total), "sha256": made.sha256,
    }  # fmt: skip


def _said(made: Any) -> str:
    what = "account" if made.kind == "start" else "record"
    number = f"{made.count:,} {what}{'' if made.count == 1 else 's'}"
    return f"{made.kind.capitalize()} file {made.sequence}: {made.path}, {number}, {money.shown(made.total)}."


@act("start", "Make a Start file of these lines, or of all that are queued.")
@click.argument("lines", type=TEXT, nargs=-1, metavar="[LINE...]")
def _start(asked: Asked, lines: tuple[str, ...]) -> Happened:
    from bo_tui.rules import roles
    from bo_tui.rules.precollect import files, gate, starts

    roles.require(asked.office, gate.ACTION)
    wanted = lines or None
    lacking = starts.lacking(asked.office, asked.practice, wanted)
    done = starts.create_start(asked.office, asked.practice, wanted)
    files.write_copies(asked.office)
    said = [f"Account {account}: {', '.join(words)}." if account else f"{words[0]}." for account, words in lacking]
    said += [_said(made) for made in done.files]
    if done.updates:
        said.append(f"For the next Stop file: {counted(done.updates, 'account')} that TSI knows.")
    document = {
        "kind": "precollect_start", "lines": done.lines, "amount": money.plain(done.amount), "updates": done.updates,
        "files": [_file(made) for made in done.files],
        "lacking": [{"account": account, "lacks": words} for account, words in lacking],
    }  # fmt: skip
    return document, said


@act("stop", "Make the Stop file: tell TSI what happened to the accounts that it has.")
def _stop(asked: Asked) -> Happened:
    from bo_tui.rules.precollect import files, stops

    made = stops.create_stop(asked.office, asked.practice)
    files.write_copies(asked.office)
    return {"kind": "precollect_stop", "files": [_file(one) for one in made]}, [_said(one) for one in made]


@act("cancel", "Take lines out of pre-collections (Stop Pre-Coll), or out of the queue for it.")
@click.argument("lines", type=TEXT, nargs=-1, required=True, metavar="LINE...")
@click.option("--queued", is_flag=True, help="Lines that only wait for a Start file.")
@click.option("--reason", metavar="R", help="Why, for --queued.")
def _cancel(asked: Asked, lines: tuple[str, ...], queued: bool, reason: str | None) -> Happened:
    from bo_tui.rules.precollect import queue, stops

    if queued is not (reason is not None):
        raise WrongUsage("--queued and --reason belong together.")
    if reason is not None:
        done = queue.cancel(asked.office, asked.practice, lines, reason)
        document = {"kind": "precollect_unqueue", "act": str(done.act), "lines": list(done.lines)}
        return document, [f"Line {line} is out of the queue." for line in done.lines]
    stopped = stops.stop_precollection(asked.office, asked.practice, lines)
    ended: dict[str, Any] = {
        "kind": "precollect_cancel", "act": str(stopped.act), "lines": list(stopped.lines), "messages": stopped.messages,
        "amount": money.plain(stopped.amount),
    }  # fmt: skip
    said = [f"Line {line} is out of pre-collections; its statements resume." for line in stopped.lines]
    return ended, [
        *said,
        f"For the next Stop file: {counted(stopped.messages, 'record')}.",
    ]


@act("suspend", "Keep an account out of later Start files (yes), or let it in again (no).")
@click.argument("account", type=TEXT)
@click.argument("value", type=click.Choice(("yes", "no")))
@click.option("--stop", is_flag=True, help="Also stop its lines that are in pre-collections.")
def _suspend(asked: Asked, account: str, value: str, stop: bool) -> Happened:
    from bo_tui.rules.precollect import suspension

    done = suspension.suspend(asked.office, asked.practice, account, value == "yes", stop=stop)
    state = "is suspended for pre-collections" if done.value else "is no longer suspended for pre-collections"
    said = [f"Account {account} {state}."] + [f"Line {line} is out of pre-collections." for line in done.stopped]
    document = {
        "kind": "precollect_suspend", "act": str(done.act), "account": account, "value": value, "lines": list(done.stopped)
    }  # fmt: skip
    return document, said


@act("files", "List the Start and Stop files.")
def _files(asked: Asked) -> Happened:
    from bo_tui.rules import audit, roles
    from bo_tui.views.reports import Asked as Question
    from bo_tui.views.reports.precollections import PRECOLLECT_FILES

    roles.require(asked.office, "look")
    names = [column.name for column in PRECOLLECT_FILES.columns]
    with asked.office.reading():
        question = Question(asked.office, asked.practice, None, asked.office.business_date, all_later=True)
        rows = [dict(zip(names, row, strict=True)) for row in PRECOLLECT_FILES.rows(question)]
    audit.keep(asked.office, "look", "precollect_file", None, audit.rows(len(rows)), asked.practice)
    said = [
        f"{row['kind'].capitalize()} file {row['sequence']} of {dates.iso(row['created'])}: {counted(row['accounts'], 'account')},"
        f" {money.shown(row['total'])}, {row['state']}."
        for row in rows
    ]
    for row in rows:
        row["total"] = money.plain(row["total"])
        row |= {name: dates.iso(row[name]) or None for name in ("created", "sent", "acknowledged")}
    return {"kind": "precollect_files", "files": rows}, said or ["There are no Start or Stop files yet."]


for _command in (_start, _stop, _cancel, _suspend, _files):
    precollect.add_command(_command)
