"""Payment plans: what a guarantor agreed to pay and when; a plan in force holds the whole account (back_office_rest.md 2.4).

The hold is the account's and of kind `payment_plan`, so that every criterion that asks for holds keeps working, and lines that
become the guarantor's later join by themselves. A plan is in force until it is cancelled, also at a balance of zero: the next
line of the guarantor's joins it too.
"""

from __future__ import annotations

from dataclasses import dataclass

from peewee import fn

from bo_tui import dates, money
from bo_tui.db.tables import Account, Hold, PaymentPlan, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import holds, ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.text import first_unsafe

ACTION = "plan"
KIND = "payment_plan"
MOST_DAYS = 366  # between two payments, and before the first
MOST_PAYMENTS = 600  # fifty years of months


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed: cents a payment, the first day it is due, and then every month, or every so many days."""

    amount: int
    first: int
    every_days: int | None = None

    @property
    def words(self) -> str:
        """`100.00 a month from 2026-12-01`."""
        every = "a month" if self.every_days is None else f"every {self.every_days} days"
        return f"{money.shown(self.amount)} {every} from {dates.iso(self.first)}"


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it stands: its terms, who agreed it when, the balance in cents then, and its hold's id.

    `act` is what is given back as `seen`; `cancelled`, by whom and why, are None while it is in force.
    """

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
    """A plan set or cancelled: the act, the plan's id, its hold's, and the guarantor's balance in cents at that moment."""

    act: int
    plan: int
    hold: int
    balance: int


def set_plan(
    office: Office, practice: int, account: str, terms: Terms, note: str = "", *, seen: int | None = None
) -> PlanDone:
    """Agree a plan for an account (by number) with a balance in the guarantor's responsibility; `seen` is the account's act.

    Raises RuleRefusal, field `amount`, `every_days`, `first`, `note` or `account`.
    """
    roles.require(office, ACTION)
    said = note.strip()
    _refuse_call(terms, said, office.business_date)
    with office.act("plan_set", practice, said or terms.words) as draft:
        owner = holds.the_account(practice, account)
        lookups.unchanged(seen, owner.act, f"Account {account}", f"is now {owner.guarantor}")
        balance = guarantor_balance(owner.id)
        _refuse_account(owner, balance, terms)
        hold = holds.set_within(draft, practice, account, KIND, said or terms.words, office.business_date)
        plan = _insert(draft, owner, hold, balance, terms, said or None)
        ledger.seal(draft)
    return PlanDone(draft.id, plan, hold, balance)


def cancel_plan(office: Office, practice: int, account: str, reason: str, *, seen: int | None = None) -> PlanDone:
    """End the plan in force and lift its hold; `seen` is the plan's act. Raises RuleRefusal, field `account` or `reason`."""
    roles.require(office, ACTION)
    reason = lookups.required(reason, "reason", "A reason")
    with office.act("plan_cancel", practice, reason) as draft:
        owner = holds.the_account(practice, account)
        row = _open_of(owner.id)
        if row is None:
            raise RuleRefusal(f"Account {account} has no payment plan in force.", field="account")
        lookups.unchanged(seen, row.act, f"The plan of account {account}", f"is {_terms(row).words}")
        made: int = row.made
        day = max(office.business_date, made)
        ended = {"cancelled": day, "cancelled_by": office.actor.name, "reason": reason}
        PaymentPlan.update(ended | {"act": draft.id}).where(PaymentPlan.id == row.id).execute()
        ledger.change(draft, KIND, row.id, "cancelled", None, dates.iso(day))
        holds.end_within(draft, Hold.get_by_id(row.hold))
        balance = guarantor_balance(owner.id)
        ledger.seal(draft)
    return PlanDone(draft.id, row.id, row.hold, balance)


def plan_of(office: Office, practice: int, account: str) -> Plan | None:
    """The plan in force on an account (by number), if any."""
    with office.reading():
        row = _open_of(holds.the_account(practice, account).id)
        return None if row is None else _plan(row)


def plans_of(office: Office, practice: int, account: str) -> list[Plan]:
    """All plans that an account (by number) has or had, the newest first."""
    with office.reading():
        owner = holds.the_account(practice, account).id
        rows = PaymentPlan.select().where(PaymentPlan.account == owner).order_by(PaymentPlan.id.desc())
        return [_plan(row) for row in rows]


def schedule(terms: Terms, balance: int) -> list[tuple[int, int]]:
    """(day, cents) of each payment until a balance in cents is paid; the last one is what is left, none at zero or below.

    A month's payment falls on the first one's day, or on the month's last where it has no such day.
    """
    found = []
    for at in range(_payments(terms.amount, balance)):
        day = dates.shift(terms.first, at, "m") if terms.every_days is None else terms.first + at * terms.every_days
        found.append((day, min(terms.amount, balance - at * terms.amount)))
    return found


def guarantor_balance(account: int) -> int:
    """The cents that an account's guarantor owes in active AR, credits taken off; by the account's id, within a transaction."""
    mine = (ServiceLine.account == account) & (ServiceLine.responsibility == "guarantor")
    return int(ServiceLine.select(fn.COALESCE(fn.SUM(ServiceLine.ar), 0)).where(mine).scalar())


def _payments(amount: int, balance: int) -> int:
    return max(0, -(-balance // amount))


def _refuse_call(terms: Terms, note: str, today: int) -> None:
    if terms.amount <= 0:
        raise RuleRefusal("The amount must be above 0.00.", field="amount")
    if terms.amount > money.LARGEST:
        raise RuleRefusal("The amount is too large.", field="amount")
    if terms.every_days is not None and not 1 <= terms.every_days <= MOST_DAYS:
        raise RuleRefusal(f"The interval is 1 to {MOST_DAYS} days.", field="every_days")
    if terms.first < today:
        raise RuleRefusal(f"The first payment is due before today, {dates.iso(today)}.", field="first")
    if terms.first > today + MOST_DAYS:
        raise RuleRefusal(f"The first payment is due more than {MOST_DAYS} days from today.", field="first")
    if unsafe := first_unsafe(note):
        raise RuleRefusal(f"A note cannot hold the character {unsafe}.", field="note")


def _refuse_account(owner: Account, balance: int, terms: Terms) -> None:
    row = _open_of(owner.id)
    if row is not None:
        raise RuleRefusal(
            f"Account {owner.number} has a payment plan already, {_terms(row).words}; cancel that one first.",
            field="account",
        )
    if balance <= 0:
        raise RuleRefusal(
            f"Account {owner.number} has no balance in the guarantor's responsibility, {money.shown(balance)}.",
            field="account",
        )
    if _payments(terms.amount, balance) > MOST_PAYMENTS:
        count = _payments(terms.amount, balance)
        raise RuleRefusal(f"It would take {count:,} payments; {MOST_PAYMENTS} are the most.", field="amount")


def _insert(draft: Draft, owner: Account, hold: int, balance: int, terms: Terms, note: str | None) -> int:
    plan: int = PaymentPlan.insert(
        practice=owner.practice, account=owner.id, hold=hold, amount=terms.amount, every_days=terms.every_days,
        first_due=terms.first, balance=balance, note=note, made_by=draft.actor, made=draft.business_date, act=draft.id,
    ).execute()  # fmt: skip
    every = "month" if terms.every_days is None else f"{terms.every_days} days"
    after = {"amount": money.plain(terms.amount), "every": every, "first_due": dates.iso(terms.first)}
    after |= {"balance": money.plain(balance)} | ({} if note is None else {"note": note})
    ledger.change_many(draft, [(KIND, plan, field, None, value) for field, value in after.items()])
    return plan


def _open_of(account: int) -> PaymentPlan | None:
    return PaymentPlan.get_or_none((PaymentPlan.account == account) & PaymentPlan.cancelled.is_null())


def _terms(row: PaymentPlan) -> Terms:
    return Terms(row.amount, row.first_due, row.every_days)


def _plan(row: PaymentPlan) -> Plan:
    return Plan(
        row.id, row.act, _terms(row), row.made, row.made_by, row.balance, row.note, row.hold, row.cancelled,
        row.cancelled_by, row.reason,
    )  # fmt: skip
