"""Money held (from Payment Batches, Alt+H): On Account, Suspense, Misc Income, Owed to agencies, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.screens.admin.base import PracticeListPage
from bo_tui.screens.batches import images, words
from bo_tui.screens.external.base import NO_PRACTICE, NoRows
from bo_tui.screens.external.listsource import Item
from bo_tui.screens.held import acts, behind, credits, forms
from bo_tui.screens.held.source import (
    BOOKS,
    COLUMNS,
    MISC,
    ON_ACCOUNT,
    OWED,
    SORTS,
    SUSPENSE,
    TABS,
    HeldLine,
    HeldRows,
    Thing,
    too_much,
)
from bo_tui.views import held
from bo_tui.views.held import AccountHeld, AgencyOwed, HeldEntry, PaymentHeld
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.gridmodel import Row
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip

EMPTY = {
    ON_ACCOUNT: "No account holds money on account. Alt+Z shows also those of which nothing is left.",
    SUSPENSE: "Nothing is in suspense. Alt+Z shows also payments of which nothing is left there.",
    MISC: "Nothing is in miscellaneous income. Alt+Z shows also payments of which nothing is left there.",
    OWED: "No agency is owed commission. Alt+Z shows also those that were paid.",
}
WHERE = {ON_ACCOUNT: "on account", SUSPENSE: "in suspense", MISC: "in miscellaneous income", OWED: "owed"}
NUMBER = {tab: number for number, (tab, _) in enumerate(TABS, 1)}
SUBJECT = {ON_ACCOUNT: "account", SUSPENSE: "payment", MISC: "payment", OWED: "agency"}


class HeldPage(PracticeListPage):
    """The four tabs of one practice; what does not apply to a tab is dimmed and says to which it does."""

    help_topic = "held"
    columns = COLUMNS[ON_ACCOUNT]
    first_sort = SORTS[ON_ACCOUNT]

    def __init__(self) -> None:
        super().__init__()
        self.tab = ON_ACCOUNT
        self.everything = False

    def page_actions(self) -> Sequence[PageAction]:
        on = self._on
        here = (ON_ACCOUNT, SUSPENSE, MISC)
        account, suspense, owed = (ON_ACCOUNT,), (SUSPENSE,), (OWED,)
        return (
            PageAction("search", "Search practice", "S", self.search, short="Practice"),
            PageAction("oldest", "Apply to lines, oldest first", "O", self._do(acts.oldest), on(account), short="Oldest"),
            PageAction("line", "Apply to a line", "L", self._to_line, on((*account, *suspense)), short="To line"),
            PageAction("account", "Put on account", "A", self._do(acts.on_account), on(suspense), short="On acct"),
            PageAction("suspense", "Move to suspense", "U", self._do(acts.to_suspense), on((ON_ACCOUNT, MISC)),
                       short="Suspense"),
            PageAction("refund", "Refund", "R", self._do(acts.refund), on(here)),
            PageAction("credit", "Refund a line's credit", "K", lambda: credits.refund(self), self._may_credit, short="Credit"),
            PageAction("misc", "Move to misc income", "I", self._do(acts.to_misc), on(suspense)),
            PageAction("pay", "Pay the agency", "P", self._do(acts.pay), on(owed)),
            PageAction("undo", "Reverse an entry behind it", "E", lambda: behind.undo(self), self._real("reverse")),
            PageAction("history", "History: the entries behind it", "H", lambda: behind.show(self), self._real("look")),
            PageAction("open", "Account", "C", self.open_account, on(account, "look", empty=True)),
            PageAction("view", "View attachment", "V", self.view, self._viewable),
            PageAction("zero", "Show also what is at nothing", "Z", self.turn, self._chosen_practice),
        )  # fmt: skip

    def before(self) -> ComposeResult:
        yield TabStrip(TABS)

    def items(self) -> list[Item]:
        return []  # before a practice is chosen

    # --- rows ------------------------------------------------------------------------------------------------------

    @property
    def line(self) -> HeldLine | None:
        """The row under the cursor."""
        row = self.grid.current
        return row if isinstance(row, HeldLine) else None

    @property
    def where(self) -> str:
        """Where the money of this tab is, in words."""
        return WHERE[self.tab]

    def title_of_row(self) -> str:
        """Whose money the current row is."""
        thing = self.line.thing if self.line else None
        return "" if thing is None else f"{forms.title(thing)}, {shown(thing.amount)} {self.where}"

    def subject(self) -> tuple[str, int]:
        """What the current row is to those who keep who looked at what."""
        return SUBJECT[self.tab], self.line.id if self.line else 0

    def entries_of_row(self) -> Callable[[], list[HeldEntry]]:
        """A read of the entries behind the current row's amount."""
        office, practice, book = self.office, self.practice.id, BOOKS[self.tab]
        of = {SUBJECT[self.tab]: self.line.id if self.line else 0}
        return lambda: held.entries(office, practice, book, **of)

    def thing_now(self, thing: Thing) -> Callable[[], Thing]:
        """A read of what a row is about as it is now."""
        office, practice, tab = self.office, self.practice.id, self.tab

        def read() -> Thing:
            rows: Sequence[Thing]
            if tab == ON_ACCOUNT:
                rows = held.on_account(office, practice, everything=True)
            elif tab == OWED:
                rows = held.owed(office, practice, everything=True)
            else:
                rows = held.payments(office, practice, BOOKS[tab], everything=True)
            return next((row for row in rows if row.id == thing.id), thing)

        return read

    def row_words(self, row: Row) -> str:
        if not isinstance(row, HeldLine):
            return ""
        if row.waits is not None:
            one = row.waits
            return f"{shown(one.amount)} of {words.TYPES[one.type]} {one.number} of {one.payer}, pending in batch {one.batch}"
        thing = row.thing
        if isinstance(thing, AccountHeld):
            since = f" since {dates.iso(thing.since)}" if thing.amount else ""
            return f"{title(thing)}: {shown(thing.amount)} on account{since}; active AR {shown(thing.owed)}"
        if isinstance(thing, PaymentHeld):
            there = f"{shown(thing.amount)} of {shown(thing.came)} {self.where}"
            return f"{forms.title(thing)}: {there} since {dates.iso(thing.posted)}"
        assert isinstance(thing, AgencyOwed)
        over = too_much(thing.amount)
        text = (
            f"{thing.name}: commission of {shown(thing.earned)} that its checks did not bear, {shown(thing.paid)} paid"
        )
        return f"{text}; {over}, which its next commission takes up" if over else text

    def use_practice(self) -> None:
        """Show the tab for the practice chosen now."""
        self._shown = self.session.practice
        self.show_whereabouts()
        strip = self.query_one(TabStrip)
        strip.active = self.tab
        for tab, _ in TABS:
            strip.set_count(tab, "")
        if self._shown is None:
            self.grid.empty = NO_PRACTICE
            self.grid.set_source(NoRows(COLUMNS[self.tab]), SORTS[self.tab])
        else:
            self.grid.empty = EMPTY[self.tab]
            source = HeldRows(self.office, self._shown.id, self.tab, everything=self.everything)
            self.grid.set_source(source, SORTS[self.tab])
        self.show_keys()

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Alt+1 to Alt+4."""
        self.tab = event.tab
        self.use_practice()

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """The tab says what its rows add up to."""
        source = self.grid.source
        if isinstance(source, HeldRows):
            sums = [shown(source.total)] if source.total else []
            sums += [too_much(-source.over)] if source.over else []
            self.query_one(TabStrip).set_count(self.tab, ", ".join(sums))
        self.show_keys()

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter: the entries behind the amount."""
        reason = self._real("look")()
        if reason is None:
            behind.show(self)
        else:
            self.say(reason, warning=True)

    # --- what may be done ------------------------------------------------------------------------------------------

    def _chosen_practice(self) -> str | None:
        return NO_PRACTICE if self.session.practice is None else None

    def _may_credit(self) -> str | None:
        return self.may("payment") or self._chosen_practice()

    def _real(self, action: str) -> Callable[[], str | None]:
        """An action on what is held, whatever the tab; what waits is changed in its batch."""

        def further() -> str | None:
            line = self.line
            if line is not None and line.waits is not None:
                return f"It is not posted yet; it is changed and posted in batch {line.waits.batch}."
            return None

        return lambda: self.may(action) or self._chosen_practice() or self.on_row(action, further)()

    def _on(self, tabs: Sequence[str], action: str = "payment", *, empty: bool = False) -> Callable[[], str | None]:
        """An action of some tabs, on what is held there; with `empty` also where nothing is left."""

        def reason() -> str | None:
            refused = self.may(action)
            if refused is None and self.tab not in tabs:
                named = " or ".join(f"{name} (Alt+{NUMBER[tab]})" for tab, name in TABS if tab in tabs)
                return f"That is for {named}."
            refused = refused or self._real(action)()
            if refused is None and not empty and self.line is not None:
                refused = acts.none_of(self.line.thing)
            return refused

        return reason

    def _do(self, act: Callable[[HeldPage, Any], None]) -> Callable[[], None]:
        """An act on the current row's thing."""

        def run() -> None:
            if self.line is not None and self.line.thing is not None:
                act(self, self.line.thing)

        return run

    def _to_line(self) -> None:
        self._do(acts.to_own_line if self.tab == ON_ACCOUNT else acts.to_line)()

    def _viewable(self) -> str | None:
        refused = self._on((SUSPENSE, MISC), "look", empty=True)()
        thing = self.line.thing if self.line else None
        if refused is None and isinstance(thing, PaymentHeld) and not thing.attached:
            return f"Nothing is attached to this payment; those that have something show {images.MARK} before their number."
        return refused

    # --- actions ---------------------------------------------------------------------------------------------------

    def view(self) -> None:
        """Alt+V: the image set of the payment."""
        if self.line is not None:
            images.view(self, self.line.id)

    def open_account(self) -> None:
        """Alt+C: the account's own page."""
        if self.line is not None:
            self.program.show_account(self.line.id, "account_ar")

    def turn(self) -> None:
        """Alt+Z: also what is at nothing, whose entries can still be seen and reversed."""
        self.everything = not self.everything
        self.use_practice()
        self.tell("Shown is also what is at nothing." if self.everything else "Shown is what is held.")

    def why_reason(self) -> str | None:
        return self._real("look")()

    async def why(self) -> None:
        """F8: the entries behind the amount."""
        behind.show(self)

    def leave(self) -> None:
        """Esc: back to Payment Batches."""
        self.program.show("payment_batches")


def title(thing: AccountHeld) -> str:
    """The account as a sentence begins with it."""
    return f"{thing.guarantor}, account {thing.number}"
