"""Acknowledge: what the agency says it received, with the difference shown as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bo_tui import money
from bo_tui.office import Office
from bo_tui.rules.external import files as rules
from bo_tui.screens.external import filesource
from bo_tui.screens.page import own_connection
from bo_tui.views.files import FileRow
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import AmountField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.numberfield import NumberField

Record = Callable[[Office, int, int, int], str]  # (office, file, accounts, cents) -> the difference in words


class AcknowledgeDialog(FormDialog):
    """Accounts and amount as the agency gave them; dismissed with the difference in words."""

    def __init__(
        self, office: Office, row: FileRow, record: Record = rules.acknowledge, *, help_topic: str = "files"
    ) -> None:
        self.office = office
        self.row = row
        self._record = record
        fields = [
            NumberField("accounts", "A&ccounts", required=True, hint=f"the file has {row.accounts:,}"),
            AmountField("amount", "A&mount", required=True, hint=f"the file has {money.shown(row.total)}"),
        ]
        who = "TSI" if row.kind in filesource.RECORDS else "the agency"
        intro = f"{filesource.title(row)}: what {who} says it received. It can be said once."
        super().__init__("Acknowledge", fields, intro=intro, ok="Acknowledge", help_topic=help_topic)

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        accounts, amount = values.get("accounts"), values.get("amount")
        if accounts is None or amount is None:
            return ""
        return filesource.compared(self.row, accounts, amount)

    def action_ok(self) -> None:
        """F2: a difference is asked about once more before it is recorded; figures that agree need no question."""
        values = self.peek()
        accounts, amount = values.get("accounts"), values.get("amount")
        if accounts is None or amount is None or (accounts, amount) == (self.row.accounts, self.row.total):
            super().action_ok()
            return
        record = super().action_ok

        def sure(yes: bool | None) -> None:
            if yes:
                record()

        words = filesource.compared(self.row, accounts, amount)
        self.app.push_screen(ConfirmDialog("Record this difference?", f"{words}\nIt can be said once."), sure)

    def save_values(self, values: dict[str, Any]) -> str:
        return own_connection(
            self.office, lambda: self._record(self.office, self.row.id, values["accounts"], values["amount"])
        )
