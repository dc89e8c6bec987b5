"""The Pending tab's acts: add lines by hand, post what waits, deny one, withdraw what a night queued (DESIGN section 3).

Every act checks the role, reads again inside its own transaction what the operator saw, and writes all or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Value, fn

from bo_tui import dates, money
from bo_tui.db.tables import Agency, Change, ExternalRule, Pending, Placement, ServiceLine
from bo_tui.db.tables.scratch import Posting, emptied
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.external import lookups, posting
from bo_tui.rules.external.lookups import LineState

LINE = "line"  # the form field that refusals about a line name


@dataclass(frozen=True, slots=True)
class LineDone:
    """What became of one line: its number, the amount in cents, its agency, and its placement once it has one."""

    line: str
    amount: int
    agency: str
    placement: int | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """Lines queued by hand."""

    act: int
    amount: int
    lines: tuple[LineDone, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """Pending lines placed with their agencies."""

    act: int
    amount: int
    lines: tuple[LineDone, ...]


@dataclass(frozen=True, slots=True)
class Rerouted:
    """Pending lines that wait for another agency now; the amounts are their balances."""

    act: int
    amount: int
    lines: tuple[LineDone, ...]


@dataclass(frozen=True, slots=True)
class Denied:
    """A pending line denied: its AR balance in cents, and whether it ages anew or is marked brought back."""

    act: int
    line: str
    balance: int
    re_aged: bool


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A night's pending rows taken out again: how many, and the sum in cents of what they were queued with."""

    act: int
    count: int
    amount: int


def add(
    office: Office, practice: int, lines: Sequence[str], agency: str, *, seen: Mapping[str, int] | None = None
) -> Added:
    """Queue lines (by number) for an agency (by name) by hand, whatever their thresholds and payments.

    `seen` maps a line's number to its act as the operator saw it. Raises RuleRefusal, field `line` or `agency`, for the
    first line that is placed, pending, the insurer's, at zero, in credit or held, and for an agency not assigned.
    """
    roles.require(office, "add")
    with office.act("add", practice) as draft:
        the_practice = lookups.the_practice(practice)
        chosen = lookups.assigned_agency(the_practice, agency)
        states = lookups.line_states(the_practice, lines, office.business_date)
        for state in states:
            _refuse_add(state, seen or {})
        _lift_mark(draft, [state for state in states if state.brought_back])
        _queue(draft, practice, chosen, states)
        ledger.settle(draft)
        ledger.seal(draft)
    done = tuple(LineDone(state.number, state.ar, agency) for state in states)
    return Added(draft.id, sum(row.amount for row in done), done)


def _refuse_add(state: LineState, seen: Mapping[str, int]) -> None:
    number = state.number
    _refuse_changed(state, seen.get(number), state.act)
    if state.placement is not None:
        raise RuleRefusal(f"Line {number} is already {lookups.where_placed(state.placement)}.", field=LINE)
    if state.pending_agency is not None:
        name = lookups.agency_name(state.pending_agency)
        raise RuleRefusal(f"Line {number} is already pending for {name}.", field=LINE)
    _refuse_ineligible(state)


def _refuse_ineligible(state: LineState) -> None:
    number, balance = state.number, money.shown(state.ar)
    if state.responsibility != "guarantor":
        raise RuleRefusal(f"Line {number} is the insurer's responsibility, not the guarantor's.", field=LINE)
    if state.ar == 0:
        raise RuleRefusal(f"Line {number} has no balance; there is nothing to place.", field=LINE)
    if state.ar < 0:
        raise RuleRefusal(f"Line {number} is in credit ({balance}); a credit is never placed.", field=LINE)
    if state.held:
        raise RuleRefusal(f"Line {number} is on hold; lift the hold first.", field=LINE)


def _refuse_changed(state: LineState, seen: int | None, current: int) -> None:
    lookups.unchanged(seen, current, f"Line {state.number}", f"has a balance of {money.shown(state.ar)} in active AR")


def _lift_mark(draft: Draft, states: Sequence[LineState]) -> None:
    """Take the brought-back mark off lines that an operator adds."""
    ledger.change_many(draft, [("service_line", state.id, "brought_back", "yes", "no") for state in states])
    for chunk in lookups.chunks([state.id for state in states]):
        cleared = {ServiceLine.brought_back: False, ServiceLine.act: draft.id}
        ServiceLine.update(cleared).where(ServiceLine.id.in_(chunk)).execute()


def _queue(draft: Draft, practice: int, agency: Agency, states: Sequence[LineState]) -> None:
    today = draft.business_date
    common = {
        "practice": practice, "agency": agency.id, "source": "add", "because": "operator",
        "queued": today, "queued_act": draft.id, "act": draft.id,
    }  # fmt: skip
    for chunk in lookups.chunks(states):
        rows = [
            # A guarantor's line always has an aging date: the schema's CHECK.
            {"account": it.account, "line": it.id, "amount": it.ar, "age": today - (it.aging_date or today), **common}
            for it in chunk
        ]
        Pending.insert_many(rows).execute()
    ledger.change_many(draft, [("service_line", state.id, "pending", None, agency.name) for state in states])


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

    Each EXCOL takes the balance of this moment. `seen` maps a line's number to its pending row's act. Raises RuleRefusal
    for the first line that is not pending, held, not above zero or not the guarantor's, and for an agency not assigned.
    """
    roles.require(office, "post")
    with office.act("post", practice) as draft:
        the_practice = lookups.the_practice(practice)
        booked = accounting.resolve(the_practice, accounting_date, office.business_date)
        states = lookups.line_states(the_practice, lines, office.business_date)
        for state in states:
            _refuse_waiting(state, (seen or {}).get(state.number))
            _refuse_ineligible(state)
        chosen = None if agency is None else lookups.assigned_agency(the_practice, agency)
        if chosen is None:
            lookups.refuse_unassigned(the_practice, (state.pending_agency or 0 for state in states))
        else:
            _choose_agency(draft, chosen, states)
        _post(draft, states, None if chosen is None else chosen.id, booked)
        done = _placed(draft, states)
        ledger.seal(draft)
    return Posted(draft.id, sum(row.amount for row in done), done)


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
            _refuse_waiting(state, (seen or {}).get(state.number))
        moved = [state for state in states if state.pending_agency != chosen.id]
        if not moved:
            raise RuleRefusal(f"Already pending for {agency}; choose another agency.", field="agency")
        _choose_agency(draft, chosen, moved)
        ledger.settle(draft)
        ledger.seal(draft)
    done = tuple(LineDone(state.number, state.ar, agency) for state in moved)
    return Rerouted(draft.id, sum(row.amount for row in done), done)


def _refuse_waiting(state: LineState, seen: int | None) -> None:
    """Refuse a line that does not wait in Pending, or whose pending row is not the one that was seen."""
    if state.pending_act is None:
        where = "" if state.placement is None else f"; it is {lookups.where_placed(state.placement)}"
        raise RuleRefusal(f"Line {state.number} is not pending{where}.", field=LINE)
    _refuse_changed(state, seen, state.pending_act)


def _choose_agency(draft: Draft, agency: Agency, states: Sequence[LineState]) -> None:
    """Change the agency of pending rows that wait for another one; the operator's choice stands in the history."""
    moved = [state for state in states if state.pending_agency != agency.id]
    names = lookups.agency_names(state.pending_agency or 0 for state in moved)
    ledger.change_many(
        draft,
        [("pending", state.pending or 0, "agency", names[state.pending_agency or 0], agency.name) for state in moved],
    )
    for chunk in lookups.chunks([state.pending for state in moved]):
        Pending.update({Pending.agency: agency.id, Pending.act: draft.id}).where(Pending.id.in_(chunk)).execute()


def _post(draft: Draft, states: Sequence[LineState], chosen: int | None, booked: int | None) -> None:
    """Post the waiting rows in line order, and pin the placements whose agency an operator chose, now or at Add."""
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
    rerouted = _rerouted(in_order)
    by_hand = [it.id for it in in_order if chosen or it.pending_because == "operator" or it.pending in rerouted]
    for some in lookups.chunks(by_hand):
        mine = (Placement.id >= draft.first_entry) & Placement.line.in_(some)
        Placement.update({Placement.pinned: True}).where(mine).execute()


def _rerouted(states: Sequence[LineState]) -> set[int]:
    """The pending rows whose agency an operator changed while they waited."""
    found: set[int] = set()
    for some in lookups.chunks([state.pending for state in states]):
        mine = (Change.subject == "pending") & Change.subject_id.in_(some) & (Change.field == "agency")
        query: Any = Change.select(Change.subject_id).where(mine)
        found.update(row for (row,) in query.tuples())
    return found


def _placed(draft: Draft, states: Sequence[LineState]) -> tuple[LineDone, ...]:
    """The placements that this act made, in the order of the lines asked for."""
    made: Any = Placement.select(Placement.line, Placement.amount, Placement.agency_name, Placement.id)
    rows = {row[0]: row[1:] for row in made.where(Placement.id >= draft.first_entry).tuples()}
    return tuple(LineDone(state.number, *rows[state.id]) for state in states)


def deny(office: Office, practice: int, line: str, note: str, *, seen: int | None = None) -> Denied:
    """End one line's wait with a compulsory note: it ages anew if the practice's rule says so, else it is brought back.

    `seen` is the pending row's act. Raises RuleRefusal, field `line` or `note`.
    """
    roles.require(office, "deny")
    note = lookups.required(note, "note", "A note that says why")
    with office.act("deny", practice, note) as draft:
        the_practice = lookups.the_practice(practice)
        state = lookups.line_states(the_practice, [line], office.business_date)[0]
        _refuse_waiting(state, seen)
        ended = {Pending.outcome: "denied", Pending.reason: note, Pending.resolved: office.business_date}
        Pending.update({**ended, Pending.act: draft.id}).where(Pending.id == state.pending).execute()
        ledger.change(draft, "service_line", state.id, "pending", "waiting", "denied")
        rule = ExternalRule.get_or_none(ExternalRule.practice == practice)
        re_age = rule is not None and rule.re_age_if_denied
        _mark_denied(draft, state, re_age)
        ledger.settle(draft)
        ledger.seal(draft)
    return Denied(draft.id, line, state.ar, re_age)


def _mark_denied(draft: Draft, state: LineState, re_age: bool) -> None:
    today = draft.business_date
    if re_age:
        before, after = dates.iso(state.aging_date) or None, dates.iso(today)
        field, value = "aging_date", {ServiceLine.aging_date: today}
    else:
        before, after = "yes" if state.brought_back else "no", "yes"
        field, value = "brought_back", {ServiceLine.brought_back: True}
    if before != after:
        ledger.change(draft, "service_line", state.id, field, before, after)
        ServiceLine.update({**value, ServiceLine.act: draft.id}).where(ServiceLine.id == state.id).execute()


def withdraw(office: Office, practice: int, run_date: int) -> Withdrawn:
    """Take out again all rows still pending that the night of a date queued; no line is re-aged or marked brought back.

    For supervisors. Raises RuleRefusal, field `run`, when nothing of that night waits.
    """
    roles.require(office, "withdraw")
    night = dates.iso(run_date)
    reason = f"The night of {night} was withdrawn by {office.actor.name}."
    with office.act("withdraw", practice, reason) as draft:
        mine = (Pending.practice == practice) & Pending.outcome.is_null()
        mine &= (Pending.source == "night") & (Pending.queued == run_date)
        sums: Any = Pending.select(fn.COUNT(Pending.id), fn.COALESCE(fn.SUM(Pending.amount), 0)).where(mine)
        count, amount = sums.tuples().get()
        if not count:
            raise RuleRefusal(f"Nothing that the night of {night} queued is still pending.", field="run")
        changes = Pending.select(
            Value(draft.id),
            Value("service_line"),
            Pending.line,
            Value("pending"),
            Value("waiting"),
            Value("withdrawn"),
        )
        ledger.change_from(draft, changes.where(mine).order_by(Pending.id))
        ended = {Pending.outcome: "withdrawn", Pending.reason: reason, Pending.resolved: office.business_date}
        Pending.update({**ended, Pending.act: draft.id}).where(mine).execute()
        ledger.settle(draft)
        ledger.seal(draft)
    return Withdrawn(draft.id, count, amount)
