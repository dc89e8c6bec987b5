"""Home: the menus' items as two lists, and what waits in the chosen practice, each figure one press from where it is worked."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.strip import Strip

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.screens.notbuilt import ADMIN, MANAGE, Item
from bo_tui.screens.page import OfficePage
from bo_tui.views import home, practices
from bo_tui.views.home import Figures, Night
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.lines import Lines
from bo_tui.widgets.listbox import Entry, ListBox
from bo_tui.widgets.menus import MenuItem
from bo_tui.widgets.statusline import KeyLine, StatusLine

REMARKS = 200  # lines below a night's sums
STARTING = 2.0  # seconds that keys wait for the first figures
COUNTING = 0.1  # seconds that the first frame waits for them, so that Home is sent once
POLL = 2.0  # seconds between looks for what others have done


class Heading(Lines):
    """A list's title."""

    DEFAULT_CSS = "Heading { height: 1; text-style: bold; }"

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        return 1


class HomeList(ListBox):
    """A list that shows its cursor only while it has the focus; Home has three of them."""

    DEFAULT_CSS = "HomeList { max-height: 14; width: 1fr; }"

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide it."""
        self.refresh()

    def render_line(self, y: int) -> Strip:
        if self.has_focus:
            return super().render_line(y)
        at, self.at = self.at, -1
        try:
            return super().render_line(y)
        finally:
            self.at = at

    def renew(self, entries: Sequence[Entry]) -> None:
        """Show other entries with the cursor where it is."""
        taller = len(entries) != len(self.entries)
        self.entries = list(entries)
        self.at = max(0, min(self.at, len(self.entries) - 1))
        self.refresh(layout=taller)


class HomePage(OfficePage):
    """The first page; a letter opens an item of the list that has the focus, a digit goes to a figure."""

    AUTO_FOCUS = "#home-manage"
    help_topic = "home"
    DEFAULT_CSS = """
    HomePage {
        & > Horizontal { height: 1fr; padding: 1 0 0 0; }
        & > Horizontal > Vertical { width: 1fr; max-width: 60; }
        & Heading { margin: 0 0 0 1; }
        & #home-waits-title { margin: 1 0 0 1; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._figures: Figures | None = None
        self._of: PracticeRow | None = None
        self._version = -1

    def page_actions(self) -> Sequence[PageAction]:
        return (PageAction("search", "Search practice", "S", self.search, short="Search practice"),)

    def why_reason(self) -> str | None:
        return "Why answers for a row of a list; there is none on Home."

    def compose(self) -> ComposeResult:
        yield self.top_line()
        with Horizontal():
            with Vertical():
                yield Heading("Manage")
                yield HomeList([], id="home-manage")
            with Vertical():
                yield Heading("Admin")
                yield HomeList([], id="home-admin")
                yield Heading("What waits", id="home-waits-title")
                yield HomeList([], id="home-waits")
                yield Lines("", id="home-night")
        yield StatusLine()
        yield KeyLine()

    def _item(self, item: Item) -> Entry:
        return self.program.menu_item(item).entry()

    def on_mount(self) -> None:
        """Look for changes while Home is shown, and begin at External Collections, the page that is there."""
        self.set_interval(POLL, self._look)
        manage = self.query_one("#home-manage", HomeList)
        manage.at = next(at for at, item in enumerate(MANAGE) if item.missing is None)

    def on_screen_resume(self) -> None:
        """Something may have been done on another page."""
        self.show_whereabouts()
        self._version = -1
        self._look()

    def _look(self) -> None:
        if not self.is_active:
            return
        version = practices.version(self.office)
        if version != self._version or self._of != self.session.practice:
            self._version = version
            self._read()

    # --- what waits ------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        self.query_one("#home-manage", HomeList).renew([self._item(item) for item in MANAGE])
        self.query_one("#home-admin", HomeList).renew([self._item(item) for item in ADMIN])
        practice = self.session.practice
        title = self.query_one("#home-waits-title", Heading)
        if practice is None:
            title.set("Practices: Enter chooses one, Alt+S finds one")
            rows = practices.all_practices(self.office)
            self._show(
                [Entry(self._choosing(row), f"{row.code}  {row.name}".replace("&", "+")) for row in rows[:12]], ""
            )
            self.program.started()
            return
        if self._of != practice:
            title.set(f"What waits in {practice.name}")
            self._show([Entry(None, "Counting ...")], "")

        def done(figures: Figures) -> None:
            self._figures, self._of = figures, practice
            self._show(self._entries(figures), _night_words(figures.night))
            self.program.started()

        self.set_timer(COUNTING, self.program.show_frames)
        self.read(lambda: home.figures(self.office, practice.id), done, group="figures")
        self.set_timer(STARTING, self.program.started)  # figures that cannot be read do not keep the keys

    def _show(self, entries: list[Entry], night: str) -> None:
        self.query_one("#home-waits", HomeList).renew(entries)
        self.query_one("#home-night", Lines).set(night)

    def _entries(self, figures: Figures) -> list[Entry]:
        show = self.program.show_tab

        def entry(number: int, label: str, right: str, run: object, reason: str | None = None) -> Entry:
            return Entry(run, f"&{number} {label}", right, reason)

        files = figures.not_sent, figures.not_acknowledged
        night = figures.night
        status = "never" if night is None else f"{night.status} {dates.weekday(night.business_date)}"
        day = "" if night is None else f" {dates.iso(night.business_date)}"
        return [
            entry(1, "Pending lines", _sum(figures.pending, figures.pending_amount), lambda: show("pending")),
            entry(2, "Placed", _sum(figures.placed, figures.placed_amount), lambda: show("transactions")),
            entry(3, "Files not sent", f"{files[0]:,}", lambda: show("files")),
            entry(4, "Files not acknowledged", f"{files[1]:,}", lambda: show("files")),
            entry(
                5, "Last night", status + day, self._show_night, "There was no night yet." if night is None else None
            ),
            entry(
                6,
                "Returned mail, accounts",
                f"{figures.returned_mail:,}",
                lambda: self.program.show("address_corrections"),
            ),
            entry(
                7, "For a second person", _sum(figures.proposed, figures.proposed_amount), self.program.show_approvals
            ),
            entry(8, "Collection tasks due", f"{figures.tasks_due:,}", lambda: self.program.show("collections")),
            entry(
                9,
                "Batches to post",
                _sum(figures.batches, figures.batches_amount),
                lambda: self.program.show("payment_batches"),
            ),
        ]

    def _choosing(self, practice: PracticeRow) -> object:
        return lambda: self._choose(practice)

    def _choose(self, practice: PracticeRow | None) -> None:
        if practice is not None:
            self.session.practice = practice
            self.show_whereabouts()
            self._look()

    def search(self) -> None:
        """Alt+S: choose the practice."""
        from bo_tui.screens.external.practicedialog import PracticeDialog

        self.app.push_screen(PracticeDialog(self.office, self.session.practice), self._choose)

    def _show_night(self) -> None:
        night = self._figures.night if self._figures is not None else None
        if night is None:
            return
        from bo_tui.rules.night.words import STEP_WORDS, control_rows
        from bo_tui.widgets.textpage import TextPage

        found = home.steps(self.office, night.run)
        lines = [
            f"# {night.status.capitalize()}: {dates.weekday(night.business_date)} {dates.iso(night.business_date)}"
        ]
        lines += [*([f"- {night.message}"] if night.message else []), ""]
        lines += ["```", _night_row("Step", "Lines", "Amount")]
        order = list(STEP_WORDS)
        for step, done, count, amount in sorted(found, key=lambda row: order.index(row[0]) if row[0] in order else 99):
            lines.append(
                _night_row(STEP_WORDS.get(step, step), f"{count:,}", shown(amount), "" if done else "not finished")
            )
        controls = home.control(self.office, night.run)
        if controls:
            lines += ["", _night_row("Control identity", "Lines", "Amount")]
            lines += [_night_row(words, f"{count:,}", shown(amount)) for words, count, amount in control_rows(controls)]
        lines.append("```")
        remarks = home.remarks(self.office, night.run)
        lines += ["", *(f"- {one}" for one in remarks[:REMARKS])]
        lines += (
            [f"- and {len(remarks) - REMARKS:,} more, which bo-tui nightly prints"] if len(remarks) > REMARKS else []
        )
        self.app.push_screen(TextPage("Last night", "\n".join(lines)))

    # --- keys ------------------------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Left and Right go between the lists; a letter takes an item of the list in focus, a digit a figure."""
        lists = list(self.query(HomeList))
        here = next((box for box in lists if box.has_focus), lists[0])
        if event.key in ("left", "right"):
            index = lists.index(here) + (1 if event.key == "right" else -1)
            lists[index % len(lists)].focus()
        elif event.key in ("tab", "shift+tab"):
            return
        elif event.is_printable and event.character:
            self._take_letter(here, event.character.casefold())
        else:
            return  # textual calls the base's own on_key next
        event.stop()

    def _take_letter(self, here: HomeList, letter: str) -> None:
        boxes = [self.query_one("#home-waits", HomeList)] if letter.isdigit() else [here]
        for box in boxes:
            for entry in box.entries:
                if f"&{letter}" in entry.label.casefold():
                    self._take(entry)
                    return

    def on_list_box_taken(self, event: ListBox.Taken) -> None:
        """Enter."""
        self._take(event.entry)

    def _take(self, entry: Entry) -> None:
        reason = entry.reason
        if reason is not None:
            self.say(reason, warning=True)
            return
        run = entry.value.run if isinstance(entry.value, MenuItem) else entry.value
        if callable(run):
            run()


def _sum(count: int, amount: int) -> str:
    return f"{count:,}  {shown(amount):>13}"


def _night_row(words: str, count: str, amount: str, state: str = "") -> str:
    return f"{words:<34}{count:>9}{amount:>16}  {state}".rstrip()


def _night_words(night: Night | None) -> str:
    """What a failed or unfinished night says for itself."""
    if night is None or night.status == "done":
        return ""
    return f"   ! {night.message or 'The last night did not finish; run it again.'}"
