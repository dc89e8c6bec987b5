"""What is said around a Start file: what the accounts lack before it is made, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import events

from bo_tui import dates, money
from bo_tui.errors import Refusal
from bo_tui.office import Office
from bo_tui.rules.precollect import files as copies
from bo_tui.rules.precollect.starts import Started
from bo_tui.screens.external.rowsform import lines as so_many_lines
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.textpage import TextPage

HELP = "precollections"
Criteria = dict[str, Any]  # dos (a day number or None), most (a count or None for all)
Lacking = list[tuple[str, list[str]]]
SHOWN = 4  # accounts that lack something and are named in the question itself


@dataclass(frozen=True, slots=True)
class Done:
    """What a Start did; `unwritten` says why a copy is not on the disk, or is empty."""

    started: Started
    unwritten: str


class LacksDialog(ConfirmDialog):
    """The question before a file is made; Alt+L shows all accounts that lack something."""

    def __init__(self, question: str, detail: str, found: Lacking) -> None:
        super().__init__(question, detail, yes="&Yes, create it")
        self.lacking = found

    def on_key(self, event: events.Key) -> None:
        """Alt+L."""
        if event.key != "alt+l":
            return
        event.stop()
        event.prevent_default()
        lines = [f"- {account or 'the practice'}: {', '.join(lacks)}" for account, lacks in self.lacking]
        self.app.push_screen(TextPage("What is lacking for TSI", "\n".join(lines) or "No account lacks anything."))


def lacks_words(found: Lacking) -> str:
    """What the practice and the accounts lack, in words; the accounts go all the same."""
    practice = [", ".join(lacks) for account, lacks in found if not account]
    listed = [(account, lacks) for account, lacks in found if account]
    words = [f"Take care: {practice[0]}."] if practice else []
    if not listed:
        return "\n".join([*words, "No account lacks anything that the layout needs."])
    named = "; ".join(f"{account} {', '.join(lacks)}" for account, lacks in listed[:SHOWN])
    more = f"; and {len(listed) - SHOWN:,} more (Alt+L)" if len(listed) > SHOWN else ""
    one = len(listed) == 1
    lack = f"{len(listed):,} account{'' if one else 's'} lack{'s' if one else ''} something and would go all the same"
    return "\n".join([*words, f"{lack}: {named}{more}."])


def write_copies(office: Office) -> str:
    """Write the copies of new files to the outbox; why one was not written, or nothing: the file is kept all the same."""
    try:
        copies.write_copies(office)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def criteria_words(criteria: Criteria) -> str:
    return f", DOS {dates.iso(criteria['dos'])}" if criteria["dos"] is not None else ""


def said(done: Done) -> str:
    """What was done, for the status line."""
    started = done.started
    names = ", ".join(file.path.rsplit("/", 1)[-1] for file in started.files)
    what = f"Made {names}: " if names else "No account is new to TSI, so no file was made: "
    text = f"{what}{so_many_lines(started.lines)}, {money.shown(started.amount)}."
    if started.updates:
        one = started.updates == 1
        text += f" {started.updates:,} account{'' if one else 's'} TSI has already: told in the next Stop file."
    return f"{text} Its copy was not written: {done.unwritten}" if done.unwritten else text
