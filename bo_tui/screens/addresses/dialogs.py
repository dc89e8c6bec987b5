"""The dialogs of Address Corrections: load a file, approve, deny."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bo_tui.errors import BadInput, Conflict
from bo_tui.office import Office
from bo_tui.rules.addresses import decide, load
from bo_tui.rules.addresses.decide import Approved, Decided
from bo_tui.rules.addresses.load import Loaded
from bo_tui.rules.addresses.verdict import lacking
from bo_tui.screens.addresses import words
from bo_tui.screens.page import own_connection
from bo_tui.views import addresses
from bo_tui.views.addresses import CorrectionRow
from bo_tui.widgets.fields import CheckField, Field, NoteField, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextPage

HELP = "addresses"


class LoadDialog(FormDialog):
    """Which file; dismissed with a `Loaded`. What is refused of it is shown row by row, and nothing is loaded."""

    def __init__(self, office: Office, practice: int) -> None:
        self.office = office
        self.practice_id = practice
        found = addresses.settings(office, practice)
        what = "are approved or denied at once" if found.automatic else "wait to be approved or denied"
        back = "flags its account" if found.roll_returned_mail else "waits under Errors"
        intro = (
            "The results of an address service (NCOA or ACS) as CSV. All of it is loaded or nothing, and no file twice. "
            f"In this practice new addresses {what}; mail that came back {back}."
        )
        field = TextField("file", "&File", "", required=True, longest=400)
        super().__init__("Load a file of corrections", [field], intro=intro, ok="Load", help_topic=HELP)

    def save_values(self, values: dict[str, Any]) -> Loaded:
        path = Path(values["file"]).expanduser()
        return own_connection(self.office, lambda: load.load(self.office, self.practice_id, path))

    def _saved(self, result: Any, error: Exception | None) -> None:
        """A refused file has a list to show."""
        super()._saved(result, error)
        if isinstance(error, BadInput) and error.problems:
            lines = [f"- {problem}" for problem in error.problems]
            more = error.total - len(error.problems)
            lines += [f"... and {more:,} more"] if more > 0 else []
            self.app.push_screen(TextPage("Refused; nothing was loaded", "\n".join(lines)))


class _OfRows(FormDialog):
    """A form about rows that were read when it opened; after a conflict they are read anew, so that F2 means what is there now."""

    def __init__(
        self, title: str, office: Office, practice: int, rows: Sequence[CorrectionRow], fields: Sequence[Field], ok: str
    ) -> None:
        self.office = office
        self.practice_id = practice
        self.rows = list(rows)
        super().__init__(title, fields, intro=self.about, ok=ok, help_topic=HELP)

    def about(self) -> str:
        """What the form is about, as it is now."""
        return words.intro(self.rows[0]) if len(self.rows) == 1 else words.rows(len(self.rows))

    @property
    def seen(self) -> dict[int, int]:
        """The rows and their acts as the operator sees them."""
        return {row.id: row.act for row in self.rows}

    def decide(self, values: dict[str, Any]) -> Any:
        """The rule's call."""
        raise NotImplementedError

    def save_values(self, values: dict[str, Any]) -> Any:
        try:
            return own_connection(self.office, lambda: self.decide(values))
        except Conflict:
            ids = list(self.seen)
            self.rows = own_connection(self.office, lambda: addresses.rows(self.office, self.practice_id, ids))
            raise


class ApproveDialog(_OfRows):
    """From which address to which, and whether Returned Mail is cleared; dismissed with an `Approved`."""

    def __init__(self, office: Office, practice: int, rows: Sequence[CorrectionRow]) -> None:
        flagged = sum(row.returned_mail for row in rows)
        have = "the account has it" if len(rows) == 1 and flagged else f"{flagged:,} of the accounts have it"
        clear = CheckField(
            "clear", "Clear &Returned Mail", True, hint=have if flagged else "no account has it now"
        )  # fmt: skip
        super().__init__("Approve", office, practice, rows, [clear], "Approve")

    def about(self) -> str:
        wrong = [row for row in self.rows if lacking(row.new)]
        text = super().about()
        if len(self.rows) == 1:
            return f"{text}\n\n{lacking(self.rows[0].new)} {_NOT}" if wrong else text
        good = len(self.rows) - len(wrong)
        text = f"{text}: {good:,} complete, the accounts get their new addresses."
        return f"{text}\n{words.rows(len(wrong), 'incomplete one')}. {_NOT}" if wrong else text

    def decide(self, values: dict[str, Any]) -> Approved:
        return decide.approve(
            self.office, self.practice_id, self.seen, clear_returned=values["clear"], seen=self.seen
        )  # fmt: skip


_NOT = "Such a correction is denied and stands under Errors until it is acknowledged; the account stays as it is."


class DenyDialog(_OfRows):
    """The compulsory note; dismissed with a `Decided`."""

    def __init__(self, office: Office, practice: int, rows: Sequence[CorrectionRow]) -> None:
        super().__init__("Deny", office, practice, rows, [NoteField("note", "&Note", required=True)], "Deny")

    def decide(self, values: dict[str, Any]) -> Decided:
        return decide.deny(self.office, self.practice_id, self.seen, values["note"], seen=self.seen)
