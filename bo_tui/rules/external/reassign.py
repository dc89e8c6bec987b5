"""Reassigning a placement to another agency by an operator: AGTFR out of the old tree and a new EXCOL (seed 003)."""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui.db.tables import Agency, Placement
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.codes import AGTFR, EXCOL, EXT, EXT_TRANSIT
from bo_tui.rules.external import lookups

COPIED = ("practice", "account", "line", "guarantor", "account_number", "description", "date_of_service")


@dataclass(frozen=True, slots=True)
class Reassigned:
    """A debt moved to another agency: the old and the new placement and the balance moved, in cents."""

    act: int
    old: int
    new: int
    agency: str
    balance: int


def reassign(
    office: Office,
    placement: int,
    agency: str,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
    practice: int | None = None,
) -> Reassigned:
    """Move an open placement's whole balance to another agency (by name) that is assigned to the practice.

    The new placement is in no file yet, knows where it came from, and is pinned, so that no night moves it on. `seen` is
    the placement's act. Raises RuleRefusal, field `placement` (closed, at zero) or `agency` (the same, not assigned).
    """
    roles.require(office, "reassign")
    owner = lookups.practice_of(office, Placement, placement, "placement", "placement", practice)
    with office.act("reassign", owner) as draft:
        the_practice = lookups.the_practice(owner)
        booked = accounting.resolve(the_practice, accounting_date, office.business_date)
        old = lookups.open_placement(placement, seen)
        if old.balance == 0:
            raise RuleRefusal(f"{lookups.called(old)} stands at zero; there is nothing to reassign.", field="placement")
        chosen = lookups.assigned_agency(the_practice, agency)
        if chosen.id == old.agency:
            raise RuleRefusal(f"{lookups.called(old)} is already with {agency}; choose another agency.", field="agency")
        new = _move(draft, old, chosen, booked)
        ledger.seal(draft)
    return Reassigned(draft.id, old.id, new, agency, old.balance)


def _move(draft: Draft, old: Placement, agency: Agency, booked: int | None) -> int:
    amount = old.balance
    ledger.write(
        draft, AGTFR, (EXT_TRANSIT, EXT), amount,
        line=old.line, placement=old.id, parent=old.id, accounting_date=booked,
    )  # fmt: skip
    new = ledger.write(draft, EXCOL, (EXT, EXT_TRANSIT), amount, line=old.line, accounting_date=booked)
    # The order matters: the old one must be at zero to be closed, and closed before the line has another open one.
    ledger.settle(draft)
    closed = {Placement.closed: AGTFR, Placement.closed_on: draft.business_date, Placement.act: draft.id}
    Placement.update(closed).where(Placement.id == old.id).execute()
    Placement.insert(
        id=new,
        agency=agency.id,
        agency_name=agency.name,
        amount=amount,
        balance=amount,
        placed=draft.business_date,
        came_from=old.id,
        pinned=True,
        act=draft.id,
        **{name: getattr(old, name) for name in COPIED},
    ).execute()
    # Entries name no agency: with this the act's digest says to whom the debt went.
    ledger.change(draft, "placement", new, "agency", old.agency_name, agency.name)
    return new
