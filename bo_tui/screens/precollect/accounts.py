"""In pre-collections: the accounts that TSI has, Stop Pre-Coll and Suspend Pre-Coll (external_collections.md 6.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.precollect import gate, stops, suspension
from bo_tui.rules.precollect.stops import Stopped
from bo_tui.rules.precollect.suspension import Suspended
from bo_tui.screens.external.rowsform import lines
from bo_tui.screens.precollect import accountsource
from bo_tui.screens.precollect.accountsource import COLUMNS, AccountSource
from bo_tui.screens.precollect.base import PrecollectPage
from bo_tui.views import precollectaccounts as accounts
from bo_tui.views.practices import PracticeRow
from bo_tui.views.precollectaccounts import AccountRow, Message, Stay
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialogs import ConfirmDialog, ListDialog
from bo_tui.widgets.fields import CheckField
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.textpage import TextPage

HELP = "precollections"
AGAIN = "TSI itself resumes a suspended patient, in its portal; a later Start file may take the account up again."


class AccountsPage(PrecollectPage):
    """What TSI believes of each account, beside what the office knows; taking lines back, keeping accounts out."""

    tab = "in_precollections"
    help_topic = HELP
    columns = COLUMNS
    first_sort = Sort("account")
    toggle_label = "Show en&ded"
    empty = "TSI has no account of this practice. Start files (Alt+1) bring them there."

    def make_source(self, practice: PracticeRow) -> AccountSource:
        return AccountSource(self.office, practice.id)

    def own_actions(self) -> Sequence[PageAction]:
        act = gate.ACTION
        return (
            PageAction("contents", "Lines and messages of the account (Enter)", "O", self.open, self.on_row("look"), short="Open"),
            PageAction("stop", "Stop Pre-Coll: take lines back", "P", self.stop, self.on_row(act, self._with_tsi), short="Stop"),
            PageAction("suspend", "Suspend Pre-Coll: out of later Start files", "U", self.suspend, self.on_row(act, self._let_in),
                       short="Suspend"),
            PageAction("unsuspend", "Unsuspend: let in again", "I", self.unsuspend, self.on_row(act, self._kept_out),
                       short="Unsuspend"),
            PageAction("account", "The account itself", "A", self._account, self.on_row("look"), short="Account"),
            PageAction("ended", "Show ended accounts too, or not", "D", self._turn, self.with_practice("look"), short="Ended"),
        )  # fmt: skip

    def _turn(self) -> None:
        toggle = self.query_one(FilterStrip).toggle
        if toggle is not None:
            toggle.turn()

    def _account(self) -> None:
        row = self.current
        if row is not None:
            self.program.show_account(row.account, "account_precollections")

    # --- rows ------------------------------------------------------------------------------------------------------

    @property
    def current(self) -> AccountRow | None:
        """The account under the cursor as it was read."""
        row = self.grid.current
        return self._words(row.id) if row is not None else None

    def _words(self, row_id: int) -> AccountRow | None:
        source = self.source
        return source.words.get(row_id) if isinstance(source, AccountSource) else None

    def row_words(self, row: Row) -> str:
        found = self._words(row.id)
        return accountsource.sentence(found) if found is not None else ""

    def _with_tsi(self, row: Row) -> str | None:
        found = self._words(row.id)
        return None if found is not None and found.lines else "No line of this account is with TSI any more."

    def _let_in(self, row: Row) -> str | None:
        found = self._words(row.id)
        return "This account is suspended already." if found is not None and found.suspended else None

    def _kept_out(self, row: Row) -> str | None:
        found = self._words(row.id)
        return None if found is not None and found.suspended else "This account is not suspended."

    # --- actions ---------------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Enter and Alt+O: its lines, and all that TSI was told of it."""
        row = self.current
        if row is None:
            return
        self.looked("account", row.account, "pre-collections")

        def read() -> tuple[list[Stay], list[Message]]:
            return accounts.stays(self.office, row.account), accounts.messages(self.office, row.account)

        def show(found: tuple[list[Stay], list[Message]]) -> None:
            self.app.push_screen(TextPage(f"Pre-collections: account {row.number}", accountsource.story(row, *found)))

        self.act(read, show)

    async def why(self) -> None:
        """F8: the same page; it says why the account stands as it does."""
        self.open()

    def why_reason(self) -> str | None:
        return None if self.current is not None else "There is no account to explain."

    async def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter opens the account."""
        await self.do(next(action for action in self.actions if action.id == "contents"))

    def stop(self) -> None:
        """Alt+P: which of the account's lines to take back; the next Stop file tells TSI."""
        row = self.current
        if row is None:
            return

        def ask(found: list[Stay]) -> None:
            there = {stay.line: stay for stay in found if stay.ended is None}

            def taken(numbers: list[str] | None) -> None:
                if numbers:
                    self._stop(row, numbers, {number: there[number].act for number in numbers})

            entries = [(stay.line, _stay_words(stay)) for stay in there.values()]
            intro = f"{row.guarantor}, account {row.number}. What is marked is taken back. {AGAIN}"
            dialog = ListDialog("Stop Pre-Collection", entries, multi=True, marked=there, intro=intro, ok="Stop")
            self.app.push_screen(dialog, taken)

        self.act(lambda: accounts.stays(self.office, row.account), ask)

    def _stop(self, row: AccountRow, numbers: list[str], seen: dict[str, int]) -> None:
        practice = self.practice.id

        def said(done: Stopped) -> str:
            return f"Stopped {lines(len(done.lines))} of account {row.number}; {_messages(done.messages)}"

        self.act_and_announce(lambda: stops.stop_precollection(self.office, practice, numbers, seen=seen), said)

    def suspend(self) -> None:
        """Alt+U: keep the account out of later Start files, and take back what TSI has of it where that is wanted."""
        row = self.current
        if row is None:
            return

        def save(values: dict[str, Any]) -> Suspended:
            stop = bool(values.get("stop"))
            return suspension.suspend(self.office, self.practice.id, row.number, True, stop=stop, seen=row.account_act)

        what = f"also take back its {lines(row.lines)}"
        fields = [CheckField("stop", "&Stop as well", hint=what)] if row.lines else []
        intro = f"{row.guarantor}, account {row.number}: it stays out of later Start files until it is let in again."
        dialog = FormDialog(
            "Suspend Pre-Coll", fields, intro=intro, save=self.saving(save), ok="Suspend", help_topic=HELP
        )
        self.open_dialog(dialog, lambda done: _suspended(row, done))

    def unsuspend(self) -> None:
        """Alt+I: later Start files may take the account again."""
        row = self.current
        if row is None:
            return

        def sure(yes: bool | None) -> None:
            if yes:
                self.act_and_announce(
                    lambda: suspension.suspend(self.office, self.practice.id, row.number, False, seen=row.account_act),
                    lambda done: _suspended(row, done),
                )

        question = f"Let account {row.number} in again?"
        self.app.push_screen(ConfirmDialog(question, f"{row.guarantor}: later Start files may take its lines."), sure)


def _stay_words(stay: Stay) -> str:
    return f"{stay.line:<10} {dates.iso(stay.date_of_service)}  {shown(stay.owed):>12}  since {dates.iso(stay.started)}"


def _messages(count: int) -> str:
    if not count:
        return "there is nothing to tell TSI."
    return f"{count:,} message{' waits' if count == 1 else 's wait'} for the next Stop file."


def _suspended(row: AccountRow, done: Suspended) -> str:
    if not done.value:
        return f"Account {row.number} is let in again."
    stopped = f"; stopped {lines(len(done.stopped))}, told in the next Stop file" if done.stopped else ""
    return f"Account {row.number} is suspended: no later Start file takes it{stopped}."
