"""The External tab: what agencies have or had of the account with all that happened to it, and what waits or waited for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.rules.codes import EXT, signed
from bo_tui.screens.accounts import acts, note
from bo_tui.screens.accounts.tab import AccountGrid
from bo_tui.screens.external import history, words
from bo_tui.screens.external.attachment import AttachmentPage
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.external.placementrows import waits_words
from bo_tui.views import attachments, placements, practices, transactions, unposted
from bo_tui.views import history as line_history
from bo_tui.views.accounts import external
from bo_tui.views.accounts.external import PlacedRow, WaitedRow
from bo_tui.views.attachments import AttachmentRow
from bo_tui.views.history import Event
from bo_tui.views.transactions import EntryRow
from bo_tui.views.unposted import Unposted
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.textpage import TextPage

COLUMNS = (
    Column("date", "Date", 10, priority=9),
    Column("agency", "Agency", 14, grow=True, min_width=9, priority=8),
    Column("line", "Line", 9, min_width=7, priority=7),
    Column("code", "Code", 14, min_width=12, priority=10, sortable=False),
    Column("description", "Description", 14, grow=True, min_width=8, priority=2),
    Column("amount", "Amount", 10, align="right", min_width=9, priority=5),
    Column("balance", "Balance", 10, align="right", min_width=9, priority=6),
    Column("file", "File", 4, align="right", priority=1),
    Column("state", "State", 16, min_width=9, priority=4),
)
_WAITED, _BELOW, _UNPOSTED = 10**13, 2 * 10**13, 3 * 10**13  # so that ids of different rows differ
NOT_PLACED = "That row only waits or waited; it has no placement."


@dataclass(frozen=True, slots=True)
class ExternalLine(Row):
    """A row with what it is: a placement, what waits, or an entry below a placement."""

    placed: PlacedRow | None = None
    waited: WaitedRow | None = None
    entry: EntryRow | None = None


class ExternalRows(ListSource):
    """A `GridSource` over the placements and pending rows of one account; entries below placements are read when opened."""

    everything = False

    def __init__(self, office: Office, practice: int, account: int) -> None:
        super().__init__(COLUMNS, [], searched=("date", "agency", "line"))
        self.office = office
        self.practice = practice
        self.account = account
        self._version = self._read_at = -1
        self._rows_of: dict[int, ExternalLine] = {}

    def filter(self, text: str, sort: Sort) -> Sort:
        """Dates, agencies and lines that begin with a text."""
        self.prefix = text.strip()
        return sort

    def version(self) -> Any:
        """The highest act; what is shown is read again when it is another."""
        self._version = practices.version(self.office)
        return self._version

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """The entries below placements or entries, and below a placement what waits to be posted to it."""
        ids = {one: one - _BELOW if one >= _BELOW else one for one in parent_ids if not _WAITED <= one < _BELOW}
        ids = {one: real for one, real in ids.items() if one < _UNPOSTED}
        found = transactions.children(self.office, self.practice, list(ids.values()))
        waits = unposted.below(self.office, [one for one in ids if one < _WAITED])
        return {
            one: [
                *(_entry(row, one) for row in found.get(real, [])),
                *(_unposted(row, one) for row in waits.get(one, [])),
            ]
            for one, real in ids.items()
        }

    def _sorted(self, sort: Sort) -> list[Row]:
        if self._read_at != self._version or self._version < 0:
            self._read_at = self._version
            waits, placed = external.waits(self.office, self.account), external.placements(self.office, self.account)
            lines = [*map(_waited, waits), *map(_placed, placed)]
            self._rows_of = {line.id: line for line in lines}
            self.items = [Item(line.id, line.cells, line.key) for line in lines]
            self._order = None
        before = self._order
        rows = super()._sorted(sort)
        if self._order != before:
            self._rows = [self._rows_of[row.id] for row in rows]
        return self._rows

    def count(self, limit: int) -> int:
        """How many rows the filter shows."""
        return min(limit, len(self._rows))


def _placed(row: PlacedRow) -> ExternalLine:
    file = "" if row.sequence is None else "old" if row.kind == "earlier" else str(row.sequence)
    state = (
        "open"
        if row.closed is None
        else f"{'moved on' if row.closed == 'AGTFR' else 'back'} {dates.iso(row.closed_on)}"
    )
    cells = (
        dates.iso(row.placed), row.agency, row.line, "EXCOL", ("@ " if row.attached else "") + row.description,
        shown(row.amount), shown(row.balance), file, state,
    )  # fmt: skip
    keys = {"amount": row.amount, "balance": row.balance, "file": row.sequence or 0}
    return ExternalLine(row.id, cells, keys, "zero" if row.balance == 0 else "", row.has_children, placed=row)


def _waited(row: WaitedRow) -> ExternalLine:
    open_one = row.outcome is None
    state = f"since {dates.iso(row.queued)}" if open_one else f"{row.outcome} {dates.iso(row.resolved)}"
    cells = (
        "pending" if open_one else dates.iso(row.queued), row.agency, row.line, "EXCOL", row.description,
        shown(row.amount), "", "", state,
    )  # fmt: skip
    keys = {"amount": row.amount, "balance": 0, "file": 0}
    return ExternalLine(_WAITED + row.id, cells, keys, "pending" if open_one else "memo", waited=row)


def _entry(row: EntryRow, parent: int) -> Row:
    amount = signed(EXT, row.debit, row.credit, row.amount)
    text = (
        f"to {row.agency}" if row.agency else f"{row.transaction_code or ''} {row.code_text or row.note or ''}".strip()
    )
    text = f"Check {row.number}" if row.number and row.code.endswith("PYMT") else text
    cells = (
        dates.iso(row.posted), "", "", row.code, ("@ " if row.attached else "") + text,
        shown(row.amount if amount is None else amount), "", "", "",
    )  # fmt: skip
    kind = "memo" if amount is None else "child"
    return ExternalLine(_BELOW + row.id, cells, None, kind, row.has_children, parent, entry=row)


def _unposted(row: Unposted, parent: int) -> Row:
    cells = ("pending", "", "", row.code, waits_words(row), shown(0 - row.amount), "", "", "")
    return ExternalLine(_UNPOSTED + row.distribution, cells, None, "pending", False, parent)


def _find(page: Any, row: int, at_zero: bool) -> None:
    """Put the cursor of a tab of External Collections on a row, whatever was filtered there."""
    strip = page.query_one(FilterStrip)
    strip.clear()
    if at_zero and strip.toggle is not None and not strip.toggle.value:
        strip.toggle.turn()
    page.call_after_refresh(page.grid.go_to, row)


class ExternalTab(AccountGrid):
    """Look, and go to where it is worked: Pending and Transactions of External Collections."""

    tab = "account_external"
    help_topic = "account_external"
    columns = COLUMNS
    first_sort = Sort("date", descending=True)
    tree_column = "code"
    nothing = "Nothing of this account is or was with an agency, or waits for one."

    def make_source(self) -> Any:
        return ExternalRows(self.office, self.person().practice, self.account_id())

    def page_actions(self) -> Sequence[PageAction]:
        placed = self.on_row("look", lambda row: None if self._root().placed is not None else NOT_PLACED)
        return (
            PageAction("go", "Go to where it is worked on", "G", self.go, self.on_row("look"), short="Go there"),
            PageAction("view", "View attachment", "V", self.view, placed, short="View"),
            PageAction("history", "History of the line", "H", self.line_history, self.on_row("look"), short="History"),
            note.action(self),
            acts.search_action(self),
        )

    # --- rows ------------------------------------------------------------------------------------------------------

    def _root(self) -> ExternalLine:
        root = self.grid.current_root
        assert isinstance(root, ExternalLine)
        return root

    def row_words(self, row: Row) -> str:
        root = self.grid.current_root
        if not isinstance(root, ExternalLine):
            return ""
        if root.placed is not None:
            return words.one_line(placements.facts(self.office, root.placed.id))
        one = root.waited
        assert one is not None
        why = words.BECAUSE.get(one.because, one.because.replace("_", " ")).format(ground="another")
        ended = "" if one.outcome is None else f"; {one.outcome} {dates.iso(one.resolved)}"
        reason = f": {one.reason}" if one.reason else ""
        return f"Line {one.line} queued for {one.agency} {dates.iso(one.queued)}, {why}{ended}{reason}"

    def why_reason(self) -> str | None:
        return self.on_row("look", lambda row: None if self._root().placed is not None else NOT_PLACED)()

    async def why(self) -> None:
        """F8: how the placement came about."""
        placed = self._root().placed
        if placed is not None:
            facts = placements.facts(self.office, placed.id)
            self.looked("service_line", facts.line_id, "why")
            self.app.push_screen(TextPage(f"Why: line {facts.line}", words.page(facts)))

    # --- actions ---------------------------------------------------------------------------------------------------

    def go(self) -> None:
        """Alt+G: the tab of External Collections that works on the row, with the cursor on it."""
        root = self._root()
        waits = root.waited is not None and root.waited.outcome is None
        if root.waited is not None and not waits:
            self.say(f"It was {root.waited.outcome}; there is nothing to work on any more.", warning=True)
            return
        row = root.waited.id if root.waited is not None else root.id
        self.program.show_tab("pending" if waits else "transactions")
        page: Any = self.program.screen
        page.call_after_refresh(_find, page, row, root.placed is not None and root.placed.balance == 0)

    def view(self) -> None:
        """Alt+V: what is attached to the placement's line."""
        placed = self._root().placed
        assert placed is not None  # the action has seen to it
        office = self.office

        def show(found: list[AttachmentRow]) -> None:
            if found:
                self.app.push_screen(AttachmentPage(office, found))
            else:
                self.say("Nothing is attached to this line.", warning=True)

        self.act(lambda: attachments.of_placement(office, placed.id), show)

    def line_history(self) -> None:
        """Alt+H: who did what with the line."""
        root = self._root()
        number = root.placed.line if root.placed is not None else root.waited.line if root.waited is not None else ""

        def show(events: list[Event]) -> None:
            self.app.push_screen(TextPage(f"History: line {number}", history.text(events)))

        line = external.line_id(self.office, self.practice.id, number)
        self.looked("service_line", line, "history")
        self.read(lambda: line_history.of_line(self.office, line), show, group="history")
