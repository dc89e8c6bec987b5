"""Words for the rows of Active AR: marks, descriptions, the sentence above the keys, and the legend."""

from __future__ import annotations

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.text import counted
from bo_tui.views.accounts.ledger import Posting, Waiting
from bo_tui.views.accounts.lines import LineRow

ATTACHED = "@"
MARKS = (
    ("@", "something is attached to the line, or to the entry"),
    ("X", "the debt is with an agency"),
    ("W", "waits for an agency (tab Pending of External Collections)"),
    ("C", "in pre-collections (TSI)"),
    ("H", "a hold of the line or of the account is in force"),
    ("S", "goes on no statement"),
    ("B", "brought back: the night leaves it alone"),
)


def marks(row: LineRow) -> str:
    """What must not be overlooked on a line, as letters of the legend."""
    there = (
        row.attached,
        row.agency is not None,
        row.waits_for is not None,
        row.started is not None,
        row.held,
        row.silent,
    )
    return "".join(letter for (letter, _), yes in zip(MARKS, (*there, row.brought_back), strict=True) if yes)


def described(one: Posting) -> str:
    """What stands in Description of an entry: the check, the transaction code, the agency, or the note."""
    if one.transaction_code:
        return f"{one.transaction_code} {one.code_text or ''}".strip()
    if one.code in ("GPYMT", "IPYMT") and one.number:
        return f"Check {one.number}"
    if one.code == "EXCOL" and one.agency:
        return f"to {one.agency}"
    if one.code == "RVCOL" and one.agency:
        return f"from {one.agency}"
    return one.note or ""


def waits(one: Waiting) -> str:
    """What stands in Description of what is not posted."""
    if one.code == "EXCOL":
        return f"for {one.whose}"
    if one.kind is not None:
        return f"{one.kind} asked by {one.whose}"
    return f"batch {one.whose}" if one.whose else "payment batch"


def of_line(row: LineRow, today: int) -> str:
    """A line in a sentence: whose it is since when, and what stands in the way of collecting it."""
    party = "the guarantor's" if row.responsibility == "guarantor" else "the insurer's"
    since = "" if row.responsible_since is None else f" since {dates.iso(row.responsible_since)}"
    age = f", {counted(today - row.ages_from, 'day')} old"
    patient = f" ({row.patient})" if row.patient else ""
    parts = [f"{row.number}{patient}: {party}{since}{age}"]
    parts += [f"{row.agency} has {shown(row.placed)}"] if row.agency is not None else []
    parts += [f"waits for {row.waits_for}"] if row.waits_for is not None else []
    parts += [f"in pre-collections since {dates.iso(row.started)}"] if row.started is not None else []
    parts += ["on hold"] * row.held + ["on no statement"] * row.silent + ["brought back"] * row.brought_back
    return "; ".join(parts)


def of_entry(one: Posting) -> str:
    """An entry in a sentence: its note, and what is left of it where a part was reversed."""
    parts = [f"{one.code} {one.id} of {dates.iso(one.posted)}"]
    parts += [f"check {one.number}"] if one.number else []
    parts += [f"placement {one.placement}"] if one.placement is not None else []
    parts += [f"{shown(one.gross - one.left)} of it reversed"] if 0 < one.left < one.gross else []
    parts += ["reversed"] if one.left == 0 and one.has_children else []
    parts += [one.note] if one.note else []
    return "; ".join(parts)


def of_waiting(one: Waiting) -> str:
    """What waits, in a sentence."""
    since = "" if one.since is None else f" since {dates.iso(one.since)}"
    if one.code == "EXCOL":
        return (
            f"Queued for {one.whose}{since}; it moves nothing until it is posted there (External Collections, Pending)."
        )
    if one.kind is not None:
        return f"An adjustment ({one.kind}) that {one.whose} asked for{since}; it waits for a second person."
    return f"A payment of batch {one.whose}{since} that is not posted yet."


def legend() -> str:
    """The legend: what a row's look and signs mean, also for who sees no colours."""
    lines = [
        "# Rows",
        "",
        "- SVCFE: a service fee line, by its date of service; Right opens it. Amount is the fee, Balance what it owes.",
    ]
    lines += [
        "- Below it: what moved its balance. Minus takes off, no sign adds. Balance is the line's after that entry.",
        "- An indented entry belongs to the one above it: the reversal of a payment or adjustment, a commission.",
        "- dim and slanted: only informs, in no balance (ECOMM, RVCOMM, and BALANCE, the running balance at its latest day)",
        "- pending in Date, slanted: not posted yet, in no balance",
        "- green, and minus in Balance: the line is in credit",
        "- dim: nothing is owed",
        "",
        "# Owes",
        "",
        "- guar: the guarantor; Age counts the days from the line's aging date. ins: the insurer.",
        "",
        "# Marks",
        "",
    ]
    return "\n".join([*lines, *(f"- {letter}: {words}" for letter, words in MARKS)])
