"""What can be done on Address Corrections: approve, deny, acknowledge, flag, load, mark all, an account's history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from bo_tui.rules.addresses import decide
from bo_tui.screens.addresses import dialogs, words
from bo_tui.screens.addresses.source import AddressSource
from bo_tui.screens.external.base import ExternalPage
from bo_tui.views import addresses
from bo_tui.views.addresses import CorrectionRow, Told
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.textpage import TextPage


class AddressActs(ExternalPage):
    """The page's actions, each on the marked rows, or on the current one where none is marked."""

    def words_of(self, row_id: int) -> CorrectionRow | None:
        """A row as it was read for the list."""
        source = self.source
        return source.words.get(row_id) if isinstance(source, AddressSource) else None

    @property
    def current(self) -> CorrectionRow | None:
        """The current row as it was read."""
        row = self.grid.current
        return self.words_of(row.id) if row is not None else None

    def approve(self) -> None:
        """Alt+A: the accounts get their new addresses."""

        def go(rows: list[CorrectionRow]) -> None:
            self.open_dialog(dialogs.ApproveDialog(self.office, self.practice.id, rows), self._done(words.approved))

        self._meant(go)

    def deny(self) -> None:
        """Alt+N: with a note."""

        def go(rows: list[CorrectionRow]) -> None:
            dialog = dialogs.DenyDialog(self.office, self.practice.id, rows)
            self.open_dialog(dialog, self._done(lambda done: f"{words.rows(done.rows)} denied."))

        self._meant(go)

    def acknowledge(self) -> None:
        """Alt+K: errors go to the history, nothing else changes."""

        def go(rows: list[CorrectionRow]) -> None:
            detail = "Nothing changes on the account." if len(rows) == 1 else "Nothing changes on the accounts."
            self._ask(
                f"Acknowledge {_what(rows)}?", f"{_first(rows)}{detail}", rows, decide.acknowledge,
                lambda done: f"{words.rows(done.rows, 'error')} acknowledged.",
            )  # fmt: skip

        self._meant(go)

    def flag(self) -> None:
        """Alt+G: Returned Mail on the accounts."""

        def go(rows: list[CorrectionRow]) -> None:
            roll = addresses.settings(self.office, self.practice.id).roll_returned_mail
            then = (
                "The rule is on: the next night sends what the guarantor owes there to Pending."
                if roll
                else "The rule that sends such accounts to Pending is off; the flag only says so."
            )
            self._ask(
                f"Flag {_what(rows)} for Returned Mail?", f"{_first(rows)}{then}", rows, decide.flag, words.flagged
            )

        self._meant(go)

    def _ask(
        self,
        question: str,
        detail: str,
        rows: list[CorrectionRow],
        rule: Callable[..., Any],
        said: Callable[[Any], str],
    ) -> None:
        practice, seen = self.practice.id, {row.id: row.act for row in rows}

        def sure(yes: bool | None) -> None:
            if yes:
                self.act_and_announce(lambda: rule(self.office, practice, seen, seen=seen), self._done(said))

        self.app.push_screen(ConfirmDialog(question, detail), sure)

    def load(self) -> None:
        """Alt+L: a file of results."""
        self.open_dialog(dialogs.LoadDialog(self.office, self.practice.id), self._done(words.loaded))

    def turn(self) -> None:
        """Alt+E: the other section of the tab."""
        toggle = self.query_one(FilterStrip).toggle
        if toggle is not None:
            toggle.turn()

    def mark_all(self) -> None:
        """Alt+R: all rows that the filter shows, or none when all are marked."""
        source, practice = self.source, self.practice.id
        if not isinstance(source, AddressSource):
            return
        listed = source.listed

        def mark(ids: list[int]) -> None:
            if set(ids) <= self.grid.selected_ids:
                self.grid.unmark_all()
            else:
                self.grid.mark(ids)

        self.act(lambda: addresses.ids(self.office, practice, listed), mark)

    def open_account(self) -> None:
        """Alt+O: the account's Active AR; Esc there comes back."""
        row = self.current
        if row is not None:
            self.program.show_account(row.account_id, "account_ar")

    def address_history(self) -> None:
        """Alt+H: who changed the account's address, and by what."""
        row = self.current
        if row is None:
            return
        title = f"Address of account {row.account}, {row.guarantor}"
        self.looked("account", row.account_id, "address history")

        def show(found: list[Told]) -> None:
            self.app.push_screen(TextPage(title, words.told(found)))

        self.read(lambda: addresses.history(self.office, row.account_id), show, group="history")

    def _meant(self, go: Callable[[list[CorrectionRow]], None]) -> None:
        """Read the marked rows, or the current one, and go on with them."""
        row = self.current
        ids = list(self.grid.selected_ids) or ([row.id] if row is not None else [])
        practice = self.practice.id

        def read(found: list[CorrectionRow]) -> None:
            if found:
                go(found)

        self.act(lambda: addresses.rows(self.office, practice, ids), read)

    def _done(self, said: Callable[[Any], str]) -> Callable[[Any], str]:
        """What was done takes the marks along."""

        def done(result: Any) -> str:
            self.grid.unmark_all()
            return said(result)

        return done


def _what(rows: Sequence[CorrectionRow]) -> str:
    return f"account {rows[0].account}" if len(rows) == 1 else words.rows(len(rows), "row")


def _first(rows: Sequence[CorrectionRow]) -> str:
    """Whose address a question is about, where it is one."""
    if len(rows) > 1:
        return ""
    return f"{rows[0].guarantor}: {rows[0].error}\n"
