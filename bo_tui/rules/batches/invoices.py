"""Commission that agencies are owed, and paying it against their invoices (AGENCY_PAYABLE <- CASH).

Owed is the commission on gross remits and on money received from patients; it belongs to the agency of the payment that earned it.
"""

from __future__ import annotations

from typing import Any

from peewee import JOIN, Case, fn

from bo_tui import money
from bo_tui.db.heldterms import held_in
from bo_tui.db.tables import Agency, Entry, Payment, Placement
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.batches import payments, rows
from bo_tui.rules.batches.model import POSTED, Moved
from bo_tui.rules.codes import AGENCY_PAYABLE, AGPAY, CASH
from bo_tui.rules.external import lookups


def owed(office: Office, practice: int) -> dict[str, int]:
    """Commission owed by agency (its name), in cents, less what was paid; agencies owed nothing are left out."""
    roles.require(office, "look")
    with office.reading():
        names = dict(Agency.select(Agency.id, Agency.name).tuples())
        return {names[agency]: cents for agency, cents in sorted(_owed(practice).items()) if cents}


def _owed(practice: int) -> dict[int, int]:
    return {agency: cents for agency, cents, _ in _standing(practice)}


def _standing(practice: int) -> list[tuple[int, int, int]]:
    """(agency, cents owed, the last act that moved them)."""
    sign = Case(None, [(Entry.credit == AGENCY_PAYABLE, Entry.amount)], 0 - Entry.amount)
    earned = Payment.alias("earned")
    # A commission taken back names the payment that took it back, which is the same agency's.
    whose = fn.COALESCE(earned.agency, Placement.agency)
    query: Any = Entry.select(whose, fn.SUM(sign), fn.MAX(Entry.act)).join(
        earned, JOIN.LEFT_OUTER, on=(earned.id == Entry.payment)
    )
    query = query.join(Placement, JOIN.LEFT_OUTER, on=(Placement.id == Entry.placement))
    return list(query.where((Entry.practice == practice) & held_in(AGENCY_PAYABLE)).group_by(whose).tuples())


def pay_agency(
    office: Office,
    practice: int,
    agency: str,
    amount: int,
    number: str,
    date: int,
    accounting_date: int | None = None,
    *,
    type: str = "check",
    note: str | None = None,
    seen: int | None = None,
) -> Moved:
    """Pay an agency (by name) for its invoice, at most what it is owed; `number` and `date` are of the check or transfer.

    `seen` is the last act that moved what it is owed. Undone by `reversing.reverse_entry`. Raises RuleRefusal, field `amount`,
    `number`, `date` or `type`, NotFound, `agency`, and Conflict.
    """
    roles.require(office, "payment")
    with office.act("pay_agency", practice) as draft:
        the_practice = lookups.the_practice(practice)
        booked = accounting.resolve(the_practice, accounting_date, draft.business_date)
        row = lookups.the_agency(agency)
        there, latest = next(
            ((cents, act) for whose, cents, act in _standing(practice) if whose == row.id), (0, seen or 0)
        )
        lookups.unchanged(seen, latest, f"What {agency} is owed", f"is {money.shown(there)} now")
        values = payments.invoice_values(draft, practice, row.id, amount, number, date, type, note, booked)
        if amount > there:
            raise RuleRefusal(f"{agency} is owed {money.shown(there)}.", field="amount")
        made: int = Payment.insert(
            practice=practice, made_by=draft.actor, state=POSTED, posted=draft.business_date, act=draft.id, **values
        ).execute()
        rows.keep(draft, Payment, made, None, {"state": POSTED, **values})
        entry = ledger.write(
            draft, AGPAY, (AGENCY_PAYABLE, CASH), amount, payment=made, number=values["number"], accounting_date=booked,
            note=values["note"],
        )  # fmt: skip
        ledger.seal(draft)
    return Moved(draft.id, (entry,), amount)
