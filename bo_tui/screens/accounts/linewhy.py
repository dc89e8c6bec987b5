"""F8 on Active AR: what the night would do with the line, for agencies and for pre-collections, and why."""

from __future__ import annotations

from bo_tui import dates, money
from bo_tui.rules.external.lookups import the_practice
from bo_tui.rules.external.why import Why, why
from bo_tui.screens.page import OfficePage
from bo_tui.screens.precollect import linewhy
from bo_tui.text import counted
from bo_tui.widgets.textpage import TextPage


def show(page: OfficePage, practice: int, line_id: int, line: str) -> None:
    """Ask the rules in a worker and show the answer."""
    page.looked("service_line", line_id, "why")
    today = page.office.business_date

    def shown(answer: Why) -> None:
        page.app.push_screen(TextPage(f"Why: line {line}", text(answer, today)))

    page.act(lambda: why(page.office, the_practice(practice), line), shown)


def text(answer: Why, today: int) -> str:
    """The answer as text."""
    age = "" if answer.age is None else f", age {counted(answer.age, 'day')}"
    parts = [
        f"# Line {answer.line} on {dates.iso(today)}",
        answer.sentence,
        f"Balance {money.shown(answer.balance)}{age}.",
    ]
    for agency in answer.agencies:
        met = "meets every criterion" if agency.selected else "does not meet every criterion"
        parts.append(f"\n# {agency.agency}: {met}")
        parts += [f"- {'yes' if one.passed else 'NO '}  {one.sentence} ({one.fact})" for one in agency.criteria]
    if answer.precollections is not None:
        parts += ["", linewhy.page(answer.line, answer.precollections, today)]
    return "\n".join(parts)
