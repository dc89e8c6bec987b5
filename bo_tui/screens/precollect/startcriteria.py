"""Which lines the list of Create shows: practice, date of service, and how many (external_collections.md 6.2)."""

from __future__ import annotations

from typing import Any

from bo_tui.office import Office
from bo_tui.rules.precollect.candidates import Candidates, candidates
from bo_tui.screens.page import own_connection
from bo_tui.screens.precollect.startwords import HELP, Criteria
from bo_tui.views import practices, precollect
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import DateField, Field
from bo_tui.widgets.forms import FormDialog

ALL = 0
RESULTS = [(100, "100"), (200, "200"), (500, "500"), (ALL, "All Records")]


class CriteriaDialog(FormDialog):
    """Which lines to list; dismissed with practice, criteria and lines. The practice is asked where there are several."""

    def __init__(self, office: Office, practice: PracticeRow) -> None:
        self.office = office
        self.practice = practice
        enrolled = precollect.enrolled(office)
        fields: list[Field] = [
            ChoiceField("practice", "&Practice", [(row.id, row.name) for row in enrolled], practice.id, required=True)
        ] * (len(enrolled) > 1)
        fields += [
            DateField("dos", "&Date of service", None, today=office.business_date),
            ChoiceField("most", "&Number of results", RESULTS, 100, required=True, width=14),
        ]
        intro = f"{practice.name}: the lines that qualify for a Start file today, those queued by a night among them."
        super().__init__("Create Start file: which lines", fields, intro=intro, ok="List them", help_topic=HELP)

    def save_values(self, values: dict[str, Any]) -> tuple[PracticeRow, Criteria, Candidates]:
        criteria = {"dos": values["dos"], "most": values["most"] or None}

        def work() -> tuple[PracticeRow, Criteria, Candidates]:
            wanted = values.get("practice", self.practice.id)
            practice = next(row for row in practices.all_practices(self.office) if row.id == wanted)
            return practice, criteria, candidates(self.office, wanted, **criteria)

        return own_connection(self.office, work)
