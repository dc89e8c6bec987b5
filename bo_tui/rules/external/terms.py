"""What a practice decided about external collections, as of one business date: rules, and assignments in order of preference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bo_tui.db.compiled import Compiled
from bo_tui.db.tables import Agency, Assignment, ExternalRule, Practice


@dataclass(frozen=True)
class Match:
    """An assignment with thresholds; a lower `rank` is preferred (DESIGN section 3: highest age, then balance, then oldest)."""

    rank: int
    assignment: int
    agency: int
    name: str
    balance: int
    age: int


@dataclass(frozen=True)
class Terms:
    """The terms of one practice on day `day`; `oldest` is its first assignment's agency, with or without thresholds."""

    practice: Practice
    day: int
    rules: ExternalRule
    matches: tuple[Match, ...]
    assignments: tuple[Assignment, ...]
    _once: dict[object, Compiled] = field(init=False, repr=False, compare=False, default_factory=dict)

    def once(self, name: object, query: Callable[[], Any]) -> Compiled:
        """A query of that name, of these terms and otherwise of slots, composed when it is first asked for."""
        found = self._once.get(name)
        if found is None:
            found = self._once[name] = Compiled(query())
        return found

    @property
    def oldest(self) -> int | None:
        """The agency of the practice's oldest assignment, or None."""
        return self.assignments[0].agency if self.assignments else None

    @property
    def window(self) -> int | None:
        """The look-back in days of the payment exclusion, or None when the practice uses none."""
        rules = self.rules
        return rules.payment_within_days if rules.payment_minimum or rules.payment_percent else None


def load_terms(practice: Practice, day: int) -> Terms:
    """Read a practice's terms; call inside a transaction so that all of it is of one state."""
    rules = ExternalRule.get_or_none(ExternalRule.practice == practice.id) or ExternalRule(practice=practice.id)
    open_ones = (Assignment.practice == practice.id) & (Assignment.removed == False)  # noqa: E712
    return make_terms(practice, day, rules, list(Assignment.select().where(open_ones).order_by(Assignment.id)))


def make_terms(practice: Practice, day: int, rules: ExternalRule, assignments: Sequence[Assignment]) -> Terms:
    """The terms of these rules and open assignments, oldest first, whether they are saved or only being considered."""
    names = dict(Agency.select(Agency.id, Agency.name).tuples())
    with_thresholds = [a for a in assignments if a.age_greater_than is not None]
    with_thresholds.sort(key=lambda a: (-a.age_greater_than, -a.balance_greater_than, a.id))
    matches = tuple(
        Match(rank, a.id, a.agency, names[a.agency], a.balance_greater_than, a.age_greater_than)
        for rank, a in enumerate(with_thresholds)
    )
    return Terms(practice, day, rules, matches, tuple(assignments))


def automatic(practice_id: int, day: int) -> list[int]:
    """The agencies whose assignment has files made by the night, and whose agreement is in force, oldest assignment first."""
    ours = (Assignment.practice == practice_id) & (Assignment.removed == False)  # noqa: E712
    signed = Agency.baa_date.is_null(False) & (Agency.baa_date <= day)
    query: Any = Assignment.select(Assignment.agency).join(Agency, on=(Agency.id == Assignment.agency))
    query = query.where(ours & signed & (Assignment.auto_create_file == True))  # noqa: E712
    return [agency_id for (agency_id,) in query.order_by(Assignment.id).tuples()]
