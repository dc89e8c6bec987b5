"""Group and reason codes of an insurer's payment on a line: which may be entered, and which adjust the line.

A contractual obligation (CO) is adjusted off the line as MADJN with the transaction code CONTR unless another is named; what is
the patient's responsibility (PR) adjusts nothing, it is what the line is rolled for (back_office_rest.md section 3.8).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bo_tui import money
from bo_tui.db.tables import ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.rules.batches import rows
from bo_tui.rules.batches.model import Reason, Share

GROUPS = {
    "CO": "contractual obligation",
    "PR": "patient responsibility",
    "OA": "other adjustment",
    "PI": "payer initiated reduction",
    "CR": "correction",
}
CONTRACTUAL = "CONTR"
MOST = 30  # of one line
_CODE = re.compile(r"[0-9A-Z]{1,5}")


def check(known: Mapping[str, str], line: ServiceLine, placed: int, share: Share) -> tuple[Reason, ...]:
    """The reasons of a share as they may be kept, CO with its transaction code; RuleRefusal, field `reasons` or `roll`.

    `known`: the practice's transaction codes with their direction; `placed`: cents of the line that an agency has, and that the
    insurer's money brings back before anything is adjusted.
    """
    if share.roll not in (None, "guarantor", "insurance"):
        raise RuleRefusal("Roll to the guarantor or to the insurance.", field="roll")
    if len(share.reasons) > MOST:
        raise RuleRefusal(f"A line takes at most {MOST} reason codes.", field="reasons")
    found = tuple(_one(known, reason) for reason in share.reasons)
    refused = too_much(adjusted(found), share.amount or 0, int(line.ar) + placed, line.number)
    if refused is not None:
        raise RuleRefusal(refused, field="reasons")
    return found


def adjusted(codes: Sequence[Reason]) -> int:
    """Cents that codes take off their line: those with a transaction code, and CO, which gets one."""
    return sum(one.amount for one in codes if one.transaction_code or one.group.strip().upper() == "CO")


def too_much(down: int, paid: int, balance: int, line: str) -> str | None:
    """Why so many cents cannot be adjusted off a line with that balance beside what is paid, or None: never below zero."""
    left = max(balance - paid, 0)
    if down <= left:
        return None
    beside = "what its payment leaves" if paid else "the balance"
    return (
        f"Adjustments of {money.shown(down)} are more than {beside} of line {line}, {money.shown(left)}; "
        "an adjustment never goes below zero."
    )


def _one(known: Mapping[str, str], given: Reason) -> Reason:
    group, code = given.group.strip().upper(), given.reason.strip().upper()
    if group not in GROUPS:
        raise RuleRefusal(f"The group code is one of {', '.join(GROUPS)}.", field="reasons")
    if not _CODE.fullmatch(code):
        raise RuleRefusal("A reason code has one to five digits or capital letters, such as 45.", field="reasons")
    rows.cents(given.amount, "reasons")
    wanted = given.transaction_code or (CONTRACTUAL if group == "CO" else None)
    if wanted is not None:
        if wanted not in known:
            raise NotFound(f"There is no active transaction code {wanted}.", field="reasons")
        if known[wanted] != "down":
            raise RuleRefusal(f"{wanted} adjusts up; a reason code's adjustment goes down.", field="reasons")
    return replace(given, group=group, reason=code, transaction_code=wanted)


def words(codes: Sequence[Reason]) -> str | None:
    """The reasons as the payment's entry says them: `CO-45 100.00, PR-1 25.00`."""
    return ", ".join(f"{one.group}-{one.reason} {money.plain(one.amount)}" for one in codes) or None
