"""Taking pending rows out again when their ground is gone (DESIGN section 5, Withdraw)."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Case, Value, fn

from bo_tui.db.tables import Account, Pending, Placement, ServiceLine
from bo_tui.db.tables.scratch import Withdrawal, emptied
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.external import criteria
from bo_tui.rules.external.selection import DOS, NIGHT, RETURNED_MAIL, THRESHOLD, Range
from bo_tui.rules.external.terms import Terms

WORDS = {
    "no_balance": "the line has no balance any more",
    "not_guarantor": "the line is no longer the guarantor's responsibility",
    "on_hold": "the line or its account is on hold",
    "brought_back": "the line is marked as brought back",
    "no_assignment": "no agency with thresholds is assigned to the practice",
    "below_balance": "the balance no longer exceeds the threshold",
    "too_young": "the age no longer exceeds the threshold",
    "recent_payment": "a recent payment reaches the bar",
    "no_threshold_row": "no line of its date of service is pending or placed by threshold any more",
    "flag_cleared": "the account is no longer flagged for returned mail",
}


def accounts_up_to(terms: Terms, after: int, rows: int) -> int | None:
    """The last account of the next chunk: so many pending rows beyond account `after`; None when there are none."""
    query = _open(terms).where(Pending.account > after).select(Pending.account)
    found = query.order_by(Pending.account).limit(1).offset(rows - 1).scalar()
    return found if found is not None else query.order_by(Pending.account.desc()).limit(1).scalar()


def find(terms: Terms, accounts: Range) -> None:
    """Fill the withdrawal table with the open rows of the accounts that are to be taken out."""
    emptied(Withdrawal)
    waiting = _open(terms).where((Pending.account > accounts[0]) & (Pending.account <= accounts[1]))
    by_night = Pending.source == NIGHT
    because = Case(
        None,
        [
            (ServiceLine.ar <= 0, "no_balance"),
            (ServiceLine.responsibility != "guarantor", "not_guarantor"),
            (~criteria.ON_HOLD.passes(terms, None), criteria.ON_HOLD.name),
            (by_night & (Pending.because == THRESHOLD), criteria.excluded(terms)),
            (by_night & (Pending.because == RETURNED_MAIL) & (Account.returned_mail == SQL("0")), "flag_cleared"),
        ],
        None,
    )
    rows = (
        waiting.select(Pending.id, Pending.line, because.alias("because"))
        .join(ServiceLine, on=(ServiceLine.id == Pending.line))
        .join(Account, on=(Account.id == Pending.account))
    )
    found = rows.where(because.is_null(False))
    Withdrawal.insert_from(found, [Withdrawal.pending, Withdrawal.line, Withdrawal.because]).execute()
    _find_siblings(waiting)


def _open(terms: Terms) -> Any:
    return Pending.select().where((Pending.practice == terms.practice.id) & Pending.outcome.is_null())


def _find_siblings(waiting: Any) -> None:
    """Rows pulled by their date of service whose group has no threshold row pending or placed any more."""
    leading, lead_line = Pending.alias("leading"), ServiceLine.alias("lead_line")
    gone = Withdrawal.select(Withdrawal.pending)
    placed = Placement.select(Value(1)).where((Placement.line == leading.line) & Placement.closed.is_null())
    still_pending = leading.outcome.is_null() & leading.id.not_in(gone)
    again = Pending.alias("again")  # a line that came back and was queued anew stands there on another ground
    queued_again = again.select(Value(1)).where((again.line == leading.line) & (again.id > leading.id))
    still_placed = (leading.outcome == "posted") & fn.EXISTS(placed) & ~fn.EXISTS(queued_again)
    lead = (
        leading.select(Value(1))
        .join(lead_line, on=(lead_line.id == leading.line))
        .where(
            (lead_line.account == ServiceLine.account)
            & (lead_line.date_of_service == ServiceLine.date_of_service)
            & (lead_line.case == ServiceLine.case)
            & (leading.because == THRESHOLD)
            & (still_pending | still_placed)
        )
    )
    rows = waiting.select(Pending.id, Pending.line, Value("no_threshold_row")).join(
        ServiceLine, on=(ServiceLine.id == Pending.line)
    )
    pulled = (Pending.source == NIGHT) & (Pending.because == DOS) & Pending.id.not_in(gone) & ~fn.EXISTS(lead)
    Withdrawal.insert_from(rows.where(pulled), [Withdrawal.pending, Withdrawal.line, Withdrawal.because]).execute()


def withdraw(draft: Draft) -> tuple[int, int]:
    """Take out what stands in the withdrawal table, each with its reason in words; returns count and queued cents."""
    taken = Pending.id.in_(Withdrawal.select(Withdrawal.pending))
    count, amount = Pending.select(fn.COUNT(Pending.id), fn.SUM(Pending.amount)).where(taken).tuples()[0]
    if not count:
        return 0, 0
    words = Case(Withdrawal.because, list(WORDS.items()), Withdrawal.because)
    reason = Withdrawal.select(words).where(Withdrawal.pending == Pending.id)
    Pending.update(outcome="withdrawn", resolved=draft.business_date, reason=reason, act=draft.id).where(
        taken
    ).execute()
    ledger.change_from(
        draft,
        Withdrawal.select(
            Value(draft.id),
            Value("service_line"),
            Withdrawal.line,
            Value("pending"),
            Value("waiting"),
            Value("withdrawn: ").concat(Withdrawal.because),
        ).order_by(Withdrawal.pending),
    )
    return count, amount
