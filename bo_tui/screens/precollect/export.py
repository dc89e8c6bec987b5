"""Export: a Start or Stop file as CSV under the vendor's names, or as the bytes that TSI gets."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from bo_tui.office import Office
from bo_tui.rules.precollect import exports
from bo_tui.screens.external import filesource
from bo_tui.screens.page import own_connection
from bo_tui.views.files import FileRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import Field, TextField
from bo_tui.widgets.forms import FormDialog

CSV, TSI = "csv", "tsi"
FORMS = [(CSV, "CSV, with headings"), (TSI, "TSI, the bytes as they were made")]


class ExportDialog(FormDialog):
    """In what form, and where to; dismissed with the path that was written."""

    def __init__(self, office: Office, row: FileRow) -> None:
        self.office = office
        self.row = row
        self.time = dt.datetime.now().strftime("%H%M%S")
        self.names = {
            CSV: f"~/{exports.export_name(office, row.kind, self.time)}",
            TSI: f"~/{(row.path or '').rsplit('/', 1)[-1]}",
        }
        intro = (
            f"{filesource.title(row)}. The copy names people who owe money; only you can read it. "
            "Nothing that is there is overwritten."
        )
        fields: list[Field] = [
            TextField("target", "&To", self.names[CSV], required=True),
            ChoiceField("form", "&Form", FORMS, CSV, required=True, width=34),
        ]
        super().__init__("Export", fields, intro=intro, ok="Export", help_topic="precollections")

    def on_field_changed(self, event: Field.Changed) -> None:
        """Another form, another name, as long as the name is the one that was offered."""
        if event.field is self.fields["form"]:
            target, form = self.fields["target"], self.peek().get("form")
            if isinstance(target, TextField) and form and target.raw in self.names.values():
                target.set(self.names[form])
        super().on_field_changed(event)

    def save_values(self, values: dict[str, Any]) -> Path:
        def work() -> Path:
            if values["form"] == TSI:
                return exports.export_bytes(self.office, self.row.id, values["target"])
            return exports.export_csv(self.office, self.row.id, values["target"], self.time)

        return own_connection(self.office, work)
