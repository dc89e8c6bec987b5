"""Start: lines go into pre-collections, each account new to TSI by one record of a Start file (DESIGN section 4).

An account that is still with TSI is told by a DB in the next Stop file, one suspended at most 50 days ago by an RI. As with agency
files, everything is read and rendered before the write lock is taken, and read again under it only if somebody acted meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, SQL, Case, Value, fn

from bo_tui import money
from bo_tui.db.bulk import insert_rows, rows_of
from bo_tui.db.tables import (
    Practice,
    PrecollectAccount,
    Precollection,
    PrecollectMessage,
    PrecollectTask,
    ServiceLine,
)
from bo_tui.db.tables.scratch import emptied
from bo_tui.db.tables.scratchprecollect import Starting
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.formats import precollect as formats
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups, outgoing
from bo_tui.rules.precollect import criteria, files, gate, selection, startrows, startwriting
from bo_tui.rules.precollect.files import MadeFile
from bo_tui.rules.precollect.terms import Terms, load_terms

REINSTATED_WITHIN = (
    50  # days after SS in which a return is RI; later TSI has cancelled by itself (formats_and_libraries.md 1.2)
)
KIND = "precollect_start"
LARGEST = 5_000  # lines of one Start file: so many are written within a transaction's quarter of a second
_STARTING: list[Any] = [Starting.line, Starting.account, Starting.amount, Starting.route]
Lines = Sequence[int] | None  # line ids, or what is queued


@dataclass(frozen=True, slots=True)
class Started:
    """What a Start did: its Start files, lines and cents, and how many accounts' DB or RI wait for the next Stop file."""

    files: tuple[MadeFile, ...]
    lines: int
    amount: int
    updates: int


@dataclass(frozen=True, slots=True)
class _Snapshot:
    seen: tuple[int, int]
    chosen: list[tuple[Any, ...]]  # the rows of the temporary table, which a snapshot's end empties
    contents: files.Bytes | None


def create_start(
    office: Office, practice: int, lines: Sequence[str] | None = None, *, seen: Mapping[str, int] | None = None
) -> Started:
    """Start lines (by number; default: all that are queued and still qualify) for an operator.

    `seen` maps a line's number to its act as the operator saw it. Raises NotAllowed, Conflict, NotFound, and RuleRefusal: field
    `practice` without enrolment, field `line` for the first line that fails a criterion, or when there is nothing to start.
    """
    roles.require(office, gate.ACTION)
    with office.reading():
        gate.the_practice(practice)
        chosen = None if lines is None else _chosen(office, practice, lines, seen or {})
    made: list[_Done] = []
    if chosen is None:
        made = list(start_queued(office, practice))
    else:
        for start in range(0, len(chosen), LARGEST):
            done = _start(office, practice, chosen[start : start + LARGEST], None, seen or {})
            made += [] if done is None else [done]
    if not made:
        raise RuleRefusal("Nothing is queued that may start now.", field="line")
    return _summed(made)


@dataclass(frozen=True, slots=True)
class _Done:
    file: MadeFile | None
    lines: int
    amount: int
    updates: int


def _summed(made: Sequence[_Done]) -> Started:
    found = tuple(done.file for done in made if done.file is not None)
    return Started(
        found, sum(it.lines for it in made), sum(it.amount for it in made), sum(it.updates for it in made)
    )  # fmt: skip


def start_queued(office: Office, practice: int) -> Iterator[_Done]:
    """Start what is queued, a Start file for each 5,000 lines of whole accounts; the night's way, without a role or a refusal."""
    after = 0
    while True:
        with office.reading():
            last = selection.tasks_up_to(practice, after, LARGEST)
        if last is None:
            return
        done = _start(office, practice, None, (after, last), {})
        if done is not None:
            yield done
        after = last


def lacking(office: Office, practice: int, lines: Sequence[str] | None = None) -> list[tuple[str, list[str]]]:
    """What the accounts of a Start file of these lines (default: of what is queued) would lack: (account number, words).

    An empty account number stands for the practice. They go into the file all the same; the list comes before it is made.
    """
    with office.reading():
        row = gate.the_practice(practice)
        terms = load_terms(row, office.business_date)
        if lines is not None:
            _choose(terms, _ids(row, lines), None)
            return startrows.lacking(row, startrows.rows(row, payments=False))
        found: list[tuple[str, list[str]]] = []
        after = 0
        while (
            last := selection.tasks_up_to(practice, after, LARGEST)
        ) is not None:  # a first Start may be of a whole office
            _choose(terms, None, (after, last))
            more = startrows.lacking(row, startrows.rows(row, payments=False))
            found += more[1:] if found and more and not more[0][0] and not found[0][0] else more
            after = last
        return found


# --- choosing ------------------------------------------------------------------------------------------------------


def _ids(practice: Practice, numbers: Sequence[str]) -> list[int]:
    return [found[0] for found in _found(practice, numbers).values()]


def _found(practice: Practice, numbers: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Ids and acts of lines by number, in the order asked for; NotFound, field `line`, for the first that does not exist."""
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise RuleRefusal("Choose at least one service fee line.", field="line")
    found: dict[str, tuple[int, int]] = {}
    for chunk in lookups.chunks(wanted):
        query: Any = ServiceLine.select(ServiceLine.number, ServiceLine.id, ServiceLine.act)
        query = query.where((ServiceLine.practice == practice.id) & ServiceLine.number.in_(chunk))
        found.update((number, (line, act)) for number, line, act in query.tuples())
    for number in wanted:
        if number not in found:
            raise NotFound(f"{practice.name} has no service fee line {number}.", field="line")
    return {number: found[number] for number in wanted}


def _chosen(office: Office, practice: int, numbers: Sequence[str], seen: Mapping[str, int]) -> list[int]:
    """Line ids of whole accounts together; refused where one was changed since it was seen, or fails a criterion."""
    row = lookups.the_practice(practice)
    found = _found(row, numbers)
    terms = load_terms(row, office.business_date)
    _refuse(terms, list(found.items()), seen)
    ids = [line for line, _ in found.values()]
    owners: dict[int, int] = {}
    for chunk in lookups.chunks(ids):
        query: Any = ServiceLine.select(ServiceLine.id, ServiceLine.account).where(ServiceLine.id.in_(chunk))
        owners.update(query.tuples())
    return sorted(ids, key=lambda line: (owners[line], line))


def _refuse(terms: Terms, found: Sequence[tuple[str, tuple[int, int]]], seen: Mapping[str, int]) -> None:
    sentences = {criterion.name: criterion.sentence for criterion in criteria.ALL}
    for chunk in lookups.chunks(found):
        failed: Any = criteria.first_failed(terms)
        query: Any = ServiceLine.select(ServiceLine.id, ServiceLine.ar, failed).where(
            ServiceLine.id.in_([line for _, (line, _) in chunk])
        )
        standing = {line: (balance, name) for line, balance, name in query.tuples()}
        for number, (line, act) in chunk:
            balance, name = standing[line]
            state = f"has a balance of {money.shown(balance)} in active AR"
            lookups.unchanged(seen.get(number), act, f"Line {number}", state)
            if name is not None:
                words = f"Line {number} does not qualify: {selection.WORDS[name]} ({sentences[name][:-1]})."
                raise RuleRefusal(words, field="line")


def _choose(terms: Terms, lines: Lines, accounts: selection.Range | None) -> None:
    """Fill the temporary table with what starts, each with its route."""
    emptied(Starting)
    qualifies = criteria.qualifies(terms) & (ServiceLine.practice == terms.practice.id)
    if lines is not None:
        for chunk in lookups.chunks(lines):
            _add(terms, ServiceLine.id.in_(chunk) & qualifies)
    else:
        waiting = (PrecollectTask.practice == terms.practice.id) & PrecollectTask.outcome.is_null()
        if accounts is not None:
            waiting &= (PrecollectTask.account > accounts[0]) & (PrecollectTask.account <= accounts[1])
        _add(terms, ServiceLine.id.in_(PrecollectTask.select(PrecollectTask.line).where(waiting)) & qualifies)


def _add(terms: Terms, which: Any) -> None:
    known = PrecollectAccount
    recent = (known.state == SQL("'suspended'")) & (known.suspended_on >= terms.day - REINSTATED_WITHIN)
    route = Case(None, [(known.state == SQL("'with'"), Value("DB")), (recent, Value("RI"))], Value("PL"))
    query: Any = ServiceLine.select(ServiceLine.id, ServiceLine.account, ServiceLine.ar, route)
    query = query.join(known, JOIN.LEFT_OUTER, on=(known.account == ServiceLine.account)).where(which)
    Starting.insert_from(query, _STARTING).execute()


# --- starting ------------------------------------------------------------------------------------------------------


def _start(
    office: Office, practice: int, lines: Lines, accounts: selection.Range | None, seen: Mapping[str, int]
) -> _Done | None:
    with office.reading():
        found = _read(office, practice, lines, accounts)
    if not found.chosen:
        return None
    with office.act(KIND, practice) as draft:
        if outgoing.last_acts(practice) != found.seen:  # somebody acted since the snapshot: read again, under the lock
            if lines is not None:
                _refuse_again(office, practice, lines, seen)
            found = _read(office, practice, lines, accounts)
        else:
            emptied(Starting)
            insert_rows(draft.writing.store.db, _STARTING, found.chosen)
        return _store(draft, gate.the_practice(practice), found) if found.chosen else None


def _refuse_again(office: Office, practice: int, lines: Sequence[int], seen: Mapping[str, int]) -> None:
    terms = load_terms(lookups.the_practice(practice), office.business_date)
    for chunk in lookups.chunks(lines):
        query: Any = ServiceLine.select(ServiceLine.number, ServiceLine.id, ServiceLine.act)
        rows = query.where(ServiceLine.id.in_(chunk)).tuples()
        _refuse(terms, [(number, (line, act)) for number, line, act in rows], seen)


def _read(office: Office, practice: int, lines: Lines, accounts: selection.Range | None) -> _Snapshot:
    seen = outgoing.last_acts(practice)
    row = gate.the_practice(practice)
    _choose(load_terms(row, office.business_date), lines, accounts)
    chosen = rows_of(Starting.select(*_STARTING))
    rows = startrows.rows(row)
    if not rows:
        return _Snapshot(seen, chosen, None)
    owners = len({it.account for it in rows})
    total = sum(it.balance for it in rows)
    contents = files.Bytes.of(formats.render_start(rows), owners, len(rows), owners, total)
    return _Snapshot(seen, chosen, contents)


def _store(draft: Draft, practice: Practice, found: _Snapshot) -> _Done:
    made = None if found.contents is None else files.insert(draft, practice, formats.START, found.contents)
    startwriting.write(draft, made.id if made is not None else None)
    updates: Any = PrecollectMessage.select().where(
        (PrecollectMessage.made_act == draft.id) & PrecollectMessage.file.is_null()
    )
    waiting = updates.count()
    amount = Precollection.select(fn.SUM(Precollection.amount)).where(Precollection.act == draft.id).scalar() or 0
    ledger.seal(draft)
    return _Done(made, len(found.chosen), amount, waiting)
