"""Accounts (Alt+M, A): find a guarantor's account and open it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.widget import Widget

from bo_tui.screens.accounts import edit, finder, flag
from bo_tui.screens.accounts.accountrows import COLUMNS, AccountLine, AccountRows, words
from bo_tui.screens.accounts.base import GridPage
from bo_tui.screens.external import hold
from bo_tui.views.accounts.criteria import Criteria
from bo_tui.views.accounts.rows import AccountRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip

NO_PRACTICE = "Choose a practice first: Alt+S or F2."


class AccountsPage(GridPage):
    """The accounts of the practice, or those that the finder's criteria choose."""

    help_topic = "accounts"
    columns = COLUMNS
    first_sort = Sort("guarantor")
    nothing = "No account of this practice meets these criteria; Alt+L shows all."

    def __init__(self) -> None:
        super().__init__()
        self.criteria = Criteria()
        self._shown: PracticeRow | None = None
        self._left: int | None = None

    def heading(self) -> Iterable[Widget]:
        yield TabStrip((), heading="Accounts")

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("search", "Search", "S", self.search),
            PageAction("open", "Update: open the account", "U", self.open, self.on_row("look"), short="Update"),
            PageAction("create", "Create an account", "C", self.create, self.may_here("account"), short="Create"),
            PageAction("edit", "Edit name and address", "E", self.edit, self.on_row("account"), short="Edit"),
            PageAction("hold", "Hold the account", "O", lambda: hold.set_one(self), self.on_row("hold"), short="Hold"),
            PageAction(
                "flag", "Returned mail: set or clear", "R", lambda: flag.returned_mail(self), self.on_row("flag"),
                short="Returned",
            ),
            PageAction("extend", "Hold: keep it longer or shorter", "K", lambda: hold.extend_one(self), self._held()),
            PageAction("lift", "Hold: lift", "W", lambda: hold.lift_one(self), self._held()),
            PageAction(
                "holds", "Holds of the account, and their history", "Y", lambda: hold.show(self), self.on_row("look")
            ),
            PageAction("all", "Show all accounts", "L", self.show_all, self._narrowed),
        )  # fmt: skip

    # --- rows ------------------------------------------------------------------------------------------------------

    def missing(self) -> str | None:
        return NO_PRACTICE if self.session.practice is None else None

    def make_source(self) -> AccountRows:
        practice = self.session.practice
        assert practice is not None  # `missing` has seen to it
        return AccountRows(self.office, practice.id, self.criteria)

    def row_words(self, row: Row) -> str:
        return words(self._of(row), self.office.business_date)

    @staticmethod
    def _of(row: Row | None) -> AccountRow:
        assert isinstance(row, AccountLine)
        assert row.account is not None
        return row.account

    @property
    def current(self) -> AccountRow:
        """The account of the current row."""
        return self._of(self.grid.current)

    def subject(self) -> hold.Subject:
        """Whom the dialogs of holds and flags are about."""
        row = self.current
        assert self.session.practice is not None
        return hold.Subject(self.session.practice.id, row.number, row.guarantor)

    def account_id(self) -> int:
        """The account of the current row, by id."""
        return self.current.id

    def count_words(self, count: str) -> str:
        what = finder.in_words(self.criteria)
        typed = self.query_one(FilterStrip).text
        return f"{what}: {count} found" if what else f"{count} found" if typed else count

    def announce(self, text: str, row: int | None = None) -> None:
        if isinstance(self.source, AccountRows):
            self.source.forget()
        super().announce(text, row)

    def on_screen_resume(self) -> None:
        """The practice may have been changed on another page, the rows by an act there."""
        if self._shown != self.session.practice:
            self.criteria = Criteria()
            self._use()
        else:
            self.grid.look()
        account, self._left = self._left, None
        if account is not None and (self.grid.current is None or self.grid.current.id != account):
            if isinstance(self.source, AccountRows):
                self.source.forget()  # it may be new
            self.grid.go_to(account)

    def stand_on(self, account: int) -> None:
        """Put the cursor on an account (by id) when the page comes to the front: the one that was open."""
        self._left = account

    def _use(self) -> None:
        self._shown = self.session.practice
        self.use_source()

    # --- actions ---------------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Alt+S: the finder's criteria."""

        def found(result: Any) -> None:
            if result is not None:
                self.session.practice, self.criteria = result
                finder.searched(self, *result)
                self._use()
                self.grid.focus()

        self.app.push_screen(finder.FinderDialog(self.office, self.session.practice, self.criteria), found)

    def show_all(self) -> None:
        """Alt+L: without criteria again."""
        self.criteria = Criteria()
        self._use()

    def _narrowed(self) -> str | None:
        return "All accounts are shown." if self.criteria.empty else None

    def _held(self) -> Any:
        return self.on_row("hold", lambda row: None if self._of(row).held else hold.NONE)

    def open(self) -> None:
        """Alt+U, Enter: the account's tabs."""
        self.program.show_account(self.current.id)

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        self.program.show_account(event.row.id)

    def create(self) -> None:
        """Alt+C: a new account, which is then opened."""
        assert self.session.practice is not None
        edit.create(self, self.session.practice.id, lambda kept: self.program.show_account(kept.account))

    def edit(self) -> None:
        """Alt+E: name, address, phones, flags."""
        subject = self.subject()
        edit.update(self, subject.practice, subject.account, lambda kept: self.announce(edit.said(kept), kept.account))
