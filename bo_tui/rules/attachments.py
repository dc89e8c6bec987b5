"""Attaching an image or a PDF to a service fee line, to an entry of it, or to a payment: the check, the statement it came with.

The bytes go into `attachments/` first, under their hash; the act then says whose they are. An act that fails leaves at most a
file that nothing names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bo_tui.db import attachments as store
from bo_tui.db.tables import Attachment, Entry, Payment, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.formats import media
from bo_tui.formats.media import Media
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups

LONGEST_NAME = 200  # characters


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment as an act left it; `line` is a number, `entry` and `payment` ids, `size` bytes, `path` in the store."""

    act: int
    attachment: int
    line: str | None
    entry: int | None
    name: str
    kind: str
    pages: int | None
    size: int
    sha256: str
    path: str
    payment: int | None = None


@dataclass(frozen=True, slots=True)
class _Subject:
    account: int | None
    line: int | None
    number: str | None
    entry: int | None
    words: str
    payment: int | None = None


def attach(
    office: Office,
    practice: int,
    *,
    entry: int | None = None,
    line: str | None = None,
    payment: int | None = None,
    path: Path,
    name: str | None = None,
) -> Attached:
    """Attach the file at `path` to an entry, a line (by number) or a payment of a practice, under its own name or another.

    Raises NotFound, field `entry`, `line` or `payment`; NoInput (66) when there is no such file; RuleRefusal, field `file`, for no
    PNG, JPEG or TIFF image nor a PDF, is empty, above 50 MB, or attached there already; field `name` for a name that cannot be.
    """
    roles.require(office, "attach")
    if sum(one is not None for one in (entry, line, payment)) != 1:
        raise RuleRefusal("Name either an entry, a service fee line or a payment.", field="line")
    with office.reading():
        _subject(practice, entry, line, payment)  # before a file is kept for nothing
    content = store.take(path)
    called = _name(path.name if name is None else name)
    found = _recognised(called, content)
    sha256 = store.keep(office.store, content, found.kind)
    with office.act("attach", practice) as draft:
        subject = _subject(practice, entry, line, payment)
        _refuse_twice(subject, sha256)
        row = _insert(draft, subject, called, found, len(content), sha256)
        ledger.seal(draft)
    where = store.path_of(sha256, found.kind)
    return Attached(
        draft.id,
        row,
        subject.number,
        subject.entry,
        called,
        found.kind,
        found.pages,
        len(content),
        sha256,
        where,
        payment,
    )


def look(path: Path, name: str | None = None) -> Media:
    """What the file at `path` is, without keeping it; raises as `attach`."""
    return _recognised(_name(path.name if name is None else name), store.take(path))


def _name(text: str) -> str:
    name = lookups.required(text, "name", "The file's name")
    if "/" in name or "\\" in name or name in (".", ".."):
        raise RuleRefusal("The file's name cannot hold a path.", field="name")
    if len(name) > LONGEST_NAME:
        raise RuleRefusal(f"The file's name has more than {LONGEST_NAME} characters.", field="name")
    return name


def _recognised(name: str, content: bytes) -> Media:
    try:
        return media.recognise(content)
    except ValueError as error:
        raise RuleRefusal(f"{name} {error}; nothing was attached.", field="file") from None


def _subject(practice: int, entry: int | None, line: str | None, payment: int | None) -> _Subject:
    if payment is not None:
        paid = Payment.get_or_none((Payment.id == payment) & (Payment.practice == practice))
        if paid is None:
            raise NotFound(f"There is no payment {payment}.", field="payment")
        return _Subject(None, None, None, None, f"payment {paid.number}", paid.id)
    if entry is not None:
        row = Entry.get_or_none((Entry.id == entry) & (Entry.practice == practice))
        if row is None:
            raise NotFound(f"There is no entry {entry}.", field="entry")
        of = ServiceLine.get_or_none(ServiceLine.id == row.line)
        words = f"entry {row.id} ({row.code})"
        if of is None:
            return _Subject(row.account, None, None, row.id, words)
        return _Subject(of.account, of.id, of.number, row.id, words)
    found = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == line))
    if found is None:
        raise NotFound(f"{lookups.the_practice(practice).name} has no service fee line {line}.", field="line")
    return _Subject(found.account, found.id, found.number, None, f"line {found.number}")


def _refuse_twice(subject: _Subject, sha256: str) -> None:
    same = Attachment.sha256 == sha256
    for field, value in (
        (Attachment.account, subject.account),
        (Attachment.line, subject.line),
        (Attachment.entry, subject.entry),
        (Attachment.payment, subject.payment),
    ):
        same &= field.is_null() if value is None else field == value
    row = Attachment.get_or_none(same)
    if row is not None:
        raise RuleRefusal(f"The same file is attached to {subject.words} already, as {row.name}.", field="file")


def _insert(draft: Draft, subject: _Subject, name: str, found: Media, size: int, sha256: str) -> int:
    row: int = Attachment.insert(
        practice=draft.practice,
        account=subject.account,
        line=subject.line,
        entry=subject.entry,
        payment=subject.payment,
        name=name,
        kind=found.kind,
        pages=found.pages,
        size=size,
        sha256=sha256,
        act=draft.id,
    ).execute()
    # the hash in the chain of acts: an attachment put in another's place is found by the check
    for field, value in (("name", name), ("to", subject.words), ("sha256", sha256)):
        ledger.change(draft, "attachment", row, field, None, value)
    return row
