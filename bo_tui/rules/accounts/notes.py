"""Notes on an account: what operators write, never changed, and what the acts themselves say (back_office_rest.md 2.2).

An operator's note is a row of `note`, its text under the act's digest. A *system note* is no row: it is the reason that an act
bears (a roll, a denial, a hold, a payment plan, a reversal), read from the history of what the act did to the account, so
that nothing is said twice and no rule can forget to say it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Value

from bo_tui import dates
from bo_tui.db.tables import (
    Account,
    Act,
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
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account

KINDS = ("account", "case", "collection", "payment", "refund")
SYSTEM = "system"
LONGEST = 2000  # characters
_NOT_OF_THE_ACCOUNT = ("import", "restore")  # their reason says where the data came from


@dataclass(frozen=True, slots=True)
class Noted:
    """A note that was written: its act and its id."""

    act: int
    note: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as a list shows it: business date (a day number), UTC text, who, one of KINDS or `system`, the line's number if any.

    `what` is the act's kind in words for a system note, else empty.
    """

    act: int
    made: int
    made_at: str
    author: str
    kind: str
    line: str | None
    text: str
    what: str = ""


def add_note(
    office: Office, practice: int, account: str, text: str, kind: str = "account", *, line: str | None = None
) -> Noted:
    """Write a note on an account (by number), or on one of its lines. Raises RuleRefusal, field `text`, `kind` or `line`."""
    roles.require(office, "note")
    if kind not in KINDS:
        raise RuleRefusal(f"A note is about one of {', '.join(KINDS)}.", field="kind")
    text = lookups.required(text, "text", "The text of a note")
    if len(text) > LONGEST:
        raise RuleRefusal(f"A note has at most {LONGEST:,} characters.", field="text")
    with office.act("note", practice) as draft:
        owner = the_account(practice, account)
        note = _write(draft, owner, _line_of(owner, line), kind, text)
        ledger.seal(draft)
    return Noted(draft.id, note)


def _line_of(owner: Account, number: str | None) -> int | None:
    if number is None:
        return None
    row = ServiceLine.get_or_none((ServiceLine.practice == owner.practice) & (ServiceLine.number == number))
    if row is None or row.account != owner.id:
        raise NotFound(f"Account {owner.number} has no service fee line {number}.", field="line")
    return int(row.id)


def _write(draft: Draft, owner: Account, line: int | None, kind: str, text: str) -> int:
    note: int = Note.insert(
        practice=owner.practice, account=owner.id, line=line, kind=kind, text=text, author=draft.actor,
        made=draft.business_date, made_at=dates.utc_stamp(), act=draft.id,
    ).execute()  # fmt: skip
    after = {"account": str(owner.id), "kind": kind, "text": text} | ({} if line is None else {"line": str(line)})
    ledger.change_many(draft, [("note", note, field, None, value) for field, value in after.items()])
    return note


def of_account(office: Office, practice: int, account: str, kind: str | None = None) -> list[NoteRow]:
    """The notes of an account, the newest first, system notes included; with `kind` only those of it."""
    with office.reading():
        return rows_of(the_account(practice, account).id, kind)


def rows_of(account: int, kind: str | None = None) -> list[NoteRow]:
    """As `of_account`, of an account's id, within a transaction."""
    rows: list[NoteRow] = []
    if kind != SYSTEM:
        rows += _written(account, kind)
    if kind in (None, SYSTEM):
        rows += _system(account)
    return sorted(rows, key=lambda row: (row.made, row.act), reverse=True)


def _written(account: int, kind: str | None) -> Iterator[NoteRow]:
    query: Any = Note.select(
        Note.act, Note.made, Note.made_at, Note.author, Note.kind, ServiceLine.number, Note.text
    ).join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Note.line))
    query = query.where(Note.account == account)
    if kind is not None:
        query = query.where(Note.kind == kind)
    return (NoteRow(*values) for values in query.tuples())


def _system(account: int) -> list[NoteRow]:
    """The acts with a reason that touched the account; the line's number where one act touched a single one."""
    lines: dict[int, set[str]] = {}
    said: dict[int, NoteRow] = {}
    for source in _touching(account):
        for act, made, made_at, actor, kind, reason, line in source.tuples():
            said[act] = NoteRow(act, made, made_at, actor, SYSTEM, None, reason, kind.replace("_", " "))
            lines.setdefault(act, set()).update(() if line is None else (line,))
    return [_on(row, lines[act]) for act, row in said.items()]


def _on(row: NoteRow, lines: set[str]) -> NoteRow:
    line = next(iter(lines)) if len(lines) == 1 else None
    return NoteRow(row.act, row.made, row.made_at, row.author, row.kind, line, row.text, row.what)


def _touching(account: int) -> Iterator[Any]:
    """A query for each way in which an act touches an account: (act, made, made_at, actor, kind, reason, line's number)."""
    said = (Act.id, Act.business_date, Act.made_at, Act.actor, Act.kind, Act.reason)
    spoken: Any = Act.reason.is_null(False) & Act.kind.not_in(_NOT_OF_THE_ACCOUNT)
    moved: Any = Entry.select(*said, ServiceLine.number).join(Act, on=(Act.id == Entry.act))
    mine = ServiceLine.select(ServiceLine.id).where(ServiceLine.account == account)
    yield (
        moved.join_from(Entry, ServiceLine, on=(ServiceLine.id == Entry.line))
        .where(Entry.line.in_(mine) & spoken)
        .distinct()
    )
    unlined: Any = Entry.select(*said, Value(None)).join(Act, on=(Act.id == Entry.act))
    yield unlined.where((Entry.account == account) & Entry.line.is_null() & spoken).distinct()
    changed: Any = Change.select(*said, Value(None)).join(Act, on=(Act.id == Change.act))
    yield changed.where((Change.subject == "account") & (Change.subject_id == account) & spoken).distinct()
    on_lines: Any = Change.select(*said, ServiceLine.number).join(Act, on=(Act.id == Change.act))
    on_lines = on_lines.join_from(Change, ServiceLine, on=(ServiceLine.id == Change.subject_id))
    yield on_lines.where((Change.subject == "service_line") & Change.subject_id.in_(mine) & spoken).distinct()
    for table in (Hold, PaymentPlan, Pending, Placement, CollectionTask):
        owned = table.select(table.id).where(table.line.in_(mine) if table is Pending else table.account == account)
        where: Any = (Change.subject == table._meta.table_name) & Change.subject_id.in_(owned)
        yield changed.where(where & spoken).distinct()
