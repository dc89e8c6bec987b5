"""Posting what waits in Pending by hand, and letting it wait for another agency (DESIGN section 3, Pending).

What is above the practice's four-eyes limit is only proposed (`proposals`); `foureyes` posts it for a second person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui import money
from bo_tui.db.tables import Agency, Pending, Placement, Practice
from bo_tui.db.tables.scratch import Posting, emptied
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.external import lookups, posting, proposals
from bo_tui.rules.external.lookups import LineState
from bo_tui.rules.external.proposals import Waiting

LINE = "line"  # the form field that refusals about a line name


@dataclass(frozen=True, slots=True)
class LineDone:
    """What became of one line: its number, the amount in cents, its agency, and its placement once it has one."""

    line: str
    amount: int
    agency: str
    placement: int | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """Pending lines placed with their agencies; `waiting` are those above the four-eyes limit, proposed and still pending."""

    act: int
    amount: int
    lines: tuple[LineDone, ...]
    waiting: tuple[Waiting, ...] = ()


@dataclass(frozen=True, slots=True)
class Rerouted:
    """Pending lines that wait for another agency now; the amounts are their balances."""

    act: int
    amount: int
    lines: tuple[LineDone, ...]


def post(
    office: Office,
    practice: int,
    lines: Sequence[str],
    *,
    agency: str | None = None,
    accounting_date: int | None = None,
    seen: Mapping[str, int] | None = None,
) -> Posted:
    """Place waiting lines (by number) with their agencies, or with another one when `agency` names it.

    Each EXCOL takes the balance of this moment. `seen` maps a line's number to its pending row's act. Lines above the
    practice's four-eyes limit are only proposed and stay pending (`Posted.waiting`). Raises RuleRefusal for the first line
    that is not pending, held, not above zero or not the guarantor's, and for an agency not assigned.
    """
    roles.require(office, "post")
    with office.act("post", practice) as draft:
        done = post_within(draft, practice, lines, agency, accounting_date, seen or {})
        ledger.seal(draft)
    return done


def post_within(
    draft: Draft,
    practice: int,
    lines: Sequence[str],
    agency: str | None,
    accounting_date: int | None,
    seen: Mapping[str, int],
    *,
    second: bool = False,
) -> Posted:
    """As `post`, within an act that the caller seals; with `second` a second person asks, and no limit holds."""
    the_practice = lookups.the_practice(practice)
    booked = accounting.resolve(the_practice, accounting_date, draft.business_date)
    states = lookups.line_states(the_practice, lines, draft.business_date)
    for state in states:
        refuse_waiting(state, seen.get(state.number))
        refuse_ineligible(state)
    chosen = None if agency is None else lookups.assigned_agency(the_practice, agency)
    if chosen is None:
        lookups.refuse_unassigned(the_practice, (state.pending_agency or 0 for state in states))
    above = [] if second else [state for state in states if proposals.over_limit(the_practice, state.ar)]
    asked = {"agency": agency, "accounting_date": accounting_date}
    waiting = _propose(draft, the_practice, above, len(above) == len(states), asked)
    left_out = {state.id for state in above}
    states = [state for state in states if state.id not in left_out]
    if not states:
        return Posted(draft.id, 0, (), waiting)
    if chosen is not None:
        _choose_agency(draft, chosen, states)
    _post(draft, states, None if chosen is None else chosen.id, booked)
    done = _placed(draft, states)
    return Posted(draft.id, sum(row.amount for row in done), done, waiting)


def _propose(
    draft: Draft, practice: Practice, above: Sequence[LineState], alone: bool, asked: dict[str, Any]
) -> tuple[Waiting, ...]:
    """Propose the postings above the limit; one that waits already is refused only where nothing else was asked for."""
    there = proposals.open_of(proposals.POST, [state.pending or 0 for state in above])
    if alone and len(there) == len(above):
        there = {}  # `propose` says in words who asked before
    waiting = []
    for state in above:
        if state.pending not in there:
            wanted = {"line": state.number, "seen": state.pending_act, **asked}
            subject = (state.pending or 0, f"Line {state.number}")
            waiting.append(proposals.propose(draft, practice, proposals.POST, subject, state.ar, wanted, LINE))
    return tuple(waiting)


def change_agency(
    office: Office, practice: int, lines: Sequence[str], agency: str, *, seen: Mapping[str, int] | None = None
) -> Rerouted:
    """Let waiting lines (by number) wait for another agency (by name) instead; an operator's choice, so posting pins it.

    `seen` maps a line's number to its pending row's act. Raises RuleRefusal, field `line`, for the first line that is not
    pending, and field `agency` for one that is not assigned, or when all of them wait for it already.
    """
    roles.require(office, "add")
    with office.act("pending_agency", practice) as draft:
        the_practice = lookups.the_practice(practice)
        chosen = lookups.assigned_agency(the_practice, agency)
        states = lookups.line_states(the_practice, lines, office.business_date)
        for state in states:
            refuse_waiting(state, (seen or {}).get(state.number))
        moved = [state for state in states if state.pending_agency != chosen.id]
        if not moved:
            raise RuleRefusal(f"Already pending for {agency}; choose another agency.", field="agency")
        _choose_agency(draft, chosen, moved)
        ledger.settle(draft)
        ledger.seal(draft)
    done = tuple(LineDone(state.number, state.ar, agency) for state in moved)
    return Rerouted(draft.id, sum(row.amount for row in done), done)


def refuse_waiting(state: LineState, seen: int | None) -> None:
    """Refuse a line that does not wait in Pending, or whose pending row is not the one that was seen."""
    if state.pending_act is None:
        where = "" if state.placement is None else f"; it is {lookups.where_placed(state.placement)}"
        raise RuleRefusal(f"Line {state.number} is not pending{where}.", field=LINE)
    refuse_changed(state, seen, state.pending_act)


def _choose_agency(draft: Draft, agency: Agency, states: Sequence[LineState]) -> None:
    """Let an operator choose the agency of pending rows: it is pinned, and a change of it stands in the history."""
    moved = [state for state in states if state.pending_agency != agency.id]
    names = lookups.agency_names(state.pending_agency or 0 for state in moved)
    ledger.change_many(
        draft,
        [("pending", state.pending or 0, "agency", names[state.pending_agency or 0], agency.name) for state in moved],
    )
    for chunk in lookups.chunks([state.pending for state in states]):
        chosen = {Pending.agency: agency.id, Pending.pinned: True, Pending.act: draft.id}
        Pending.update(chosen).where(Pending.id.in_(chunk)).execute()


def _post(draft: Draft, states: Sequence[LineState], chosen: int | None, booked: int | None) -> None:
    """Post the waiting rows in line order."""
    emptied(Posting)
    fields = [Posting.seq, Posting.pending, Posting.account, Posting.line, Posting.agency, Posting.amount]
    in_order = sorted(states, key=lambda state: state.id)
    rows = [
        (place, it.pending, it.account, it.id, chosen or it.pending_agency, it.ar)
        for place, it in enumerate(in_order, start=1)
    ]
    for chunk in lookups.chunks(rows):
        Posting.insert_many(chunk, fields).execute()
    posting.post_table(draft, booked)


def _placed(draft: Draft, states: Sequence[LineState]) -> tuple[LineDone, ...]:
    """The placements that this act made, in the order of the lines asked for."""
    made: Any = Placement.select(Placement.line, Placement.amount, Placement.agency_name, Placement.id)
    rows = {row[0]: row[1:] for row in made.where(Placement.id >= draft.first_entry).tuples()}
    return tuple(LineDone(state.number, *rows[state.id]) for state in states)


def refuse_ineligible(state: LineState) -> None:
    """Refuse a line that is held, not above zero, or not the guarantor's."""
    number, balance = state.number, money.shown(state.ar)
    if state.responsibility != "guarantor":
        raise RuleRefusal(f"Line {number} is the insurer's responsibility, not the guarantor's.", field=LINE)
    if state.ar == 0:
        raise RuleRefusal(f"Line {number} has no balance; there is nothing to place.", field=LINE)
    if state.ar < 0:
        raise RuleRefusal(f"Line {number} is in credit ({balance}); a credit is never placed.", field=LINE)
    if state.held:
        raise RuleRefusal(f"Line {number} is on hold; lift the hold first.", field=LINE)


def refuse_changed(state: LineState, seen: int | None, current: int) -> None:
    """Conflict unless the act that the operator saw is the current one."""
    lookups.unchanged(seen, current, f"Line {state.number}", f"has a balance of {money.shown(state.ar)} in active AR")
