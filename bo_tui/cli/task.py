"""`bo-tui task done ID --note N`: a collection task is worked off (CONTRACT, the operators' acts)."""

from __future__ import annotations

import click

from bo_tui import dates
from bo_tui.cli.acting import ID, Asked, Happened, act


@click.group("task", help="Collection tasks; `bo-tui report tasks` lists the open ones.")
def task() -> None:
    """`task done ID --note N`."""


@act("done", "Close an open task with a note that says what was done.")
@click.argument("number", type=ID, metavar="ID")
@click.option("--note", metavar="N", required=True, help="What was done.")
def _done(asked: Asked, number: int, note: str) -> Happened:
    from bo_tui.rules.collections import tasks

    done = tasks.close(asked.office, asked.practice, number, note)
    document = {
        "kind": "task_done",
        "act": str(done.act),
        "task": str(done.task),
        "follow_up": dates.iso(done.follow_up),
    }
    return document, [f"Task {done.task} is done."]


task.add_command(_done)
