"""Create: an agency's next files, after a look at what would go and at what the accounts lack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from textual import events

from bo_tui import money
from bo_tui.errors import Refusal, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.external import files as rules
from bo_tui.rules.external.filechoice import Waiting
from bo_tui.rules.external.files import MadeFile
from bo_tui.screens.page import own_connection
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialog import call_holding_keys
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextPage

SHOWN = 4  # accounts that lack something and are shown in the dialog itself
Lacking = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Created:
    """The files that were made; `unwritten` says why their copies are not on the disk, or is empty."""

    files: list[MadeFile]
    unwritten: str


class CreateDialog(FormDialog):
    """Which agency; dismissed with a `Created`."""

    def __init__(self, office: Office, practice: int, waiting: list[Waiting]) -> None:
        self.office = office
        self.practice_id = practice
        self.waiting = {one.agency: one for one in waiting}
        self._lacking: dict[int, Lacking] = {}
        self._reading: set[int] = set()
        first = next((one.agency for one in waiting if one.lines and not one.refusal), None)
        options = [(one.agency, f"{one.name}: {_waits(one)}") for one in waiting]
        field = ChoiceField("agency", "A&gency", options, first, required=True)
        super().__init__("Create file", [field], ok="Create", help_topic="files")
        self.keys_line = "F2 Create   Esc Cancel   Down list   Alt+L all that lack something"

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        """What would go, and what the accounts lack, read for the agency that is chosen."""
        chosen = self.waiting.get(values.get("agency", -1))
        if chosen is None:
            return ""
        if chosen.refusal or not chosen.lines:
            return (
                chosen.refusal or f"No placement waits for a file to {chosen.name}: each is in one, held, or at zero."
            )
        parts = "1 file" if chosen.parts == 1 else f"{chosen.parts} files"
        text = (
            f"{chosen.lines:,} placements of {chosen.accounts:,} accounts, {money.shown(chosen.amount)}, would go "
            f"in {parts} of type {chosen.file_type}."
        )
        return f"{text}\n{self._lack_words(chosen.agency)}"

    def _lack_words(self, agency: int) -> str:
        found = self._lacking.get(agency)
        if found is None:
            self._read(agency)
            return "Looking for what the accounts lack ..."
        if not found:
            return "No account lacks anything that the layout needs."
        words = "; ".join(f"{account} {', '.join(lacks)}" for account, lacks in found[:SHOWN])
        more = f"; and {len(found) - SHOWN:,} more (Alt+L)" if len(found) > SHOWN else ""
        one = len(found) == 1
        return (
            f"{len(found):,} account{'' if one else 's'} lack{'s' if one else ''} something and would go all the same: "
            f"{words}{more}."
        )

    def _read(self, agency: int) -> None:
        if agency in self._reading:
            return
        self._reading.add(agency)

        def have(found: Lacking | None, error: Exception | None) -> None:
            self._reading.discard(agency)
            if error is not None or found is None:
                self.refuse(None, f"What the accounts lack could not be read: {error}")
                return
            self._lacking[agency] = found
            self._compute()

        def work() -> Lacking:
            return own_connection(self.office, lambda: rules.lacking(self.office, self.practice_id, agency))

        call_holding_keys(self, work, have)

    def on_key(self, event: events.Key) -> None:
        """Alt+L: the whole list; the rest is the form's handler's, which textual calls after this one."""
        if event.key != "alt+l":
            return
        event.stop()
        event.prevent_default()
        found = self._lacking.get(self.peek().get("agency", -1)) or []
        lines = [f"- {account}: {', '.join(lacks)}" for account, lacks in found]
        title = "Accounts that lack something for the agency's layout"
        self.app.push_screen(TextPage(title, "\n".join(lines) or "No account lacks anything."))

    def save_values(self, values: dict[str, Any]) -> Created:
        chosen = self.waiting[values["agency"]]
        if chosen.refusal:
            raise RuleRefusal(chosen.refusal, field="agency")

        def work() -> Created:
            made = rules.make_files(self.office, self.practice_id, chosen.agency)
            try:
                rules.write_copies(self.office)
            except Refusal as refusal:  # the file is made and kept; only its copy waits
                return Created(made, refusal.sentence)
            return Created(made, "")

        return own_connection(self.office, work)


def _waits(one: Waiting) -> str:
    if one.refusal:
        return "no file may be made"
    if not one.lines:
        return "nothing waits"
    return f"{one.lines:,} placements, {money.shown(one.amount)}"


def said(done: Created) -> str:
    """What was done, for the status line."""
    count, total = sum(file.count for file in done.files), sum(file.total for file in done.files)
    names = ", ".join(file.path.rsplit("/", 1)[-1] for file in done.files)
    text = f"Made {names}: {count:,} placement{'' if count == 1 else 's'}, {money.shown(total)}."
    return f"{text} Its copy was not written: {done.unwritten}" if done.unwritten else text
