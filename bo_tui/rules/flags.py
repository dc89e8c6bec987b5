"""Flags that operators set by hand: an account's returned mail and statements, a line's brought-back mark (DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bo_tui.db.tables import Account, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account

_WORDS = {"returned_mail": "flagged for returned mail", "hold_statements": "on hold for statements"}


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag as an act left it."""

    act: int
    flag: str
    value: bool


def returned_mail(office: Office, practice: int, account: str, value: bool, *, seen: int | None = None) -> Flagged:
    """Flag an account (by number) for returned mail, or clear the flag; only setting it anew lets the night roll it again.

    `seen` is the account's act. Raises RuleRefusal, field `account` or `value`, when nothing would change.
    """
    return _of_account(office, practice, account, "returned_mail", value, seen)


def hold_statements(office: Office, practice: int, account: str, value: bool, *, seen: int | None = None) -> Flagged:
    """Hold all statements of an account (by number), or send them again; a line's own hold is `accounts.statements`'.

    `seen` is the account's act. Raises RuleRefusal, field `account` or `value`, when nothing would change.
    """
    return _of_account(office, practice, account, "hold_statements", value, seen)


def _of_account(office: Office, practice: int, account: str, flag: str, value: bool, seen: int | None) -> Flagged:
    roles.require(office, "flag")
    with office.act("flag", practice) as draft:
        row = the_account(practice, account)
        now = bool(getattr(row, flag))
        state = f"is {'' if now else 'not '}{_WORDS[flag]}"
        lookups.unchanged(seen, row.act, f"Account {account}", state)
        if now == value:
            raise RuleRefusal(f"Account {account} {state}; there is nothing to change.", field="value")
        ledger.change(draft, "account", row.id, flag, not value, value)
        changed = {getattr(Account, flag): value, Account.act: draft.id}
        if value and flag == "returned_mail":
            changed[Account.returned_mail_act] = draft.id
        Account.update(changed).where(Account.id == row.id).execute()
        ledger.seal(draft)
    return Flagged(draft.id, flag, value)


def mark_returned_mail(draft: Draft, accounts: Iterable[int], value: bool) -> list[int]:
    """Flag accounts (ids) for returned mail, or clear their flags, within an act; the ids of those whose flag was another."""
    marked: list[int] = []
    for chunk in lookups.chunks(sorted(set(accounts))):
        others: Any = Account.id.in_(chunk) & (Account.returned_mail == (not value))
        query: Any = Account.select(Account.id).where(others).order_by(Account.id)
        marked += [account for (account,) in query.tuples()]
    before, after = ("no", "yes") if value else ("yes", "no")
    ledger.change_many(draft, [("account", account, "returned_mail", before, after) for account in marked])
    changed: Any = {Account.returned_mail: value, Account.act: draft.id}
    if value:
        changed[Account.returned_mail_act] = draft.id
    for chunk in lookups.chunks(marked):
        Account.update(changed).where(Account.id.in_(chunk)).execute()
    return marked


def lift_brought_back(office: Office, practice: int, line: str, *, seen: int | None = None) -> Flagged:
    """Take the brought-back mark off a line (by number), so that the night may take it again.

    `seen` is the line's act. Raises RuleRefusal, field `line` or `value`.
    """
    roles.require(office, "flag")
    with office.act("flag", practice) as draft:
        the_practice = lookups.the_practice(practice)
        row = lookups.line_states(the_practice, [line], office.business_date)[0]
        state = "is marked brought back" if row.brought_back else "is not marked brought back"
        lookups.unchanged(seen, row.act, f"Line {line}", state)
        if not row.brought_back:
            raise RuleRefusal(f"Line {line} {state}.", field="value")
        ledger.change(draft, "service_line", row.id, "brought_back", True, False)
        cleared = {ServiceLine.brought_back: False, ServiceLine.act: draft.id}
        ServiceLine.update(cleared).where(ServiceLine.id == row.id).execute()
        ledger.seal(draft)
    return Flagged(draft.id, "brought_back", False)
