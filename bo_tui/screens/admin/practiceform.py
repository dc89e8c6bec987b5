"""A practice's own settings: its name, accounting dates, how far its books are closed, when a second person must agree."""

from __future__ import annotations

from typing import Any

from bo_tui import dates
from bo_tui.errors import Conflict
from bo_tui.office import Office
from bo_tui.rules.settings import practices as rules
from bo_tui.rules.settings.practices import PracticeSettings
from bo_tui.screens.admin.asking import AskingForm
from bo_tui.views import admin
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import AmountField, CheckField, DateField, TextField


class PracticeForm(AskingForm):
    """The settings of one practice; dismissed with the act's id. Closing the books is asked once more: it is never undone."""

    def __init__(self, office: Office, practice: PracticeRow) -> None:
        self.practice = practice
        self.row = row = admin.settings(office, practice.id)
        entries = [
            TextField("name", "&Name", row.name, required=True, longest=100),
            CheckField(
                "uses_accounting_dates", "&Accounting dates", row.uses_accounting_dates, hint="each posting must give one"
            ),
            DateField("closed_through", "&Closed through", row.closed_through, today=office.business_date),
            AmountField(
                "four_eyes_limit", "Four-&eyes limit", row.four_eyes_limit, hint="more waits for a second person"
            ),
            CheckField(
                "automatic_addresses", "A&utomatic addresses", row.automatic_addresses,
                hint="corrections decide themselves",
            ),
            CheckField(
                "precollections_enrolled", "Enro&lled", row.precollections_enrolled, hint="in TSI's pre-collections service"
            ),
            TextField("tsi_client_number", "&TSI client number", row.tsi_client_number or "", width=22, longest=20),
            ChoiceField("tsi_ssn", "SSN for TS&I", list(rules.TSI_SSN.items()), row.tsi_ssn, required=True, width=14),
        ]  # fmt: skip
        title = f"Practice settings: {practice.code}"
        super().__init__(office, title, entries, help_topic="collections_admin")

    def check(self, values: dict[str, Any]) -> PracticeSettings:
        return PracticeSettings(**values)

    def question(self, wanted: PracticeSettings) -> ConfirmDialog | None:
        closed = wanted.closed_through
        if closed is None or closed == self.row.closed_through:
            return None
        return ConfirmDialog(
            f"Close the books through {dates.iso(closed)}?",
            "No entry can bear an accounting date up to that day any more. This is never undone.",
            yes="&Yes, close them",
        )

    def keep(self, wanted: PracticeSettings) -> int:
        try:
            return rules.save(self.office, self.practice.id, wanted, seen=self.row.act)
        except Conflict:  # the operator is told what it is now; F2 again means that
            self.row = admin.settings(self.office, self.practice.id)
            raise
