"""Notes on an account: what operators write, never changed, and what the acts themselves say (back_office_rest.md 2.2).

An operator's note is a row of `note`, its text under the act's digest. A *system note* is no row: it is the reason that an act
bears (a roll, a denial, a hold, a payment plan, a reversal), read from the history of what the act did to the account, so
that nothing is said twice and no rule can forget to say it.
"""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui.office import Office

KINDS = ("account", "case", "collection", "payment", "refund")
SYSTEM = "system"
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Noted:
    """A note that was written: its act and its id."""

    act: int
    note: int


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as a list shows it: business date (a day number), UTC text, who, one of KINDS or `system`, the line's number if any.

    `what` is the act's kind in words for a system note, else empty.
    """

    act: int
    made: int
    made_at: str
    author: str
    kind: str
    line: str | None
    text: str
    what: str = ""


def add_note(
    office: Office, practice: int, account: str, text: str, kind: str = "account", *, line: str | None = None
) -> Noted:
    """Write a note on an account (by number), or on one of its lines. Raises RuleRefusal, field `text`, `kind` or `line`."""
    raise NotImplementedError


def of_account(office: Office, practice: int, account: str, kind: str | None = None) -> list[NoteRow]:
    """The notes of an account, the newest first, system notes included; with `kind` only those of it."""
    raise NotImplementedError
