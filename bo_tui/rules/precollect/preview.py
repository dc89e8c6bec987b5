"""What the next night would queue under rules that are not saved yet, beside what it would queue now (seed 002).

The night's own code decides, over the same chunks of accounts; a chunk is decided under both rules in one snapshot. Nothing is
written but temporary tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

from bo_tui.db.tables import PrecollectionRule
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.precollect import gate, selection
from bo_tui.rules.precollect.selection import Sums
from bo_tui.rules.precollect.terms import Terms, load_terms
from bo_tui.rules.settings.compared import Compared
from bo_tui.rules.settings.precollection_rules import Rules
from bo_tui.rules.settings.preview import CANDIDATES, ROWS, next_night


@dataclass
class Outcome:
    """What a night would do, in lines and cents: queue, leave out under a criterion, and take out of the queue again."""

    queued: Sums = (0, 0)
    excluded: dict[str, Sums] = field(default_factory=dict)
    withdrawn: Sums = (0, 0)


Preview = Compared[Outcome]


def preview(
    office: Office,
    practice: int,
    rules: Rules,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    chunk: int = CANDIDATES,
) -> Preview | None:
    """Decide the next night's candidates under the rules of now and under `rules`; None when `cancelled` said so.

    Reads in one short snapshot per chunk. NotAllowed, NotFound, RuleRefusal without enrolment.
    """
    roles.require(office, "look")
    with office.reading():
        old = load_terms(gate.the_practice(practice), next_night(practice, office.business_date))
    new = replace(old, rules=PrecollectionRule(practice=practice, **asdict(rules)))
    result = Preview(old.day, Outcome(), Outcome())
    sides = ((old, result.old), (new, result.new))
    for step in (_withdraw, _select):
        after: int | None = 0
        while after is not None:
            if cancelled():
                return None
            with office.reading():
                after = step(sides, after, chunk)
    return result


Sides = tuple[tuple[Terms, Outcome], ...]


def _withdraw(sides: Sides, after: int, chunk: int) -> int | None:
    last = selection.tasks_up_to(sides[0][0].practice.id, after, ROWS)
    if last is not None:
        for terms, outcome in sides:
            outcome.withdrawn = _plus(outcome.withdrawn, selection.find_withdrawals(terms, (after, last)))
    return last


def _select(sides: Sides, after: int, chunk: int) -> int | None:
    last = selection.accounts_up_to(sides[0][0], after, chunk)
    if last is not None:
        for terms, outcome in sides:
            selection.decide(terms, (after, last))
            sums = selection.totals()
            outcome.queued = _plus(outcome.queued, sums.pop(selection.QUEUED, (0, 0)))
            for name, more in sums.items():
                outcome.excluded[name] = _plus(outcome.excluded.get(name, (0, 0)), more)
    return last


def _plus(one: Sums, other: Sums) -> Sums:
    return one[0] + other[0], one[1] + other[1]
