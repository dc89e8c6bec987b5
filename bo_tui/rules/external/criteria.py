"""Every criterion of the nightly selection, declared once: a name, a sentence for a person, and a Peewee expression.

The night takes their conjunction, *Why?* shows each one's verdict; they cannot disagree because they are the same thing
(DESIGN section 3, seed 001). The order is CONTRACT's: a line is counted under the criterion furthest down that any agency
reached.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import SQL, Case, Value, fn

from bo_tui import money
from bo_tui.db.tables import Entry, Pending, Placement, ServiceLine
from bo_tui.rules.codes import GPYMT, ON_ACCOUNT, ONACCT, RVPAY
from bo_tui.rules.external.holds import in_force
from bo_tui.rules.external.terms import Match, Terms
from bo_tui.text import counted

Expression = Any  # a peewee expression over ServiceLine
TRUE = SQL("1")
FALSE = SQL("0")


@dataclass(frozen=True)
class Criterion:
    """One ground for taking or not taking a line.

    `passes(terms, match)` is true for a line that meets it (match is None where `per_agency` is false); `measures` are the
    figures behind the verdict, and `fact` puts them in words.
    """

    name: str
    sentence: str
    passes: Callable[[Terms, Match | None], Expression]
    fact: Callable[[Terms, Match | None, dict[str, Any]], str]
    measures: Callable[[Terms], dict[str, Expression]] = lambda terms: {}
    per_agency: bool = False


def candidate() -> Expression:
    """Active in AR, the guarantor's, and above zero; repeats the terms of the partial index so that it is used."""
    return (ServiceLine.responsibility == SQL("'guarantor'")) & (ServiceLine.ar > SQL("0")) & active()


def active() -> Expression:
    """Not pending and without an open placement (DESIGN section 3)."""
    waiting = Pending.select(Value(1)).where((Pending.line == ServiceLine.id) & Pending.outcome.is_null())
    placed = Placement.select(Value(1)).where((Placement.line == ServiceLine.id) & Placement.closed.is_null())
    return ~fn.EXISTS(waiting) & ~fn.EXISTS(placed)


def recent_payments(terms: Terms) -> Expression:
    """Cents that the guarantor paid in the window, net of reversals: on the line, or on the whole account.

    On the account money counts once, when it came: what was received on account too, but not again when it is applied to a line.
    """
    level = terms.rules.account_level
    undone = Entry.alias("undone")
    reverses: Any = (undone.parent == Entry.id) & (undone.code == SQL(f"'{RVPAY}'"))
    if level:  # taken off a line but kept on account, it is still the guarantor's money
        reverses &= undone.credit != SQL(f"'{ON_ACCOUNT}'")
    reversed_ = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0)).where(reverses)
    paid = Entry.select(fn.COALESCE(fn.SUM(Entry.amount - reversed_), 0))
    in_window = (Entry.code == SQL(f"'{GPYMT}'")) & Entry.posted.between(terms.day - (terms.window or 0), terms.day)
    if not level:
        return paid.where((Entry.line == ServiceLine.id) & in_window)
    sibling = ServiceLine.alias("of_account")
    on_lines = paid.join(sibling, on=(Entry.line == sibling.id)).where(
        (sibling.account == ServiceLine.account) & in_window & (Entry.debit != SQL(f"'{ON_ACCOUNT}'"))
    )
    return fn.COALESCE(on_lines, 0) + fn.COALESCE(_received_on_account(terms), 0)  # a bare subquery takes no arithmetic


def _received_on_account(terms: Terms) -> Expression:
    """Cents that came on account in the window, less what was paid back or moved to suspense since."""
    receipt, undone = Entry.alias("receipt"), Entry.alias("paid_back")
    back = undone.select(fn.COALESCE(fn.SUM(undone.amount), 0)).where(undone.parent == receipt.id)
    received = (receipt.account == ServiceLine.account) & (receipt.code == SQL(f"'{ONACCT}'"))
    in_window = receipt.posted.between(terms.day - (terms.window or 0), terms.day)
    return receipt.select(fn.SUM(receipt.amount - back)).where(received & in_window)


def payment_bar(terms: Terms) -> Expression:
    """Cents that recent payments must reach to keep a line out: the larger of the minimum and the share of the balance."""
    rules = terms.rules
    if not rules.payment_percent:
        return Value(rules.payment_minimum or 0)
    least = max(rules.payment_minimum or 0, 1)  # a share is at least 0.01
    share = (_exclusion_balance(terms) * rules.payment_percent + 5000) / 10000
    return Case(None, [(share > least, share)], least)


def _exclusion_balance(terms: Terms) -> Expression:
    if not terms.rules.account_level:
        return ServiceLine.ar
    of_account = ServiceLine.alias("in_account")
    owed = (of_account.responsibility == SQL("'guarantor'")) & (of_account.ar > SQL("0"))
    owing = of_account.select(fn.SUM(of_account.ar)).where((of_account.account == ServiceLine.account) & owed)
    return fn.COALESCE(owing, 0)  # a bare subquery takes no arithmetic in peewee


def _no_recent_payment(terms: Terms, match: Match | None) -> Expression:
    return TRUE if terms.window is None else recent_payments(terms) < payment_bar(terms)


def _age(terms: Terms) -> Expression:
    return terms.day - ServiceLine.aging_date


def _balance_fact(terms: Terms, match: Match | None, values: dict[str, Any]) -> str:
    return f"balance {money.shown(values['balance'])}, threshold {money.shown(match.balance if match else 0)}"


def _age_fact(terms: Terms, match: Match | None, values: dict[str, Any]) -> str:
    return f"age {counted(values['age'], 'day')}, threshold {match.age if match else 0}"


def _payment_fact(terms: Terms, match: Match | None, values: dict[str, Any]) -> str:
    if terms.window is None:
        return "the practice excludes nothing for payments"
    where = "on the account" if terms.rules.account_level else "on the line"
    paid, bar = money.shown(values["paid"]), money.shown(values["bar"])
    return f"paid {paid} {where} in {counted(terms.window, 'day')}, bar {bar}"


def _payment_measures(terms: Terms) -> dict[str, Expression]:
    return {} if terms.window is None else {"paid": recent_payments(terms), "bar": payment_bar(terms)}


ON_HOLD = Criterion(
    "on_hold",
    "Neither the line nor its account is on hold.",
    lambda terms, match: ~in_force(ServiceLine.account, ServiceLine.id, terms.day),
    lambda terms, match, values: values["holds"] or "no hold in force",
)
BROUGHT_BACK = Criterion(
    "brought_back",
    "The line was not brought back from collections, or the mark was lifted.",
    lambda terms, match: ServiceLine.brought_back == SQL("0"),
    lambda terms, match, values: "marked as brought back" if values["brought_back"] else "no mark",
)
NO_ASSIGNMENT = Criterion(
    "no_assignment",
    "An agency with thresholds is assigned to the practice.",
    lambda terms, match: TRUE if terms.matches else FALSE,
    lambda terms, match, values: f"{len(terms.matches)} with thresholds",
)
BELOW_BALANCE = Criterion(
    "below_balance",
    "The balance is greater than the agency's threshold.",
    lambda terms, match: ServiceLine.ar > match.balance,  # type: ignore[union-attr]
    _balance_fact,
    per_agency=True,
)
TOO_YOUNG = Criterion(
    "too_young",
    "The age is greater than the agency's threshold.",
    lambda terms, match: ServiceLine.aging_date < terms.day - match.age,  # type: ignore[union-attr]
    _age_fact,
    per_agency=True,
)
RECENT_PAYMENT = Criterion(
    "recent_payment",
    "No recent guarantor payment reaches the bar.",
    _no_recent_payment,
    _payment_fact,
    _payment_measures,
)
CRITERIA = (ON_HOLD, BROUGHT_BACK, NO_ASSIGNMENT, BELOW_BALANCE, TOO_YOUNG, RECENT_PAYMENT)
NAMES = tuple(criterion.name for criterion in CRITERIA)
BARS_SIBLINGS = (ON_HOLD, BROUGHT_BACK)  # also keep a line from being pulled by its date of service or returned mail


def excluded(terms: Terms) -> Expression:
    """The name of the criterion that keeps a candidate out, NULL for one that qualifies.

    A line stops at the first criterion that it fails for each agency; with several agencies the furthest one counts
    (CONTRACT, JSON of a night).
    """
    arms = []
    reached: dict[int, list[Expression]] = {match.rank: [] for match in terms.matches}
    for criterion in CRITERIA:
        if not criterion.per_agency:
            arms.append((~criterion.passes(terms, None), criterion.name))
            continue
        for match in terms.matches:
            reached[match.rank].append(criterion.passes(terms, match))
        arms.append((~_any([_all(tests) for tests in reached.values()]), criterion.name))
    return Case(None, arms, None)


def rank(terms: Terms) -> Expression:
    """The rank of the best assignment whose own criteria a line meets, NULL for none."""
    own = [criterion for criterion in CRITERIA if criterion.per_agency]
    arms = [(_all([c.passes(terms, match) for c in own]), match.rank) for match in terms.matches]
    return Case(None, arms, None) if arms else SQL("NULL")


def qualifies(terms: Terms) -> Expression:
    """Whether a line meets every criterion for some agency."""
    return excluded(terms).is_null()


def _all(tests: list[Expression]) -> Expression:
    result = tests[0]
    for test in tests[1:]:
        result = result & test
    return result


def _any(tests: list[Expression]) -> Expression:
    if not tests:
        return FALSE
    result = tests[0]
    for test in tests[1:]:
        result = result | test
    return result


__all__ = ["CRITERIA", "NAMES", "Criterion", "active", "candidate", "excluded", "qualifies", "rank"]
