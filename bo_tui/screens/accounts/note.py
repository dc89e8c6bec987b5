"""Write a note on the account, or on the current row's line; it is never changed afterwards (rules/accounts/notes.py)."""

from __future__ import annotations

from typing import Any

from bo_tui.rules.accounts import notes as rule
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import Field, NoteField
from bo_tui.widgets.forms import FormDialog


def action(page: Any) -> PageAction:
    """The page's action Note."""
    return PageAction("note", "Note: write one", "N", lambda: start(page), page.on_account("note"), short="Note")


def start(page: Any) -> None:
    """Ask for the type and the text."""
    about = page.subject()

    def save(values: dict[str, Any]) -> rule.Noted:
        line = about.line if values.get("what") == "line" else None
        return rule.add_note(page.office, about.practice, about.account, values["text"], values["kind"], line=line)

    what = [("account", f"Account {about.account}"), ("line", f"Line {about.line}")]
    fields: list[Field] = [ChoiceField("what", "&On", what, "account", required=True, width=34)] if about.line else []
    fields += [
        ChoiceField("kind", "T&ype", [(kind, kind) for kind in rule.KINDS], "account", required=True, width=20),
        NoteField("text", "&Text", required=True, longest=rule.LONGEST),
    ]
    intro = f"{about.intro}\nA note is never changed and never deleted."
    dialog = FormDialog("Note", fields, intro=intro, save=page.saving(save), help_topic="account")
    page.open_dialog(dialog, lambda noted: "Note written.")
