"""The audit trail: all acts, and who looked at what, the newest first; searched by who, kind, day, account and practice.

Both lists are read by keyset in the order of their ids, which is the order of writing. A search for days finds the ids at
their ends by the index on the moment; one for an account finds all its rows' ids first, some hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui import dates
from bo_tui.db import access
from bo_tui.db.integrity import chain
from bo_tui.db.tables import Access, Account, Act, Distribution, Practice, ServiceLine
from bo_tui.errors import NotFound
from bo_tui.office import Office
from bo_tui.views import audittouching

ACTS, LOOKS = "acts", "looks"
QUICK = 20_000  # rows of a list up to which every search is a few milliseconds' work
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; empty and None mean anything. Days are the machine's, both included."""

    actor: str = ""
    kind: str = ""
    since: int | None = None
    until: int | None = None
    account: str = ""
    practice: int | None = None

    @property
    def empty(self) -> bool:
        """Whether everything is shown."""
        return self == Wanted()


@dataclass(frozen=True, slots=True)
class Narrow:
    """A search as conditions: ids from `first` to `last`, or the `ids` of one account's rows alone; None: not narrowed so."""

    wanted: Wanted
    first: int | None = None
    last: int | None = None
    ids: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act as the list shows it: UTC text, a day number, cents; `practice` its code, empty for the whole enterprise."""

    id: int
    made_at: str
    business_date: int
    actor: str
    kind: str
    practice: str
    count: int
    total: int
    reason: str


@dataclass(frozen=True, slots=True)
class LookRow:
    """One look as the list shows it; `number` is an account's or a line's own, where the subject is one."""

    id: int
    made_at: str
    actor: str
    kind: str
    subject: str
    subject_id: int | None
    detail: str
    practice: str
    number: str = ""


def narrow(office: Office, listed: str, wanted: Wanted) -> Narrow:
    """What a search comes to as the store stands now; NotFound, field `account`, for a number that no practice has."""
    table = _TABLES[listed]
    with office.reading():
        ids = None if not wanted.account else audittouching.ids(listed, _accounts(wanted))
        if wanted.since is None and wanted.until is None:
            return Narrow(wanted, ids=ids)
        query: Any = table.select(fn.MIN(table.id), fn.MAX(table.id)).where(_span(table.made_at, wanted))
        first, last = query.tuples().get()
    return Narrow(wanted, first or 0, last or 0, ids)


def page(
    office: Office, listed: str, narrowed: Narrow, after: int | None, count: int, *, backward: bool, descending: bool
) -> list[Any]:
    """Up to `count` ActRows or LookRows next to the id `after` (None: from the beginning), in the order asked for."""
    table = _TABLES[listed]
    downwards = descending != backward
    query = _query(listed).where(_condition(table, narrowed))
    if after is not None:
        query = query.where(table.id < after if downwards else table.id > after)
    query = query.order_by(table.id.desc() if downwards else table.id).limit(count)
    with office.reading():
        found = _rows(listed, query)
    return found[::-1] if backward else found


def at(office: Office, listed: str, narrowed: Narrow, row_id: int) -> Any:
    """One row of a list as it is now, or None where it is gone or the search does not have it."""
    table = _TABLES[listed]
    with office.reading():
        found = _rows(listed, _query(listed).where(_condition(table, narrowed) & (table.id == row_id)))
    return found[0] if found else None


def count(office: Office, listed: str, narrowed: Narrow, limit: int) -> int:
    """How many rows a search has, counted no further than a limit."""
    table = _TABLES[listed]
    with office.reading():
        return int(table.select(table.id).where(_condition(table, narrowed)).limit(limit).count())


def version(office: Office, listed: str) -> int:
    """The newest row's id."""
    table = _TABLES[listed]
    with office.reading():
        return table.select(fn.MAX(table.id)).scalar() or 0


def every(office: Office, listed: str, wanted: Wanted) -> Iterator[Any]:
    """All rows of a search, the newest first, a chunk in memory at a time."""
    narrowed, after = narrow(office, listed, wanted), None
    while found := page(office, listed, narrowed, after, CHUNK, backward=False, descending=True):
        yield from found
        after = found[-1].id


def kinds(office: Office, listed: str) -> list[str]:
    """The kinds that the rows of a list are of, in order of their names; a million rows take a quarter of a second."""
    table = _TABLES[listed]
    with office.reading():
        return sorted(kind for (kind,) in table.select(table.kind).distinct().tuples())


def act_broken(office: Office, act: int) -> tuple[str, str | None]:
    """An act's digest, and why it does not verify (None: it does); an act of thousands of rows takes a moment."""
    with office.reading() as db:
        return Act.select(Act.digest).where(Act.id == act).scalar(), chain.broken(db, act)


def look_digest(office: Office, look: int) -> tuple[str, bool]:
    """A look's digest, and whether it follows from the one before it."""
    with office.reading():
        return Access.select(Access.digest).where(Access.id == look).scalar(), access.follows(look)


# --- queries ---------------------------------------------------------------------------------------------------------

_TABLES: dict[str, Any] = {ACTS: Act, LOOKS: Access}


def act_money() -> Any:
    """An act's cents for a person, as a column: its total, but of posting payments what it took of their checks.

    The total that the digest holds adds up all entries: an agency's gross and, below it, its commission.
    """
    checks: Any = Distribution.select(fn.COALESCE(fn.SUM(Distribution.amount), 0))
    posted = checks.where((Distribution.act == Act.id) & (Distribution.state == "posted"))
    return Case(None, [(Act.kind == "payment_post", fn.COALESCE(posted, 0))], Act.total)


def _query(listed: str) -> Any:
    if listed == ACTS:
        own: Any = Act.select(
            Act.id, Act.made_at, Act.business_date, Act.actor, Act.kind, fn.COALESCE(Practice.code, ""), Act.count, act_money(),
            fn.COALESCE(Act.reason, ""),
        )  # fmt: skip
        return own.join(Practice, JOIN.LEFT_OUTER, on=(Practice.id == Act.practice))
    seen: Any = Access.select(
        Access.id, Access.made_at, Access.actor, Access.kind, Access.subject, Access.subject_id, fn.COALESCE(Access.detail, ""),
        fn.COALESCE(Practice.code, ""),
    )  # fmt: skip
    return seen.join(Practice, JOIN.LEFT_OUTER, on=(Practice.id == Access.practice))


def _rows(listed: str, query: Any) -> list[Any]:
    if listed == ACTS:
        return [ActRow(*row) for row in query.tuples()]
    found = [LookRow(*row) for row in query.tuples()]
    numbers: dict[tuple[str, int], str] = {}
    for subject, table in (("account", Account), ("service_line", ServiceLine)):
        ids = [row.subject_id for row in found if row.subject == subject and row.subject_id is not None]
        if ids:
            named: Any = table.select(table.id, table.number).where(table.id.in_(ids))
            numbers |= {(subject, row_id): number for row_id, number in named.tuples()}
    return [_numbered(row, numbers.get((row.subject, row.subject_id or 0), "")) for row in found]


def _numbered(row: LookRow, number: str) -> LookRow:
    values = (row.id, row.made_at, row.actor, row.kind, row.subject, row.subject_id, row.detail, row.practice)
    return LookRow(*values, number) if number else row


def _condition(table: Any, narrowed: Narrow) -> Any:
    wanted = narrowed.wanted
    found: Any = table.id > 0
    if wanted.actor:
        found &= table.actor == wanted.actor
    if wanted.kind:
        found &= table.kind == wanted.kind
    if wanted.practice is not None:
        found &= table.practice == wanted.practice
    if narrowed.ids is not None:
        found &= table.id.in_(narrowed.ids)
    if narrowed.first is not None:
        # the moment itself as well, for a clock that went back; as an expression, so that the order by id is kept
        found &= table.id.between(narrowed.first, narrowed.last) & _span(table.made_at.concat(""), wanted)
    return found


def _span(moment: Any, wanted: Wanted) -> Any:
    since = moment >= dates.day_begins(wanted.since) if wanted.since is not None else None
    until = moment < dates.day_begins(wanted.until + 1) if wanted.until is not None else None
    if since is not None and until is not None:
        return since & until
    return until if since is None else since


def _accounts(wanted: Wanted) -> list[int]:
    practices: Any = Practice.select(Practice.id)
    if wanted.practice is not None:
        practices = practices.where(Practice.id == wanted.practice)
    query: Any = Account.select(Account.id).where(Account.practice.in_(practices) & (Account.number == wanted.account))
    found = [row for (row,) in query.tuples()]
    if not found:
        raise NotFound(f"There is no account {wanted.account}.", field="account")
    return found
