"""Before settings are saved: what the next night would select now and with them, counted by the night's own code in a worker."""

from __future__ import annotations

from threading import Event
from typing import Any

from textual import events
from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import Refusal
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.rules.settings import preview
from bo_tui.rules.settings.preview import Outcome, Preview, Proposal, Sums
from bo_tui.screens.page import own_connection
from bo_tui.widgets.dialog import Dialog, KeysOnly, Lines, wrap
from bo_tui.widgets.more import MoreScroll

AGENCIES = 5  # that are named; the others are one line
WAIT = "Counting what the next night would select, now and with this ...\nF2 saves once it is counted. Esc gives up."
CRITERIA = {
    "on_hold": "on hold",
    "brought_back": "brought back",
    "no_assignment": "no agency with thresholds",
    "below_balance": "balance too small",
    "too_young": "not old enough",
    "recent_payment": "recent payment",
}


class Figures(MoreScroll):
    """The figures; scrolls by Up and Down when there are more than fit."""


class PreviewDialog(Dialog):
    """Counts, shows old and new side by side; dismissed with True on F2, None on Esc, or the Refusal that counting met.

    F2 before the figures are there saves as soon as they are, so that a burst of keys ends as if typed slowly.
    """

    help_topic = "preview"
    DEFAULT_CSS = "PreviewDialog { & > .dialog--box { margin: 0; } }"

    def __init__(self, office: Office, practice: int, what: str, proposal: Proposal, *, ok: str = "Save") -> None:
        super().__init__("Before this is saved (* differs)")
        self.office = office
        self.practice_id = practice
        self.what = what
        self.proposal = proposal
        self.keys_line = f"F2 {ok}   Esc Back   Up Down scroll"
        self.figures: Any = None
        self._cancelled = Event()
        self._wanted = False

    def body(self) -> ComposeResult:
        yield Lines(self.what + "\n ")
        with Figures():
            yield Lines(WAIT, keep=True, id="preview-figures")
        yield KeysOnly()

    def on_resize(self, event: events.Resize) -> None:
        """The figures get what the border, the lines around them and the keys leave over."""
        self.query_one(Figures).styles.max_height = max(3, self.size.height - 5 - len(wrap(self.what, 72)))

    def on_key(self, event: events.Key) -> None:
        """Scroll the figures."""
        steps = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10}
        if event.key in steps:
            event.stop()
            self.query_one(Figures).scroll_relative(y=steps[event.key], animate=False)

    def on_mount(self) -> None:
        """Begin to count; Esc ends it after the chunk it is at."""
        self.run_worker(self._count, thread=True, group="preview", exit_on_error=False)

    def _count(self) -> None:
        try:
            result = own_connection(self.office, self.count)
        except Exception as error:
            self.app.call_from_thread(self._failed, error)
        else:
            self.app.call_from_thread(self._counted, result)

    def cancelled(self) -> bool:
        """Whether Esc ended the counting."""
        return self._cancelled.is_set()

    def count(self) -> Any:
        """The figures, or None when the counting was ended; in a worker. Pre-collections count in their own way."""
        return preview.preview(self.office, self.practice_id, self.proposal, cancelled=self.cancelled)

    def words(self, result: Any) -> str:
        """The figures as lines."""
        return told(result)

    def _counted(self, result: Any) -> None:
        self.figures = result
        if result is None or not self.is_attached:
            self._release()
            return
        self.query_one("#preview-figures", Lines).set(self.words(result))
        if self._wanted:
            self.dismiss(True)
        self._release()

    def _failed(self, error: Exception) -> None:
        if self.is_attached and not self._cancelled.is_set():
            sentence = f"The next night could not be counted ({type(error).__name__}); nothing was saved."
            self.dismiss(error if isinstance(error, Refusal) else Refusal(sentence))
        self._release()

    def _release(self) -> None:
        if self._wanted:
            self._wanted = False
            self.app.release_keys()  # type: ignore[attr-defined]

    def action_ok(self) -> None:
        """F2: save, at once or when the figures are there; the keys typed after it wait that long."""
        if self.figures is not None:
            self.dismiss(True)
        elif not self._wanted:
            self._wanted = True
            self.app.hold_keys()  # type: ignore[attr-defined]

    def action_cancel(self) -> None:
        """Esc: count no further, save nothing."""
        self._cancelled.set()
        self.dismiss(None)


def told(seen: Preview) -> str:
    """The figures as lines of at most 70 cells; what differs is marked with an asterisk."""
    lines = [*heading(seen.business_date), *row("Selected", seen.old.total, seen.new.total, always=True)]
    lines += _rows(seen.old.selected, seen.new.selected, {})
    for title, part in (
        ("Taken out of Pending", "withdrawn"),
        ("Posted from Pending", "posted"),
        ("Moved to other agency", "moved"),
    ):
        lines += row(title, _sum(seen.old, part), _sum(seen.new, part))
    if seen.old.excluded or seen.new.excluded:
        lines.append("Left in active AR")
        lines += _rows(seen.old.excluded, seen.new.excluded, CRITERIA)
    if seen.same:
        lines.append("Nothing differs.")
    return "\n".join(lines)


def heading(business_date: int) -> list[str]:
    """The first line: which night, and what stands in the two columns."""
    day = f"Night of {dates.weekday(business_date)} {dates.iso(business_date)}"
    return [f"{day:<27}{'now':>20}  {'with this':>20}"]


def _rows(old: Sums, new: Sums, words: dict[str, str]) -> list[str]:
    names = [name for name in words if name in old or name in new] if words else sorted(old.keys() | new.keys())
    lines = []
    for name in names[:AGENCIES] if not words else names:
        lines += row(f"  {words.get(name, name)}", old.get(name, (0, 0)), new.get(name, (0, 0)))
    rest = [] if words else names[AGENCIES:]
    if rest:
        lines += row(f"  {len(rest)} other agencies", _total(old, rest), _total(new, rest))
    return lines


def row(title: str, old: tuple[int, int], new: tuple[int, int], *, always: bool = False) -> list[str]:
    """A title with count and cents under both settings; nothing where there is nothing to say."""
    if old == new == (0, 0) and not always:
        return []
    cells = "  ".join(f"{count:>6,}{shown(cents):>14}" for count, cents in (old, new))
    return [f"{title[:27]:<27}{cells}{' *' if old != new else ''}"]


def _total(sums: Sums, names: list[str]) -> tuple[int, int]:
    found = [sums.get(name, (0, 0)) for name in names]
    return sum(count for count, _ in found), sum(cents for _, cents in found)


def _sum(outcome: Outcome, part: str) -> tuple[int, int]:
    sums: Sums = getattr(outcome, part)
    return _total(sums, list(sums))
