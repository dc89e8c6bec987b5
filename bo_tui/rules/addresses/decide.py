"""What operators decide on corrections: approve, deny, acknowledge, flag (external_collections.md section 10).

Each is one act over one or many rows, all or nothing. `seen` maps a row to its act as the operator saw it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import flags, ledger, roles
from bo_tui.rules.addresses import rows as corrections
from bo_tui.rules.addresses.account import update_addresses
from bo_tui.rules.addresses.rows import FIELD, SUBJECT, Rows
from bo_tui.rules.addresses.verdict import address_of, lacking
from bo_tui.rules.external import lookups

ACTION = "addresses"
OTHER = "The service was asked about another address than the account has."

Seen = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Approved:
    """Corrections approved: how many accounts got their new address, lost their flag, and what could not be carried out.

    `errors` are (account number, sentence): those rows are denied and wait under Errors to be acknowledged.
    """

    act: int
    accounts: int
    cleared: int
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """Rows denied, acknowledged or flagged; `flagged` says how many accounts got the flag that had it not."""

    act: int
    rows: int
    flagged: int = 0


def approve(
    office: Office, practice: int, rows: Iterable[int], *, clear_returned: bool = True, seen: Seen | None = None
) -> Approved:
    """Give the accounts of corrections (by id) their new addresses, and with `clear_returned` take Returned Mail off them.

    What is incomplete is denied instead, with an error that waits to be acknowledged; its account stays as it is. Raises
    RuleRefusal, field `row`, for a row that does not wait or two of the same account, and Conflict, naming who, when an
    account's address was changed after the file was loaded.
    """
    roles.require(office, ACTION)
    with office.act("address_approve", practice) as draft:
        found, accounts = corrections.read(practice, rows, seen)
        corrections.waiting(found, accounts)
        _once_each(found, accounts)
        for row in found:
            corrections.unmoved(row, accounts[row.account])
        done = carry_out(draft, found, accounts, clear=clear_returned)
        ledger.seal(draft)
    return done


def deny(office: Office, practice: int, rows: Iterable[int], note: str, *, seen: Seen | None = None) -> Decided:
    """Refuse corrections with a compulsory note; their accounts stay as they are. Raises RuleRefusal, field `row` or `note`."""
    roles.require(office, ACTION)
    note = lookups.required(note, "note", "A note that says why")
    with office.act("address_deny", practice, note) as draft:
        found, accounts = corrections.read(practice, rows, seen)
        corrections.waiting(found, accounts)
        corrections.write(draft, found, "outcome", None, _decision(draft, "denied", note))
        ledger.seal(draft)
    return Decided(draft.id, len(found))


def acknowledge(office: Office, practice: int, rows: Iterable[int], *, seen: Seen | None = None) -> Decided:
    """Take note of errors, returned mail among them, and change nothing else. Raises RuleRefusal, field `row`."""
    roles.require(office, ACTION)
    with office.act("address_acknowledge", practice) as draft:
        found, accounts = corrections.read(practice, rows, seen)
        corrections.open_errors(found, accounts)
        corrections.write(draft, found, "error_state", "open", _end(draft, "acknowledged"))
        ledger.seal(draft)
    return Decided(draft.id, len(found))


def flag(office: Office, practice: int, rows: Iterable[int], *, seen: Seen | None = None) -> Decided:
    """Flag the accounts of errors for returned mail; the rows go to the history, among its corrections as denied.

    With the rule on, the night then rolls the accounts' balances to Pending. An account that has the flag keeps it as it is.
    Raises RuleRefusal, field `row`.
    """
    roles.require(office, ACTION)
    with office.act("address_flag", practice) as draft:
        found, accounts = corrections.read(practice, rows, seen)
        corrections.open_errors(found, accounts)
        undecided = [row for row in found if row.outcome is None]
        corrections.write(draft, undecided, "outcome", None, _decision(draft, "denied", corrections.FLAGGED))
        corrections.write(draft, found, "error_state", "open", _end(draft, "flagged"))
        marked = flags.mark_returned_mail(draft, [row.account for row in found], True)
        ledger.seal(draft)
    return Decided(draft.id, len(found), len(marked))


def carry_out(
    draft: Draft, rows: Rows, accounts: Mapping[int, Any], *, clear: bool, strict: bool = False, note: str | None = None
) -> Approved:
    """Approve what is complete and deny the rest with its error, within an act; for the operator's approval and the load.

    `strict` also denies what a service was asked about with another address than the account has.
    """
    wrong = {row.id: lacking(address_of(row, "new_")) or (OTHER if strict and row.warning else None) for row in rows}
    good = [row for row in rows if wrong[row.id] is None]
    update_addresses(draft, good, accounts)
    corrections.write(draft, good, "outcome", None, _decision(draft, "approved", note))
    cleared = flags.mark_returned_mail(draft, [row.account for row in good], False) if clear else []
    bad = [(row, wrong[row.id] or "") for row in rows if wrong[row.id] is not None]
    for error in sorted({error for _, error in bad}):
        mine = [row for row, its in bad if its == error]
        values = {**_decision(draft, "denied", note), "error": error, "error_state": "open"}
        corrections.write(draft, mine, "outcome", None, values)
        ledger.change_many(draft, [(SUBJECT, row.id, "error", None, error) for row in mine])
    told = tuple((accounts[row.account].number, error) for row, error in bad)
    return Approved(draft.id, len(good), len(cleared), told)


def _once_each(rows: Rows, accounts: Mapping[int, Any]) -> None:
    twice = [account for account, count in Counter(row.account for row in rows).items() if count > 1]
    if twice:
        number = accounts[min(twice)].number
        raise RuleRefusal(
            f"Two of these corrections are of account {number}; approve one and deny the other.", field=FIELD
        )


def _decision(draft: Draft, outcome: str, note: str | None) -> dict[str, Any]:
    return {"outcome": outcome, "decided": draft.business_date, "decided_by": draft.actor, "note": note}


def _end(draft: Draft, state: str) -> dict[str, Any]:
    return {"error_state": state, "ended": draft.business_date, "ended_by": draft.actor}


__all__ = ["ACTION", "Approved", "Decided", "acknowledge", "approve", "carry_out", "deny", "flag"]
