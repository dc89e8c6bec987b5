"""Distributions that are more than one entry: money that meets a debt that was placed, moved, or is taken back (DESIGN section 2).

- an insurer's payment brings a placed debt back (RVCOL), and what is left waits for the same agency;
- an agency's money for a debt it no longer has goes to the line's open placement, or to active AR as GPYMT: with consent;
- a takeback or recoupment is the reversal of the entry that it names;
- what fits by itself, but not with all that comes before it, is weighed once that is posted or refused.

They come one by one, after the plain ones and the last of these last, each in the same act.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from peewee import Case, fn

from bo_tui import money
from bo_tui.db.tables import Distribution, DistributionReason, Entry, Placement, Practice, ServiceLine
from bo_tui.db.tables.scratch import Paying
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft
from bo_tui.rules import ledger, payments
from bo_tui.rules.batches import judging, reasons, takebacks, writing
from bo_tui.rules.batches.judging import AFTER, BACK, MOVED, RECALL, TAKEBACK
from bo_tui.rules.batches.model import PLACEMENT, RECOUP, Refused
from bo_tui.rules.codes import (
    AR,
    CASH,
    COMMISSION,
    ECOMM,
    EPYMT,
    EXT,
    GPYMT,
    IPYMT,
    MISC_INCOME,
    RSCND,
    RVCOL,
    RVCOMM,
    SUSPENSE,
)
from bo_tui.rules.external import lookups
from bo_tui.rules.external.reverse import reverse_payment_within

DONE = "done"
TAKEN_BACK = "taken back by the payer"
Made = tuple[int | None, int | None]  # the entry and the commission's


def do(draft: Draft, practice: Practice, repoint: bool) -> list[Refused]:
    """Post the cases of their own; those that are refused, each with its sentence."""
    refused = []
    last = Case(Paying.how, [(AFTER, 1)], 0)
    query: Any = Paying.select().where(Paying.how.in_(tuple(_CASES))).order_by(last, Paying.distribution)
    for row in list(query):
        try:
            if row.how in (MOVED, BACK) and not repoint:
                raise RuleRefusal(f"{_moved(row)} Post with consent to follow the debt, or distribute the money anew.")
            entry, commission = _CASES[row.how](draft, row)
        except RuleRefusal as refusal:  # raised before anything of this distribution was written
            consent = row.how in (MOVED, BACK) and not repoint
            refused.append(Refused(row.payment, row.distribution, refusal.sentence, consent))
            continue
        done = {Paying.how: DONE, Paying.entry: entry, Paying.commission_entry: commission}
        Paying.update(done).where(Paying.distribution == row.distribution).execute()
    return refused


def _moved(row: Paying) -> str:
    placement = Placement.get_by_id(row.placement)
    return f"{lookups.called(placement)} {lookups.standing(placement)}."


def _insurance(draft: Draft, row: Paying) -> Made:
    """An insurer's money on a line whose debt is placed: the whole balance comes back first."""
    line, placed = ServiceLine.get_by_id(row.line), lookups.open_placement_of(row.line)
    owing = 0 if placed is None else placed.balance
    mine = DistributionReason.distribution == row.distribution
    adjusts = mine & DistributionReason.transaction_code.is_null(False)
    down = DistributionReason.select(fn.COALESCE(fn.SUM(DistributionReason.amount), 0)).where(adjusts).scalar()
    if placed is not None and not owing and (down or (row.roll and row.roll != line.responsibility)):
        raise RuleRefusal(
            f"Line {line.number} is {lookups.where_placed(placed.id)}; it is neither adjusted nor rolled there."
        )
    refused = reasons.too_much(down, row.cents, line.ar + owing, line.number)
    if refused is not None:
        raise RuleRefusal(refused)
    about: dict[str, Any] = {"line": row.line, "accounting_date": row.accounting_date, "payment": row.payment}
    if owing and placed is not None:
        ledger.write(
            draft, RVCOL, (AR, EXT), owing, placement=placed.id, parent=placed.id, note=payments.RECALL, **about
        )
    entry = None
    if row.cents:
        parent = payments.service_fee(row.line)
        entry = ledger.write(
            draft, IPYMT, (CASH, AR), row.cents, parent=parent, number=row.number, note=row.note, **about
        )
        Paying.update({Paying.entry: entry}).where(Paying.distribution == row.distribution).execute()
    this = Paying.distribution == row.distribution
    writing.write_adjustments(draft, this)
    ledger.settle(draft)
    if owing and placed is not None:
        left = 0 if row.roll == "insurance" else ServiceLine.get_by_id(row.line).ar  # the insurer's line does not wait
        payments.recall_debt(draft, line, placed, left)
    writing.roll(draft, this)
    return entry, None


def _elsewhere(draft: Draft, row: Paying) -> Made:
    """An agency's money for a debt that another agency has now: on the open placement, keeping who paid."""
    now = lookups.open_placement_of(row.line)
    if now is None:
        return _in_active_ar(draft, row)
    if row.cents > now.balance:
        raise RuleRefusal(
            f"Gross {money.shown(row.cents)} is more than the balance of {lookups.named(now)}, where the debt is now, "
            f"{money.shown(now.balance)}."
        )
    _repoint(draft, row, now.id)
    made = _pay(draft, row, EPYMT, EXT, now.id, now.id)
    ledger.settle(draft)
    return made


def _in_active_ar(draft: Draft, row: Paying) -> Made:
    """A guarantor's payment: also an agency's money for a debt that is back in active AR, with the agency's commission."""
    made = _pay(draft, row, GPYMT, AR, None, payments.service_fee(row.line))
    ledger.settle(draft)
    return made


def _after_others(draft: Draft, row: Paying) -> Made:
    """What judging could not decide alone, by what stands after the others: on its placement, or on its line in active AR."""
    if row.kind == PLACEMENT:
        placed = Placement.get_by_id(row.placement)
        if row.cents > placed.balance:
            number = ServiceLine.select(ServiceLine.number).where(ServiceLine.id == row.line).scalar()
            over = {"amount": money.shown(row.cents), "placement": placed.id, "line": number}
            raise RuleRefusal(judging.sentence(judging.OVER, **over))
        made = _pay(draft, row, EPYMT, EXT, placed.id, placed.id)
        ledger.settle(draft)
        return made
    if row.code == IPYMT:
        return _insurance(draft, row)
    now = lookups.open_placement_of(row.line)
    if now is not None:
        number = ServiceLine.select(ServiceLine.number).where(ServiceLine.id == row.line).scalar()
        where = {"agency": now.agency_name, "placement": now.id, "line": number}
        raise RuleRefusal(judging.sentence(judging.PLACED, **where))
    return _in_active_ar(draft, row)


def _pay(draft: Draft, row: Paying, code: str, book: str, placement: int | None, parent: int | None) -> Made:
    about: dict[str, Any] = {
        "line": row.line, "placement": placement, "accounting_date": row.accounting_date, "payment": row.payment,
        "number": row.number,
    }  # fmt: skip
    entry = ledger.write(draft, code, (CASH, book), row.cents, parent=parent, note=row.note, **about)
    commission = None
    if row.commission:
        commission = ledger.write(
            draft, ECOMM, (COMMISSION, row.commission_credit), row.commission, parent=entry, **about
        )
    return entry, commission


def _repoint(draft: Draft, row: Paying, placement: int) -> None:
    ledger.change(draft, "distribution", row.distribution, "placement", row.placement, placement)
    moved = {Distribution.placement: placement, Distribution.act: draft.id}
    Distribution.update(moved).where(Distribution.id == row.distribution).execute()


def _take_back(draft: Draft, row: Paying) -> Made:
    """RVPAY of the entry named, with the commission that the agency gives back; or money out of suspense or income (RSCND)."""
    entry = Entry.get_by_id(row.of_entry)
    cents = -row.cents
    if entry.credit in (SUSPENSE, MISC_INCOME):
        if cents > min(entry.amount, takebacks.held_of(entry.payment, entry.credit)):
            raise RuleRefusal(f"{entry.code} {entry.id} has not {money.shown(cents)} left.")
        made = ledger.write(
            draft, RSCND, (entry.credit, CASH), cents, account=entry.account, parent=entry.id, payment=row.payment,
            number=row.number, accounting_date=row.accounting_date, note=row.note,
        )  # fmt: skip
        return made, None
    commission = -row.commission
    if row.kind != RECOUP and commission > takebacks.commission_of(entry).left:
        raise RuleRefusal(f"The commission of {entry.code} {entry.id} was taken back meanwhile.")
    made, _ = reverse_payment_within(
        draft, entry, cents, row.note or TAKEN_BACK, row.accounting_date, payment=row.payment, number=row.number,
        commission=None if row.kind == RECOUP else commission,
    )  # fmt: skip
    given = (Entry.id >= made) & (Entry.code == RVCOMM) & (Entry.act == draft.id)
    return made, Entry.select(fn.MIN(Entry.id)).where(given).scalar()


_CASES: dict[str, Callable[[Draft, Paying], Made]] = {
    RECALL: _insurance,
    MOVED: _elsewhere,
    BACK: _elsewhere,
    TAKEBACK: _take_back,
    AFTER: _after_others,
}
