"""*Why?* of one service fee line: the night's own decision about its account, and each criterion's verdict with its figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from peewee import SQL, fn

from bo_tui import dates, money
from bo_tui.db.tables import Account, Agency, Distribution, Hold, Pending, Placement, Practice, ServiceLine
from bo_tui.db.tables.scratch import Decision
from bo_tui.errors import NotFound
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.external import criteria, selection
from bo_tui.rules.external.criteria import Criterion
from bo_tui.rules.external.terms import Match, Terms, load_terms
from bo_tui.rules.precollect import why as precollect_why
from bo_tui.text import counted

NOT_ACTIVE = "not_active"
NOT_GUARANTOR = "not_guarantor"
NO_BALANCE = "no_balance"


@dataclass(frozen=True)
class Verdict:
    """One criterion for one agency: whether the line meets it, the figures, and the criterion in words."""

    name: str
    passed: bool
    fact: str
    sentence: str


@dataclass(frozen=True)
class AgencyVerdict:
    """All criteria for one assigned agency; `selected` says whether the line would be queued for it."""

    agency: str
    selected: bool
    criteria: list[Verdict]


@dataclass(frozen=True)
class Why:
    """The answer: what the night of this date would do with the line, and why. Amounts in cents, age in days or None."""

    line: str
    account: str
    balance: int
    age: int | None
    outcome: str
    agency: str | None
    because: str
    with_line: str | None
    agencies: list[AgencyVerdict] = field(default_factory=list)
    sentence: str = ""
    precollections: precollect_why.Answer | None = None


def why(office: Office, practice: Practice, number: str) -> Why:
    """Why a service fee line would or would not be queued on the office's date. NotFound for an unknown line."""
    roles.require(office, "why")
    with _deciding(office):
        line = ServiceLine.get_or_none(ServiceLine.practice == practice.id, ServiceLine.number == number)
        if line is None:
            raise NotFound(f"{practice.code} has no service fee line {number}.", field="line")
        terms = load_terms(practice, office.business_date)
        precollections = precollect_why.answer(practice, line, office.business_date)
        answer = _answer(terms, line)
        return replace(answer, precollections=precollections, sentence=f"{answer.sentence}{_unposted(line)}")


def _unposted(line: ServiceLine) -> str:
    """What payments that are entered but not posted will pay on a line; only posted money counts."""
    mine: Any = (Distribution.state == SQL("'unposted'")) & (Distribution.account == line.account)
    mine &= (Distribution.line == line.id) & (Distribution.amount > 0)
    sums: Any = Distribution.select(fn.COUNT(Distribution.payment.distinct()), fn.SUM(Distribution.amount)).where(mine)
    count, cents = sums.tuples()[0]
    if not count:
        return ""
    return f" {money.shown(cents)} of {counted(count, 'payment')} entered on it is not posted yet; only posted money counts."


@contextmanager
def _deciding(office: Office) -> Iterator[None]:
    """A snapshot in which temporary tables may be filled; everything is rolled back."""
    with office.reading():
        yield


def _answer(terms: Terms, line: ServiceLine) -> Why:
    names = dict(Agency.select(Agency.id, Agency.name).tuples())
    account = Account.get_by_id(line.account).number
    age = None if line.aging_date is None else terms.day - line.aging_date
    start = _not_candidate(terms, line, names)
    if start is not None:
        because, sentence = start
        return Why(
            line.number, account, line.ar, age, "excluded", None, because, None, _verdicts(terms, line), sentence
        )
    selection.decide_with_returned_mail(terms, (line.account - 1, line.account))
    found = Decision.get_by_id(line.id)
    agencies = _verdicts(terms, line)
    if found.agency is None:
        failed = next(c for c in criteria.CRITERIA if c.name == found.excluded)
        words = f"Not selected: {_because(failed, agencies)}"
        return Why(line.number, account, line.ar, age, "excluded", None, found.excluded, None, agencies, words)
    ground = ServiceLine.get_by_id(found.ground).number if found.ground else None
    name = names[found.agency]
    words = _queued_words(found.because, name, ground)
    return Why(line.number, account, line.ar, age, "queued", name, found.because, ground, agencies, words)


def _queued_words(because: str, agency: str, ground: str | None) -> str:
    if because == selection.DOS:
        return f"Would be queued for {agency}, because line {ground} of the same date of service and case qualifies."
    if because == selection.RETURNED_MAIL:
        return f"Would be queued for {agency}, because the account is flagged for returned mail."
    return f"Would be queued for {agency}: it meets every criterion."


def _because(failed: Criterion, agencies: list[AgencyVerdict]) -> str:
    facts = [v.fact for a in agencies for v in a.criteria if v.name == failed.name and not v.passed]
    return f"{failed.name.replace('_', ' ')} ({'; '.join(dict.fromkeys(facts))})." if facts else f"{failed.name}."


def _not_candidate(terms: Terms, line: ServiceLine, names: dict[int, str]) -> tuple[str, str] | None:
    """Why a line is no candidate at all: the name and a sentence, or None when it is one."""
    placed = Placement.get_or_none(Placement.line == line.id, Placement.closed.is_null())
    if placed is not None:
        where = names[placed.agency]
        return (
            NOT_ACTIVE,
            f"Not active in AR: placed with {where} on {dates.iso(placed.placed)}, placement {placed.id}.",
        )
    waiting = Pending.get_or_none(Pending.line == line.id, Pending.outcome.is_null())
    if waiting is not None:
        return NOT_ACTIVE, f"Not active in AR: pending for {names[waiting.agency]} since {dates.iso(waiting.queued)}."
    if line.responsibility != "guarantor":
        return NOT_GUARANTOR, "The line is the insurer's responsibility."
    if line.ar <= 0:
        return NO_BALANCE, "The line has no balance above zero."
    return None


def _verdicts(terms: Terms, line: ServiceLine) -> list[AgencyVerdict]:
    """Each criterion for each assigned agency, in the night's order of preference, from one query."""
    columns: dict[str, Any] = {}
    for criterion in criteria.CRITERIA:
        for match in terms.matches if criterion.per_agency else (None,):
            columns[_key(criterion, match)] = criterion.passes(terms, match)
        columns.update(criterion.measures(terms))
    expressions = [expression.alias(f"c{number}") for number, expression in enumerate(columns.values())]
    row = ServiceLine.select(*expressions).where(ServiceLine.id == line.id).tuples().get()
    passed = dict(zip(columns, row, strict=True))
    age = terms.day - (line.aging_date if line.aging_date is not None else terms.day)
    values = {**passed, "balance": line.ar, "age": age, "brought_back": line.brought_back, "holds": _holds(terms, line)}
    names = dict(Agency.select(Agency.id, Agency.name).tuples())
    result = []
    for match in terms.matches:
        verdicts = [_verdict(terms, criterion, match, passed, values) for criterion in criteria.CRITERIA]
        result.append(AgencyVerdict(match.name, all(v.passed for v in verdicts), verdicts))
    for assignment in terms.assignments:
        if assignment.age_greater_than is None:
            manual = Verdict("no_assignment", False, "no thresholds: manual only", criteria.NO_ASSIGNMENT.sentence)
            result.append(AgencyVerdict(names[assignment.agency], False, [manual]))
    return result


def _verdict(
    terms: Terms, criterion: Criterion, match: Match, passed: dict[str, Any], values: dict[str, Any]
) -> Verdict:
    key = _key(criterion, match if criterion.per_agency else None)
    return Verdict(criterion.name, bool(passed[key]), criterion.fact(terms, match, values), criterion.sentence)


def _key(criterion: Criterion, match: Match | None) -> str:
    return criterion.name if match is None else f"{criterion.name}/{match.rank}"


def _holds(terms: Terms, line: ServiceLine) -> str:
    """The holds in force on the line or its account, in words; empty for none."""
    on_it = (Hold.account == line.account) & (Hold.line.is_null() | (Hold.line == line.id))
    in_force = (Hold.since <= terms.day) & (fn.COALESCE(Hold.until, terms.day + 1) > terms.day)
    words = []
    for hold in Hold.select().where(on_it & in_force).order_by(Hold.since, Hold.id):
        until = f" until {dates.iso(hold.until)}" if hold.until else ""
        words.append(f"{hold.kind.replace('_', ' ')} hold since {dates.iso(hold.since)}{until}: {hold.reason}")
    return "; ".join(words)
