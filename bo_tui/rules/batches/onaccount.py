"""Money on account: to the account's own lines as GPYMT, or to suspense as money of the payment that brought it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import fn

from bo_tui import money
from bo_tui.db.tables import Entry, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.batches import guarantor, rows
from bo_tui.rules.batches.holding import account_unchanged, on_account_of, refuse_above, the_posted
from bo_tui.rules.batches.model import LineShare, Moved
from bo_tui.rules.codes import AR, GPYMT, GSUSP, ON_ACCOUNT, SUSPENSE, SVCFE
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account


def apply_on_account(
    office: Office,
    practice: int,
    account: str,
    lines: Sequence[LineShare] | None = None,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    note: str | None = None,
    seen: int | None = None,
) -> Moved:
    """Apply money on account to the account's own lines: as given (`lines`), or so much (default: all) oldest first; GPYMT.

    `seen` is the last act that moved what the account holds. Raises RuleRefusal, field `amount` (more than there is), `line`
    (placed, another account's) or `note`, and Conflict.
    """
    roles.require(office, "payment")
    note = rows.text(note, "note")
    with office.act("apply_on_account", practice) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, draft.business_date)
        holder = the_account(practice, account)
        account_unchanged(holder, seen)
        owner, there = holder.id, on_account_of(holder.id)
        given = lines if lines is not None else guarantor.shares_of(owner, there if amount is None else amount)
        cents = sum(rows.cents(share.amount, "amount") for share in given)
        if cents > there or (amount is not None and amount > there):
            raise RuleRefusal(f"Account {account} holds {money.shown(there)} on account.", field="amount")
        if not given:
            raise RuleRefusal("No line of the account takes the money.", field="amount")
        fees = _own_lines(owner, account, [share.line for share in given])
        made = tuple(
            ledger.write(
                draft, GPYMT, (ON_ACCOUNT, AR), share.amount, account=owner, line=fees[share.line][0],
                parent=fees[share.line][1], accounting_date=booked, note=note,
            )
            for share in given
        )  # fmt: skip
        ledger.settle(draft)
        ledger.seal(draft)
    return Moved(draft.id, made, cents)


def _own_lines(account: int, number: str, lines: Sequence[str]) -> dict[str, tuple[int, int | None]]:
    """(id, SVCFE) of lines of an account by number; refused when one is not the account's, named twice, or placed."""
    if len(set(lines)) != len(lines):
        raise RuleRefusal("A line is named twice.", field="line")
    found: dict[str, tuple[int, int | None]] = {}
    for chunk in lookups.chunks(lines):
        fee = Entry.select(fn.MIN(Entry.id)).where((Entry.line == ServiceLine.id) & (Entry.code == SVCFE))
        query: Any = ServiceLine.select(ServiceLine.number, ServiceLine.id, fee)
        mine = (ServiceLine.account == account) & ServiceLine.number.in_(chunk)
        found.update((row[0], row[1:]) for row in query.where(mine).tuples())
    for line in lines:
        if line not in found:
            raise NotFound(f"Account {number} has no service fee line {line}.", field="line")
        lookups.refuse_if_placed(found[line][0])
    return found


def on_account_to_suspense(
    office: Office, practice: int, account: str, amount: int, payment: int, accounting_date: int | None = None,
    *, note: str | None = None, seen: int | None = None,
) -> Moved:  # fmt: skip
    """Move money that an account holds on account to suspense, as money of the posted payment that brought it (GSUSP).

    `seen` as in `apply_on_account`. Raises RuleRefusal, field `amount`, NotFound, field `payment`, and Conflict.
    """
    roles.require(office, "payment")
    rows.cents(amount, "amount")
    with office.act("to_suspense", practice) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, draft.business_date)
        holder, row = the_account(practice, account), the_posted(payment, practice)
        account_unchanged(holder, seen)
        refuse_above(on_account_of(holder.id), amount, f"Account {account} holds {{}} on account.")
        made = ledger.write(
            draft, GSUSP, (ON_ACCOUNT, SUSPENSE), amount, account=holder.id, payment=row.id, number=row.number,
            accounting_date=booked, note=rows.text(note, "note"),
        )  # fmt: skip
        ledger.seal(draft)
    return Moved(draft.id, (made,), amount)
