"""Payment plans: what a guarantor agreed to pay and when; a plan in force holds the whole account (back_office_rest.md 2.4).

The hold is the account's and of kind `payment_plan`, so that every criterion that asks for holds keeps working, and lines that
become the guarantor's later join by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui.office import Office


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed: cents a payment, the first day it is due, and then every month, or every so many days."""

    amount: int
    first: int
    every_days: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it stands: `act` to give back as `seen`, its terms, who agreed it when, the balance in cents then, its hold's id."""

    id: int
    act: int
    terms: Terms
    made: int
    made_by: str
    balance: int
    note: str | None
    hold: int
    cancelled: int | None
    cancelled_by: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PlanDone:
    """A plan set or cancelled: the act, the plan's id, and the hold's."""

    act: int
    plan: int
    hold: int


def set_plan(
    office: Office, practice: int, account: str, terms: Terms, note: str = "", *, seen: int | None = None
) -> PlanDone:
    """Agree a plan for an account (by number) with a balance in the guarantor's responsibility; `seen` is the account's act.

    Raises RuleRefusal, field `amount`, `every_days`, `first`, `note` or `account`.
    """
    raise NotImplementedError


def cancel_plan(office: Office, practice: int, account: str, reason: str, *, seen: int | None = None) -> PlanDone:
    """End the plan in force and lift its hold; `seen` is the plan's act. Raises RuleRefusal, field `account` or `reason`."""
    raise NotImplementedError


def plan_of(office: Office, practice: int, account: str) -> Plan | None:
    """The plan in force on an account (by number), if any."""
    raise NotImplementedError


def schedule(terms: Terms, balance: int) -> list[tuple[int, int]]:
    """(day, cents) of each payment until a balance in cents is paid; the last one is what is left."""
    raise NotImplementedError
