"""Which acts touched an account, and which looks were at it: by its entries, and by the changes of what belongs to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bo_tui.db.tables import (
    Access,
    Account,
    Attachment,
    Change,
    CollectionTask,
    Entry,
    Hold,
    Note,
    PaymentPlan,
    Pending,
    Placement,
    ServiceLine,
)

MOST = 20_000  # ids, the newest; an account has some hundred


def ids(listed: str, accounts: list[int]) -> tuple[int, ...]:
    """The ids of the acts (`acts`) that touched these accounts, or of the looks (`looks`) at them. Call inside a transaction."""
    queries = _acts(accounts) if listed == "acts" else _looks(accounts)
    found = {row for query in queries for (row,) in query.tuples()}
    return tuple(sorted(found)[-MOST:])


def _lines(accounts: list[int]) -> Any:
    return ServiceLine.select(ServiceLine.id).where(ServiceLine.account.in_(accounts))


def _owned(accounts: list[int]) -> Iterator[tuple[str, Any]]:
    """What belongs to the accounts: a table's name and the ids of its rows."""
    yield "account", Account.select(Account.id).where(Account.id.in_(accounts))
    yield "service_line", _lines(accounts)
    yield "pending", Pending.select(Pending.id).where(Pending.line.in_(_lines(accounts)))
    for table in (Hold, PaymentPlan, Placement, CollectionTask, Note):
        yield table._meta.table_name, table.select(table.id).where(table.account.in_(accounts))
    yield "attachment", _attached(accounts)


def _attached(accounts: list[int]) -> Any:
    mine = Attachment.line.in_(_lines(accounts)) | Attachment.account.in_(accounts)
    return Attachment.select(Attachment.id).where(mine)


def _acts(accounts: list[int]) -> Iterator[Any]:
    entries: Any = Entry.select(Entry.act).distinct()
    yield entries.where(Entry.line.in_(_lines(accounts)))
    yield entries.where(Entry.account.in_(accounts))
    for subject, owned in _owned(accounts):
        changes: Any = Change.select(Change.act).distinct()
        yield changes.where((Change.subject == subject) & Change.subject_id.in_(owned))


def _looks(accounts: list[int]) -> Iterator[Any]:
    for subject, owned in _owned(accounts):
        looks: Any = Access.select(Access.id)
        yield looks.where((Access.subject == subject) & Access.subject_id.in_(owned))
