"""How each book came from its opening to its closing balance, by posted, accounting or entered date.

What is owed to others (on account, suspense, income not given to anybody, commission owed) is shown as the office holds it:
credits add. In AR, EXT and COMMISSION debits add.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import Case, fn

from bo_tui import money
from bo_tui.db.tables import Entry, Placement, ServiceLine
from bo_tui.errors import Defect
from bo_tui.views import entryterms
from bo_tui.views.entryterms import AGENCY_PAYABLE, AR, COMMISSION, EXT
from bo_tui.views.reports.base import DATE, MONEY, Asked, Column, Report, Row
from bo_tui.views.reports.ledger import narrowed

HELD = ("ON_ACCOUNT", "SUSPENSE", "MISC_INCOME", AGENCY_PAYABLE)  # credits add
BOOKS = (AR, EXT, *HELD, COMMISSION)
AGENCYS = (EXT, AGENCY_PAYABLE, COMMISSION)  # the books in which every cent is one agency's
_BEFORE, _AFTER = "before", "after"
_Moved = dict[tuple[str, str], int]


def rollforward_rows(asked: Asked) -> Iterator[Row]:
    """For each book: the opening balance, the movement of each code, the closing balance; one that never moved is left out.

    AR and EXT always stand there; of one agency, the books of AGENCYS. An operator has movements and their total alone.
    Raises Defect when AR or EXT do not add up to what lines and placements carry.
    """
    since = asked.date if asked.since is None else asked.since
    books = BOOKS if asked.agency is None else AGENCYS
    moved = {
        at: cents
        for book in _read_together(asked, books)
        for at, cents in _moved(asked, book, since, asked.date).items()
    }
    for book in books:
        movements = [
            (code, cents) for (of, code), cents in moved.items() if of == book and code not in (_BEFORE, _AFTER)
        ]
        opening, later = moved.get((book, _BEFORE)), moved.get((book, _AFTER))
        if book not in (AR, EXT) and not movements and opening is None:
            continue
        closing = (opening or 0) + sum(cents for _, cents in movements)
        if asked.operator is not None:
            yield from ((book, code, None, cents) for code, cents in movements)
            yield book, "total", asked.date, closing - (opening or 0)
            continue
        _refuse_defect(asked, book, closing, later or 0)
        yield book, "opening", since, opening or 0
        yield from ((book, code, None, cents) for code, cents in movements)
        yield book, "closing", asked.date, closing


def _read_together(asked: Asked, books: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Books that one reading of the entries answers: all of them, but of an agency each, for each has its own way to be one's."""
    return [books] if asked.agency is None else [(book,) for book in books]


def _moved(asked: Asked, books: tuple[str, ...], since: int, date: int) -> _Moved:
    """(book, before, after, or a code within the days) -> cents, of these books in one reading of the entries."""
    day = asked.day
    when = Case(None, [(day < since, _BEFORE), (day > date, _AFTER)], Entry.code)
    sums = [fn.SUM(entryterms.added(book, credit=book in HELD)) for book in books]
    touched = [fn.MAX((Entry.debit == book) | (Entry.credit == book)) for book in books]
    where = narrowed(asked) & entryterms.touches(*books)
    if asked.agency is not None:
        where &= entryterms.concerns(asked.agency, books[0])
    query: Any = Entry.select(when, *sums, *touched).where(where).group_by(when)
    query = query.order_by(fn.MIN(Entry.id))  # codes in the order in which the practice first used them
    found: _Moved = {}
    for name, *values in query.tuples():
        for book, cents, there in zip(books, values[: len(books)], values[len(books) :], strict=True):
            if there:
                found[book, name] = cents
    return found


def _refuse_defect(asked: Asked, book: str, closing: int, later: int) -> None:
    if book not in (AR, EXT):
        return
    kept = _kept_ar(asked.practice) if book == AR else _kept_ext(asked.practice, asked.agency)
    if closing + later != kept:
        raise Defect(
            f"{book} does not add up: {money.plain(closing)} and {money.plain(later)} later are not the "
            f"{money.plain(kept)} that lines and placements carry; run `bo-tui check`."
        )


def _kept_ar(practice: int) -> int:
    return ServiceLine.select(fn.SUM(ServiceLine.ar)).where(ServiceLine.practice == practice).scalar() or 0


def _kept_ext(practice: int, agency: int | None) -> int:
    mine = Placement.practice == practice
    if agency is not None:
        mine &= Placement.agency == agency
    return Placement.select(fn.SUM(Placement.balance)).where(mine).scalar() or 0


ROLLFORWARD = Report(
    "rollforward",
    "opening, movements and closing of AR, EXT and the books of money held and owed",
    (Column("book"), Column("item"), Column("day", DATE), Column("amount", MONEY)),
    rollforward_rows,
    takes=frozenset({"by", "agency", "operator"}),
    begins="month",
)
