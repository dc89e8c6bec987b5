"""Reversing by what is selected, everything that can be reversed: a service fee as RVFEE, money as payment batches do it, the rest
as external collections do.

The whole fee that is left goes: the fee less what was reversed of it and less what adjustments took off it, so that a payment
on the line leaves exactly that payment as a credit. What an adjustment added (interest, a returned check's fee) is no fee
and stays; it is reversed by itself.
"""

from __future__ import annotations

from typing import Any

from peewee import Case, fn

from bo_tui import money
from bo_tui.db.tables import Agency, Entry, Pending, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.batches import reversing
from bo_tui.rules.batches.model import Moved
from bo_tui.rules.codes import AR, MADJN, MADJP, REVENUE, RVCOMM, RVFEE, SVCFE
from bo_tui.rules.external import lookups, reverse
from bo_tui.rules.external.reverse import Reversed


def reverse_in_ar(
    office: Office,
    entry: int,
    reason: str,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    to: str = reversing.PAYER,
    seen: int | None = None,
    practice: int | None = None,
) -> Reversed:
    """As `external.reverse.reverse`, and what that leaves out: a fee, money that no line has, a payment's adjustments along.

    An SVCFE: its whole remaining fee, refused while the line is placed or pending. What moved money into or out of the office's
    books: as `batches.reversing.reverse_entry`, which also says whither the money may go (`to`).
    """
    roles.require(office, "reverse")
    owner = lookups.practice_of(office, Entry, entry, "entry", "entry", practice)
    with office.reading():
        original = Entry.get_by_id(entry)  # an entry never changes
    if original.code == SVCFE:
        return reverse_fee(office, owner, entry, reason, amount, accounting_date, seen=seen)
    if original.code in reversing.REVERSED_HERE:
        done = reversing.reverse_entry(office, entry, reason, amount, to, accounting_date, seen=seen, practice=practice)
        return _said(office, original, done)
    return reverse.reverse(office, entry, reason, amount, accounting_date, seen=seen, practice=practice)


def _said(office: Office, original: Entry, done: Moved) -> Reversed:
    """What a reversal of money did, as of now."""
    with office.reading():
        query: Any = Entry.select(Entry.code, Entry.amount).where(Entry.id.in_(done.entries)).order_by(Entry.id)
        made = list(query.tuples())
        if original.line is None:
            placement, balance = None, reversing.left_to_reverse(original)
        else:
            placement, balance = reverse.whereabouts(original.line)
    cents = {code: sum(amount for one, amount in made if one == code) for code in (RVCOMM, MADJP)}
    return Reversed(
        done.act, done.entries[0], made[0][0], done.amount, cents[RVCOMM], placement, balance,
        original.line is not None, cents[MADJP], tuple(one.sentence for one in done.left),
    )  # fmt: skip


def reverse_fee(
    office: Office,
    practice: int,
    entry: int,
    reason: str,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
) -> Reversed:
    """Reverse what is left of an SVCFE (by entry); the reason is compulsory, an amount is refused. `seen` is the line's act.

    Raises RuleRefusal, field `entry`, `amount`, `reason` or `line` (placed or pending), and Conflict.
    """
    roles.require(office, "reverse")
    reason = lookups.required(reason, "reason", "A reason")
    if amount is not None:
        raise RuleRefusal("A service fee is reversed whole; leave the amount out.", field="amount")
    with office.act("reverse", practice, reason) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, office.business_date)
        original = Entry.get_by_id(entry)
        line = ServiceLine.get_by_id(original.line)
        state = f"has a balance of {money.shown(line.ar)} in active AR"
        lookups.unchanged(seen, line.act, f"Line {line.number}", state)
        _refuse_elsewhere(line)
        left = remaining(original)
        if left <= 0:
            raise RuleRefusal(f"Nothing is left of the fee of line {line.number} to reverse.", field="entry")
        made = ledger.write(
            draft, RVFEE, (REVENUE, AR), left, line=line.id, parent=original.id, accounting_date=booked, note=reason
        )
        ledger.settle(draft)
        ledger.seal(draft)
    return Reversed(draft.id, made, RVFEE, left, 0, None, line.ar - left)


def remaining(original: Entry) -> int:
    """The cents of a service fee (its SVCFE) that can be reversed now, within a transaction."""
    children: Any = (Entry.line == original.line) & Entry.code.in_((RVFEE, MADJN, MADJP))
    reversed_ = Case(None, [(Entry.code == RVFEE, Entry.amount)], 0)
    down = Case(None, [(Entry.code == MADJN, Entry.amount), (Entry.code == MADJP, 0 - Entry.amount)], 0)
    query: Any = Entry.select(fn.COALESCE(fn.SUM(reversed_), 0), fn.COALESCE(fn.SUM(down), 0)).where(children)
    done, taken_off = query.tuples().get()
    return int(original.amount - done - max(0, taken_off))


def _refuse_elsewhere(line: ServiceLine) -> None:
    lookups.refuse_if_placed(line.id)
    query: Any = Pending.select(Agency.name).join(Agency, on=(Agency.id == Pending.agency))
    waits = query.where((Pending.line == line.id) & Pending.outcome.is_null()).tuples().first()
    if waits is not None:
        raise RuleRefusal(f"Line {line.number} is pending for {waits[0]}; deny it first.", field="line")
