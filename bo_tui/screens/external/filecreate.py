"""Create: an agency's next files, after a look at what would go and at what the accounts lack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui import money
from bo_tui.office import Office
from bo_tui.rules.external import files as rules
from bo_tui.rules.external.filechoice import Waiting
from bo_tui.rules.external.files import MadeFile
from bo_tui.screens.external import filemaking
from bo_tui.screens.external.filemaking import Created, MakeDialog
from bo_tui.screens.page import own_connection
from bo_tui.text import counted
from bo_tui.widgets.dialog import call_holding_keys
from bo_tui.widgets.textpage import TextPage

SHOWN = 4  # accounts that lack something and are shown in the dialog itself
Lacking = list[tuple[str, list[str]]]


class CreateDialog(MakeDialog[Waiting]):
    """The agency's next files; what their accounts lack is read once for each agency."""

    def __init__(self, office: Office, practice: int, waiting: list[Waiting]) -> None:
        self._lacking: dict[int, Lacking] = {}
        self._reading: set[int] = set()
        every = "all that lack something"
        super().__init__("Create file", office, practice, waiting, all_of=every, help_topic="files")

    def waits(self, one: Waiting) -> str:
        return f"{placements(one.lines)}, {money.shown(one.amount)}" if one.lines else ""

    def make(self, agency: int) -> list[MadeFile]:
        return rules.make_files(self.office, self.practice_id, agency)

    def whole_list(self, chosen: Waiting | None) -> None:
        found = (self._lacking.get(chosen.agency) if chosen is not None else None) or []
        lines = [f"- {account}: {', '.join(lacks)}" for account, lacks in found] or ["No account lacks anything."]
        if chosen is not None and chosen.held:
            lines += ["", "# Left out, because a hold is in force"]
            lines += [f"- line {line} of account {account}" for line, account in chosen.held_lines]
            more = chosen.held - len(chosen.held_lines)
            lines += [f"- and {more:,} more"] if more else []
        title = "Accounts that lack something for the agency's layout"
        self.app.push_screen(TextPage(title, "\n".join(lines)))

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        """What would go, and what the accounts lack, read for the agency that is chosen."""
        chosen = self.waiting.get(values.get("agency", -1))
        if chosen is None:
            return ""
        if chosen.refusal or not chosen.lines:
            nothing = f"No placement waits for a file to {chosen.name}: each is in one, held, or at zero."
            return "\n".join(filter(None, (chosen.refusal or nothing, _held_words(chosen))))
        accounts = counted(chosen.accounts, "account")
        parts = counted(chosen.parts, "file")
        text = (
            f"{placements(chosen.lines)} of {accounts}, {money.shown(chosen.amount)}, would go "
            f"in {parts} of type {chosen.file_type}."
        )
        return "\n".join(filter(None, (text, _held_words(chosen), self._lack_words(chosen.agency))))

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


def _held_words(chosen: Waiting) -> str:
    """Which placements a hold keeps out of the file, the first by name; empty when it is none."""
    if not chosen.held:
        return ""
    named = "; ".join(f"{line} of {account}" for line, account in chosen.held_lines[:SHOWN])
    more = f"; and {chosen.held - SHOWN:,} more (Alt+L)" if chosen.held > SHOWN else ""
    return f"{placements(chosen.held)}, {money.shown(chosen.held_amount)}, held and left out: {named}{more}."


def placements(count: int) -> str:
    """`1 placement`, `2 placements`."""
    return counted(count, "placement")


def said(done: Created) -> str:
    """What was done, for the status line."""
    return filemaking.said(done, placements)
