"""What a look at accounts with TSI reads: their open stays as they stand, and what was posted on them since the last look.

Three queries for some accounts, however many. Only what is posted and not reversed counts: a reversal of something that
was not told yet stands with what it reverses, so that the two meet on one day (DESIGN section 4).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from peewee import JOIN, SQL, Case, Value, fn

from bo_tui.db.tables import Entry, Hold, Placement, PrecollectAccount, Precollection, ServiceLine
from bo_tui.rules.codes import AR, CASH, EXT, ON_ACCOUNT, SUSPENSE, SVCFE
from bo_tui.rules.external.updaterows import RECALLING_HOLDS
from bo_tui.rules.precollect import telling
from bo_tui.rules.precollect.telling import Move, Stay

Query = Any  # a peewee query; its stubs type rows, not what we compose
Which = Callable[[Any], Any]  # a condition on a column of accounts
_MONEY = (CASH, ON_ACCOUNT, SUSPENSE)


@dataclass(slots=True)
class AccountNow:
    """An account with TSI: cents told, whether a hold on it forbids collecting, its open stays and their postings since."""

    account: int
    told: int
    held: bool
    stays: list[Stay] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def accounts(practice: int, which: Which, day: int, stopped: frozenset[int] = frozenset()) -> list[AccountNow]:
    """The practice's accounts with TSI that `which` chooses, in order; `stopped` are stays that the office takes back now."""
    mine = (PrecollectAccount.practice == practice) & (PrecollectAccount.state == SQL("'with'"))
    forbidden = _forbidden(PrecollectAccount.account, None, day)
    query: Query = PrecollectAccount.select(PrecollectAccount.account, PrecollectAccount.told, forbidden)
    query = query.where(mine & which(PrecollectAccount.account)).order_by(PrecollectAccount.account)
    found = {account: AccountNow(account, told, bool(held)) for account, told, held in query.tuples()}
    owner = {}
    for account, stay in _stays(practice, which, day, stopped):
        if account in found:
            found[account].stays.append(stay)
            owner[stay.id] = account
    for move in _moves(practice, which):
        if move.stay in owner:
            found[owner[move.stay]].moves.append(move)
    return list(found.values())


def touched(practice: int, after: int, day: int, rows: int) -> list[int]:
    """The next accounts with TSI beyond account `after`, in order, at most so many, that a look may find something to tell of.

    The rest have nothing to tell: each open stay owes what was told, to the same party, is with no agency, not held and above zero,
    and nothing was posted on its line since. Asked in SQL, so that thousands of quiet accounts cost a night no time.
    """
    mine = (PrecollectAccount.practice == practice) & (PrecollectAccount.state == SQL("'with'"))
    beyond = PrecollectAccount.account > after
    owner = Precollection.alias("stay")
    stays = owner.select(Value(1)).join(ServiceLine, on=(ServiceLine.id == owner.line))
    stirred = stays.where((owner.account == PrecollectAccount.account) & owner.ended.is_null() & _stirred(owner, day))
    query: Query = PrecollectAccount.select(PrecollectAccount.account).where(
        mine & beyond & (fn.EXISTS(stirred) | _forbidden(PrecollectAccount.account, None, day))
    )
    return [account for (account,) in query.order_by(PrecollectAccount.account).limit(rows).tuples()]


def _stirred(stay: Any, day: int) -> Any:
    """Whether anything of a stay is not as it was told."""
    insured = Case(None, [(ServiceLine.responsibility == SQL("'guarantor'"), 0)], 1)
    owed = Case(None, [(stay.insured == 1, 0)], ServiceLine.ar)
    placed = Placement.select(Value(1)).where((Placement.line == stay.line) & Placement.closed.is_null())
    posted = Entry.select(Value(1)).where((Entry.line == stay.line) & (Entry.id > stay.watermark))
    differs = (stay.told != owed) | (stay.insured != insured) | (ServiceLine.ar <= 0)
    return differs | fn.EXISTS(posted) | fn.EXISTS(placed) | _forbidden(stay.account, stay.line, day)


def _standing(practice: int, which: Which) -> Any:
    return (Precollection.practice == practice) & Precollection.ended.is_null() & which(Precollection.account)


def _forbidden(account: Any, line: Any | None, day: int) -> Any:
    """Whether a hold forbids collecting an account as a whole, or (with `line`) that line."""
    hold = Hold.alias("forbidding")
    reaches = hold.line.is_null() if line is None else hold.line == line
    in_force = (hold.since <= day) & (hold.until.is_null() | (hold.until > day))
    kinds = hold.kind.in_(RECALLING_HOLDS)
    return fn.EXISTS(hold.select(Value(1)).where((hold.account == account) & reaches & in_force & kinds))


def _stays(practice: int, which: Which, day: int, stopped: frozenset[int]) -> list[tuple[int, Stay]]:
    placed = Placement.select(Value(1)).where((Placement.line == Precollection.line) & Placement.closed.is_null())
    query: Query = Precollection.select(
        Precollection.account, Precollection.id, Precollection.line, Precollection.told, ServiceLine.ar,
        Precollection.insured, ServiceLine.responsibility != SQL("'guarantor'"), fn.EXISTS(placed),
        _forbidden(Precollection.account, Precollection.line, day),
    ).join(ServiceLine, on=(ServiceLine.id == Precollection.line))  # fmt: skip
    rows = query.where(_standing(practice, which)).order_by(Precollection.id).tuples()
    return [
        (account, Stay(stay, line, told, ar, bool(then), bool(now), bool(out), bool(held), stay in stopped))
        for account, stay, line, told, ar, then, now, out, held in rows
    ]


def _moves(practice: int, which: Which) -> list[Move]:
    """What moved the stays' lines in active AR since the last look, in the order of entries."""
    origin = Entry.alias("origin")
    into = Entry.debit == AR
    other = Case(None, [(into, Entry.credit)], Entry.debit)
    kind = Case(None, [(other.in_(_MONEY), telling.MONEY), (other == EXT, telling.MOVED)], telling.OTHER)
    undoes = origin.id.is_null(False) & (origin.id > Precollection.watermark) & (origin.code != SVCFE)
    date = Case(None, [(undoes, origin.posted)], Entry.posted)
    query: Query = (
        Precollection.select(
            Precollection.id, Entry.id, date, kind, Case(None, [(into, Entry.amount)], 0 - Entry.amount)
        )
        .join(Entry, on=((Entry.line == Precollection.line) & (Entry.id > Precollection.watermark)))
        .join(origin, JOIN.LEFT_OUTER, on=(origin.id == Entry.parent))
        .where(_standing(practice, which) & (into | (Entry.credit == AR)))
        .order_by(Entry.id)
    )
    return [Move(*values) for values in query.tuples()]
