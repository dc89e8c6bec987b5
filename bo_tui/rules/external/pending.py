"""The Pending tab's acts: add lines by hand, post what waits, deny one, withdraw what a night queued (DESIGN section 3).

Every act checks the role, reads again inside its own transaction what the operator saw, and writes all or nothing. Posting
and changing the agency stand in `posts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Value, fn

from bo_tui import dates
from bo_tui.db.tables import Agency, ExternalRule, Pending, ServiceLine
from bo_tui.errors import Defect, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.collections import tasks
from bo_tui.rules.external import lookups
from bo_tui.rules.external.lookups import LineState
from bo_tui.rules.external.posts import (
    LINE,
    LineDone,
    Posted,
    Rerouted,
    change_agency,
    post,
    refuse_changed,
    refuse_ineligible,
    refuse_waiting,
)

__all__ = [
    "Added", "Denied", "LineDone", "Posted", "Rerouted", "Withdrawn", "add", "change_agency", "deny", "post", "withdraw",
]  # fmt: skip

SOURCES = ("add", "active_ar")  # of what an operator queues


@dataclass(frozen=True, slots=True)
class Added:
    """Lines queued by hand."""

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
    task: int | None = None  # the collection task that was kept with it


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A night's pending rows taken out again: how many, and the sum in cents of what they were queued with."""

    act: int
    count: int
    amount: int


def add(
    office: Office,
    practice: int,
    lines: Sequence[str],
    agency: str,
    *,
    seen: Mapping[str, int] | None = None,
    source: str = "add",
) -> Added:
    """Queue lines (by number) for an agency (by name) by hand, whatever their thresholds and payments.

    `seen` maps a line's number to its act as the operator saw it; `source` says where they asked: `add`, or `active_ar` on the
    account's page (Ext. Transfer). Raises RuleRefusal, field `line` or `agency`, for the
    first line that is placed, pending, the insurer's, at zero, in credit or held, and for an agency not assigned.
    """
    roles.require(office, "add")
    if source not in SOURCES:
        raise Defect(f"Nobody asks for a queue from {source}.")
    with office.act("add", practice) as draft:
        done = queue(draft, practice, lines, agency, source=source, seen=seen)
        ledger.settle(draft)
        ledger.seal(draft)
    return Added(draft.id, sum(row.amount for row in done), done)


def queue(
    draft: Draft,
    practice: int,
    lines: Sequence[str],
    agency: str,
    *,
    source: str = "add",
    seen: Mapping[str, int] | None = None,
) -> tuple[LineDone, ...]:
    """What `add` does, within an act that the caller settles and seals; `source` says where it was asked for (`task`)."""
    the_practice = lookups.the_practice(practice)
    chosen = lookups.assigned_agency(the_practice, agency)
    states = lookups.line_states(the_practice, lines, draft.business_date)
    for state in states:
        _refuse_add(state, seen or {})
    _lift_mark(draft, [state for state in states if state.brought_back])
    _queue(draft, practice, chosen, states, source)
    return tuple(LineDone(state.number, state.ar, agency) for state in states)


def _refuse_add(state: LineState, seen: Mapping[str, int]) -> None:
    number = state.number
    refuse_changed(state, seen.get(number), state.act)
    if state.placement is not None:
        raise RuleRefusal(f"Line {number} is already {lookups.where_placed(state.placement)}.", field=LINE)
    if state.pending_agency is not None:
        name = lookups.agency_name(state.pending_agency)
        raise RuleRefusal(f"Line {number} is already pending for {name}.", field=LINE)
    refuse_ineligible(state)


def _lift_mark(draft: Draft, states: Sequence[LineState]) -> None:
    """Take the brought-back mark off lines that an operator adds."""
    ledger.change_many(draft, [("service_line", state.id, "brought_back", "yes", "no") for state in states])
    for chunk in lookups.chunks([state.id for state in states]):
        cleared = {ServiceLine.brought_back: False, ServiceLine.act: draft.id}
        ServiceLine.update(cleared).where(ServiceLine.id.in_(chunk)).execute()


def _queue(draft: Draft, practice: int, agency: Agency, states: Sequence[LineState], source: str) -> None:
    today = draft.business_date
    common = {
        "practice": practice, "agency": agency.id, "source": source, "because": "operator", "pinned": True,
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


def deny(
    office: Office,
    practice: int,
    line: str,
    note: str,
    *,
    seen: int | None = None,
    task: tasks.Wanted | None = None,
) -> Denied:
    """End one line's wait with a compulsory note: it ages anew if the practice's rule says so, else it is brought back.

    `seen` is the pending row's act. A collection task can be kept in the same act. Raises RuleRefusal, field `line` or `note`,
    and what `tasks.keep` raises.
    """
    roles.require(office, "deny")
    note = lookups.required(note, "note", "A note that says why")
    if task is not None:
        roles.require(office, "task")
        task = tasks.checked(task, office.business_date)
    with office.act("deny", practice, note) as draft:
        the_practice = lookups.the_practice(practice)
        state = lookups.line_states(the_practice, [line], office.business_date)[0]
        refuse_waiting(state, seen)
        ended = {Pending.outcome: "denied", Pending.reason: note, Pending.resolved: office.business_date}
        Pending.update({**ended, Pending.act: draft.id}).where(Pending.id == state.pending).execute()
        ledger.change(draft, "service_line", state.id, "pending", "waiting", "denied")
        rule = ExternalRule.get_or_none(ExternalRule.practice == practice)
        re_age = rule is not None and rule.re_age_if_denied
        _mark_denied(draft, state, re_age)
        kept = None if task is None else tasks.write(draft, practice, state.account, state.id, task)
        ledger.settle(draft)
        ledger.seal(draft)
    return Denied(draft.id, line, state.ar, re_age, kept)


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
