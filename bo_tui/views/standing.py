"""What stands over a placement besides its entries: holds in force, a recall by one, and what waits for a second person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui import money
from bo_tui.db.tables import Hold, Placement, Proposal, UpdateRow
from bo_tui.formats.agency.update import RECALL
from bo_tui.office import Office

CHUNK = 500
_WAITS = (Proposal.kind == "adjust") & (Proposal.state == "open")


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
    query: Any = Hold.select(Hold.kind, Hold.since, Hold.until).where(_in_force(account, line, day))
    return tuple(Held(*values) for values in query.order_by(Hold.since, Hold.id).tuples())


def recalled(placement: int) -> bool:
    """Whether an update file told the agency that the debt was taken away from it. Call inside a transaction."""
    told = (UpdateRow.placement == placement) & (UpdateRow.record_type == RECALL)
    return bool(UpdateRow.select().where(told).exists())


def asked(placement: int) -> Asked | None:
    """What was asked for about a placement and waits for a second person. Call inside a transaction."""
    waits = _WAITS & (Proposal.subject == placement)
    query: Any = Proposal.select(Proposal.id, Proposal.proposed_by, Proposal.asked, Proposal.amount).where(waits)
    values = query.tuples().first()
    if values is None:
        return None
    number, by, wanted, amount = values
    return Asked(number, by, json.loads(wanted)["code"], amount)


def marked(office: Office, placements: Sequence[int]) -> set[int]:
    """Those of some placements that have a balance and are on hold on the business date, or about which something waits."""
    found: set[int] = set()
    held = fn.EXISTS(Hold.select(Hold.id).where(_in_force(Placement.account, Placement.line, office.business_date)))
    with office.reading():
        for start in range(0, len(placements), CHUNK):
            some = list(placements[start : start + CHUNK])
            rows: Any = Placement.select(Placement.id).where(
                Placement.id.in_(some) & (Placement.has_balance == 1) & held
            )
            found |= {number for (number,) in rows.tuples()}
            waits = _WAITS & Proposal.subject.in_(some)
            found |= {number for (number,) in Proposal.select(Proposal.subject).where(waits).tuples()}
    return found
