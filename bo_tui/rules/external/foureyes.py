"""Deciding what waits for a second person: approved by another operator, refused, or taken back (DESIGN section 3, Approval).

Approving does what was asked through the same rules, which check everything again. The night decides nothing, and neither does
the timer's user.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bo_tui import dates, money
from bo_tui.db.tables import Agency, Pending, Placement, Proposal, ServiceLine
from bo_tui.errors import Conflict, Defect, NotAllowed, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, payments, roles
from bo_tui.rules.external import adjust, lookups, posts
from bo_tui.rules.external.proposals import ADJUST, ADJUST_LINE, OPEN, POST

Done = posts.Posted | adjust.Adjusted | payments.AdjustedLine


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal as a list shows it: what was asked in words, its cents, who asked when (a day number), and what became of it.

    `moot` says in words why approving it cannot succeed any more: only refusing it is left.
    """

    id: int
    kind: str
    asked: str
    amount: int
    proposed_by: str
    proposed: int
    state: str
    decided_by: str | None
    decided: int | None
    reason: str | None
    moot: str | None
    act: int


@dataclass(frozen=True, slots=True)
class Approved:
    """A proposal carried out: the act that did it, and what the rule says that it did.

    `left_out`: the accounting date (a day number) that was asked for and that the practice no longer uses.
    """

    act: int
    proposal: int
    done: Done
    left_out: int | None = None

    @property
    def sentence(self) -> str:
        """That it was done without the accounting date asked for, in words; empty where it was not."""
        if self.left_out is None:
            return ""
        return f"Without the accounting date {dates.iso(self.left_out)}: the practice uses none any more."


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal that will not be carried out: `refused` by a second person, or `withdrawn` by the one who made it."""

    act: int
    proposal: int
    state: str


def listed(office: Office, practice: int, *, decided: bool = False) -> list[Proposed]:
    """What waits for a second person in a practice, oldest first; with `decided` what was decided, newest first, at most 500."""
    ours = Proposal.practice == practice
    with office.reading():
        query: Any = Proposal.select().where(ours & ((Proposal.state != OPEN) if decided else (Proposal.state == OPEN)))
        order = Proposal.id.desc() if decided else Proposal.id
        rows = list(query.order_by(order).limit(500))
        words = _Words(rows)
        return [
            Proposed(
                row.id, row.kind, words.asked(row), row.amount, row.proposed_by, row.proposed, row.state, row.decided_by,
                row.decided, row.reason, words.moot(row) if row.state == OPEN else None, row.act,
            )
            for row in rows
        ]  # fmt: skip


def approve(
    office: Office,
    proposal: int,
    *,
    accounting_date: int | None = None,
    seen: int | None = None,
    practice: int | None = None,
) -> Approved:
    """Carry out a proposal of somebody else's; `accounting_date` takes the place of the one that was asked for.

    Where the practice uses no accounting dates any more, the one that was asked for is left out, and `Approved` says so.
    `seen` is the proposal's act, `practice` confines it to one practice. Raises NotAllowed for the one who proposed it, and
    whatever the rules refuse now: the proposal then goes on waiting.
    """
    roles.require(office, "approve")
    owner = lookups.practice_of(office, Proposal, proposal, "proposal", "proposal", practice)
    with office.act("approve", owner) as draft:
        row = _open(proposal, seen)
        if row.proposed_by == draft.actor:
            own = f"Proposal {row.id} is {draft.actor}'s own; another operator must approve it."
            raise NotAllowed(own, subject="proposal", subject_id=row.id, detail="one's own")
        asked: dict[str, Any] = json.loads(row.asked)
        left_out = None
        if accounting_date is None:
            accounting_date = asked["accounting_date"]
            if not lookups.the_practice(row.practice).uses_accounting_dates:
                left_out, accounting_date = accounting_date, None
        done = _carry_out(draft, row, asked, accounting_date)
        _decide(draft, row, "approved", None)
        ledger.seal(draft)
    return Approved(draft.id, proposal, done, left_out)


def refuse(
    office: Office, proposal: int, reason: str, *, seen: int | None = None, practice: int | None = None
) -> Refused:
    """Refuse a proposal, or take back one's own; the reason is compulsory. `seen` is the proposal's act."""
    roles.require(office, "approve")
    reason = lookups.required(reason, "reason", "A reason")
    owner = lookups.practice_of(office, Proposal, proposal, "proposal", "proposal", practice)
    with office.act("refuse", owner, reason) as draft:
        row = _open(proposal, seen)
        state = "withdrawn" if row.proposed_by == draft.actor else "refused"
        _decide(draft, row, state, reason)
        ledger.seal(draft)
    return Refused(draft.id, proposal, state)


def _open(proposal: int, seen: int | None) -> Proposal:
    row: Any = Proposal.get_by_id(proposal)
    if row.state != OPEN:
        when = dates.iso(row.decided)
        raise RuleRefusal(f"Proposal {row.id} was {row.state} by {row.decided_by} on {when}.", field="proposal")
    lookups.unchanged(seen, row.act, f"Proposal {row.id}", "waits for a second person")
    return row


def _carry_out(draft: Draft, row: Proposal, asked: dict[str, Any], booked: int | None) -> Done:
    if row.kind == POST:
        return _post(draft, row, asked, booked)
    terms = (asked["code"], asked["amount"], asked["note"], booked, None)
    if row.kind == ADJUST:
        done: Any = adjust.adjust_within(draft, row.practice, row.subject, *terms, second=True)
    elif row.kind == ADJUST_LINE:
        done = payments.adjust_line_within(draft, row.practice, asked["line"], *terms, second=True)
    else:
        raise Defect(f"There is no proposal of kind {row.kind}.")
    return done


def _post(draft: Draft, row: Proposal, asked: dict[str, Any], booked: int | None) -> Done:
    """Post the pending row that was proposed: not another one of the same line, and not more than the two persons saw."""
    line, seen = asked["line"], {asked["line"]: asked["seen"]}
    if Pending.get_by_id(row.subject).outcome is not None:
        raise RuleRefusal(
            f"Line {line} is no longer pending as it was proposed; refuse the proposal.", field="proposal"
        )
    done = posts.post_within(draft, row.practice, [line], asked["agency"], booked, seen, second=True)
    if done.amount > row.amount:
        grown = f"has grown from {money.shown(row.amount)} to {money.shown(done.amount)}"
        raise Conflict(f"The balance of line {line} {grown} since it was proposed; refuse it and post anew.")
    return done


def _decide(draft: Draft, row: Proposal, state: str, reason: str | None) -> None:
    ledger.change(draft, "proposal", row.id, "state", OPEN, state)
    decided = {
        "state": state,
        "decided_by": draft.actor,
        "decided": draft.business_date,
        "reason": reason,
        "act": draft.id,
    }
    Proposal.update(decided).where(Proposal.id == row.id).execute()


class _Words:
    """What proposals ask for, in words; looks up what they are about, 500 rows in a few queries."""

    def __init__(self, rows: list[Proposal]) -> None:
        by_kind: dict[str, list[int]] = {}
        for row in rows:
            by_kind.setdefault(row.kind, []).append(row.subject)
        pending: Any = (
            Pending.select(Pending.id, Agency.name, Pending.outcome)
            .join(Agency, on=(Agency.id == Pending.agency))
            .where(Pending.id.in_(by_kind.get(POST, [])))
        )
        placements: Any = (
            Placement.select(Placement.id, Placement.agency_name, Placement.closed, ServiceLine.number)
            .join(ServiceLine, on=(ServiceLine.id == Placement.line))
            .where(Placement.id.in_(by_kind.get(ADJUST, [])))
        )
        self._pending = {row[0]: row[1:] for row in pending.tuples()}
        self._placements = {row[0]: row[1:] for row in placements.tuples()}

    def asked(self, row: Proposal) -> str:
        """One sentence without its full stop."""
        asked = json.loads(row.asked)
        if row.kind == POST:
            return f"Post line {asked['line']} to {asked['agency'] or self._pending[row.subject][0]}"
        what = f"Line {asked['line']}" if row.kind == ADJUST_LINE else self._placement(row.subject)
        return f"{what}: adjust by {asked['code']}, {asked['note']}"

    def _placement(self, placement: int) -> str:
        agency, _, line = self._placements[placement]
        return f"Placement {placement} of line {line} with {agency}"

    def moot(self, row: Proposal) -> str | None:
        """Why what was asked for cannot be done any more, or None."""
        if row.kind == POST and self._pending[row.subject][1] is not None:
            return f"the line was {self._pending[row.subject][1]} meanwhile"
        if row.kind == ADJUST and self._placements[row.subject][1] is not None:
            return "the placement was closed meanwhile"
        return None
