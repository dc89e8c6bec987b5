"""What stands over a placement besides its entries: holds in force, a recall by one, and what waits for a second person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from peewee import SQL, fn

from bo_tui import money
from bo_tui.db.compiled import once, slot
from bo_tui.db.tables import Hold, Placement, Proposal, UpdateRow
from bo_tui.formats.agency.update import RECALL

# as a literal: SQLite takes a partial index only where it sees that its condition holds
_WAITS = (Proposal.kind == "adjust") & (Proposal.state == SQL("'open'"))


@dataclass(frozen=True, slots=True)
class Held:
    """A hold in force on the line or its whole account: its kind (a key of rules.holds.KINDS), since and until as day numbers."""

    kind: str
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class Asked:
    """An adjustment of a placement that waits for a second person: its proposal, by whom, the code and the cents."""

    proposal: int
    by: str
    code: str
    amount: int

    @property
    def words(self) -> str:
        """`waits for a second person: CHRTY of 350.00 (proposal 1 by ana)`."""
        what = f"{self.code} of {money.shown(self.amount)}"
        return f"waits for a second person: {what} (proposal {self.proposal} by {self.by})"


def _in_force(account: Any, line: Any, day: int) -> Any:
    """Holds on the account or on the line itself with since <= day < until (CONTRACT, `holds.csv`)."""
    reaches = Hold.line.is_null() | (Hold.line == line)
    now = (Hold.since <= day) & (Hold.until.is_null() | (Hold.until > day))
    return (Hold.account == account) & reaches & now


def holds(line: int, account: int, day: int) -> tuple[Held, ...]:
    """The holds in force over a line on a day, the longest-standing first. Call inside a transaction."""
    return tuple(Held(*values) for values in _holds().run(line=line, account=account, day=day))


@once
def _holds() -> Any:
    query: Any = Hold.select(Hold.kind, Hold.since, Hold.until)
    return query.where(_in_force(slot("account"), slot("line"), slot("day"))).order_by(Hold.since, Hold.id)


def is_held(day: Any) -> Any:
    """Whether a hold is in force over a row of `Placement` on a day, as a column of a query."""
    return fn.EXISTS(Hold.select(Hold.id).where(_in_force(Placement.account, Placement.line, day)))


def is_asked() -> Any:
    """Whether something waits for a second person about a row of `Placement`, as a column of a query."""
    return fn.EXISTS(Proposal.select(Proposal.id).where(_WAITS & (Proposal.subject == Placement.id)))


def is_recalled() -> Any:
    """Whether an update file told the agency that a row of `Placement` was taken away from it, as a column of a query."""
    told = (UpdateRow.placement == Placement.id) & (UpdateRow.record_type == RECALL)
    return fn.EXISTS(UpdateRow.select(UpdateRow.id).where(told))


def is_marked(day: Any) -> Any:
    """Whether a row of `Placement` has a balance and is on hold on a day, or something waits about it, as a column of a query."""
    return ((Placement.has_balance == 1) & is_held(day)) | is_asked()


def asked(placement: int) -> Asked | None:
    """What was asked for about a placement and waits for a second person. Call inside a transaction."""
    values = _asked().one(placement=placement)
    if values is None:
        return None
    number, by, wanted, amount = values
    return Asked(number, by, json.loads(wanted)["code"], amount)


@once
def _asked() -> Any:
    query: Any = Proposal.select(Proposal.id, Proposal.proposed_by, Proposal.asked, Proposal.amount)
    return query.where(_WAITS & (Proposal.subject == slot("placement")))
