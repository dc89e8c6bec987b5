"""What the night asks of a pending row before it posts it, each condition declared once: a name, a sentence, an expression.

The night takes their conjunction (`approval`), the Pending page says which of them keep a row there; they cannot disagree
because they are the same thing (DESIGN section 3, Approval).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import SQL, Case, Value, fn

from bo_tui import money
from bo_tui.db.tables import Act, Agency, Assignment, Entry, Pending, Practice, Run, RunStep, ServiceLine
from bo_tui.office import Office
from bo_tui.rules.codes import ON_ACCOUNT
from bo_tui.rules.external.holds import in_force
from bo_tui.rules.external.selection import RETURNED_MAIL
from bo_tui.rules.external.terms import Terms, load_terms
from bo_tui.text import counted

Expression = Any  # a peewee expression over Pending joined to its ServiceLine
BRAKE = "brake"


@dataclass(frozen=True)
class Condition:
    """One condition: what must hold, in words and as an expression; `otherwise` says what keeps a row that fails it.

    `otherwise` gets the row's figures: `agency` (a name), `amount`, `credit` and `on_account`, cents.
    """

    name: str
    sentence: str
    passes: Callable[[Terms], Expression]
    otherwise: Callable[[Terms, Mapping[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One condition for one row: whether it is met, the condition in words, and what keeps the row where it is not."""

    name: str
    passed: bool
    sentence: str
    otherwise: str

    @property
    def stops(self) -> bool:
        """Whether it keeps a person from posting the row as well."""
        return self.name in STOPS


def _agencies(terms: Terms) -> Expression:
    return Pending.agency.in_([a.agency for a in terms.assignments if a.auto_approve])


def _credit_lines(terms: Terms) -> Expression:
    line = ServiceLine.alias("credit")
    return ~fn.EXISTS(line.select(Value(1)).where((line.account == Pending.account) & (line.ar < SQL("0"))))


def _credit() -> Expression:
    """Cents by which lines of the account stand below zero."""
    line = ServiceLine.alias("below_zero")
    of_account = (line.account == Pending.account) & (line.ar < SQL("0"))
    return fn.COALESCE(line.select(fn.SUM(0 - line.ar)).where(of_account), 0)


def _on_account() -> Expression:
    """Money that the account holds on account, in cents."""
    moved = Case(None, [(Entry.credit == ON_ACCOUNT, Entry.amount), (Entry.debit == ON_ACCOUNT, 0 - Entry.amount)], 0)
    return Entry.select(fn.COALESCE(fn.SUM(moved), 0)).where(Entry.account == Pending.account)


def _within_limit(terms: Terms) -> Expression:
    limit = terms.practice.four_eyes_limit
    return Value(1) == Value(1) if limit is None else ServiceLine.ar <= limit


CONDITIONS = (
    Condition(
        "auto_approve",
        "Its agency's assignment has Auto Approve.",
        _agencies,
        lambda terms, row: f"{row['agency']} has no auto approve",
    ),
    Condition(
        "returned_mail",
        "It was not queued for returned mail, which a person always approves.",
        lambda terms: Pending.because != RETURNED_MAIL,
        lambda terms, row: "returned mail: a person always posts it",
    ),
    Condition(
        "balance",
        "Its balance is above zero.",
        lambda terms: ServiceLine.ar > 0,
        lambda terms, row: "in credit" if row["amount"] < 0 else "no balance",
    ),
    Condition(
        "guarantor",
        "It is the guarantor's responsibility.",
        lambda terms: ServiceLine.responsibility == "guarantor",
        lambda terms, row: "insurer's now",
    ),
    Condition(
        "on_hold",
        "Neither the line nor its account is on hold.",
        lambda terms: ~in_force(Pending.account, Pending.line, terms.day),
        lambda terms, row: "on hold",
    ),
    Condition(
        "credit",
        "No line of the account is in credit.",
        _credit_lines,
        lambda terms, row: f"the account holds credit, {money.shown(row['credit'])}",
    ),
    Condition(
        "on_account",
        "The account holds no money on account.",
        lambda terms: _on_account() <= 0,
        lambda terms, row: f"the account holds {money.shown(row['on_account'])} on account",
    ),
    Condition(
        "four_eyes",
        "It is not above the four-eyes limit.",
        _within_limit,
        lambda terms, row: f"over the four-eyes limit {money.shown(terms.practice.four_eyes_limit)}: needs two persons",
    ),
)
STOPS = frozenset({"balance", "guarantor", "on_hold"})
"""The conditions that keep a person from posting the row as well."""


def of_rows(office: Office, practice: int, row_ids: Sequence[int]) -> dict[int, tuple[Verdict, ...]]:
    """The verdicts for a page of a practice's open pending rows, on the office's business date."""
    with office.reading():
        names = dict(Agency.select(Agency.id, Agency.name).tuples())
        return verdicts(load_terms(Practice.get_by_id(practice), office.business_date), row_ids, names)


def verdicts(terms: Terms, row_ids: Sequence[int], agencies: Mapping[int, str]) -> dict[int, tuple[Verdict, ...]]:
    """Each condition's verdict for open pending rows of the terms' practice (some hundred ids), and the brake's, by row.

    `agencies` are names by id. One query for all rows; call inside a transaction.
    """
    passed = [condition.passes(terms).alias(f"c{at}") for at, condition in enumerate(CONDITIONS)]
    figures = Pending.id, Pending.agency, ServiceLine.ar, _credit().alias("credit"), _on_account().alias("on_account")
    night, ended, stopped = _stopped(terms.practice.id)
    was_there = ((Pending.queued <= night) & (Act.made_at <= ended)).alias(
        "was_there"
    )  # as it is now, when the night ended
    query: Any = Pending.select(*figures, was_there, *passed).join(ServiceLine, on=(ServiceLine.id == Pending.line))
    query = query.join_from(Pending, Act, on=(Act.id == Pending.act))
    found = {}
    for row_id, agency, amount, credit, on_account, waited, *met in query.where(Pending.id.in_(list(row_ids))).tuples():
        row = {"agency": agencies[agency], "amount": amount, "credit": credit, "on_account": on_account}
        found[row_id] = (
            *(
                Verdict(condition.name, bool(ok), condition.sentence, "" if ok else condition.otherwise(terms, row))
                for condition, ok in zip(CONDITIONS, met, strict=True)
            ),
            _brake(terms, agency, bool(waited) and agency in stopped and all(met)),
        )
    return found


def _stopped(practice: int) -> tuple[int, str, set[int]]:
    """The practice's last night: its business date, when it ended (UTC), and the agencies whose approvals a brake ended."""
    query: Any = Run.select(Run.id, Run.business_date, Run.finished_at).where(Run.practice == practice)
    last = query.order_by(Run.business_date.desc(), Run.id.desc()).tuples().first()
    if last is None:
        return -1, "", set()
    run, day, ended = last
    detail = RunStep.select(RunStep.detail).where((RunStep.run == run) & (RunStep.step == "approve")).scalar()
    return day, ended or "9", set(json.loads(detail).get("stopped", [])) if detail else set()


def _brake(terms: Terms, agency: int, reached: bool) -> Verdict:
    assignment: Assignment | None = next((a for a in terms.assignments if a.agency == agency), None)
    most = []
    if assignment is not None and assignment.max_lines is not None:
        most.append(counted(assignment.max_lines, "line"))
    if assignment is not None and assignment.max_amount is not None:
        most.append(money.shown(assignment.max_amount))
    words = f"the night's brake was reached ({' or '.join(most)})" if most else "the night's brake was reached"
    return Verdict(BRAKE, not reached, "The last night did not reach the agency's brake.", words if reached else "")
