"""Print Activity and Print Overview: a document as text on the screen, and from there as a PDF or text file of the operator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bo_tui.formats import sections
from bo_tui.formats.sections import Document
from bo_tui.office import Office
from bo_tui.rules.accounts import activity, overview
from bo_tui.rules.audit import Kept
from bo_tui.rules.external import filechoice
from bo_tui.screens.looking import RoleReason
from bo_tui.screens.page import own_connection
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialogs import MessageDialog
from bo_tui.widgets.fields import Field, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextBar, TextPage

PDF, TEXT = "pdf", "txt"


def actions(page: Any) -> tuple[PageAction, ...]:
    """Print Activity and Print Overview."""
    may = page.on_account("report")
    return (
        PageAction("activity", "Print activity", "C", lambda: start(page, "activity", activity.activity), may),
        PageAction("overview", "Print overview", "J", lambda: start(page, "overview", overview.overview), may),
    )


def start(page: Any, name: str, make: Callable[[Office, int, str], Document]) -> None:
    """Make the document in a worker and show it as text."""
    about = page.subject()

    def show(document: Document) -> None:
        kept = Kept("print", "account", page.account_id(), name, about.practice)
        page.looked("account", page.account_id(), f"{name}, to print")
        page.app.push_screen(PreviewPage(page.office, document, f"{name}-{about.account}", kept))

    page.act(lambda: make(page.office, about.practice, about.account), show)


class PreviewPage(TextPage):
    """The document as text; F3 or Alt+P saves it."""

    KEYS = "Esc back   F3 Save as PDF or text (Alt+P)   PgUp PgDn Home End"
    BINDINGS = [("f3,alt+p", "save", "Save"), ("f1", "app.help", "Help")]
    help_topic = "account"

    def __init__(self, office: Office, document: Document, name: str, kept: Kept) -> None:
        text = sections.as_text(document)
        super().__init__(document.title, f"```\n{text.split(chr(10), 2)[2]}```")  # the bar has the title
        self.office = office
        self.document = document
        self.kept = kept  # what stands in the chain of looks once it is saved
        self.file_name = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)

    def action_save(self) -> None:
        """Ask where to; a role that may not export is told so."""
        refused = RoleReason.against(self.office, "export")
        if refused is not None:
            self.app.looks.refused(refused)  # type: ignore[attr-defined]  # the app of every screen is ours
            self.app.push_screen(MessageDialog("Save", refused))
            return

        def said(path: Path | None) -> None:
            if path is not None:
                list(self.query(TextBar))[-1].set(f"Saved as {path}")

        self.app.push_screen(SaveDialog(self.office, self.document, self.file_name, self.kept), said)


class SaveDialog(FormDialog):
    """Where to, and as what; dismissed with the path that was written."""

    def __init__(self, office: Office, document: Document, name: str, kept: Kept) -> None:
        self.office = office
        self.document = document
        self.kept = kept
        self.file_name = name
        intro = f"{document.title}. It names people who owe money; only you can read it. Nothing that is there is overwritten."
        fields: list[Field] = [
            ChoiceField("form", "&As", [(PDF, "PDF"), (TEXT, "text")], PDF, required=True, width=12),
            TextField("target", "&To", f"~/{name}", required=True),
        ]
        super().__init__("Save", fields, intro=intro, ok="Save", help_topic="account")

    def save_values(self, values: dict[str, Any]) -> Path:
        form, target = values["form"], values["target"]
        if not target.endswith((f".{form}", "/")):
            target += f".{form}"
        return own_connection(self.office, lambda: self._write(form, target))

    def _write(self, form: str, target: str) -> Path:
        content = sections.render(self.document) if form == PDF else sections.as_text(self.document).encode()
        return filechoice.save(self.office, target, f"{self.file_name}.{form}", content, self.kept)
