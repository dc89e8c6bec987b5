"""The accounts that TSI has as a grid shows them, and the story of one as a page of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.precollect import untold
from bo_tui.screens.external.keyedsource import Key, KeyedSource
from bo_tui.text import counted
from bo_tui.views import precollectaccounts as accounts
from bo_tui.views.precollectaccounts import AccountRow, Message, Stay
from bo_tui.widgets.gridmodel import Column, Sort

COLUMNS = (
    Column("account", "Acct", 9, min_width=7, priority=9),
    Column("guarantor", "Guarantor", 16, grow=True, min_width=11, priority=10),
    Column("began", "Began", 10, priority=4),
    Column("told", "Told", 11, align="right", priority=7),
    Column("owed", "Owes now", 11, align="right", priority=6),
    Column("lines", "Lines", 5, align="right", priority=3),
    Column("waiting", "To tell", 7, align="right", sortable=False, priority=5),
    Column("state", "State", 20, grow=True, min_width=8, priority=8),
    Column("out", "Kept out", 8, sortable=False, priority=2),
)
ENDED_AS = {
    "paid": "paid in full",
    "stopped": "taken back by the office",
    "cancelled": "cancelled: a hold forbids collecting",
    "external": "moved to external collections",
}
MEANS = {
    "PL": "placed", "PP": "partial payment", "PF": "paid in full", "PT": "paid in full, thank-you letter",
    "CR": "less to collect", "DB": "more to collect", "SS": "suspended: taken back", "RI": "reinstated", "CN": "cancelled",
}  # fmt: skip


class AccountSource(KeyedSource[AccountRow]):
    """A `GridSource` over one practice's accounts with TSI; `words` keeps the rows read, `everything` shows the ended too."""

    columns: Sequence[Column] = COLUMNS

    def read_page(
        self, order: tuple[str, bool], key: Key | None, count: int, backward: bool
    ) -> list[tuple[Key, AccountRow]]:
        found = accounts.accounts(
            self.office, self.practice, order, key, count, backward, prefix=self.prefix, ended=self.everything
        )
        return self._with_more(found)

    def read_at(self, row_id: int, sort: str) -> tuple[Key, AccountRow] | None:
        found = accounts.account(self.office, self.practice, row_id, sort, prefix=self.prefix, ended=self.everything)
        return None if found is None else self._with_more([found])[0]

    def count(self, limit: int) -> int:
        """How many accounts are shown."""
        return accounts.count_accounts(self.office, self.practice, limit, prefix=self.prefix, ended=self.everything)

    def slow(self, sort: Sort) -> bool:
        """Above some thousand accounts every order is a sort."""
        return self.count(accounts.QUICK + 1) > accounts.QUICK

    def _with_more(self, found: Sequence[tuple[Key, AccountRow]]) -> list[tuple[Key, AccountRow]]:
        """To tell counts what waits already and what the next look would find, as Create Stop file lists them."""
        more = untold.counts(self.office, self.practice, [row.account for _, row in found])
        return [(key, replace(row, waiting=row.waiting + more.get(row.account, 0))) for key, row in found]

    def cells(self, row: AccountRow) -> tuple[str, ...]:
        return (
            row.number,
            row.guarantor,
            dates.iso(row.began),
            shown(row.told),
            shown(row.owed),
            f"{row.lines:,}",
            f"{row.waiting:,}" if row.waiting else "",
            state(row),
            "yes" if row.suspended else "",
        )


def state(row: AccountRow) -> str:
    """`with TSI`, `suspended 2026-11-20`, `ended`."""
    return {"with": "with TSI", "ended": "ended"}.get(
        row.state, f"suspended {dates.iso(row.suspended_on or row.began)}"
    )


def sentence(row: AccountRow) -> str:
    """The line above the keys: what TSI believes, what the office knows, what waits."""
    lines = f"{shown(row.owed)} is owed now on {counted(row.lines, 'line')}"
    parts = [
        f"{row.number} {row.guarantor}: TSI was told {shown(row.told)}; {lines if row.lines else 'it has no line any more'}"
    ]
    if row.waiting:
        parts.append(f"{row.waiting:,} message{' waits' if row.waiting == 1 else 's wait'} for the next Stop file")
    if row.suspended:
        parts.append("kept out of later Start files")
    return f"{'; '.join(parts)}."


def story(row: AccountRow, stays: Sequence[Stay], messages: Sequence[Message]) -> str:
    """The account as a page: its lines with TSI, those that were, and all that TSI was told, the newest first."""
    parts = [
        f"# {row.guarantor}, account {row.number}",
        f"State: {state(row)}, since {dates.iso(row.began)}.",
        sentence(row),
        "",
    ]
    parts += ["# Its lines", *([_stay(stay) for stay in stays] or ["- none"]), ""]
    parts += ["# What TSI was told", *([_message(message) for message in messages] or ["- nothing yet"])]
    return "\n".join(parts)


def _stay(stay: Stay) -> str:
    about = f"- {stay.line} of {dates.iso(stay.date_of_service)} {stay.description}".rstrip()
    begun = (
        f"started {dates.iso(stay.started)} with {shown(stay.amount)}, told {shown(stay.told)}, owes {shown(stay.owed)}"
    )
    if stay.ended is None:
        return f"{about}: {begun}"
    return f"{about}: {begun}; ended {dates.iso(stay.ended)}, {ENDED_AS.get(stay.ended_as or '', 'ended')}"


def _message(message: Message) -> str:
    amounts = f"{shown(message.amount)}, left {shown(message.balance)}"
    said = f"- {dates.iso(message.date)} {message.type} {MEANS[message.type]}: {amounts}"
    if message.left_out:
        return f"{said} (not told: line {message.line}, {message.reason})"
    if message.sequence is None:
        return f"{said} (waits for the next file)"
    return f"{said} ({(message.kind or '').capitalize()} file {message.sequence})"
