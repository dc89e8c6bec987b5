"""Suspend Pre-Coll: an account that stays out of later Start files until it is let in again (DESIGN section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bo_tui.db.tables import Account, Precollection, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account
from bo_tui.rules.precollect import gate, stops
from bo_tui.rules.precollect.terms import load_terms


@dataclass(frozen=True, slots=True)
class Suspended:
    """The flag as an act left it, and the lines (by number) that were stopped with it."""

    act: int
    value: bool
    stopped: tuple[str, ...]


def suspend(
    office: Office, practice: int, account: str, value: bool, *, stop: bool = False, seen: int | None = None
) -> Suspended:
    """Keep an account (by number) out of later Start files, or let it in again; `stop` also stops its lines that are with TSI.

    `seen` is the account's act. Raises Conflict, and RuleRefusal, field `practice`, `account` or `value`.
    """
    roles.require(office, gate.ACTION)
    with office.act("precollect_suspend", practice) as draft:
        terms = load_terms(gate.the_practice(practice), office.business_date)
        row: Any = the_account(practice, account)
        state = "is suspended for pre-collections" if row.suspend_precollection else "is not suspended"
        lookups.unchanged(seen, row.act, f"Account {account}", state)
        stays = _stays(row.id) if stop and value else {}
        if bool(row.suspend_precollection) == value and not stays:
            raise RuleRefusal(f"Account {account} {state}; there is nothing to change.", field="value")
        if bool(row.suspend_precollection) != value:
            ledger.change(draft, "account", row.id, "suspend_precollection", not value, value)
            changed = {Account.suspend_precollection: value, Account.act: draft.id}
            Account.update(changed).where(Account.id == row.id).execute()
        if stays:
            stops.stop_within(draft, terms, stays)
        ledger.seal(draft)
    return Suspended(draft.id, value, tuple(stays))


def _stays(account: int) -> dict[str, Precollection]:
    """The account's open stays, by line number."""
    query: Any = Precollection.select(Precollection, ServiceLine.number.alias("number"))
    query = query.join(ServiceLine, on=(ServiceLine.id == Precollection.line)).objects()
    mine = (Precollection.account == account) & Precollection.ended.is_null()
    return {stay.number: stay for stay in query.where(mine).order_by(Precollection.id)}
