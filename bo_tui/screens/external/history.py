"""History of the line (H): who did what to it, from the first act to the last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.codes import ACTIVITY
from bo_tui.views import history
from bo_tui.views.history import Event
from bo_tui.widgets.textpage import TextPage

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage


def start(page: TransactionsPage) -> None:
    """Show the history of the current row's service fee line."""
    facts = page.facts()
    title = f"History: line {facts.line}, account {facts.account}, {facts.guarantor}"
    page.looked("service_line", facts.line_id, "history")

    def show(events: list[Event]) -> None:
        page.app.push_screen(TextPage(title, text(events)))

    page.read(lambda: history.of_line(page.office, facts.line_id), show, group="history")


def text(events: list[Event]) -> str:
    """The events as a page, an act a heading, the newest first."""
    return "\n".join(line for event in reversed(events) for line in _event(event))


def _event(event: Event) -> list[str]:
    reason = f": {event.reason}" if event.reason else ""
    when = dates.written(event.made_at, event.business_date)
    lines = [f"# {when}  {event.kind.replace('_', ' ')} by {event.actor}{reason}"]
    for code, debit, credit, amount, note in event.entries:
        words = f" - {note}" if note and note != event.reason else ""
        lines.append(f"- {code} {shown(amount)} ({ACTIVITY[code].meaning}; {credit} to {debit}){words}")
    for subject, name, before, after in event.changes:
        moved = f"{before} to {after}" if before is not None else f"{after}"
        lines.append(f"- {subject.replace('_', ' ')}: {name.replace('_', ' ')} {moved}")
    for outcome, agency, amount, why in event.waiting:
        lines.append(f"- {outcome} for {agency}, {shown(amount)}" + (f": {why}" if why and why != event.reason else ""))
    return [*lines, f"  act {event.act}", ""]
