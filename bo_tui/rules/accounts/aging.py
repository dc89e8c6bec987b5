"""What an account owes by age (back_office_rest.md 2.6): current to 30 days, 31-60, 61-90, 91-120, 121 and more, credits apart.

The guarantor's lines age from their aging date (the day they became the guarantor's), the insurer's from the date of service.
"""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui.office import Office

NAMES = ("0-30", "31-60", "61-90", "91-120", "121+")
LAST_DAYS = (30, 60, 90, 120)  # of each bucket but the last


@dataclass(frozen=True, slots=True)
class Buckets:
    """Cents owed by age, in the order of NAMES, and credits (lines below zero, so at most 0)."""

    amounts: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    credits: int = 0

    @property
    def total(self) -> int:
        """What is owed, credits included."""
        return sum(self.amounts) + self.credits


@dataclass(frozen=True, slots=True)
class Aging:
    """An account's balances: in active AR by who is responsible, with agencies, and money on account; cents."""

    guarantor: Buckets
    insurance: Buckets
    placed: int
    on_account: int

    @property
    def total(self) -> int:
        """The account's balance in active AR, which equals its lines' entries."""
        return self.guarantor.total + self.insurance.total


def aging(office: Office, practice: int, account: str, day: int | None = None) -> Aging:
    """The balances of an account (by number) as the ledger has them now, aged on a day (default: the business date)."""
    raise NotImplementedError
