"""Every criterion for a Start, declared once: name, sentence for a person, Peewee expression (DESIGN section 4, seed 002).

The night takes their conjunction, *Why?*, the list of Create and the operator's Start ask the same; they cannot disagree because
they are the same thing. In their order a line is counted under the first that it fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import SQL, Case, Value, fn

from bo_tui import money
from bo_tui.db.tables import Account, Entry, PrecollectTask, ServiceLine
from bo_tui.rules.codes import ON_ACCOUNT
from bo_tui.rules.external import criteria as external
from bo_tui.rules.external.holds import in_force
from bo_tui.rules.precollect.statements import statement_held, statement_paused
from bo_tui.rules.precollect.terms import Terms
from bo_tui.text import counted

Expression = Any  # a peewee expression over ServiceLine
Values = dict[str, Any]
TRUE, FALSE = SQL("1"), SQL("0")


@dataclass(frozen=True)
class Criterion:
    """One ground for starting a line or not: `passes` is true for a line that meets it, `fact` puts its figures in words."""

    name: str
    sentence: str
    passes: Callable[[Terms], Expression]
    fact: Callable[[Terms, Values], str]
    measures: Callable[[Terms], dict[str, Expression]] = lambda terms: {}


def account_balance() -> Expression:
    """Cents that the guarantor owes on the line's account, net: lines below zero and money on account count against it."""
    line, entry = ServiceLine.alias("of_account"), Entry.alias("on_account")
    lines = line.select(fn.SUM(line.ar)).where(
        (line.account == ServiceLine.account) & (line.responsibility == SQL("'guarantor'"))
    )
    moved = Case(None, [(entry.credit == ON_ACCOUNT, entry.amount), (entry.debit == ON_ACCOUNT, 0 - entry.amount)], 0)
    kept = entry.select(fn.SUM(moved)).where((entry.account == ServiceLine.account) & _on_account(entry))
    return fn.COALESCE(lines, 0) - fn.COALESCE(kept, 0)


def _on_account(entry: Any) -> Expression:
    return (entry.credit == ON_ACCOUNT) | (entry.debit == ON_ACCOUNT)


def _suspended() -> Expression:
    owner = Account.alias("suspended_account")
    return fn.EXISTS(
        owner.select(Value(1)).where((owner.id == ServiceLine.account) & (owner.suspend_precollection == SQL("1")))
    )


def _statement_hold(terms: Terms) -> Expression:
    if not terms.rules.exclude_statement_hold:
        return TRUE
    return ~statement_held(ServiceLine.account, ServiceLine.id)


def _statement_fact(terms: Terms, values: Values) -> str:
    held = "statements are held" if values["statement_held"] else "statements are not held"
    return held if terms.rules.exclude_statement_hold else f"{held}; the practice does not ask"


def _above(terms: Terms) -> Expression:
    return account_balance() > terms.rules.balance_greater_than if terms.complete else TRUE


def _balance_fact(terms: Terms, values: Values) -> str:
    if not terms.complete:
        return "no thresholds"
    owed, threshold = money.shown(values["account_balance"]), money.shown(terms.rules.balance_greater_than)
    return f"the account owes {owed}, threshold {threshold}"


def _old_enough(terms: Terms) -> Expression:
    return ServiceLine.aging_date < terms.day - terms.rules.days_past_due if terms.complete else TRUE


def _age_fact(terms: Terms, values: Values) -> str:
    age = "no age" if values["age"] is None else f"age {counted(values['age'], 'day')}"
    return f"{age}, threshold {terms.rules.days_past_due}" if terms.complete else age


def _no_recent_payment(terms: Terms) -> Expression:
    if terms.window is None:
        return TRUE
    return external.recent_payments(terms.payments) < external.payment_bar(terms.payments)


def _payment_measures(terms: Terms) -> dict[str, Expression]:
    if terms.window is None:
        return {}
    return {"paid": external.recent_payments(terms.payments), "bar": external.payment_bar(terms.payments)}


def _payment_fact(terms: Terms, values: Values) -> str:
    if terms.window is None:
        return "the practice excludes nothing for payments"
    paid, bar = money.shown(values["paid"]), money.shown(values["bar"])
    return f"paid {paid} on the line in {counted(terms.window, 'day')}, bar {bar}"


NOT_ACTIVE = Criterion(
    "not_active",
    "The line is neither pending for an agency nor with one.",
    lambda terms: external.active(),
    lambda terms, values: "active in AR" if values["not_active"] else "pending or with an agency",
)
NOT_GUARANTOR = Criterion(
    "not_guarantor",
    "The line is the guarantor's responsibility.",
    lambda terms: ServiceLine.responsibility == SQL("'guarantor'"),
    lambda terms, values: "the guarantor's" if values["not_guarantor"] else "the insurer's",
)
NO_BALANCE = Criterion(
    "no_balance",
    "The line's balance is above zero.",
    lambda terms: ServiceLine.ar > SQL("0"),
    lambda terms, values: f"balance {money.shown(values['balance'])}",
)
ON_HOLD = Criterion(
    "on_hold",
    "Neither the line nor its account is on hold.",
    lambda terms: ~in_force(ServiceLine.account, ServiceLine.id, terms.day),
    lambda terms, values: "no hold in force" if values["on_hold"] else "a hold is in force",
)
STATEMENT_HOLD = Criterion(
    "statement_hold",
    "Statements are not held, where the practice leaves held ones out.",
    _statement_hold,
    _statement_fact,
    lambda terms: {"statement_held": statement_held(ServiceLine.account, ServiceLine.id)},
)
SUSPENDED = Criterion(
    "suspended",
    "Pre-collections are not suspended for the account.",
    lambda terms: ~_suspended(),
    lambda terms, values: "not suspended" if values["suspended"] else "the account is suspended",
)
ALREADY_STARTED = Criterion(
    "already_started",
    "The line is not in pre-collections already.",
    lambda terms: ~statement_paused(ServiceLine.id),
    lambda terms, values: "not started" if values["already_started"] else "started and not stopped",
)
NO_THRESHOLDS = Criterion(
    "no_thresholds",
    "The practice's thresholds are set.",
    lambda terms: TRUE if terms.complete else FALSE,
    lambda terms, values: "set" if terms.complete else "not set",
)
BELOW_BALANCE = Criterion(
    "below_balance",
    "The account's guarantor balance, credits included, is greater than the threshold.",
    _above,
    _balance_fact,
    lambda terms: {"account_balance": account_balance()},
)
TOO_YOUNG = Criterion("too_young", "The line is more days past due than the threshold.", _old_enough, _age_fact)
RECENT_PAYMENT = Criterion(
    "recent_payment",
    "No recent guarantor payment on the line reaches the bar.",
    _no_recent_payment,
    _payment_fact,
    _payment_measures,
)
STANDING = (NOT_ACTIVE, NOT_GUARANTOR, NO_BALANCE)  # what makes a line a candidate at all
CRITERIA = (
    ON_HOLD, STATEMENT_HOLD, SUSPENDED, ALREADY_STARTED, NO_THRESHOLDS, BELOW_BALANCE, TOO_YOUNG, RECENT_PAYMENT,
)  # fmt: skip
ALL = (*STANDING, *CRITERIA)
NAMES = tuple(criterion.name for criterion in CRITERIA)


def queued() -> Expression:
    """Whether a line waits for a Start file already."""
    task = PrecollectTask.alias("waiting_task")
    return fn.EXISTS(task.select(Value(1)).where((task.line == ServiceLine.id) & task.outcome.is_null()))


def candidate() -> Expression:
    """Active in AR, the guarantor's, above zero, and not queued yet; repeats the terms of the partial index so that it is used."""
    return external.candidate() & ~queued()


def excluded(terms: Terms) -> Expression:
    """The name of the first criterion that keeps a candidate out, NULL for one that qualifies."""
    return Case(None, [(~criterion.passes(terms), criterion.name) for criterion in CRITERIA], None)


def first_failed(terms: Terms) -> Expression:
    """The name of the first criterion that any line fails, NULL for one that may start."""
    return Case(None, [(~criterion.passes(terms), criterion.name) for criterion in ALL], None)


def qualifies(terms: Terms) -> Expression:
    """Whether a line may start: it meets every criterion."""
    return first_failed(terms).is_null()
