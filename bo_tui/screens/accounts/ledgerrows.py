"""The rows of Active AR as the grid wants them: service fee lines as roots, their entries and what waits below them.

All lines of the account are read at once, in as many queries for one as for thousands, and kept until something is committed;
what stands below a line is read when it is opened.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.screens.accounts import entrywords
from bo_tui.screens.page import own_connection
from bo_tui.views import practices
from bo_tui.views.accounts import ledger, lines
from bo_tui.views.accounts.ledger import Block, Posting, Waiting
from bo_tui.views.accounts.lines import LineRow
from bo_tui.widgets.gridmodel import Column, Row, Sort

COLUMNS = (
    Column("date", "Date", 10, priority=9),
    Column("line", "Line", 9, min_width=7, priority=3),
    Column("case", "Case", 8, min_width=6, priority=1),
    Column("code", "Code", 15, min_width=13, priority=10, sortable=False),
    Column("description", "Description", 16, grow=True, min_width=11, priority=5),
    Column("amount", "Amount", 11, align="right", min_width=9, priority=7),
    Column("balance", "Balance", 11, align="right", min_width=9, priority=8),
    Column("owes", "Owes", 4, priority=4),
    Column("age", "Age", 4, align="right", priority=2),
    Column("marks", "Marks", 6, sortable=False, priority=6),
)
MANY = 300  # lines from which they are read in a worker
_ENTRY, _BALANCE, _WAITING = 10**13, 2 * 10**13, 3 * 10**13  # so that ids of different rows differ
_OF_WAITING = {"EXCOL": 0, "MADJN": 10**12, "MADJP": 10**12, "GPYMT": 2 * 10**12, "IPYMT": 2 * 10**12}


@dataclass(frozen=True, slots=True)
class LedgerLine(Row):
    """A row with what its page must know of it: the line that it belongs to, and the entry or what waits where it is one."""

    line: LineRow | None = None
    posting: Posting | None = None
    waiting: Waiting | None = None


class LedgerRows:
    """A `GridSource` over the lines of one account; `everything` shows those with a balance or a debt elsewhere alone."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, office: Office, practice: int, account: int) -> None:
        self.office = office
        self.practice = practice
        self.account = account
        self.everything = False  # the switch: only what is not at zero
        self.text = ""
        self._many = lines.number_of(office, account) > MANY
        self._version = -1
        self._read_at = -2
        self._lines: dict[int, LineRow] = {}
        self._kids: dict[int, list[Row]] = {}
        self._order: tuple[Any, ...] | None = None
        self._rows: list[Row] = []
        self._place: dict[int, int] = {}

    # --- what is shown ---------------------------------------------------------------------------------------------

    def filter(self, text: str, sort: Sort) -> Sort:
        """Lines whose date of service, number or case begins with a text, in the order there is."""
        self.text = text.strip()
        return sort

    def days(self) -> list[tuple[int, int, int]]:
        """(date of service, lines, balance in cents) of the account, the latest first: what Filter by DOS offers."""
        found: dict[int, list[int]] = {}
        for row in self._all():
            one = found.setdefault(row.date_of_service, [0, 0])
            one[0] += 1
            one[1] += row.ar
        return [(day, *found[day]) for day in sorted(found, reverse=True)]  # type: ignore[misc]

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """Lines next to one."""
        rows = self._sorted(sort)
        if after is None:
            return rows[-count:] if backward else rows[:count]
        at = self._place.get(after.id)
        if at is None:
            return []
        return rows[max(0, at - count) : at] if backward else rows[at + 1 : at + 1 + count]

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """A line as it is now."""
        rows = self._sorted(sort)
        return rows[self._place[row_id]] if row_id in self._place else None

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """What stands below lines or entries; the entries of a line are read with it, however deep they stand."""
        roots = [one for one in parent_ids if one < _ENTRY]
        found = self._read(lambda: ledger.blocks(self.office, self.practice, roots)) if roots else {}
        for line, block in found.items():
            self._kids.update(_below(self._lines[line], block))
        return {one: self._kids.get(one, []) for one in parent_ids}

    def count(self, limit: int) -> int:
        """How many lines the filter shows."""
        return min(limit, sum(1 for row in self._all() if self._fits(row)))

    def version(self) -> Any:
        """The highest act."""
        self._version = self._read(lambda: practices.version(self.office))
        return self._version

    def slow(self, sort: Sort) -> bool:
        """Whether the lines of a large account have to be read anew."""
        return self._many and self._read_at != self._version

    # --- reading ---------------------------------------------------------------------------------------------------

    def _all(self) -> list[LineRow]:
        if self._read_at != self._version or self._read_at < 0:
            version = self._version
            found = self._read(lambda: lines.lines(self.office, self.practice, self.account))
            self._lines = {row.id: row for row in found}
            self._read_at, self._order = version, None
        return list(self._lines.values())

    def _read(self, work: Callable[[], Any]) -> Any:
        """Read; in a worker with a connection of its own, which is closed when it is done."""
        here = threading.current_thread() is threading.main_thread()
        return work() if here else own_connection(self.office, work)

    def _fits(self, row: LineRow) -> bool:
        if self.everything and row.ar == row.placed == 0 and row.waits_for is None:
            return False
        text = self.text.casefold()
        words = (dates.iso(row.date_of_service), row.number.casefold(), (row.case or "").casefold())
        return not text or any(word.startswith(text) for word in words)

    def _sorted(self, sort: Sort) -> list[Row]:
        found = self._all()
        wish = (sort, self.text, self.everything, self._read_at)
        if self._order != wish:
            shown_ones = [(_key(row, sort.column), row.id, row) for row in found if self._fits(row)]
            shown_ones.sort(key=lambda one: one[:2], reverse=sort.descending)
            today = self.office.business_date
            self._rows = [_root(row, key, today) for key, _, row in shown_ones]
            self._place = {row.id: place for place, row in enumerate(self._rows)}
            self._order = wish
        return self._rows


def _key(row: LineRow, column: str) -> Any:
    return {
        "date": row.date_of_service,
        "line": row.number,
        "case": row.case or "",
        "description": row.description,
        "amount": row.fee,
        "balance": row.ar,
        "owes": row.responsibility,
        "age": -row.ages_from,
    }[column]


def _root(row: LineRow, key: Any, today: int) -> Row:
    cells = (
        dates.iso(row.date_of_service),
        row.number,
        row.case or "",
        "SVCFE",
        row.description,
        shown(row.fee),
        shown(row.ar),
        "guar" if row.responsibility == "guarantor" else "ins",
        "" if row.ar == 0 else str(today - row.ages_from),
        entrywords.marks(row),
    )
    kind = "credit" if row.ar < 0 else "zero" if row.ar == row.placed == 0 else ""
    return LedgerLine(row.id, cells, key, kind, True, None, line=row)


def _below(line: LineRow, block: Block) -> dict[int, list[Row]]:
    """All rows below a line by the row that they hang under: entries, what waits, and the line of the balance."""
    found: dict[int, list[Row]] = {line.id: []}
    for posting in block.postings:
        parent = line.id if posting.parent is None else _ENTRY + posting.parent
        found.setdefault(parent, []).append(_entry(line, posting, parent))
    found[line.id].append(_balance(line, block))
    found[line.id] += [_waiting(line, one) for one in block.waiting]
    return found


def _entry(line: LineRow, one: Posting, parent: int) -> Row:
    amount = one.gross if one.amount is None else one.amount
    cells = (
        dates.iso(one.posted), "", "", one.code, entrywords.described(one), shown(amount),
        "" if one.amount is None else shown(one.balance), "", "", entrywords.ATTACHED if one.attached else "",
    )  # fmt: skip
    kind = "memo" if one.amount is None else "child"
    return LedgerLine(_ENTRY + one.id, cells, None, kind, one.has_children, parent, line=line, posting=one)


def _balance(line: LineRow, block: Block) -> Row:
    """The running balance of the block, dated by its latest activity."""
    latest = max([line.posted, *(one.posted for one in block.postings)])
    cells = (dates.iso(latest), "", "", "BALANCE", "", "", shown(line.ar), "", "", "")
    return LedgerLine(_BALANCE + line.id, cells, None, "memo", False, line.id, line=line)


def _waiting(line: LineRow, one: Waiting) -> Row:
    amount = one.amount if one.code == "MADJP" else 0 - one.amount
    cells = ("pending", "", "", one.code, entrywords.waits(one), shown(amount), "", "", "", "")
    row_id = _WAITING + _OF_WAITING[one.code] + one.id
    return LedgerLine(row_id, cells, None, "pending", False, line.id, line=line, waiting=one)
