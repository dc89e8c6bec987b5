"""What each step of a night does, chunk after bounded chunk; `rules.nightly` has their order (DESIGN section 5)."""

from __future__ import annotations

from typing import Any

from peewee import Case, Value

from bo_tui.db.tables import Pending, Placement, RunLine, ServiceLine
from bo_tui.db.tables.scratch import Decision, Moving, Withdrawal
from bo_tui.office import Draft
from bo_tui.rules import accounting
from bo_tui.rules.external import approval, posting, reassignment, selection, withdrawal
from bo_tui.rules.external.terms import Terms
from bo_tui.rules.night.progress import Night, StepState

CANDIDATE = "candidates"  # in a step's totals: what was there to decide, counted apart from the decisions
CANDIDATES = 15_000  # candidate balances a chunk of selection looks at
FLAGGED = 2_000  # flagged accounts a chunk of returned mail looks at
ROWS = 2_500  # pending rows or placements a chunk of any other step works on

_LINE: list[Any] = [
    RunLine.run, RunLine.line, RunLine.outcome, RunLine.agency, RunLine.because, RunLine.balance, RunLine.age,
]  # fmt: skip


def withdraw(night: Night, state: StepState) -> None:
    """Take out pending rows whose ground is gone."""
    terms = night.terms()
    while (last := withdrawal.accounts_up_to(terms, state.position, ROWS)) is not None:
        with night.chunk(state) as draft:
            withdrawal.find(terms, (state.position, last))
            _keep_withdrawn(night)
            _advance(state, last, *withdrawal.withdraw(draft))
    night.finish(state)


def returned_mail(night: Night, state: StepState) -> None:
    """Queue the candidates of accounts flagged for returned mail."""
    terms = night.terms()
    while terms.rules.roll_returned_mail:
        last = selection.flagged_up_to(terms, state.position, FLAGGED)
        if last is None:
            break
        with night.chunk(state) as draft:
            accounts = (state.position, last)
            before = selection.counted(terms, accounts)
            selection.decide_returned_mail(terms, accounts)
            _queue(night, state, draft, terms, last)
            after = selection.counted(terms, accounts)
            state.add({CANDIDATE: (before[0] - after[0], before[1] - after[1])})
    night.finish(state)


def reassign(night: Night, state: StepState) -> None:
    """Move placements on to the agency that balance and age now choose."""
    terms = night.terms()
    accounting_date = accounting.resolve(terms.practice, None, night.day, night=True)
    while terms.rules.auto_reassign:
        with night.chunk(state) as draft:
            last = reassignment.choose(terms, state.position, ROWS)
            if last is not None:
                _keep_reassigned(night)
                _advance(state, last, *reassignment.move(draft, accounting_date))
        if last is None:
            break
    night.finish(state)


def select(night: Night, state: StepState) -> None:
    """Decide every candidate and queue those that qualify."""
    terms = night.terms()
    while (last := selection.accounts_up_to(terms, state.position, CANDIDATES)) is not None:
        with night.chunk(state) as draft:
            state.add({CANDIDATE: selection.counted(terms, (state.position, last))})
            selection.decide(terms, (state.position, last))
            _queue(night, state, draft, terms, last)
    night.finish(state)


def _queue(night: Night, state: StepState, draft: Draft, terms: Terms, last: int) -> None:
    totals = selection.totals()
    state.add(totals)
    selection.queue(draft, terms)
    _keep_decided(night)
    _advance(state, last, *totals.get(selection.QUEUED, (0, 0)))


def approve(night: Night, state: StepState) -> None:
    """Post the pending rows of agencies with auto approve, up to their brakes."""
    terms = night.terms()
    accounting_date = accounting.resolve(terms.practice, None, night.day, night=True)
    while True:
        with night.chunk(state) as draft:
            last = _approve_chunk(state, draft, terms, accounting_date)
        if last is None:
            break
    night.finish(state)


def _approve_chunk(state: StepState, draft: Draft, terms: Terms, accounting_date: int | None) -> int | None:
    used = {int(agency): (lines, cents) for agency, (lines, cents) in state.detail.get("used", {}).items()}
    stopped = set(state.detail.get("stopped", []))
    chosen = approval.choose(terms, state.position, used, stopped, ROWS)
    if chosen.last is None:
        return None
    for agency, (count, amount) in approval.approved().items():
        before = used.get(agency, (0, 0))
        used[agency] = (before[0] + count, before[1] + amount)
    posted = posting.post_table(draft, accounting_date)
    state.detail["used"] = {str(agency): sums for agency, sums in sorted(used.items())}
    state.detail["stopped"] = sorted(stopped | chosen.braked)
    _advance(state, chosen.last, posted.count, posted.amount)
    return chosen.last


def _advance(state: StepState, position: int, count: int, amount: int | None) -> None:
    state.position = position
    state.count += count
    state.amount += amount or 0


def _keep_decided(night: Night) -> None:
    if not night.lines:
        return
    taken = Decision.agency.is_null(False)
    outcome = Case(None, [(taken, "queued")], "excluded")
    because = Case(None, [(taken, Decision.because)], Decision.excluded)
    rows = Decision.select(
        Value(night.run.id), Decision.line, outcome, Decision.agency, because, Decision.balance, Decision.age
    )
    RunLine.insert_from(rows.order_by(Decision.line), _LINE).execute()


def _keep_withdrawn(night: Night) -> None:
    if not night.lines:
        return
    rows = (
        Withdrawal.select(
            Value(night.run.id),
            Withdrawal.line,
            Value("withdrawn"),
            Pending.agency,
            Withdrawal.because,
            ServiceLine.ar,
            night.day - ServiceLine.aging_date,
        )
        .join(Pending, on=(Pending.id == Withdrawal.pending))
        .join(ServiceLine, on=(ServiceLine.id == Withdrawal.line))
    )
    RunLine.insert_from(rows.order_by(Withdrawal.pending), _LINE).execute()


def _keep_reassigned(night: Night) -> None:
    if not night.lines:
        return
    rows = (
        Moving.select(
            Value(night.run.id),
            Moving.line,
            Value("reassigned"),
            Moving.agency,
            Value("threshold"),
            Moving.amount,
            night.day - ServiceLine.aging_date,
        )
        .join(Placement, on=(Placement.id == Moving.placement))
        .join(ServiceLine, on=(ServiceLine.id == Moving.line))
    )
    RunLine.insert_from(rows.order_by(Moving.seq), _LINE).execute()
