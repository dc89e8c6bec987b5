"""Stop: what TSI is told of accounts that it has, in Stop files, and Stop Pre-Coll of single lines (DESIGN section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import SQL, fn

from bo_tui import dates
from bo_tui.db.tables import Account, Practice, PrecollectAccount, Precollection, PrecollectMessage, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.formats import precollect as formats
from bo_tui.formats.precollect import StopRecord
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups, outgoing
from bo_tui.rules.precollect import files, gate, looking, reinstating, startrows, telling, told
from bo_tui.rules.precollect.files import MadeFile
from bo_tui.rules.precollect.terms import Terms, load_terms

KIND = "precollect_stop"
LATE = "more than 50 days after the SS: a new placement, in a Start file"
ACCOUNTS = 1_000  # accounts with TSI that one look covers


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One record that the next Stop file would hold, or (`left_out`) leaves out; cents, a day number, and why where it says so."""

    account: str
    guarantor: str
    type: str
    date: int
    amount: int
    balance: int
    reason: str | None
    left_out: bool


@dataclass(frozen=True, slots=True)
class Stopped:
    """Lines (by number) that are out of pre-collections now, and the messages (and their cents) that wait for the Stop file."""

    act: int
    lines: tuple[str, ...]
    messages: int
    amount: int


@dataclass(frozen=True, slots=True)
class _Snapshot:
    seen: tuple[int, int]
    last: int
    contents: files.Bytes


def create_stop(office: Office, practice: int) -> list[MadeFile]:
    """Look at the accounts with TSI of which there may be something to tell, and tell it, in as many Stop files as that needs.

    Raises NotAllowed, RuleRefusal, field `practice` without enrolment, and when there is nothing to tell.
    """
    roles.require(office, gate.ACTION)
    with office.reading():
        terms = load_terms(gate.the_practice(practice), office.business_date)
    for accounts in _touched(office, practice):
        _look(office, terms, accounts)
    made = list(make_files(office, practice))
    if not made:
        raise RuleRefusal("There is nothing to tell TSI: nothing happened to the accounts it has, and nothing waits.")
    return made


def _touched(office: Office, practice: int) -> Iterator[list[int]]:
    after = 0
    while True:
        with office.reading():
            found = looking.touched(practice, after, office.business_date, ACCOUNTS)
        if not found:
            return
        yield found
        after = found[-1]


def _look(office: Office, terms: Terms, accounts: Sequence[int]) -> None:
    with office.act("precollect_look", terms.practice.id) as draft:
        told.look(draft, terms, among(accounts))
        if told.said_anything(draft):
            ledger.seal(draft)
        else:
            draft.writing.sealed = True  # only how far was looked


def among(accounts: Sequence[int]) -> looking.Which:
    """The condition on accounts to be one of these, a thousand at most."""
    return lambda column: column.in_(list(accounts))


def upcoming(office: Office, practice: int) -> list[Upcoming]:
    """What the next Stop file would hold now, oldest first: what waits already, and what a look would find. Writes nothing.

    An RI past its 50 days is listed as the PL that goes into a Start file of its own first (`make_files`).
    """
    roles.require(office, "look")
    with office.reading():
        row = gate.the_practice(practice)
        terms = load_terms(row, office.business_date)
        names = _names(practice)
        late = {message for (message,) in reinstating.late(practice, terms.day).tuples()}
        rows = [
            Upcoming(*names[account], startrows.PLACEMENT, terms.day, amount, balance, LATE, False)
            if message in late
            else Upcoming(*names[account], kind, date, amount, balance, reason, False)
            for message, account, kind, date, amount, balance, reason in _queued(practice).tuples()
        ]
        manner = telling.Manner(terms.day, bool(terms.rules.thank_you), bool(terms.rules.exclude_excol))
        for accounts in _touched(office, practice):
            for it in looking.accounts(practice, among(accounts), terms.day):
                said = telling.tell(it.told, it.stays, it.moves, manner, held=it.held)
                rows += [
                    Upcoming(*names[it.account], one.type, one.date, one.amount, one.balance, one.reason, one.left_out)
                    for one in said.messages
                ]
    return rows


def _names(practice: int) -> dict[int, tuple[str, str]]:
    known = PrecollectAccount.select(PrecollectAccount.account).where(PrecollectAccount.practice == practice)
    query: Any = Account.select(Account.id, Account.number, Account.guarantor).where(Account.id.in_(known))
    return {account: (number, guarantor) for account, number, guarantor in query.tuples()}


def _queued(practice: int) -> Any:
    row = PrecollectMessage
    query: Any = row.select(row.id, row.account, row.type, row.date, row.amount, row.balance, row.reason)
    return query.where(_waiting(practice)).order_by(row.id)


def _waiting(practice: int) -> Any:
    row = PrecollectMessage
    return (row.practice == practice) & row.file.is_null() & (row.left_out == SQL("0"))


# --- Stop files ----------------------------------------------------------------------------------------------------


def make_files(office: Office, practice: int) -> Iterator[MadeFile]:
    """Put what waits into Stop files, each one act; the night's way, without a look, a role or a refusal.

    An RI that waited beyond its 50 days goes into a Start file first, as a PL.
    """
    yield from reinstating.place_late(office, practice)
    while (made := _make_one(office, practice)) is not None:
        yield made


def _make_one(office: Office, practice: int) -> MadeFile | None:
    with office.reading():
        found = _read(practice)
    if found is None:
        return None
    with office.act(KIND, practice) as draft:
        if outgoing.last_acts(practice) != found.seen:  # somebody acted since the snapshot: read again, under the lock
            found = _read(practice)
        return None if found is None else _store(draft, gate.the_practice(practice), found)


def _read(practice: int) -> _Snapshot | None:
    seen = outgoing.last_acts(practice)
    row, number = PrecollectMessage, lookups.the_practice(practice).tsi_client_number or ""
    query: Any = row.select(row.id, Account.number, row.type, row.date, row.amount, row.balance)
    query = query.join(Account, on=(Account.id == row.account)).where(_waiting(practice)).order_by(row.id)
    found = list(query.limit(files.LARGEST).tuples())
    if not found:
        return None
    records = [StopRecord(number, *values) for _, *values in found]
    total = sum(record.amount for record in records)
    accounts = len({record.account for record in records})
    contents = files.Bytes.of(formats.render_stop(records), len(records), len(records), accounts, total)
    return _Snapshot(seen, found[-1][0], contents)


def _store(draft: Draft, practice: Practice, found: _Snapshot) -> MadeFile:
    made = files.insert(draft, practice, formats.STOP, found.contents)
    row = PrecollectMessage
    these = _waiting(practice.id) & (row.id <= found.last)
    row.update({row.file: made.id, row.act: draft.id}).where(these).execute()
    suspended = row.select(row.account).where((row.file == made.id) & (row.type == "SS"))
    known = PrecollectAccount
    again = (known.state == SQL("'suspended'")) & known.account.in_(suspended)
    known.update({known.suspended_on: draft.business_date, known.act: draft.id}).where(
        again
    ).execute()  # TSI counts from now
    ledger.seal(draft)
    return made


# --- Stop Pre-Coll -------------------------------------------------------------------------------------------------


def stop_precollection(
    office: Office, practice: int, lines: Sequence[str], *, seen: Mapping[str, int] | None = None
) -> Stopped:
    """Take lines (by number) out of pre-collections: the next Stop file says SS, or CR while TSI keeps others of the account.

    What was posted before is told first; where that leaves the account paid, PF is told instead. `seen` maps a line's number to
    the act of its stay. Raises Conflict, NotFound and RuleRefusal, field `practice` or `line`.
    """
    roles.require(office, gate.ACTION)
    with office.act("precollect_cancel", practice) as draft:
        terms = load_terms(gate.the_practice(practice), office.business_date)
        stays = _stays(terms.practice, lines, seen or {})
        found = stop_within(draft, terms, stays)
        ledger.seal(draft)
    return Stopped(draft.id, tuple(stays), found.count, found.amount)


def stop_within(draft: Draft, terms: Terms, stays: Mapping[str, Precollection]) -> told.Looked:
    """As `stop_precollection`, of open stays by line number, within an act that the caller seals."""
    accounts = sorted({stay.account for stay in stays.values()})
    stopped = frozenset(stay.id for stay in stays.values())
    count, amount, ended = 0, 0, dict[int, str]()
    for chunk in lookups.chunks(accounts):
        found = told.look(draft, terms, lambda column, chunk=chunk: column.in_(chunk), stopped)  # type: ignore[misc]
        count, amount, ended = count + found.count, amount + found.amount, ended | found.ended
    return told.Looked(count, amount, ended)


def _stays(practice: Practice, numbers: Sequence[str], seen: Mapping[str, int]) -> dict[str, Precollection]:
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise RuleRefusal("Choose at least one service fee line.", field="line")
    found: dict[str, Precollection] = {}
    lines: dict[str, int] = {}
    for chunk in lookups.chunks(wanted):
        mine = (ServiceLine.practice == practice.id) & ServiceLine.number.in_(chunk)
        lines.update(ServiceLine.select(ServiceLine.number, ServiceLine.id).where(mine).tuples())
    numbers_of = {line: number for number, line in lines.items()}
    for ids in lookups.chunks(list(numbers_of)):
        for stay in Precollection.select().where(Precollection.line.in_(ids) & Precollection.ended.is_null()):
            found[numbers_of[stay.line]] = stay
    for number in wanted:
        if number not in lines:
            raise NotFound(f"{practice.name} has no service fee line {number}.", field="line")
        if number not in found:
            raise RuleRefusal(f"Line {number} is not in pre-collections.", field="line")
        stay = found[number]
        since = f"is in pre-collections since {dates.iso(stay.started)}"
        lookups.unchanged(seen.get(number), stay.act, f"The stay of line {number}", since)
    return {number: found[number] for number in wanted}


def count_waiting(practice: int) -> tuple[int, int]:
    """Messages that wait for a Stop file, and their cents; within a transaction."""
    row = PrecollectMessage
    sums: Any = row.select(fn.COUNT(row.id), fn.COALESCE(fn.SUM(row.amount), 0)).where(_waiting(practice))
    count, amount = sums.tuples().get()
    return count, amount
