"""What is attached to a line, an entry or a payment, as the viewer shows it, and the bytes behind it.

What is attached to a payment (the image set of a check) belongs to every entry that the payment made, and to their lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bo_tui.db import attachments as store
from bo_tui.db.tables import Act, Attachment, Entry, Payment, Placement, ServiceLine
from bo_tui.office import Office


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """One attachment; `size` in bytes, `pages` None where a PDF does not tell, `path` relative to the store's folder.

    `entry` and `code` are None for what is attached to the line as a whole, `payment` is the number of the payment that it is
    attached to. `on` is a day number, `made_at` UTC text.
    """

    id: int
    name: str
    kind: str
    pages: int | None
    size: int
    sha256: str
    line: str | None
    entry: int | None
    code: str | None
    actor: str
    on: int
    made_at: str
    path: str = ""
    payment: str | None = None


def of_placement(office: Office, placement: int) -> list[AttachmentRow]:
    """Everything attached to the placement's line, to any entry of it or to a payment of it, the oldest first."""
    line: Any = Placement.select(Placement.line).where(Placement.id == placement)
    return of(office, _of_lines(line))


def of_line(office: Office, line: int) -> list[AttachmentRow]:
    """Everything attached to a line (by id), to any entry of it or to a payment of it, the oldest first."""
    return of(office, _of_lines(line))


def of_entry(office: Office, entry: int) -> list[AttachmentRow]:
    """What is attached to an entry itself or to its payment, the oldest first."""
    payment: Any = Entry.select(Entry.payment).where((Entry.id == entry) & Entry.payment.is_null(False))
    return of(office, (Attachment.entry == entry) | (Attachment.payment == payment))


def of_payment(office: Office, payment: int) -> list[AttachmentRow]:
    """What is attached to a payment (by id) or to an entry that it made, the oldest first."""
    made: Any = Entry.select(Entry.id).where(Entry.payment == payment)
    return of(office, (Attachment.payment == payment) | Attachment.entry.in_(made))


def _of_lines(line: Any) -> Any:
    paid: Any = Entry.select(Entry.payment).where((Entry.line == line) & Entry.payment.is_null(False))
    return (Attachment.line == line) | Attachment.payment.in_(paid)


def on_entry() -> Any:
    """Whether a row of `Entry` has something, of its own or of its payment, as a column of a query."""
    own: Any = Attachment.select(Attachment.id).where(Attachment.entry == Entry.id)
    paid: Any = Attachment.select(Attachment.id).where(Attachment.payment == Entry.payment)
    return fn.EXISTS(own) | fn.EXISTS(paid)


def on_line(line: Any) -> Any:
    """Whether a line (a column of a query) has something, of its own, of an entry of it or of a payment of it."""
    own: Any = Attachment.select(Attachment.id).where(Attachment.line == line)
    return fn.EXISTS(own) | fn.EXISTS(paid_on(line))


def paid_on(line: Any) -> Any:
    """The lines of entries whose payment has something, among these: one, or with a subquery several."""
    paid = Entry.alias("paid")
    mine = paid.line.in_(line) if hasattr(line, "select") else paid.line == line
    query: Any = paid.select(paid.line).join(Attachment, on=(Attachment.payment == paid.payment))
    return query.where(mine & paid.payment.is_null(False))


def content(office: Office, row: AttachmentRow) -> bytes:
    """The attachment's bytes; NoInput when its file is missing, InputOutput when it is not what was attached."""
    return store.read(office.store, row.sha256, row.kind)


def of(office: Office, which: Any) -> list[AttachmentRow]:
    """The attachments that meet a condition, the oldest first."""
    query: Any = Attachment.select(
        Attachment.id, Attachment.name, Attachment.kind, Attachment.pages, Attachment.size, Attachment.sha256,
        ServiceLine.number, Attachment.entry, Entry.code, Act.actor, Act.business_date, Act.made_at, Payment.number,
    )  # fmt: skip
    query = (
        query.join(Act, on=(Act.id == Attachment.act))
        .join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Attachment.line))
        .join(Entry, JOIN.LEFT_OUTER, on=(Entry.id == Attachment.entry))
        .join_from(Attachment, Payment, JOIN.LEFT_OUTER, on=(Payment.id == Attachment.payment))
    )
    with office.reading():
        found = list(query.where(which).order_by(Attachment.id).tuples())
    return [AttachmentRow(*[*values[:-1], store.path_of(values[5], values[2]), values[-1]]) for values in found]
