"""What the two dialogs that make an agency's files share: the agency, Alt+L for the whole list, and the saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from textual import events

from bo_tui import money
from bo_tui.errors import Refusal, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.external import files
from bo_tui.rules.external.files import MadeFile
from bo_tui.screens.page import own_connection
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.forms import FormDialog


@dataclass(frozen=True, slots=True)
class Created:
    """The files that were made; `unwritten` says why their copies are not on the disk, or is empty."""

    files: list[MadeFile]
    unwritten: str


class ForAgency(Protocol):
    """What waits for an agency's file, and why none may be made, or an empty text."""

    @property
    def agency(self) -> int: ...

    @property
    def name(self) -> str: ...

    @property
    def refusal(self) -> str | None: ...


Waits = TypeVar("Waits", bound=ForAgency)


class MakeDialog(FormDialog, Generic[Waits]):
    """Which agency; dismissed with a `Created`. Subclasses say `waits`, `whole_list` and the words of the form."""

    def __init__(
        self, title: str, office: Office, practice: int, waiting: Sequence[Waits], *, all_of: str, help_topic: str
    ) -> None:
        self.office = office
        self.practice_id = practice
        self.waiting = {one.agency: one for one in waiting}
        first = next((one.agency for one in waiting if self.waits(one) and not one.refusal), None)
        options = [(one.agency, f"{one.name}: {self._option(one)}") for one in waiting]
        field = ChoiceField("agency", "A&gency", options, first, required=True)
        super().__init__(title, [field], ok="Create", help_topic=help_topic)
        self.keys_line = f"F2 Create   Esc Cancel   Down list   Alt+L {all_of}"

    def waits(self, one: Waits) -> str:
        """What waits for an agency, in a few words; empty when nothing does."""
        raise NotImplementedError

    nothing = "nothing waits"

    def make(self, agency: int) -> list[MadeFile]:
        """Make the agency's files; in a worker."""
        raise NotImplementedError

    def whole_list(self, chosen: Waits | None) -> None:
        """Alt+L: show all of what the form tells the beginning of."""
        raise NotImplementedError

    def _option(self, one: Waits) -> str:
        return "no file may be made" if one.refusal else self.waits(one) or self.nothing

    def on_key(self, event: events.Key) -> None:
        """Alt+L; the rest is the form's handler's, which textual calls after this one."""
        if event.key != "alt+l":
            return
        event.stop()
        event.prevent_default()
        self.whole_list(self.waiting.get(self.peek().get("agency", -1)))

    def save_values(self, values: dict[str, Any]) -> Created:
        chosen = self.waiting[values["agency"]]
        if chosen.refusal:
            raise RuleRefusal(chosen.refusal, field="agency")

        def work() -> Created:
            made = self.make(chosen.agency)
            try:
                files.write_copies(self.office)
            except Refusal as refusal:  # the file is made and kept; only its copy waits
                return Created(made, refusal.sentence)
            return Created(made, "")

        return own_connection(self.office, work)


def said(done: Created, counted: Callable[[int], str]) -> str:
    """What was done, for the status line; `counted` says how many of what."""
    count, total = sum(file.count for file in done.files), sum(file.total for file in done.files)
    names = ", ".join(file.path.rsplit("/", 1)[-1] for file in done.files)
    text = f"Made {names}: {counted(count)}, {money.shown(total)}."
    return f"{text} Its copy was not written: {done.unwritten}" if done.unwritten else text
