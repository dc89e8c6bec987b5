"""Which agencies work for a practice, with their thresholds and brakes (seed 001, external_collections.md 5.2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bo_tui import money
from bo_tui.db.tables import Agency, Assignment
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.formats.office import rowrules
from bo_tui.office import Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.settings import changing
from bo_tui.text import counted

LABELS = {
    "agency": "Agency",
    "balance_greater_than": "Balance Greater Than",
    "age_greater_than": "Age Greater Than",
    "auto_approve": "Auto Approve",
    "auto_create_file": "Auto Create File",
    "max_lines": "Most lines a night",
    "max_amount": "Most amount a night",
    "client_number": "Client number",
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What an assignment says: cents, days, flags; the brakes of a night's approval; the practice's number at the agency."""

    balance_greater_than: int | None = None
    age_greater_than: int | None = None
    auto_approve: bool = False
    auto_create_file: bool = False
    max_lines: int | None = None
    max_amount: int | None = None
    client_number: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment as an act left it."""

    act: int
    assignment: int
    agency: str


def checked(wanted: Thresholds) -> Thresholds:
    """The thresholds as they are kept: an age alone gets balance 0.00. RuleRefusal names the field and the reason.

    Both or neither; auto flags need them; a brake is above zero. The rule of a row is the office CSV's own.
    """
    values = asdict(wanted) | {"client_number": changing.trimmed(wanted.client_number)}
    changing.limits(Assignment, values, LABELS)
    changing.check(values, rowrules.assignment, LABELS)
    for name in ("max_lines", "max_amount"):
        if values[name] == 0:
            raise RuleRefusal(f"{LABELS[name]} must be above zero; leave it empty for no limit.", field=name)
    return Thresholds(**values)


def add(office: Office, practice: int, agency: int, wanted: Thresholds) -> Assigned:
    """Assign an agency (its id) to a practice; once per practice. RuleRefusal, field `agency`, when it is already."""
    roles.require(office, changing.ACTION)
    values = asdict(checked(wanted))
    with office.act("assignment_add", practice) as draft:
        there = lookups.the_practice(practice)
        found = Agency.get_or_none(Agency.id == agency)
        if found is None:
            raise changing.gone(Agency, agency, "agency", None)
        same = (Assignment.practice == practice) & (Assignment.agency == agency)
        if Assignment.select().where(same & (Assignment.removed == False)).exists():  # noqa: E712
            raise RuleRefusal(f"{found.name} is assigned to {there.name} already.", field="agency")
        row = changing.insert(draft, Assignment, {"agency": agency, **values}, keys={"practice": practice})
        ledger.seal(draft)
    return Assigned(draft.id, row, found.name)


def update(office: Office, assignment: int, wanted: Thresholds, *, seen: int | None = None) -> Assigned:
    """Change an assignment's thresholds; its agency stays what it is. `seen` is its act; Conflict names who was faster."""
    roles.require(office, changing.ACTION)
    values = asdict(checked(wanted))
    with office.act("assignment_update", _practice_of(office, assignment)) as draft:
        row, agency = _open(assignment, seen)
        changing.update(draft, Assignment, row, values)
        ledger.seal(draft)
    return Assigned(draft.id, assignment, agency)


def remove(office: Office, assignment: int, *, seen: int | None = None) -> Assigned:
    """End an assignment; its row stays as history. What the agency holds and what waits for it is not touched."""
    roles.require(office, changing.ACTION)
    with office.act("assignment_remove", _practice_of(office, assignment)) as draft:
        row, agency = _open(assignment, seen)
        changing.update(draft, Assignment, row, {"removed": True})
        ledger.seal(draft)
    return Assigned(draft.id, assignment, agency)


def words(row: Assignment) -> str:
    """The thresholds as the rest of a sentence: `takes balances over 99.00 older than 45 days`."""
    if row.age_greater_than is None:
        return "has no thresholds, lines are added by hand"
    return (
        f"takes balances over {money.shown(row.balance_greater_than)} older than {counted(row.age_greater_than, 'day')}"
    )


def _practice_of(office: Office, assignment: int) -> int:
    with office.reading():
        practice: int | None = Assignment.select(Assignment.practice).where(Assignment.id == assignment).scalar()
    if practice is None:
        raise NotFound("There is no such assignment.", field="assignment")
    return practice


def _open(assignment: int, seen: int | None) -> tuple[Assignment, str]:
    """The assignment under the lock, unchanged since it was seen and not removed, and its agency's name."""
    row = Assignment.get_by_id(assignment)
    agency = lookups.agency_name(row.agency)
    state = "was removed" if row.removed else words(row)
    lookups.unchanged(seen, row.act, f"The assignment of {agency}", state)
    if row.removed:
        raise RuleRefusal(f"The assignment of {agency} was removed; add it again.")
    return row, agency
