"""Attach (Alt+P): an image or a PDF from this machine to the current row's line or entry (rules/attachments.py)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bo_tui.errors import NoInput, RuleRefusal
from bo_tui.rules import attachments as rule
from bo_tui.rules.attachments import Attached
from bo_tui.screens.external import parts
from bo_tui.screens.external.placementrows import PlacementLine
from bo_tui.widgets.fields import Field, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Row

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage


def against(row: Row) -> str | None:
    """What is not posted has no entry to attach anything to."""
    batch = row.batch if isinstance(row, PlacementLine) else None
    return None if batch is None else f"It is not posted yet; attach to its payment, in payment batch {batch}."


def start(page: TransactionsPage) -> None:
    """Ask for the file: of a placement's row it goes to the line, of a row below it to that entry."""
    row, facts = page.grid.current, page.facts()
    assert row is not None  # `on_row` has seen to it
    practice = page.practice.id
    to: dict[str, Any] = {"line": facts.line} if row.parent is None else {"entry": row.id}
    where = f"line {facts.line}" if row.parent is None else f"entry {row.id}, {row.cells[4]}"

    def save(values: dict[str, Any]) -> Attached:
        try:
            path = Path(values["file"]).expanduser()
            return rule.attach(page.office, practice, **to, path=path, name=values["name"] or None)
        except (NoInput, RuntimeError) as error:  # RuntimeError: ~somebody who is not known here
            raise RuleRefusal(str(error), field="file") from error

    fields: list[Field] = [
        TextField("file", "&File", required=True),
        TextField("name", "&Name", longest=rule.LONGEST_NAME),
    ]
    intro = f"{parts.intro(facts)}\n\nTo {where}: a PNG, JPEG or TIFF image or a PDF; the name is the file's own where it is empty."
    dialog = FormDialog("Attach", fields, intro=intro, save=page.saving(save), ok="Attach", help_topic="attachment")
    page.open_dialog(dialog, lambda done: f"Attached {done.name} to {where}; Alt+V shows it.")
