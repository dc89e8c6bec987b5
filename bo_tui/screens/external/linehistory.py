"""History of a line: who did what with it, as a page of text."""

from __future__ import annotations

from bo_tui import dates
from bo_tui.screens.page import OfficePage
from bo_tui.views.linehistory import Happened, history
from bo_tui.widgets.textpage import TextPage


def show(page: OfficePage, practice: int, line: str) -> None:
    """Read the history in a worker and show it."""
    office = page.office

    def read(happened: list[Happened]) -> None:
        page.app.push_screen(TextPage(f"History of line {line}", text(line, happened)))

    page.act(lambda: history(office, practice, line), read)


def text(line: str, happened: list[Happened]) -> str:
    """The history as text, the newest first."""
    parts = [f"# Line {line}: {len(happened)} act" + ("" if len(happened) == 1 else "s") + ", the newest first"]
    for one in happened:
        moment = one.made_at.replace("T", " ").removesuffix("Z")
        parts.append(
            f"\n# {dates.iso(one.day)}  {one.actor}: {one.kind.replace('_', ' ')}  (act {one.act}, {moment} UTC)"
        )
        if one.reason:
            parts.append(f"Reason: {one.reason}")
        parts += [f"- {words}" for words in one.words]
    return "\n".join(parts)
