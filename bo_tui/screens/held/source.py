"""The rows of Money held: four tabs, each a list that is read anew when anybody commits, with what is not posted yet below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.screens.batches import words
from bo_tui.screens.batches.images import MARK
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.page import own_connection
from bo_tui.views import held, practices
from bo_tui.views.held import AccountHeld, AgencyOwed, PaymentHeld, Waiting
from bo_tui.widgets.gridmodel import Column, Row, Sort

ON_ACCOUNT, SUSPENSE, MISC, OWED = "on_account", "suspense", "misc", "owed"
TABS = ((ON_ACCOUNT, "On Account"), (SUSPENSE, "Suspense"), (MISC, "Misc Income"), (OWED, "Owed to agencies"))
BOOKS = {ON_ACCOUNT: held.ON_ACCOUNT, SUSPENSE: held.SUSPENSE, MISC: held.MISC_INCOME, OWED: held.AGENCY_PAYABLE}
SORTS = {ON_ACCOUNT: Sort("guarantor"), SUSPENSE: Sort("since"), MISC: Sort("since"), OWED: Sort("agency")}
MANY = 200_000  # entries from which these lists are read in a worker
_WAITING = 10**13  # so that ids of different rows differ

ACCOUNTS = (
    Column("account", "Acct", 10, min_width=7, priority=10),
    Column("guarantor", "Guarantor", 20, grow=True, min_width=10, priority=9),
    Column("since", "Since", 10, priority=8),
    Column("amount", "On account", 11, align="right", priority=12),
    Column("owed", "AR balance", 11, align="right", priority=7),
)
PAYMENTS = (
    Column("since", "Since", 10, priority=8),
    Column("kind", "Kind", 9, priority=5),
    Column("payer", "Payer", 18, grow=True, min_width=10, priority=9),
    Column("type", "Type", 5, priority=3),
    Column("number", "Number", 12, min_width=8, priority=10),
    Column("came", "Came in", 10, align="right", priority=6),
    Column("amount", "Is there", 10, align="right", priority=12),
)
AGENCIES = (
    Column("agency", "Agency", 24, grow=True, min_width=12, priority=10),
    Column("earned", "Earned", 11, align="right", priority=7),
    Column("paid", "Paid", 11, align="right", priority=8),
    Column("last", "Last paid", 10, priority=6),
    Column("amount", "Owed", 11, align="right", priority=12),
)
COLUMNS = {ON_ACCOUNT: ACCOUNTS, SUSPENSE: PAYMENTS, MISC: PAYMENTS, OWED: AGENCIES}
Thing = AccountHeld | PaymentHeld | AgencyOwed


@dataclass(frozen=True, slots=True)
class HeldLine(Row):
    """A row with what it is: what is held, or what waits to be."""

    thing: Thing | None = None
    waits: Waiting | None = None


class HeldRows(ListSource):
    """A `GridSource` over one tab of one practice; `everything` shows also what is at nothing."""

    def __init__(self, office: Office, practice: int, tab: str, *, everything: bool) -> None:
        super().__init__(COLUMNS[tab], [])
        self.office, self.practice, self.tab, self.everything = office, practice, tab, everything
        self.total = self.over = 0
        self._many = held.newest_entry(office) > MANY
        self._version: Any = -1
        self._read_at: Any = -2
        self._lines: dict[int, HeldLine] = {}

    def version(self) -> Any:
        """The highest act."""
        self._version = practices.version(self.office)
        return self._version

    def slow(self, sort: Sort) -> bool:
        """Whether a large ledger has to be summed anew."""
        return self._many and self._read_at != self._version

    def _sorted(self, sort: Sort) -> list[Row]:
        if self._read_at != self._version:
            at = self._version
            lines = own_connection(self.office, self._read) if self._many else self._read()
            self._lines = {line.id: line for line in lines}
            self.items = [Item(line.id, line.cells, line.key) for line in lines]
            amounts = [line.thing.amount for line in lines if line.thing is not None]
            self.over = -sum(cents for cents in amounts if cents < 0) if self.tab == OWED else 0
            self.total = sum(amounts) + self.over  # what one agency was paid too much lessens no other's due
            self._read_at, self._order = at, None
        before = self._order
        rows = super()._sorted(sort)
        if self._order != before:
            self._rows = [replace(self._lines[row.id], key=row.key) for row in rows]
        return self._rows

    def _read(self) -> list[HeldLine]:
        office, practice, book = self.office, self.practice, BOOKS[self.tab]
        if self.tab == OWED:
            return [_agency(row) for row in held.owed(office, practice, everything=self.everything)]
        waits = held.waiting(office, practice, self.tab)
        if self.tab == ON_ACCOUNT:
            rows = held.on_account(office, practice, everything=self.everything)
            return [*map(_account, rows), *map(_account_waits, waits)]
        return [
            *map(_payment, held.payments(office, practice, book, everything=self.everything)),
            *map(_payment_waits, waits),
        ]


def _line(row_id: int, columns: Sequence[Column], cells: dict[str, str], keys: dict[str, Any], **more: Any) -> HeldLine:
    return HeldLine(row_id, tuple(cells[column.key] for column in columns), keys, **more)


def _account(row: AccountHeld) -> HeldLine:
    cells = {
        "account": row.number, "guarantor": row.guarantor, "since": dates.iso(row.since) if row.amount else "",
        "amount": shown(row.amount), "owed": shown(row.owed),
    }  # fmt: skip
    keys = {"amount": row.amount, "owed": row.owed}
    return _line(row.id, ACCOUNTS, cells, keys, kind="" if row.amount else "zero", thing=row)


def _account_waits(row: Waiting) -> HeldLine:
    cells = {"account": row.account or "", "guarantor": row.guarantor or "", "since": "pending"}
    cells |= {"amount": shown(row.amount), "owed": ""}
    keys = {"amount": row.amount, "owed": 0}
    return _line(_WAITING + row.id, ACCOUNTS, cells, keys, kind="pending", waits=row)


def _payment(row: PaymentHeld) -> HeldLine:
    cells = {
        "since": dates.iso(row.posted), "kind": words.KINDS[row.kind], "payer": row.payer, "type": words.TYPES[row.type],
        "number": f"{MARK} {row.number}" if row.attached else row.number, "came": shown(row.came),
        "amount": shown(row.amount),
    }  # fmt: skip
    keys = {"came": row.came, "amount": row.amount}
    return _line(row.id, PAYMENTS, cells, keys, kind="" if row.amount else "zero", thing=row)


def _payment_waits(row: Waiting) -> HeldLine:
    cells = {
        "since": "pending", "kind": words.KINDS[row.kind], "payer": row.payer, "type": words.TYPES[row.type],
        "number": row.number, "came": "", "amount": shown(row.amount),
    }  # fmt: skip
    keys = {"came": 0, "amount": row.amount}
    return _line(_WAITING + row.id, PAYMENTS, cells, keys, kind="pending", waits=row)


def too_much(cents: int) -> str:
    """What an agency was paid above its commission, in words; empty where it was not."""
    return f"{shown(-cents)} paid too much" if cents < 0 else ""


def _agency(row: AgencyOwed) -> HeldLine:
    cells = {
        "agency": row.name, "earned": shown(row.earned), "paid": shown(row.paid), "last": dates.iso(row.last_paid),
        "amount": too_much(row.amount) or shown(row.amount),
    }  # fmt: skip
    keys = {"earned": row.earned, "paid": row.paid, "amount": row.amount}
    return _line(row.id, AGENCIES, cells, keys, kind="" if row.amount else "zero", thing=row)
