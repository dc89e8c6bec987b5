"""Money and responsibility on a service fee line in active AR: payments, adjustments, and who owes it (DESIGN section 2).

While the line's debt is with an agency, the guarantor's payments, adjustments and changes of responsibility are refused, saying
where the debt is and what to do; an insurer's payment brings the debt back. Payment batches will call `receive`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bo_tui import dates, money
from bo_tui.db.tables import Entry, Pending, Placement, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.codes import ADJUSTMENT, AR, CASH, EXT, GPYMT, IPYMT, MADJN, MADJP, RVCOL, SVCFE
from bo_tui.rules.external import adjust, lookups, proposals
from bo_tui.rules.external.proposals import Waiting
from bo_tui.text import first_unsafe

CODES = (GPYMT, IPYMT)
PARTIES = ("guarantor", "insurance")
RECALL = "recall"


@dataclass(frozen=True, slots=True)
class Received:
    """A payment taken: its entry, cents, and the line's balance in active AR after it.

    `recalled` is the placement that an insurer's payment brought back, `queued` the agency (by name) for which the rest waits.
    """

    act: int
    entry: int
    line: str
    code: str
    amount: int
    ar: int
    recalled: int | None
    queued: str | None


@dataclass(frozen=True, slots=True)
class Rolled:
    """A line in another party's responsibility; `aging_date` is None for the insurer's."""

    act: int
    line: str
    responsible: str
    since: int
    aging_date: int | None


@dataclass(frozen=True, slots=True)
class AdjustedLine:
    """An adjustment in active AR: its entry, its activity code, its cents and the line's balance after it."""

    act: int
    entry: int
    line: str
    code: str
    amount: int
    balance: int


def receive(
    office: Office,
    practice: int,
    line: str,
    code: str,
    amount: int,
    number: str | None = None,
    note: str | None = None,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
) -> Received:
    """Post a payment of so many cents on a line (by number): GPYMT from the guarantor, IPYMT from an insurer.

    It may exceed the balance: the line is then in credit. `number` is the check's. `seen` is the line's act as the operator saw it.
    Raises RuleRefusal, field `code`, `amount`, `number`, `note` or `line`.
    """
    roles.require(office, "payment")
    _refuse_call(code, amount, number, note)
    with office.act("payment", practice, note) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, office.business_date)
        row = _the_line(practice, line, seen)
        placed = lookups.open_placement_of(row.id)
        if placed is not None and code == GPYMT:
            lookups.refuse_if_placed(row.id)
        recalled = placed if placed is not None and placed.balance > 0 else None
        if recalled is not None:  # the insurer's money belongs to the line in active AR
            ledger.write(
                draft, RVCOL, (AR, EXT), recalled.balance,
                line=row.id, placement=recalled.id, parent=recalled.id, accounting_date=booked, note=RECALL,
            )  # fmt: skip
        entry = ledger.write(
            draft, code, (CASH, AR), amount,
            line=row.id, parent=service_fee(row.id), number=number, accounting_date=booked, note=note,
        )  # fmt: skip
        ledger.settle(draft)
        balance = ServiceLine.get_by_id(row.id).ar
        queued = None if recalled is None else recall_debt(draft, row, recalled, balance)
        ledger.seal(draft)
    back = None if recalled is None else recalled.id
    return Received(draft.id, entry, line, code, amount, balance, back, queued)


def _refuse_call(code: str, amount: int, number: str | None, note: str | None) -> None:
    if code not in CODES:
        raise RuleRefusal(f"A payment's code is {GPYMT} or {IPYMT}.", field="code")
    if amount <= 0:
        raise RuleRefusal("The amount must be above 0.00.", field="amount")
    if amount > money.LARGEST:
        raise RuleRefusal("The amount is too large.", field="amount")
    for field, text in (("number", number), ("note", note)):
        if text and (unsafe := first_unsafe(text)):
            raise RuleRefusal(f"The {field} cannot hold the character {unsafe}.", field=field)


def recall_debt(draft: Draft, row: ServiceLine, placed: Placement, balance: int) -> str | None:
    """Close the placement that an insurer's payment brought back, and queue what is left for the same agency; its name if so."""
    closed = {Placement.closed: RVCOL, Placement.closed_on: draft.business_date, Placement.act: draft.id}
    Placement.update(closed).where(Placement.id == placed.id).execute()
    if balance <= 0 or row.responsibility != "guarantor":
        return None
    today = draft.business_date
    Pending.insert(
        practice=row.practice, account=row.account, line=row.id, agency=placed.agency, amount=balance,
        age=today - (row.aging_date or today), source=RECALL, because=RECALL, pinned=placed.pinned,
        queued=today, queued_act=draft.id, act=draft.id,
    ).execute()  # fmt: skip
    ledger.change(draft, "service_line", row.id, "pending", None, placed.agency_name)
    return placed.agency_name


def _the_line(practice: int, number: str, seen: int | None) -> ServiceLine:
    row: Any = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == number))
    if row is None:
        raise NotFound(f"There is no service fee line {number} in this practice.", field="line")
    lookups.unchanged(seen, row.act, f"Line {number}", f"has a balance of {money.shown(row.ar)} in active AR")
    return row


def service_fee(line: int) -> int | None:
    """The line's SVCFE, under which its entries in active AR stand; None for a fee of 0.00."""
    return (
        Entry.select(Entry.id).where((Entry.line == line) & (Entry.code == SVCFE)).order_by(Entry.id).limit(1).scalar()
    )


def roll(
    office: Office,
    practice: int,
    line: str,
    responsible: str,
    since: int | None = None,
    *,
    note: str | None = None,
    seen: int | None = None,
) -> Rolled:
    """Make a line (by number) the guarantor's or the insurer's `since` a day (default: the business date).

    The guarantor's ages from that day, the insurer's has no aging date. Refused while the debt is placed. The note is the
    act's reason and so one of the account's system notes. `seen` is the line's act. Raises RuleRefusal, field `responsible`,
    `since`, `note` or `line`.
    """
    roles.require(office, "roll")
    note = (note or "").strip() or None
    if note is not None and (unsafe := first_unsafe(note)):
        raise RuleRefusal(f"The note cannot hold the character {unsafe}.", field="note")
    if responsible not in PARTIES:
        raise RuleRefusal(f"The responsible party is {' or '.join(PARTIES)}.", field="responsible")
    begins = office.business_date if since is None else since
    if begins > office.business_date:
        raise RuleRefusal("Responsibility does not begin in the future.", field="since")
    with office.act("responsibility", practice, note) as draft:
        row = _the_line(practice, line, seen)
        lookups.refuse_if_placed(row.id)
        if row.responsibility == responsible:
            party = "the guarantor's" if responsible == "guarantor" else "the insurer's"
            raise RuleRefusal(f"Line {line} is {party} already.", field="responsible")
        aging = begins if responsible == "guarantor" else None
        changes = [
            ("responsibility", row.responsibility, responsible),
            ("responsible_since", dates.iso(row.responsible_since) or None, dates.iso(begins)),
            ("aging_date", dates.iso(row.aging_date) or None, dates.iso(aging) or None),
        ]
        ledger.change_many(
            draft, [("service_line", row.id, name, old, new) for name, old, new in changes if old != new]
        )
        values = {"responsibility": responsible, "responsible_since": begins, "aging_date": aging, "act": draft.id}
        ServiceLine.update(values).where(ServiceLine.id == row.id).execute()
        ledger.seal(draft)
    return Rolled(draft.id, line, responsible, begins, aging)


def adjust_line(
    office: Office,
    practice: int,
    line: str,
    code: str,
    amount: int,
    note: str,
    accounting_date: int | None = None,
    *,
    seen: int | None = None,
) -> AdjustedLine | Waiting:
    """Adjust a line (by number) in active AR by so many cents; the transaction code says whether up or down.

    Refused while the debt is placed, and where a downward one would end below zero. Above the practice's four-eyes limit it is only
    proposed. `seen` is the line's act. Raises RuleRefusal, field `code`, `amount`, `note` or `line`.
    """
    roles.require(office, "adjust")
    note = lookups.required(note, "note", "A note")
    if amount <= 0:
        raise RuleRefusal("The amount must be above 0.00.", field="amount")
    with office.act("adjust", practice, note) as draft:
        done = adjust_line_within(draft, practice, line, code, amount, note, accounting_date, seen)
        ledger.seal(draft)
    return done


def adjust_line_within(
    draft: Draft,
    practice: int,
    line: str,
    code: str,
    amount: int,
    note: str,
    accounting_date: int | None,
    seen: int | None,
    *,
    second: bool = False,
) -> AdjustedLine | Waiting:
    """As `adjust_line`, within an act that the caller seals; with `second` a second person asks, and no limit holds."""
    the_practice = lookups.the_practice(practice)
    booked = accounting.resolve(the_practice, accounting_date, draft.business_date)
    row = _the_line(practice, line, seen)
    lookups.refuse_if_placed(row.id)
    up, balance = adjust.resulting(practice, code, row.ar, amount)
    if not second and proposals.over_limit(the_practice, amount):
        asked = {"line": line, "code": code, "amount": amount, "note": note, "accounting_date": accounting_date}
        subject = (row.id, f"Line {line}")
        return proposals.propose(draft, the_practice, proposals.ADJUST_LINE, subject, amount, asked, "amount")
    activity, move = (MADJP, (AR, ADJUSTMENT)) if up else (MADJN, (ADJUSTMENT, AR))
    entry = ledger.write(
        draft, activity, move, amount,
        line=row.id, parent=service_fee(row.id), transaction_code=code, accounting_date=booked, note=note,
    )  # fmt: skip
    ledger.settle(draft)
    return AdjustedLine(draft.id, entry, line, activity, amount, balance)
