"""Agency: let waiting lines wait for another agency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bo_tui import money
from bo_tui.office import Office
from bo_tui.rules.external import pending as rules
from bo_tui.rules.external.pending import Rerouted
from bo_tui.screens.external import rowsform
from bo_tui.screens.external.rowsform import Meant, RowsForm
from bo_tui.views.pending import PendingRow
from bo_tui.widgets.choice import ChoiceField


class RerouteDialog(RowsForm):
    """Which rows, and the agency they shall wait for; dismissed with a `Rerouted`."""

    def __init__(self, office: Office, practice: int, choices: Sequence[Meant]) -> None:
        agencies = rowsform.agency_choices(office, practice)
        field = ChoiceField("agency", "A&gency", agencies, required=True)
        super().__init__("Change the agency", office, practice, choices, [field], ok="Change", help_topic="pending")

    def words(self, rows: list[PendingRow], values: Mapping[str, Any]) -> str:
        """What waits for whom now, and what will change."""
        now = f"Now: {rowsform.by_agency(rows)}."
        agency = values.get("agency")
        if not agency:
            return now
        moved = [row for row in rows if row.agency != agency]
        total = money.shown(sum(row.balance for row in moved))
        return (
            f"{now}\n{rowsform.lines(len(moved))}, {total}, will wait for {agency}; posted there, the agency is pinned."
        )

    def save_rows(self, rows: list[PendingRow], values: dict[str, Any]) -> Rerouted:
        seen = {row.line: row.act for row in rows}
        return rules.change_agency(
            self.office, self.practice_id, [row.line for row in rows], values["agency"], seen=seen
        )


def said(done: Rerouted) -> str:
    """What was done, for the status line."""
    one = done.lines[0]
    what = f"Line {one.line}" if len(done.lines) == 1 else rowsform.lines(len(done.lines)).capitalize()
    return f"{what}, {money.shown(done.amount)}: pending for {one.agency} now."
