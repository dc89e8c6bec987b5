"""Why a line is, or is not, taken for a Start file: the night's own criteria with their figures, as a page of text."""

from __future__ import annotations

from bo_tui import dates
from bo_tui.office import Office
from bo_tui.rules.precollect import why
from bo_tui.rules.precollect.why import Answer


def text(office: Office, practice: int, line: str) -> str:
    """Ask the rules about one line (by number) and put the answer in words; NotFound."""
    return page(line, why.of_line(office, practice, line), office.business_date)


def page(line: str, answer: Answer, today: int) -> str:
    """The answer as text."""
    criteria = [f"- {'yes' if one.passed else 'NO '}  {one.sentence} ({one.fact})" for one in answer.criteria]
    return "\n".join([f"# Line {line} and pre-collections, {dates.iso(today)}", answer.sentence, "", *criteria])
