"""`bo-tui attach LINE|ENTRY FILE`: an image or a PDF to a service fee line or to an entry (CONTRACT, the operators' acts)."""

from __future__ import annotations

from pathlib import Path

import click

from bo_tui.cli.acting import TEXT, Asked, Happened, act
from bo_tui.db.tables import Entry, ServiceLine
from bo_tui.errors import RuleRefusal, WrongUsage


@act("attach", "Attach an image (PNG, JPEG, TIFF) or a PDF to a service fee line (by number) or to an entry (by id).")
@click.argument("subject", type=TEXT, metavar="LINE|ENTRY")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--line", "as_line", is_flag=True, help="LINE|ENTRY is a line's number.")
@click.option("--entry", "as_entry", is_flag=True, help="LINE|ENTRY is an entry's id.")
@click.option("--name", type=TEXT, metavar="N", help="What it is called (default: the file's own name).")
def attach(asked: Asked, subject: str, file: Path, as_line: bool, as_entry: bool, name: str | None) -> Happened:
    """`attach LINE|ENTRY FILE`; a number that could be both needs --line or --entry."""
    from bo_tui.rules import attachments

    if as_line and as_entry:
        raise WrongUsage("Say --line or --entry, not both.")
    if as_entry or (not as_line and _is_entry(asked, subject)):
        done = attachments.attach(asked.office, asked.practice, entry=_id(subject), path=file, name=name)
    else:
        done = attachments.attach(asked.office, asked.practice, line=subject, path=file, name=name)
    to = f"line {done.line}" if done.entry is None else f"entry {done.entry}"
    document = {
        "kind": "attach",
        "act": str(done.act),
        "attachment": str(done.attachment),
        "line": done.line,
        "entry": None if done.entry is None else str(done.entry),
        "name": done.name,
        "type": done.kind,
        "pages": done.pages,
        "size": done.size,
        "sha256": done.sha256,
        "path": done.path,
    }
    return document, [f"{done.name} ({done.kind}) is attached to {to} as attachment {done.attachment}: {done.path}"]


def _is_entry(asked: Asked, subject: str) -> bool:
    """Whether a subject without a flag is an entry: digits that no line has as its number; RuleRefusal when both exist."""
    if not (subject.isascii() and subject.isdecimal() and len(subject) < 19):
        return False
    with asked.office.reading():
        mine = (ServiceLine.practice == asked.practice) & (ServiceLine.number == subject)
        line = ServiceLine.select().where(mine).exists()
        entry = Entry.select().where((Entry.id == int(subject)) & (Entry.practice == asked.practice)).exists()
    if line and entry:
        raise RuleRefusal(f"{subject} is a line and an entry; say --line or --entry.", field="line")
    return bool(entry)


def _id(subject: str) -> int:
    if not (subject.isascii() and subject.isdecimal() and len(subject) < 19):
        raise WrongUsage(f"{subject} is no entry's id.")
    return int(subject)
