"""What figures ask of an entry: its day by one of three calendars, and the agency that it concerns (DESIGN section 2).

An agency can concern an entry in two ways: the debt was with it (the placement's agency), or it sent the money (the payment's
agency, and where no payment is known the placement's). They differ when a former agency's money follows a debt that has moved.
"""

from __future__ import annotations

from typing import Any

from peewee import Case, fn

from bo_tui.db.tables import Act, Entry, Payment, Placement

POSTED, ACCOUNTING, ENTERED = "posted", "accounting", "entered"
CALENDARS = (POSTED, ACCOUNTING, ENTERED)

AR, EXT, CASH, COMMISSION, AGENCY_PAYABLE = "AR", "EXT", "CASH", "COMMISSION", "AGENCY_PAYABLE"
DEBTS = (AR, EXT)  # the books that hold debt
SENT = ("EPYMT", "GPYMT", "RVPAY")  # what moves an agency's money onto a debt and off it again
COMMISSIONS = ("ECOMM", "RVCOMM")


def day_of(by: str) -> Any:
    """An entry's day: posted, its accounting date (the posted one where it has none), or the day of the act that entered it."""
    if by == ACCOUNTING:
        return fn.COALESCE(Entry.accounting_date, Entry.posted)
    return _of(Act, Act.business_date, Entry.act) if by == ENTERED else Entry.posted


def actor() -> Any:
    """Who wrote an entry."""
    return _of(Act, Act.actor, Entry.act)


def debt_agency() -> Any:
    """The agency (id) of the placement that an entry stands on, or NULL."""
    return _of(Placement, Placement.agency, Entry.placement)


def debt_placed() -> Any:
    """The day on which the placement that an entry stands on was made, or NULL."""
    return _of(Placement, Placement.placed, Entry.placement)


def payer_agency() -> Any:
    """The agency (id) whose money an entry moves: the payment's, else the placement's; NULL for anybody else's money."""
    return fn.COALESCE(_of(Payment, Payment.agency, Entry.payment), debt_agency())


def concerns(agency: int, book: str | None) -> Any:
    """The condition that an entry concerns an agency: in EXT by the debt, in another book by the money, else by either."""
    if book == EXT:
        return debt_agency() == agency
    return (payer_agency() == agency) if book else ((debt_agency() == agency) | (payer_agency() == agency))


def touches(*books: str) -> Any:
    """The condition that an entry moves one of these books."""
    return Entry.debit.in_(books) | Entry.credit.in_(books)


def added(book: str, *, credit: bool = False) -> Any:
    """What an entry adds to a book, in cents: debits less credits, or with `credit` the other way round."""
    plus, minus = (Entry.credit, Entry.debit) if credit else (Entry.debit, Entry.credit)
    return Case(None, [(plus == book, Entry.amount), (minus == book, 0 - Entry.amount)], 0)


def vintage(debt: Any, payer: Any) -> Any:
    """The day on which the debt that money was sent for was placed with the agency that sent it; NULL when it never was.

    `debt` is the joined placement that the entry stands on (or NULL), `payer` the agency's id as an expression.
    """
    own = Placement.alias("own")
    latest = own.select(fn.MAX(own.placed)).where((own.line == Entry.line) & (own.agency == payer))
    return Case(None, [(debt.agency == payer, debt.placed)], latest)


def _of(table: Any, field: Any, row: Any) -> Any:
    """A field of the one row that an entry names; the COALESCE makes an expression of the subquery."""
    return fn.COALESCE(table.select(field).where(table.id == row), None)
