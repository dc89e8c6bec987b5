"""Money that no line has yet, after its payment was posted: on account, in suspense, in miscellaneous income, refunded."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui.errors import Defect
from bo_tui.office import Office
from bo_tui.rules.batches.model import Held, LineShare, Moved


def on_account(office: Office, practice: int, account: str) -> int:
    """Cents that an account (by number) holds on account."""
    raise Defect("not there yet")


def apply_on_account(
    office: Office,
    practice: int,
    account: str,
    lines: Sequence[LineShare] | None = None,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    note: str | None = None,
) -> Moved:
    """Apply money on account to the account's lines: by hand (`lines`), or so much (default: all) oldest first. GPYMT."""
    raise Defect("not there yet")


def on_account_to_suspense(
    office: Office, practice: int, account: str, amount: int, note: str, accounting_date: int | None = None
) -> Moved:
    """Move money on account to suspense (GSUSP)."""
    raise Defect("not there yet")


def held(office: Office, practice: int, book: str = "SUSPENSE") -> list[Held]:
    """What lies in SUSPENSE or MISC_INCOME of a practice and was not taken out again, oldest first."""
    raise Defect("not there yet")


def from_suspense(
    office: Office,
    entry: int,
    to: str,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    line: str | None = None,
    account: str | None = None,
    note: str | None = None,
    practice: int | None = None,
) -> Moved:
    """Move money (default: all that is left) of an entry in suspense `to` a `line`, `on_account`, or `misc`."""
    raise Defect("not there yet")


def from_misc(
    office: Office,
    entry: int,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    note: str | None = None,
    practice: int | None = None,
) -> Moved:
    """Move money of an entry in miscellaneous income back to suspense (RVMIS)."""
    raise Defect("not there yet")


def refund(
    office: Office,
    practice: int,
    amount: int,
    recipient: str,
    accounting_date: int | None = None,
    *,
    account: str | None = None,
    line: str | None = None,
    entry: int | None = None,
) -> Moved:
    """Refund money on account (`account`), a line's credit (`line`), or money in suspense or miscellaneous income (`entry`)."""
    raise Defect("not there yet")
