"""Agency: what one agency made of what a practice gave it, by month of placement, with a bar for each month's percentage.

The figures are the scoreboard's (`report scoreboard`); reading them takes longer than a key may wait, so a worker does it.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.screens.admin.base import NO_PRACTICE, FreshList, PracticeListPage
from bo_tui.screens.external.listsource import Item
from bo_tui.text import counted
from bo_tui.views import practices, scoreboard
from bo_tui.views.admin import AgencyRow
from bo_tui.views.scoreboard import Figures, Month
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage

WIDTH = 14  # cells of the longest bar
STEP = 10_00  # the longest bar is a multiple of ten percent
NEVER = "never"  # the month of money for debts that were never with the agency
COLUMNS = (
    Column("month", "Month", 7, priority=15),
    Column("placements", "Debts", 6, align="right", priority=11),
    Column("placed", "Placed", 12, align="right", min_width=9, priority=12),
    Column("collected", "Collected", 12, align="right", min_width=9, priority=13),
    Column("percent", "%", 6, align="right", priority=14),
    Column("bar", "Of placed", WIDTH, priority=10, sortable=False),
    Column("open", "Open", 12, align="right", min_width=9, priority=9),
    Column("net", "Net", 12, align="right", min_width=9, priority=8),
    Column("commission", "Commission", 12, align="right", min_width=10, priority=7),
    Column("adjusted", "Adjusted", 12, align="right", min_width=9, priority=6),
    Column("recalled", "Recalled", 12, align="right", min_width=9, priority=5),
    Column("reassigned", "Reassigned", 12, align="right", min_width=10, priority=4),
)


class AgencyPage(PracticeListPage):
    """The months of one agency, chosen in External Collection Agencies; Esc goes back there."""

    help_topic = "agency"
    columns = COLUMNS
    first_sort = Sort("month")
    empty = "This practice never placed a debt with this agency."
    DEFAULT_CSS = (
        "AgencyPage { & > #agency-total { padding: 0 1; margin: 0 0 1 0; } & > LedgerGrid { min-height: 4; } }"
    )

    def __init__(self) -> None:
        super().__init__()
        self.agency: AgencyRow | None = None  # set by the page that opens this one
        self._agency_shown: AgencyRow | None = None
        self._months: list[Month] = []
        self._read_for: tuple[int, int, int] | None = None  # practice, agency, act: what the months are of

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("search", "Search: another practice", "S", self.search, short="Search"),
            PageAction(
                "made_of", "What a month's figures are made of", "W", self.made_of, self.on_row("look"), short="Made of"
            ),
        )

    def before(self) -> ComposeResult:
        yield TabStrip((), heading="Agency")
        yield Lines("", keep=True, id="agency-total")

    # --- rows ------------------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """What was read last; where that is old, a worker reads it anew."""
        self._look()
        full = _full([month.figures for month in self._months])
        return [_item(at, month, full, self.program.ascii_guides) for at, month in enumerate(self._months)]

    def _look(self) -> None:
        practice, agency = self.session.practice, self.agency
        if practice is None or agency is None:
            self._months, self._read_for = [], None
            return
        of = (practice.id, agency.id, practices.version(self.office))
        if of == self._read_for:
            return
        if self._read_for is None or of[:2] != self._read_for[:2]:
            self._months = []
        self._read_for = of
        self.read(lambda: scoreboard.of_agency(self.office, of[0], of[1]), self._show, group="figures")

    def _show(self, months: list[Month]) -> None:
        self._months = months
        source = self.grid.source
        assert isinstance(source, FreshList)
        source.forget()
        self.grid.reload()
        self._say_total()

    def _say_total(self) -> None:
        practice, agency = self.session.practice, self.agency
        if practice is None or agency is None:
            words = "No agency is chosen; Esc shows the list, Alt+G there its figures."
            words = NO_PRACTICE if agency is not None else words
        elif not self._months:
            words = f"{agency.name}, for {practice.name}"
        else:
            scale = shown(_full([month.figures for month in self._months]))
            total = scoreboard.total(self._months)
            words = f"{agency.name}, for {practice.name}: {in_words(total)}. The longest bar is {scale}%."
        self.query_one("#agency-total", Lines).set(words)

    def row_words(self, row: Row) -> str:
        month = self._months[row.id] if row.id < len(self._months) else None
        return "" if month is None else f"Placed {called(month)}: {in_words(month.figures)}"

    # --- actions ---------------------------------------------------------------------------------------------------

    def why_reason(self) -> str | None:
        return "Enter shows what a month's figures are made of, and the commands that list it."

    def made_of(self) -> None:
        """Enter and Alt+W: each figure of the month in words, and the report that lists what it is the sum of."""
        row = self.grid.current
        if row is not None and row.id < len(self._months):
            month = self._months[row.id]
            self.app.push_screen(
                TextPage(f"{month.agency}, placed {called(month)}", explained(month, self.practice.code))
            )

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter."""
        self.made_of()

    # --- the page --------------------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Esc goes back to the list of agencies, not to Home as the base would."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.program.show("agencies")

    def on_screen_resume(self) -> None:
        """Another agency may have been chosen, or it has another name now; the base looks after the practice."""
        if self.agency != self._agency_shown:
            self.use_practice()

    def use_practice(self) -> None:
        """Show the figures of the practice and the agency chosen now."""
        self._agency_shown = self.agency
        super().use_practice()
        self._say_total()


def called(month: Month) -> str:
    """A month as a person says it: `2026-03`."""
    return NEVER if month.first is None else dates.iso(month.first)[:7]


def in_words(sums: Figures) -> str:
    """The figures in one sentence."""
    percent = "" if sums.percent is None else f" ({shown(sums.percent)}%)"
    debts = counted(sums.placements, "debt")
    return (
        f"{debts}, {shown(sums.placed)} placed; collected {shown(sums.collected)}{percent}, "
        f"commission {shown(sums.commission)}, net {shown(sums.net)}; open {shown(sums.open)}"
    )


def bar(percent: int | None, full: int, width: int = WIDTH, ascii_only: bool = False) -> str:
    """A percentage (hundredths) as cells of a bar that is `width` at `full`; what is above nothing has a cell at least."""
    if not percent or percent < 0:
        return ""
    return ("#" if ascii_only else "█") * min(width, max(1, (2 * width * percent + full) // (2 * full)))


def _full(figures: Sequence[Figures]) -> int:
    """What the longest bar stands for: the highest percentage, up to the next ten."""
    highest = max((sums.percent or 0 for sums in figures), default=0)
    return max(1, -(-highest // STEP)) * STEP


def _item(at: int, month: Month, full: int, ascii_only: bool) -> Item:
    sums = month.figures
    named = ("placed", "collected", "open", "net", "commission", "adjusted", "recalled", "reassigned")
    amounts = {name: getattr(sums, name) for name in named}
    cells = {name: shown(cents) for name, cents in amounts.items()} | {
        "month": called(month),
        "placements": f"{sums.placements:,}",
        "percent": shown(sums.percent),
        "bar": bar(sums.percent, full, ascii_only=ascii_only),
    }
    keys = {**amounts, "placements": sums.placements, "percent": -1 if sums.percent is None else sums.percent}
    return Item(at, tuple(cells[column.key] for column in COLUMNS), keys)


def explained(month: Month, practice: str) -> str:
    """What each figure of a month is, and the commands that list what it is the sum of, as a page of text."""
    sums = month.figures
    about = f"--practice {shlex.quote(practice)} --agency {shlex.quote(month.agency)}"
    about += "" if month.first is None else f" --placed {called(month)}"
    lines = [f"# What was placed with {month.agency} in {called(month)}"]
    if month.first is None:
        lines = [f"# What {month.agency} sent for debts that were never with it"]
    else:
        lines += ["```", *_debt(sums), "```", "", "The debts, and the entries that make these figures:", "```"]
        lines += [*_command("placements", about), *_command("entries --book EXT", about), "```"]
    lines += ["", f"# What {month.agency} sent for it", "```", *_money(sums), "```", "", "Payment by payment:", "```"]
    lines += [*_command("agency_payments", about), "```"]
    if sums.elsewhere:
        lines += ["", f"Of what was collected, {shown(sums.elsewhere)} came when the debt was elsewhere by then."]
    return "\n".join(lines)


def _command(report: str, about: str) -> list[str]:
    """A command on two lines that a shell takes as they are."""
    return [f"bo-tui report {report} \\", f"    {about}"]


def _debt(sums: Figures) -> list[str]:
    rows = [
        (f"placed ({sums.placements:,})", sums.placed, "EXCOL"),
        ("adjusted", sums.adjusted, "MADJN, MADJP"),
        ("paid by the agency", sums.elsewhere - sums.collected, "EPYMT, RVPAY"),
        ("paid by other agencies", 0 - sums.by_others, "EPYMT, RVPAY"),
        ("recalled to active AR", 0 - sums.recalled, "RVCOL"),
        ("moved to other agencies", 0 - sums.reassigned, "AGTFR"),
        ("open", sums.open, ""),
    ]
    return [f"{name:<26}{shown(cents):>14}  {codes}" for name, cents, codes in rows]


def _money(sums: Figures) -> list[str]:
    rows = [("collected, gross", sums.collected), ("commission", 0 - sums.commission), ("net", sums.net)]
    return [f"{name:<26}{shown(cents):>14}" for name, cents in rows]
