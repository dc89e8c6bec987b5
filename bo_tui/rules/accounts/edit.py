"""Accounts made and changed by hand: every change an act with before and after, nobody overwritten, nobody kept twice.

The history keeps an SSN's last four digits alone. A new name reaches the account's placements, which repeat it for their grid
(DESIGN section 6).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui.db.tables import Account, Placement
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.accounts import duplicates, fields
from bo_tui.rules.accounts.fields import AccountFields, Address
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account
from bo_tui.rules.settings import changing

ACTION = "account"
_DIGITS = 15  # of numbers that are counted on from; a longer one is a key of another program's


@dataclass(frozen=True, slots=True)
class Kept:
    """An account as an act left it, with the fields (by name) that the act changed."""

    act: int
    account: int
    number: str
    guarantor: str
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """An account as it stands: its id, the act to give back as `seen`, the name that lists show, and its fields (SSN masked)."""

    account: int
    act: int
    guarantor: str
    fields: AccountFields


def known(office: Office, practice: int, number: str) -> Known:
    """The account of a number, for a form; NotFound, field `account`."""
    with office.reading():
        row = the_account(practice, number)
        return Known(row.id, row.act, row.guarantor, fields.fields_of(row))


def create(office: Office, practice: int, wanted: AccountFields, *, seen_duplicates: Collection[int] = ()) -> Kept:
    """A new account, with the number given or the next free one.

    Raises RuleRefusal, field by name, and `duplicates.Duplicates` unless the ids of all matches are among `seen_duplicates`.
    """
    roles.require(office, ACTION)
    values = fields.checked(wanted, office.business_date)
    with office.act("account_add", practice) as draft:
        lookups.the_practice(practice)
        values["number"] = _free(practice, values["number"])
        duplicates.refuse_unseen(practice, values, seen_duplicates)
        given = {name: value for name, value in values.items() if value not in (None, False)}
        account = changing.insert(draft, Account, given, keys={"practice": practice})
        if values["returned_mail"]:  # the night rolls a flag by the act that set it
            Account.update({Account.returned_mail_act: draft.id}).where(Account.id == account).execute()
        ledger.seal(draft)
    return Kept(draft.id, account, values["number"], values["guarantor"], tuple(given))


def update(
    office: Office,
    practice: int,
    number: str,
    wanted: AccountFields,
    *,
    seen: int | None = None,
    seen_duplicates: Collection[int] = (),
) -> Kept:
    """Change an account (by number); `seen` is its act. Its number stays: papers bear it.

    Duplicates are looked for where name, birth date or SSN change. Raises RuleRefusal, field by name or none when nothing
    differs, Conflict, and `duplicates.Duplicates`.
    """
    roles.require(office, ACTION)
    with office.act("account_update", practice) as draft:
        row = _unchanged(practice, number, seen)
        values = fields.checked(wanted, office.business_date, row)
        if values.pop("number") != row.number:
            raise RuleRefusal("An account keeps its number.", field="number")
        if values["suspend_precollection"] != bool(row.suspend_precollection):  # TSI may have to be told
            raise RuleRefusal("Pre-collection is suspended by its own action.", field="suspend_precollection")
        if any(values[name] != getattr(row, name) for name in (*fields.NAME, "date_of_birth", "ssn")):
            duplicates.refuse_unseen(practice, values, seen_duplicates, row.id)
        changed = _write(draft, row, values)
        ledger.seal(draft)
    return Kept(draft.id, row.id, number, values["guarantor"], changed)


def update_address(
    office: Office,
    practice: int,
    number: str,
    wanted: Address,
    *,
    reason: str | None = None,
    seen: int | None = None,
) -> Kept:
    """Change where a guarantor (by account number) lives; the whole address is replaced. `seen` is the account's act.

    Raises RuleRefusal, field by name, or none when it is the address that is kept already; Conflict.
    """
    roles.require(office, ACTION)
    with office.act("account_address", practice, reason) as draft:
        row = _unchanged(practice, number, seen)
        changed = update_address_within(draft, row, wanted)
        ledger.seal(draft)
    return Kept(draft.id, row.id, number, row.guarantor, changed)


def update_address_within(draft: Draft, row: Account, wanted: Address) -> tuple[str, ...]:
    """As `update_address`, on an account that was read in an act which the caller seals; the names of what changed."""
    return _write(draft, row, fields.checked_address(wanted))


def _write(draft: Draft, row: Account, values: dict[str, Any]) -> tuple[str, ...]:
    changed = changing.update(draft, Account, row, values)
    if values.get("returned_mail") and "returned_mail" in changed:
        Account.update({Account.returned_mail_act: draft.id}).where(Account.id == row.id).execute()
    if "guarantor" in changed:
        Placement.update(guarantor=values["guarantor"], act=draft.id).where(Placement.account == row.id).execute()
    return tuple(changed)


def _unchanged(practice: int, number: str, seen: int | None) -> Account:
    row = the_account(practice, number)
    place = ", ".join(part for part in (row.address1, row.city, row.state, row.zip) if part)
    lookups.unchanged(seen, row.act, f"Account {number}", f"is now {row.guarantor}, {place or 'without an address'}")
    return row


def _free(practice: int, number: str | None) -> str:
    """A number that no account of the practice has: the one asked for, or one above the highest."""
    if number is None:
        short = (Account.practice == practice) & (fn.LENGTH(Account.number) <= _DIGITS)
        # of a number with letters the cast takes the digits that it begins with, which only leaves more room
        highest = Account.select(fn.MAX(Account.number.cast("integer"))).where(short).scalar() or 0
        return str(max(int(highest), 0) + 1)
    if Account.select().where((Account.practice == practice) & (Account.number == number)).exists():
        raise RuleRefusal(f"There is an account {number} already.", field="number")
    return number
