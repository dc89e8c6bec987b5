"""Withdraw a night: take out again what one night queued and is still pending. For supervisors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui import dates, money
from bo_tui.office import Office
from bo_tui.rules.external import pending as rules
from bo_tui.rules.external.pending import Withdrawn
from bo_tui.screens.external.rowsform import lines
from bo_tui.screens.page import own_connection
from bo_tui.views.pending import Night
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.forms import FormDialog


class WithdrawDialog(FormDialog):
    """Which night; asks once more before it does it; dismissed with a `Withdrawn`."""

    def __init__(self, office: Office, practice: int, nights: list[Night]) -> None:
        self.office = office
        self.practice_id = practice
        self.nights = {night.day: night for night in nights}
        options = [(night.day, f"{dates.iso(night.day)}   {amount(night)}") for night in nights]
        field = ChoiceField("run", "&Night", options, nights[0].day, required=True)
        super().__init__("Withdraw a night", [field], ok="Withdraw", help_topic="pending")

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        night = self.nights.get(values.get("run", -1))
        if night is None:
            return ""
        return (
            f"{amount(night)}, queued by the night of {dates.iso(night.day)} and still pending, will be taken out. They stay in "
            "active AR, without a new age and without a mark; a later night may queue them again."
        )

    def action_ok(self) -> None:
        """F2 asks once more."""
        night = self.nights.get(self.peek().get("run", -1))
        if night is None:
            super().action_ok()
            return

        def sure(yes: bool | None) -> None:
            if yes:
                super(WithdrawDialog, self).action_ok()

        question = f"Withdraw the night of {dates.iso(night.day)}?"
        self.app.push_screen(ConfirmDialog(question, f"{amount(night)} will be taken out of Pending."), sure)

    def save_values(self, values: dict[str, Any]) -> tuple[int, Withdrawn]:
        run = values["run"]
        return run, own_connection(self.office, lambda: rules.withdraw(self.office, self.practice_id, run))


def amount(night: Night) -> str:
    """`12 lines, 4,800.00`: rows and the money they were queued with."""
    return f"{lines(night.count)}, {money.shown(night.amount)}"


def said(done: tuple[int, Withdrawn]) -> str:
    """What was done, for the status line."""
    run, taken = done
    return f"Withdrew the night of {dates.iso(run)}: {lines(taken.count)}, {money.shown(taken.amount)}, taken out."
