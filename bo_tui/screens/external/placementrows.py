"""The rows of Transactions as the grid wants them: placements as roots, their entries below, nine cells each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.rules.codes import EXCOL, EXT, signed
from bo_tui.screens.ownreads import OwnReads
from bo_tui.views import practices, transactions, unposted
from bo_tui.views.transactions import EntryRow, PlacementRow, Wanted
from bo_tui.views.unposted import Unposted
from bo_tui.widgets.gridmodel import Column, Row, Sort

COLUMNS = (
    # the least widths are such that all nine columns of the manual stand on 80 cells; what figures leave over, names have
    Column("date", "Date", 10, priority=5),
    Column("agency", "Agency", 12, min_width=9, priority=3),
    Column("account", "Acct", 8, min_width=6, priority=4),
    Column("guarantor", "Guarantor", 14, grow=True, min_width=10, priority=8),
    Column("code", "Code", 14, min_width=11, priority=9, sortable=False),
    Column("description", "Description", 12, grow=True, min_width=5, priority=2),
    Column("amount", "Amount", 11, align="right", min_width=9, priority=7),
    Column("balance", "Balance", 11, align="right", min_width=9, priority=6),
    Column("file", "File", 4, align="right", priority=1),
)

ATTACHED = "@"
STANDING = "!"  # a hold is in force, or something waits for a second person; the line above the keys says which
PENDING = "pending"  # in the Date column, of what is not posted
_WAITING = 10**13  # so that ids of different rows differ


@dataclass(frozen=True, slots=True)
class PlacementLine(Row):
    """A row with what its page must know to say what may be done with it; `closed` and `cents` are a root's.

    `attached`: View Attachment has something to show. `batch`: the payment batch in which the row waits to be posted.
    """

    code: str = EXCOL
    closed: str | None = None
    cents: int = 0
    attached: bool = False
    batch: int | None = None


class PlacementRows(OwnReads):
    """A grid source over one practice's placements; `everything` shows those at zero as well."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, office: Office, practice: int) -> None:
        self.office = office
        self.practice = practice
        self.wanted = Wanted(practice)
        self._counted: tuple[Any, int] = (None, 0)  # what was counted, and how many there were

    @property
    def everything(self) -> bool:
        """Show zero balances."""
        return self.wanted.zero

    @everything.setter
    def everything(self, value: bool) -> None:
        self.wanted = replace(self.wanted, zero=value)

    def filter(self, text: str, sort: Sort) -> Sort:
        """Filter by the sorted column's beginning; what begins with a digit is looked for in Acct, unless dates are sorted."""
        text = text.strip()
        column = self.wanted.column if self.wanted.prefix and text else self._column_for(text, sort)
        if text and text[:1].isdigit() != self.wanted.prefix[:1].isdigit():
            column = self._column_for(text, sort)
        self.wanted = replace(self.wanted, column=column, prefix=text)
        return sort if not text or sort.column == column else Sort(column)

    @staticmethod
    def _column_for(text: str, sort: Sort) -> str:
        if text[:1].isdigit():
            return sort.column if sort.column in ("date", "account", "description") else "account"
        return sort.column if sort.column in ("agency", "account", "description") else "guarantor"

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """Placements next to a row."""
        key = None if after is None else (after.key, after.id)
        wanted, order = self.wanted, (sort.column, sort.descending)
        found = self._read(lambda: transactions.page(self.office, wanted, order, key, count, backward))
        return [_root(row, key[0]) for key, row in found]

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """A placement as it is now."""
        one = self._read(lambda: transactions.at(self.office, self.wanted, sort.column, row_id))
        return None if one is None else _root(one[1], one[0][0])

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """The entries below placements or entries, and below a placement what waits to be posted to it."""
        ids = [one for one in parent_ids if one < _WAITING]
        found, waits = self._read(
            lambda: (transactions.children(self.office, self.practice, ids), unposted.below(self.office, ids))
        )
        below: dict[int, list[Row]] = {parent: [_child(row) for row in rows] for parent, rows in found.items()}
        for parent, rows in waits.items():
            below.setdefault(parent, []).extend(_waiting(row, parent) for row in rows)
        return below

    def count(self, limit: int) -> int:
        """How many placements, no further than a limit; another order of the same rows is not counted again."""

        def counted() -> int:
            with self.office.reading():
                wanted = self.wanted
                asked, kept = (wanted, limit, practices.version(self.office)), self._counted
                if asked != kept[0]:
                    kept = self._counted = (asked, transactions.count(self.office, wanted, limit))
                return kept[1]

        return self._read(counted)

    def version(self) -> Any:
        """The highest act."""
        return self._read(lambda: practices.version(self.office))

    def slow(self, sort: Sort) -> bool:
        """Whether an order needs a worker."""
        return transactions.is_slow(self.wanted, sort.column)


def _root(row: PlacementRow, key: Any) -> Row:
    file = "" if row.sequence is None else "old" if row.kind == "earlier" else str(row.sequence)
    text = _marked(row.description, row.attached)
    cells = (
        dates.iso(row.date_of_service),
        row.agency,
        row.account,
        row.guarantor,
        EXCOL,
        f"{STANDING} {text}" if row.stands else text,
        shown(row.amount),
        shown(row.balance),
        file,
    )
    kind = "zero" if row.balance == 0 else ""
    return PlacementLine(row.id, cells, key, kind, row.has_children, None, EXCOL, row.closed, row.balance, row.attached)


def _child(row: EntryRow) -> Row:
    amount = signed(EXT, row.debit, row.credit, row.amount)
    cells = (
        dates.iso(row.posted),
        "",
        "",
        "",
        row.code,
        _marked(_describe(row), row.attached),
        shown(row.amount if amount is None else amount),
        "",
        "",
    )
    kind = "memo" if amount is None else "child"
    return PlacementLine(row.id, cells, None, kind, row.has_children, row.parent, row.code, attached=row.attached)


def _waiting(row: Unposted, parent: int) -> Row:
    """What a payment batch will post, outside the balance; a takeback adds to it."""
    cells = (PENDING, "", "", "", row.code, waits_words(row), shown(0 - row.amount), "", "")
    return PlacementLine(_WAITING + row.distribution, cells, None, PENDING, False, parent, row.code, batch=row.batch)


def waits_words(row: Unposted) -> str:
    """What stands in Description of what is not posted."""
    kept = f", kept {shown(row.commission)}" if row.commission else ""
    return f"Check {row.number}{kept}, batch {row.batch}"


def _marked(text: str, attached: bool) -> str:
    """A text with the sign of an attachment before it, where it stays when the column is narrow."""
    return f"{ATTACHED} {text}" if attached else text


def _describe(row: EntryRow) -> str:
    """What stands in Description below a placement: the check, the transaction code, where it went, or the note."""
    if row.code == "AGTFR":
        return f"to {row.agency}" if row.agency else "to another agency"
    if row.transaction_code:
        return f"{row.transaction_code} {row.code_text or ''}".strip()
    if row.code in ("EPYMT", "GPYMT", "IPYMT") and row.number:
        return f"Check {row.number}"
    if row.code == "ECOMM":
        return row.note or "commission kept"
    if row.code == EXCOL:
        return row.note or "came back to it"
    return row.note or ""
