"""What the next night would do under settings that are not saved yet, beside what it would do now.

The night's own code decides, over the same chunks of accounts, with terms in which only the fields in question are
replaced; nothing is written but temporary tables. A chunk is decided under both terms in one snapshot, so a difference is
always the settings' and never an operator's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from peewee import fn

from bo_tui.db.tables import Assignment, ExternalRule, Pending, Run
from bo_tui.db.tables.scratch import Decision, Moving, Withdrawal
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.external import approval, lookups, reassignment, selection, withdrawal
from bo_tui.rules.external.criteria import NAMES
from bo_tui.rules.external.terms import Terms, load_terms, make_terms
from bo_tui.rules.settings.assignments import Thresholds
from bo_tui.rules.settings.compared import Compared
from bo_tui.rules.settings.external_rules import Rules

CANDIDATES = 10_000  # candidate balances a chunk looks at, as in the night
ROWS = 5_000  # pending rows a chunk looks at, as in the night

Sums = dict[str, tuple[int, int]]  # a name -> count and cents
Proposal = Callable[[Terms], Terms]


@dataclass
class Outcome:
    """What a night would do, in lines and cents: `selected` by agency, `excluded` by criterion.

    `withdrawn` and `posted` are rows that wait already and are taken out again, or posted by Auto Approve; `moved` are
    placements that go on to another agency, by the agency they go to.
    """

    selected: Sums = field(default_factory=dict)
    excluded: Sums = field(default_factory=dict)
    withdrawn: Sums = field(default_factory=dict)
    moved: Sums = field(default_factory=dict)
    posted: Sums = field(default_factory=dict)

    @property
    def total(self) -> tuple[int, int]:
        """Lines and cents selected, all agencies together."""
        return _total(self.selected)


Preview = Compared[Outcome]


def preview(
    office: Office,
    practice: int,
    proposal: Proposal,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    chunk: int = CANDIDATES,
) -> Preview | None:
    """Decide the next night's candidates under the terms of now and under `proposal(terms)`; None when `cancelled` said so.

    Reads in one short snapshot per chunk. Rows that the night first takes out of Pending are counted as withdrawn, not
    again as candidates. NotAllowed, NotFound.
    """
    roles.require(office, "look")
    with office.reading():
        old = load_terms(lookups.the_practice(practice), next_night(practice, office.business_date))
        new = proposal(old)
    result = Preview(old.day, Outcome(), Outcome())
    sides = ((old, result.old), (new, result.new))
    for step in (_withdraw, _move, _select, _approve):
        for _ in step(office, sides, chunk):
            if cancelled():
                return None
    return result


def next_night(practice: int, today: int) -> int:
    """The business date of the next night that decides anything: today, or the day after the last finished one."""
    last = Run.select(fn.MAX(Run.business_date)).where((Run.practice == practice) & (Run.status == "done")).scalar()
    return today if last is None else max(today, last + 1)


# --- what may be considered --------------------------------------------------------------------------------------------


def with_rules(rules: Rules) -> Proposal:
    """The terms with other exclusions and rules."""

    def proposal(terms: Terms) -> Terms:
        row = ExternalRule(practice=terms.practice.id, **asdict(rules))
        return make_terms(terms.practice, terms.day, row, terms.assignments)

    return proposal


def with_assignment(agency: int, wanted: Thresholds) -> Proposal:
    """The terms with an agency's assignment changed, or added as the youngest where it has none."""

    def proposal(terms: Terms) -> Terms:
        there = next((row.id for row in terms.assignments if row.agency == agency), None)
        youngest = max([row.id for row in terms.assignments], default=0) + 1
        row = Assignment(id=there or youngest, practice=terms.practice.id, agency=agency, **asdict(wanted))
        others = [one for one in terms.assignments if one.agency != agency]
        return make_terms(terms.practice, terms.day, terms.rules, sorted([*others, row], key=lambda one: one.id))

    return proposal


def without_assignment(agency: int) -> Proposal:
    """The terms without an agency's assignment."""

    def proposal(terms: Terms) -> Terms:
        others = [one for one in terms.assignments if one.agency != agency]
        return make_terms(terms.practice, terms.day, terms.rules, others)

    return proposal


# --- the steps of the night --------------------------------------------------------------------------------------------

Sides = tuple[tuple[Terms, Outcome], ...]


def _withdraw(office: Office, sides: Sides, chunk: int) -> Iterator[None]:
    after = 0
    while True:
        with office.reading():
            last = withdrawal.accounts_up_to(sides[0][0], after, ROWS)
            if last is None:
                return
            for terms, outcome in sides:
                withdrawal.find(terms, (after, last))
                _add(outcome.withdrawn, _withdrawn(terms))
        after = last
        yield


def _withdrawn(terms: Terms) -> Sums:
    rows: Any = Withdrawal.select(Pending.agency, fn.COUNT(Pending.id), fn.SUM(Pending.amount))
    rows = rows.join(Pending, on=(Pending.id == Withdrawal.pending)).group_by(Pending.agency)
    return _named({agency: (count, cents) for agency, count, cents in rows.tuples()})


def _move(office: Office, sides: Sides, chunk: int) -> Iterator[None]:
    for terms, outcome in sides:
        after: int | None = 0
        while terms.rules.auto_reassign and after is not None:
            with office.reading():
                after = reassignment.choose(terms, after, ROWS)
                if after is not None:
                    _add(outcome.moved, _moved())
            yield


def _moved() -> Sums:
    rows: Any = Moving.select(Moving.agency, fn.COUNT(Moving.seq), fn.SUM(Moving.amount)).group_by(Moving.agency)
    return _named({agency: (count, cents) for agency, count, cents in rows.tuples()})


def _select(office: Office, sides: Sides, chunk: int) -> Iterator[None]:
    after = 0
    while True:
        with office.reading():
            last = selection.accounts_up_to(sides[0][0], after, chunk)
            if last is None:
                return
            for terms, outcome in sides:
                selection.decide_with_returned_mail(terms, (after, last))
                _add(outcome.excluded, {name: sums for name, sums in selection.totals().items() if name in NAMES})
                _add(outcome.selected, _selected())
        after = last
        yield


def _selected() -> Sums:
    rows: Any = Decision.select(Decision.agency, fn.COUNT(Decision.line), fn.SUM(Decision.balance))
    rows = rows.where(Decision.agency.is_null(False)).group_by(Decision.agency)
    return _named({agency: (count, cents) for agency, count, cents in rows.tuples()})


def _approve(office: Office, sides: Sides, chunk: int) -> Iterator[None]:
    """Rows that wait already: an Auto Approve just switched on posts them too, whatever night or operator queued them."""
    for terms, outcome in sides:
        after, used, stopped = 0, dict[int, tuple[int, int]](), set[int]()
        while True:
            with office.reading():
                chosen = approval.choose(terms, after, used, stopped, ROWS)
                approved = approval.approved()
                _add(outcome.posted, _named(approved))
            if chosen.last is None:
                break
            for agency, (count, cents) in approved.items():
                before = used.get(agency, (0, 0))
                used[agency] = before[0] + count, before[1] + cents
            after, stopped = chosen.last, stopped | chosen.braked
            yield


def _named(sums: dict[int, tuple[int, int]]) -> Sums:
    names = lookups.agency_names(sums)
    return {names[agency]: value for agency, value in sums.items()}


def _add(sums: Sums, more: Sums) -> None:
    for name, (count, cents) in more.items():
        before = sums.get(name, (0, 0))
        sums[name] = before[0] + count, before[1] + cents


def _total(sums: Sums) -> tuple[int, int]:
    return sum(count for count, _ in sums.values()), sum(cents for _, cents in sums.values())
