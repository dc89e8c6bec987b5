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

from peewee import JOIN, SQL, fn

from bo_tui.db.tables import (
    Agency,
    Distribution,
    Entry,
    Payment,
    PaymentBatch,
    Pending,
    Placement,
    Proposal,
    TransactionCode,
)
from bo_tui.office import Office
from bo_tui.views import attachments
from bo_tui.views.transactions import code_texts

AR, CASH = "AR", "CASH"  # books, and below codes, as rules.codes names them
SVCFE, EXCOL, MADJN, MADJP, GPYMT, IPYMT = "SVCFE", "EXCOL", "MADJN", "MADJP", "GPYMT", "IPYMT"
CHUNK = 500
_BRANCHES = (GPYMT, IPYMT, MADJN, MADJP)  # what may have its reversals and details below it


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry as it stands in Active AR; `amount` is signed cents, None for what only informs; `gross` is without a sign.

    `parent` is the entry that it hangs under, None for the line itself; `balance` is the line's after it; `left` is what is not
    reversed of it yet, 0 for what is a reversal itself; `agency` is where an EXCOL went or an RVCOL came from. `payment` is a
    batch's, by id; `from_cash`: the money came from outside, not from on account or suspense.
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
    payment: int | None = None
    from_cash: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not posted on a line, and so in no balance: what it will be (`code`), cents, since when, and of whom.

    EXCOL: queued for the agency `whose`; MADJN or MADJP by transaction code `kind`: proposed by `whose` to a second person;
    GPYMT, IPYMT: entered in payment batch `whose`, not posted.
    """

    id: int
    line: int
    code: str
    amount: int
    since: int | None
    whose: str
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """What stands below one line: its entries in the order they were written, and what waits."""

    postings: tuple[Posting, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def blocks(office: Office, practice: int, lines: Sequence[int]) -> dict[int, Block]:
    """What stands below each of some lines (by id) of a practice; six queries for 500 of them."""
    found: dict[int, Block] = {}
    with office.reading():
        for start in range(0, len(lines), CHUNK):
            found.update(_blocks(practice, lines[start : start + CHUNK]))
    return found


def service_fee(office: Office, line: int) -> int | None:
    """The line's SVCFE entry, by id; None for a fee of 0.00."""
    mine = (Entry.line == line) & (Entry.code == SVCFE)
    with office.reading():
        return Entry.select(fn.MIN(Entry.id)).where(mine).scalar()


def _blocks(practice: int, lines: Sequence[int]) -> dict[int, Block]:
    entries: dict[int, list[Any]] = defaultdict(list)
    for row in _entries(lines):
        entries[row[1]].append(row)
    waiting: dict[int, list[Waiting]] = defaultdict(list)
    for one in [*_payments(lines), *_proposals(practice, lines), *_pending(lines)]:
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
        attachments.on_entry(),
        Entry.payment,
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
    *more, attached, payment = rest
    own = [entry, line, branch, posted, code, kind, amount, gross, *more, bool(attached)]
    return Posting(*[*own, 0, 0, False, texts.get(kind or ""), payment, debit == CASH])


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
    found = query.where(Pending.line.in_(lines) & Pending.outcome.is_null()).tuples()
    return [Waiting(one, line, EXCOL, amount, queued, agency) for one, line, amount, queued, agency in found]


def _proposals(practice: int, lines: Sequence[int]) -> list[Waiting]:
    """Adjustments of the lines that wait for a second person."""
    mine = (Proposal.kind == "adjust_line") & Proposal.subject.in_(lines) & (Proposal.state == "open")
    query: Any = Proposal.select(
        Proposal.id, Proposal.subject, Proposal.amount, Proposal.proposed, Proposal.proposed_by, Proposal.asked
    ).where(mine & (Proposal.practice == practice))
    found = [(*row[:5], json.loads(row[5])["code"]) for row in query.tuples()]
    ups = _ups(practice, {row[5] for row in found})
    return [
        Waiting(one, line, MADJP if kind in ups else MADJN, amount, since, who, kind)
        for one, line, amount, since, who, kind in found
    ]


def _ups(practice: int, codes: set[str]) -> set[str]:
    """Those of some transaction codes that add."""
    ours = TransactionCode.practice.is_null() | (TransactionCode.practice == practice)
    query: Any = TransactionCode.select(TransactionCode.code).where(ours & TransactionCode.code.in_(sorted(codes)))
    return {code for (code,) in query.where(TransactionCode.direction == "up").tuples()} if codes else set()


def _payments(lines: Sequence[int]) -> list[Waiting]:
    """What payment batches will post on the lines."""
    query: Any = Distribution.select(
        Distribution.id, Distribution.line, Distribution.amount, Payment.date, Payment.kind, PaymentBatch.number
    )
    query = query.join(Payment, on=(Payment.id == Distribution.payment))
    query = query.join_from(Payment, PaymentBatch, JOIN.LEFT_OUTER, on=(PaymentBatch.id == Payment.batch))
    # the first two terms as literals: SQLite takes a partial index only where it sees that its condition holds
    own = (Distribution.kind == SQL("'line'")) & (Distribution.state != SQL("'removed'"))
    mine = own & Distribution.line.in_(lines) & (Distribution.state == "unposted")
    return [
        Waiting(one, line, IPYMT if kind == "insurance" else GPYMT, amount, day, "" if batch is None else str(batch))
        for one, line, amount, day, kind, batch in query.where(mine).tuples()
    ]
