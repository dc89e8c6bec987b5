"""The Pre-collections tab: the account's lines with TSI, what TSI was told, and how the account stands there."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.precollect import gate
from bo_tui.screens.accounts import acts, note
from bo_tui.screens.accounts.listed import ReadSource
from bo_tui.screens.accounts.tab import AccountGrid
from bo_tui.screens.external.hold import Subject
from bo_tui.screens.external.listsource import Item
from bo_tui.views import precollectaccounts
from bo_tui.views.precollectaccounts import Message, Stay
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.gridmodel import Column, Row, Sort

COLUMNS = (
    Column("date", "Date", 10, priority=9),
    Column("what", "What", 22, min_width=14, priority=8),
    Column("line", "Line", 9, min_width=7, priority=6),
    Column("description", "Description", 14, grow=True, min_width=8, priority=1),
    Column("amount", "Amount", 10, align="right", min_width=9, priority=5),
    Column("told", "TSI has", 10, align="right", min_width=9, priority=7),
    Column("owed", "Owed now", 10, align="right", min_width=9, priority=4),
    Column("state", "State", 20, min_width=12, priority=3, sortable=False),
)
TYPES = {
    "PL": "placed", "PP": "payment", "PF": "paid in full", "PT": "paid in full, thanks", "CR": "less", "DB": "more",
    "SS": "stopped", "RI": "back again", "CN": "cancelled",
}  # fmt: skip
ENDED = {"paid": "paid", "stopped": "stopped", "cancelled": "cancelled by a hold", "external": "went to an agency"}


class PrecollectionsTab(AccountGrid):
    """Stop and suspend; the stays first, then the messages."""

    tab = "account_precollections"
    help_topic = "account_precollections"
    columns = COLUMNS
    first_sort = Sort("date", descending=True)
    nothing = "No line of this account is or was in pre-collections."

    def __init__(self) -> None:
        super().__init__()
        self._stays: list[Stay] = []
        self._messages: list[Message] = []

    def make_source(self) -> ReadSource:
        account = self.account_id()
        self.nothing_here()

        def read() -> list[Item]:
            self._stays = precollectaccounts.stays(self.office, account)
            self._messages = precollectaccounts.messages(self.office, account)
            found = [_stay(at, stay) for at, stay in enumerate(self._stays, 1)]
            return found + [_message(len(found) + at, told) for at, told in enumerate(self._messages, 1)]

        return ReadSource(self.office, COLUMNS, read, ("date", "what", "line"))

    def nothing_here(self) -> None:
        """Say in the empty grid why there can be nothing."""
        self.grid.empty = gate.refusal(self.office, self.practice.id) or self.nothing

    def page_actions(self) -> Sequence[PageAction]:
        return (*acts.precollection_actions(self), note.action(self), acts.search_action(self))

    def subject(self) -> Subject:
        whole = super().subject()
        row = self.grid.current
        if row is None or row.id > len(self._stays):
            return whole
        return Subject(whole.practice, whole.account, whole.guarantor, self._stays[row.id - 1].line)

    def row_words(self, row: Row) -> str:
        if row.id <= len(self._stays):
            stay = self._stays[row.id - 1]
            ended = (
                "" if stay.ended is None else f"; ended {dates.iso(stay.ended)}: {ENDED.get(stay.ended_as or '', '')}"
            )
            return f"Line {stay.line} of {dates.iso(stay.date_of_service)} went to TSI with {shown(stay.amount)}{ended}"
        told = self._messages[row.id - 1 - len(self._stays)]
        where = (
            f"in {told.kind} file {told.sequence}"
            if told.kind
            else "not told: "
            if told.left_out
            else "waits for the next file"
        )
        reason = f"{told.reason}" if told.reason else ""
        return f"{told.type}: {shown(told.amount)}, TSI then has {shown(told.balance)}; {where} {reason}".rstrip()


def _stay(at: int, stay: Stay) -> Item:
    state = "with TSI" if stay.ended is None else f"{ENDED.get(stay.ended_as or '', 'ended')} {dates.iso(stay.ended)}"
    cells = (
        dates.iso(stay.started), "line started", stay.line, stay.description, shown(stay.amount), shown(stay.told),
        shown(stay.owed), state,
    )  # fmt: skip
    return Item(at, cells, {"date": (stay.started, -at), "amount": stay.amount, "told": stay.told, "owed": stay.owed})


def _message(at: int, told: Message) -> Item:
    state = f"{told.kind} file {told.sequence}" if told.kind else "left out" if told.left_out else "pending"
    cells = (
        dates.iso(told.date), f"{told.type} {TYPES.get(told.type, '')}".strip(), told.line or "", told.reason or "",
        shown(told.amount), shown(told.balance), "", state,
    )  # fmt: skip
    return Item(at, cells, {"date": (told.date, -at), "amount": told.amount, "told": told.balance, "owed": -1})
