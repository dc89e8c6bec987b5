"""`bo-tui attach LINE|ENTRY FILE`: an image or a PDF to a line, an entry or a payment (CONTRACT, the operators' acts)."""

from __future__ import annotations

from pathlib import Path

import click

from bo_tui.cli.acting import TEXT, Asked, Happened, act
from bo_tui.db.tables import Entry, ServiceLine
from bo_tui.errors import RuleRefusal, WrongUsage


@act(
    "attach",
    "Attach an image (PNG, JPEG, TIFF) or a PDF to a service fee line (by number), an entry or a payment (by id).",
)
@click.argument("subject", type=TEXT, metavar="LINE|ENTRY")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--line", "as_line", is_flag=True, help="LINE|ENTRY is a line's number.")
@click.option("--entry", "as_entry", is_flag=True, help="LINE|ENTRY is an entry's id.")
@click.option("--payment", "as_payment", is_flag=True, help="LINE|ENTRY is a payment's id, as reports print it.")
@click.option("--name", type=TEXT, metavar="N", help="What it is called (default: the file's own name).")
def attach(
    asked: Asked, subject: str, file: Path, as_line: bool, as_entry: bool, as_payment: bool, name: str | None
) -> Happened:
    """`attach LINE|ENTRY FILE`; a number that could be both needs --line or --entry, a payment --payment."""
    from bo_tui.rules import attachments

    if as_line + as_entry + as_payment > 1:
        raise WrongUsage("Say --line, --entry or --payment, only one of them.")
    if as_payment:
        done = attachments.attach(asked.office, asked.practice, payment=_id(subject, "payment"), path=file, name=name)
    elif as_entry or (not as_line and _is_entry(asked, subject)):
        done = attachments.attach(asked.office, asked.practice, entry=_id(subject, "entry"), path=file, name=name)
    else:
        done = attachments.attach(asked.office, asked.practice, line=subject, path=file, name=name)
    to = f"line {done.line}" if done.entry is None else f"entry {done.entry}"
    if done.payment is not None:
        to = f"payment {done.payment}"
    document = {
        "kind": "attach",
        "act": str(done.act),
        "attachment": str(done.attachment),
        "line": done.line,
        "entry": None if done.entry is None else str(done.entry),
        "payment": None if done.payment is None else str(done.payment),
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


def _id(subject: str, whose: str) -> int:
    if not (subject.isascii() and subject.isdecimal() and len(subject) < 19):
        raise WrongUsage(f"{subject} is no {whose}'s id.")
    return int(subject)
