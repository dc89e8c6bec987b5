"""What the operators' acts look up before they write, always inside the act's own transaction, and how they refuse.

A line or placement may have changed since the operator saw it, so nothing that a screen read is trusted: each act reads
here again, in chunks of at most 500 rows, and compares the act that the operator saw where it was given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from peewee import JOIN

from bo_tui import dates, money
from bo_tui.db.tables import Act, Agency, Assignment, Pending, Placement, Practice, ServiceLine
from bo_tui.errors import Conflict, NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.external import holds
from bo_tui.text import first_unsafe

CHUNK = 500  # values in one query; far below SQLite's limit

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class LineState:
    """A service fee line as it stands now, with its open pending row and open placement, if any; amounts in cents."""

    id: int
    account: int
    number: str
    ar: int
    responsibility: str
    aging_date: int | None
    brought_back: bool
    act: int
    pending: int | None
    pending_act: int | None
    pending_agency: int | None
    pending_because: str | None
    placement: int | None
    held: bool


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items in pieces of at most 500."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def required(text: str, field: str, what: str) -> str:
    """The text without surrounding space; RuleRefusal when nothing is left, or for a control character."""
    text = text.strip()
    if not text:
        raise RuleRefusal(f"{what} is compulsory.", field=field)
    if unsafe := first_unsafe(text):
        raise RuleRefusal(f"{what} cannot hold the character {unsafe}.", field=field)
    return text


def the_practice(practice: int) -> Practice:
    """The practice of an id; NotFound when there is none."""
    row = Practice.get_or_none(Practice.id == practice)
    if row is None:
        raise NotFound("There is no such practice.", field="practice")
    return row


def the_agency(name: str) -> Agency:
    """The agency of a name; NotFound, field `agency`."""
    agency = Agency.get_or_none(Agency.name == name)
    if agency is None:
        raise NotFound(f"There is no agency {name}.", field="agency")
    return agency


def assigned_agency(practice: Practice, name: str) -> Agency:
    """The agency of a name, which must be assigned to the practice; NotFound or RuleRefusal, field `agency`, if not."""
    agency = the_agency(name)
    if not _assigned_to(practice, [agency.id]):
        raise RuleRefusal(f"{name} is not assigned to {practice.name}.", field="agency")
    return agency


def refuse_unassigned(practice: Practice, agencies: Iterable[int]) -> None:
    """RuleRefusal, field `agency`, naming the first of these agencies that is not assigned to the practice now."""
    wanted = sorted(set(agencies))
    missing = set(wanted) - _assigned_to(practice, wanted)
    if missing:
        name = agency_name(min(missing))
        raise RuleRefusal(f"{name} is no longer assigned to {practice.name}; choose another agency.", field="agency")


def _assigned_to(practice: Practice, agencies: Sequence[int]) -> set[int]:
    mine = (Assignment.practice == practice.id) & (Assignment.removed == False)  # noqa: E712
    query: Any = Assignment.select(Assignment.agency).where(mine & Assignment.agency.in_(agencies))
    return {agency for (agency,) in query.tuples()}


def agency_name(agency: int) -> str:
    """The name of an agency that is known to exist."""
    return Agency.select(Agency.name).where(Agency.id == agency).scalar()


def agency_names(agencies: Iterable[int]) -> dict[int, str]:
    """Names by id of some agencies."""
    query: Any = Agency.select(Agency.id, Agency.name).where(Agency.id.in_(sorted(set(agencies))))
    return dict(query.tuples())


def line_states(practice: Practice, numbers: Sequence[str], day: int) -> list[LineState]:
    """The lines of these numbers, each once, in the order asked for, as they stand on a business date.

    One query for each 500. Raises RuleRefusal when none is named and NotFound for the first that does not exist.
    """
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise RuleRefusal("Choose at least one service fee line.", field="line")
    found: dict[str, LineState] = {}
    for chunk in chunks(wanted):
        query = _states(day).where((ServiceLine.practice == practice.id) & ServiceLine.number.in_(chunk))
        found.update((row["number"], LineState(**row)) for row in query.dicts())
    for number in wanted:
        if number not in found:
            raise NotFound(f"{practice.name} has no service fee line {number}.", field="line")
    return [found[number] for number in wanted]


def _states(day: int) -> Any:
    waiting = (Pending.line == ServiceLine.id) & Pending.outcome.is_null()
    placed = (Placement.line == ServiceLine.id) & Placement.closed.is_null()
    query: Any = ServiceLine.select(
        ServiceLine.id,
        ServiceLine.account,
        ServiceLine.number,
        ServiceLine.ar,
        ServiceLine.responsibility,
        ServiceLine.aging_date,
        ServiceLine.brought_back,
        ServiceLine.act,
        Pending.id.alias("pending"),
        Pending.act.alias("pending_act"),
        Pending.agency.alias("pending_agency"),
        Pending.because.alias("pending_because"),
        Placement.id.alias("placement"),
        holds.in_force(ServiceLine.account, ServiceLine.id, day).alias("held"),
    )
    return query.join(Pending, JOIN.LEFT_OUTER, on=waiting).join(Placement, JOIN.LEFT_OUTER, on=placed)


def practice_of(office: Office, table: Any, row: int, field: str, what: str, practice: int | None) -> int:
    """The practice that a placement or entry belongs to, so that an act can be opened in it; it never changes.

    With `practice` given the row must be that practice's. Raises NotFound.
    """
    with office.reading():
        owner = table.select(table.practice).where(table.id == row).scalar()
    if owner is None or practice not in (None, owner):
        raise NotFound(f"There is no {what} {row}.", field=field)
    return owner


def open_placement(placement: int, seen: int | None) -> Placement:
    """The placement of an id, which must be open and unchanged since the act `seen`.

    Raises Conflict when it changed, RuleRefusal saying where the debt is when AGTFR or RVCOL closed it.
    """
    row = Placement.get_by_id(placement)
    unchanged(seen, row.act, called(row), standing(row))
    if row.closed is not None:
        raise RuleRefusal(f"{called(row)} {standing(row)}.", field="placement")
    return row


def open_placement_of(line: int) -> Placement | None:
    """The open placement of a line, if it has one."""
    return Placement.get_or_none((Placement.line == line) & Placement.closed.is_null())


def called(row: Placement) -> str:
    """A placement at the beginning of a sentence: `Placement 12 of line L1`; the line is what a person knows it by."""
    number = ServiceLine.select(ServiceLine.number).where(ServiceLine.id == row.line).scalar()
    return f"Placement {row.id} of line {number}"


def named(row: Placement) -> str:
    """As `called`, within a sentence: `placement 12 of line L1`."""
    return called(row).replace("P", "p", 1)


def standing(row: Placement) -> str:
    """How a placement stands, as the rest of a sentence; for a closed one, where the debt is now."""
    if row.closed is None:
        return f"is with {row.agency_name} and its balance is {money.shown(row.balance)}"
    closed = f"was closed by {row.closed} on {dates.iso(row.closed_on)}"
    now = open_placement_of(row.line)
    return f"{closed}; the debt is {'back in active AR' if now is None else f'now {_where(now)}'}"


def _where(row: Placement) -> str:
    return f"with {row.agency_name} as placement {row.id}, balance {money.shown(row.balance)}"


def where_placed(placement: int) -> str:
    """Where a placed debt is: `with First Bay as placement 12, balance 355.00`."""
    return _where(Placement.get_by_id(placement))


def refuse_if_placed(line: int) -> None:
    """RuleRefusal while a line (its id) has an open placement, saying where the debt is and what to do.

    For whatever moves money or responsibility on the AR line: the guarantor's payments, adjustments, fee reversals and
    responsibility changes (DESIGN section 2). An insurer's payment is not refused.
    """
    row = open_placement_of(line)
    if row is not None:
        number = ServiceLine.select(ServiceLine.number).where(ServiceLine.id == line).scalar()
        raise RuleRefusal(
            f"Line {number} is {_where(row)}; record it on the placement, or transfer the debt back to active AR first "
            "(Transactions, Alt+T; Alt+M X goes there).",
            field="line",
        )


def unchanged(seen: int | None, current: int, what: str, state: str) -> None:
    """Conflict when the act that the operator saw on a row is not its current one: who changed it, by what, and its state."""
    if seen is None or seen == current:
        return
    act = Act.get_by_id(current)
    raise Conflict(f"{what} was changed meanwhile by {act.actor} ({act.kind.replace('_', ' ')}): it {state}.")
