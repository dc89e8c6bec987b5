"""What all pages share: the top line, reading in a worker with its own connection, acting with the keys held."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from bo_tui import dates
from bo_tui.office import Office
from bo_tui.screens.looking import RoleReason
from bo_tui.screens.session import Session
from bo_tui.widgets.actions import ActionPage
from bo_tui.widgets.statusline import TopLine

if TYPE_CHECKING:
    from bo_tui.screens.app import BackOffice

Result = TypeVar("Result")


def own_connection(office: Office, work: Callable[[], Result]) -> Result:
    """Run work in this worker thread and close the thread's connection afterwards; the pool keeps its threads."""
    try:
        return work()
    finally:
        office.close()


class OfficePage(ActionPage):
    """A page of the program, over one office."""

    title = ""

    @property
    def program(self) -> BackOffice:
        """The app, by its own type."""
        return self.app  # type: ignore[return-value]

    @property
    def office(self) -> Office:
        """The open store, the operator and the business date."""
        return self.program.office

    @property
    def session(self) -> Session:
        """What is remembered between pages."""
        return self.program.session

    def top_line(self) -> TopLine:
        """The first line: menus, practice, date, operator."""
        return TopLine([menu.title for menu in self.program.menus], self._whereabouts())

    def show_whereabouts(self) -> None:
        """Draw the first line anew, because another practice was chosen."""
        self.query_one(TopLine).set(self._whereabouts())
        self._note_look()

    def on_screen_resume(self) -> None:
        """The page is in front, which is kept."""
        self._note_look()

    def _note_look(self) -> None:
        name = self.program.name_of(self)
        if name is not None and self.is_active:
            self.program.looks.at_page(name)

    def looked(self, subject: str, subject_id: int | None = None, detail: str | None = None) -> None:
        """Keep that the operator looks at something besides the page itself: its table and id, in words without names."""
        self.program.looks.at(subject, subject_id, detail)

    def _whereabouts(self) -> str:
        office, practice = self.office, self.session.practice
        day = f"{dates.weekday(office.business_date)} {dates.iso(office.business_date)}"
        return "   ".join([*([practice.name] if practice else []), day, office.actor.name])

    def may(self, action: str) -> str | None:
        """None when the operator's role may do an action, else the sentence that says who may (rules/roles.py)."""
        return RoleReason.against(self.office, action)

    def say(self, text: str, *, warning: bool = False) -> None:
        """As every page; that the operator's role was in the way is noted among the looks."""
        self.program.looks.refused(text)
        super().say(text, warning=warning)

    def read(
        self, work: Callable[[], Result], done: Callable[[Result], None], *, group: str, quiet: bool = False
    ) -> None:
        """Read in a worker; `done(result)` runs on the screen unless a later `read` of the group came in between.

        What fails is said on the status line, or with `quiet` only logged.
        """
        turns = self.__dict__.setdefault("_turns", {})
        turn = turns[group] = turns.get(group, 0) + 1

        def finish(result: Any, error: Exception | None) -> None:
            if turns[group] != turn or not self.is_attached:
                return
            if error is None:
                done(result)
            elif not quiet:
                self.say(self.program.sentence_of(error), warning=True)
            else:
                self.program.sentence_of(error)

        def run() -> None:
            try:
                result = own_connection(self.office, work)
            except Exception as error:
                self.app.call_from_thread(finish, None, error)
            else:
                self.app.call_from_thread(finish, result, None)

        self.run_worker(run, thread=True, group=group, exit_on_error=False)

    def act(self, work: Callable[[], Result], done: Callable[[Result], None]) -> None:
        """Run a rule's act in a worker while keys wait; a refusal is said on the status line and `done` is not called."""
        from bo_tui.widgets.dialog import call_holding_keys

        def finish(result: Any, error: Exception | None) -> None:
            if error is None:
                done(result)
            else:
                self.say(self.program.sentence_of(error), warning=True)

        call_holding_keys(self, lambda: own_connection(self.office, work), finish)  # type: ignore[arg-type]

    def saving(self, work: Callable[[dict[str, Any]], Result]) -> Callable[[dict[str, Any]], Result]:
        """A form's `save`: the rule call on the form's values, with a connection of the worker's own."""
        return lambda values: own_connection(self.office, lambda: work(values))
