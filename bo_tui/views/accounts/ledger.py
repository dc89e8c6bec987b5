"""What stands below the lines of Active AR: entries with running balances, and what waits (DESIGN section 2, the AR tree).

Every entry with an AR side hangs under its line; what reverses or details a payment or an adjustment hangs under that. Balances
run in the order in which the entries were written.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import Agency, Attachment, Entry, Pending, Placement, Proposal
from bo_tui.office import Office
from bo_tui.views.transactions import code_texts

AR = "AR"  # the book, and below a code, as rules.codes names them
SVCFE = "SVCFE"
CHUNK = 500
_BRANCHES = ("GPYMT", "IPYMT", "MADJN", "MADJP")  # what may have its reversals and details below it


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry as it stands in Active AR; `amount` is signed cents, None for what only informs; `gross` is without a sign.

    `parent` is the entry that it hangs under, None for the line itself; `balance` is the line's after it; `left` is what is not
    reversed of it yet, 0 for what is a reversal itself; `agency` is where an EXCOL went or an RVCOL came from.
    """

    id: int
    line: int
    parent: int | None
    posted: int
    code: str
    transaction_code: str | None
    amount: int | None
    gross: int
    number: str | None
    note: str | None
    placement: int | None
    agency: str | None
    attached: bool
    balance: int = 0
    left: int = 0
    has_children: bool = False
    code_text: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not posted on a line and in no balance: queued for an `agency`, or an adjustment (`code`) that `who` proposed."""

    id: int
    line: int
    amount: int
    since: int
    agency: str | None = None
    code: str | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """What stands below one line: its entries in the order they were written, and what waits."""

    postings: tuple[Posting, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def blocks(office: Office, practice: int, lines: Sequence[int]) -> dict[int, Block]:
    """What stands below each of some lines (by id) of a practice; four queries for 500 of them."""
    found: dict[int, Block] = {}
    with office.reading():
        for start in range(0, len(lines), CHUNK):
            found.update(_blocks(practice, lines[start : start + CHUNK]))
    return found


def _blocks(practice: int, lines: Sequence[int]) -> dict[int, Block]:
    entries: dict[int, list[Any]] = defaultdict(list)
    for row in _entries(lines):
        entries[row[1]].append(row)
    waiting: dict[int, list[Waiting]] = defaultdict(list)
    for one in [*_pending(lines), *_proposals(practice, lines)]:
        waiting[one.line].append(one)
    texts = code_texts(practice, {row[5] for rows in entries.values() for row in rows if row[5]})
    return {line: Block(_tree(entries[line], texts), tuple(waiting[line])) for line in lines}


def _entries(lines: Sequence[int]) -> Any:
    query: Any = Entry.select(
        Entry.id,
        Entry.line,
        Entry.parent,
        Entry.posted,
        Entry.code,
        Entry.transaction_code,
        Entry.debit,
        Entry.credit,
        Entry.amount,
        Entry.number,
        Entry.note,
        Entry.placement,
        Placement.agency_name,
        fn.EXISTS(Attachment.select(Attachment.id).where(Attachment.entry == Entry.id)),
    ).join(Placement, JOIN.LEFT_OUTER, on=(Placement.id == Entry.placement))
    return sorted(query.where(Entry.line.in_(lines)).tuples())  # by id: the order they were written in


def _tree(rows: Sequence[Any], texts: dict[str, str]) -> tuple[Posting, ...]:
    """The entries that stand below the line, out of all entries of it; the SVCFE is the line itself."""
    found: dict[int, Posting] = {}
    gone: dict[int, int] = defaultdict(int)
    balance = 0
    for row in rows:
        one = _posting(row, found, texts)
        if one is None:
            continue
        balance += one.amount or 0
        if one.code == SVCFE:
            continue
        if one.parent is not None:
            found[one.parent] = replace(found[one.parent], has_children=True)
            gone[one.parent] += one.gross if _reverses(one, found[one.parent]) else 0
        found[one.id] = replace(one, balance=balance)
    return tuple(replace(one, left=_left(one, found, gone[one.id])) for one in found.values())


def _posting(row: Any, above: dict[int, Posting], texts: dict[str, str]) -> Posting | None:
    """An entry as it stands in Active AR; None when it stands in another tree."""
    entry, line, parent, posted, code, kind, debit, credit, gross, *rest = row
    amount = gross if debit == AR else -gross if credit == AR else None
    over = above.get(parent or 0)
    branch = parent if over is not None and (over.code in _BRANCHES or over.amount is None) else None
    if amount is None and branch is None:
        return None
    *more, attached = rest
    own = [entry, line, branch, posted, code, kind, amount, gross, *more, bool(attached)]
    return Posting(*[*own, 0, 0, False, texts.get(kind or "")])


def _reverses(one: Posting, over: Posting) -> bool:
    """Whether an entry takes back what it hangs under: money does that of money, a commission of a commission."""
    return (one.amount is None) == (over.amount is None)


def _left(one: Posting, found: dict[int, Posting], gone: int) -> int:
    if one.parent is not None and _reverses(one, found[one.parent]):
        return 0
    return max(0, one.gross - gone)


def _pending(lines: Sequence[int]) -> list[Waiting]:
    query: Any = Pending.select(Pending.id, Pending.line, Pending.amount, Pending.queued, Agency.name)
    query = query.join(Agency, on=(Agency.id == Pending.agency))
    return [Waiting(*row) for row in query.where(Pending.line.in_(lines) & Pending.outcome.is_null()).tuples()]


def _proposals(practice: int, lines: Sequence[int]) -> list[Waiting]:
    """Adjustments of the lines that wait for a second person."""
    mine = (Proposal.kind == "adjust_line") & Proposal.subject.in_(lines) & (Proposal.state == "open")
    query: Any = Proposal.select(
        Proposal.id, Proposal.subject, Proposal.amount, Proposal.proposed, Proposal.proposed_by, Proposal.asked
    ).where(mine & (Proposal.practice == practice))
    return [
        Waiting(one, line, amount, since, code=json.loads(asked).get("code"), who=who)
        for one, line, amount, since, who, asked in query.tuples()
    ]
