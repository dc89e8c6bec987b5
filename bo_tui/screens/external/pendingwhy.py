"""Why, for a pending row: what brought it here, what changed since, and how the criteria stand today."""

from __future__ import annotations

from bo_tui import dates, money
from bo_tui.rules.external.lookups import the_practice
from bo_tui.rules.external.why import Why, why
from bo_tui.screens.page import OfficePage
from bo_tui.text import counted
from bo_tui.views.pending import PendingRow
from bo_tui.widgets.textpage import TextPage


def show(page: OfficePage, practice: int, row: PendingRow) -> None:
    """Ask the rules in a worker and show the answer."""
    office = page.office
    page.looked("service_line", row.line_id, "why")

    def read(answer: Why) -> None:
        page.app.push_screen(TextPage(f"Why: line {row.line}", text(row, answer, office.business_date)))

    page.act(lambda: why(office, the_practice(practice), row.line), read)


def text(row: PendingRow, answer: Why, today: int) -> str:
    """The answer as text."""
    parts = [
        f"# Line {row.line} of {row.guarantor}, account {row.account}",
        f"Can it be posted? {by_hand(row)}",
        f"Does the night post it? {'No: ' + ', '.join(row.kept) if row.kept else 'Yes, the next one does'}.",
        f"It is pending for {row.agency}: {row.reason}.",
        f"Balance when queued {money.shown(row.amount)}, now {money.shown(row.balance)}.",
        "",
        "# What changed since it was queued",
        *([f"- {words}" for words in row.changes] or ["- nothing"]),
        "",
        "# What the night asks before it posts a pending line",
        *(f"- {'yes' if verdict.passed else 'NO '}  {verdict.sentence}" for verdict in row.verdicts),
        "",
        f"# The night's criteria today, {dates.iso(today)}, if it were not pending",
        f"Balance {money.shown(answer.balance)}, age {counted(answer.age or 0, 'day')}.",
    ]
    for agency in answer.agencies:
        parts.append(
            f"\n# {agency.agency}: {'meets every criterion' if agency.selected else 'does not meet every criterion'}"
        )
        for verdict in agency.criteria:
            parts.append(f"- {'yes' if verdict.passed else 'NO '}  {verdict.sentence} ({verdict.fact})")
    return "\n".join(parts)


def by_hand(row: PendingRow) -> str:
    """Whether Post places the line now."""
    if row.stops:
        return f"No: {row.stops}."
    if not row.assigned:
        return f"Not with {row.agency}, which is no longer assigned; choose another agency."
    above = next((it.otherwise for it in row.verdicts if it.name == "four_eyes" and not it.passed), "")
    return f"Yes, but it waits for a second person: {above.split(':')[0]}." if above else "Yes, with Post."
