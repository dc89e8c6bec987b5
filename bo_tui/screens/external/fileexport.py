"""Export: a copy of a file's bytes to a place of the operator's choice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bo_tui.office import Office
from bo_tui.rules.external import filechoice
from bo_tui.screens.external import filesource
from bo_tui.screens.page import own_connection
from bo_tui.views.files import FileRow
from bo_tui.widgets.fields import TextField
from bo_tui.widgets.forms import FormDialog


class ExportDialog(FormDialog):
    """Where to; dismissed with the path that was written."""

    def __init__(self, office: Office, row: FileRow) -> None:
        self.office = office
        self.row = row
        name = (row.path or "").rsplit("/", 1)[-1]
        intro = (
            f"{filesource.title(row)}: the bytes as they were made. The copy names people who owe money; only you can read it. "
            "Nothing that is there is overwritten."
        )
        field = TextField("target", "&To", f"~/{name}", required=True, hint="")
        super().__init__("Export", [field], intro=intro, ok="Export", help_topic="files")

    def save_values(self, values: dict[str, Any]) -> Path:
        return own_connection(self.office, lambda: filechoice.export(self.office, self.row.id, values["target"]))
