"""*Why?* of one line for pre-collections: each criterion's verdict, from the very expressions that the night selects by."""

from __future__ import annotations

from dataclasses import dataclass, field

from bo_tui.db.tables import Practice, ServiceLine
from bo_tui.errors import NotFound
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.external import lookups
from bo_tui.rules.precollect import criteria, gate
from bo_tui.rules.precollect.terms import Terms, load_terms


@dataclass(frozen=True, slots=True)
class Verdict:
    """One criterion: whether the line meets it, its figures, and the criterion in words."""

    name: str
    passed: bool
    fact: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the night of this date would take the line (or keep it queued), each criterion, and the answer in a sentence."""

    selected: bool
    sentence: str
    criteria: list[Verdict] = field(default_factory=list)
    queued: bool = False


def answer(practice: Practice, line: ServiceLine, day: int) -> Answer:
    """The verdicts for a line on a business date; of a practice that is not enrolled, only the sentence. Within a transaction."""
    if not gate.enrolled(practice):
        return Answer(False, gate.words(practice))
    terms = load_terms(practice, day)
    verdicts = _verdicts(terms, line)
    failed = next((verdict for verdict in verdicts if not verdict.passed), None)
    waits = bool(ServiceLine.select(criteria.queued()).where(ServiceLine.id == line.id).scalar())
    if failed is not None:
        words = f"Not for pre-collections: {failed.name.replace('_', ' ')} ({failed.fact})."
        return Answer(False, words, verdicts, waits)
    words = "Queued for the next Start file." if waits else "For pre-collections: it meets every criterion."
    return Answer(True, words, verdicts, waits)


def _verdicts(terms: Terms, line: ServiceLine) -> list[Verdict]:
    """One query for all criteria."""
    columns = {criterion.name: criterion.passes(terms) for criterion in criteria.ALL}
    for criterion in criteria.ALL:
        columns.update(criterion.measures(terms))
    expressions = [expression.alias(f"c{at}") for at, expression in enumerate(columns.values())]
    row = ServiceLine.select(*expressions).where(ServiceLine.id == line.id).tuples().get()
    age = None if line.aging_date is None else terms.day - line.aging_date
    values = dict(zip(columns, row, strict=True)) | {"balance": line.ar, "age": age}
    return [Verdict(c.name, bool(values[c.name]), c.fact(terms, values), c.sentence) for c in criteria.ALL]


def of_line(office: Office, practice: int, number: str) -> Answer:
    """As `answer`, of a line by number on the office's date; NotFound, field `line`, NotAllowed."""
    roles.require(office, "why")
    with office.reading():
        line = ServiceLine.get_or_none(ServiceLine.practice == practice, ServiceLine.number == number)
        if line is None:
            raise NotFound(f"There is no service fee line {number}.", field="line")
        return answer(lookups.the_practice(practice), line, office.business_date)
