"""Print Activity: an account's Active AR line by line, as a document for paper or text (back_office_rest.md 2.3, 2.4).

Under each service fee stands what moved its balance in active AR, in the tree that DESIGN section 2 gives: what reverses or
details a payment or an adjustment below that; then its balance. Placed debt shows as the EXCOL that took it away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from bo_tui import dates, money
from bo_tui.db.tables import Agency, Entry, Pending, Placement, ServiceLine
from bo_tui.formats.pdf import Column
from bo_tui.formats.sections import Document, Section
from bo_tui.office import Office
from bo_tui.rules.accounts import heading
from bo_tui.rules.codes import ACTIVITY, AR, SVCFE, signed
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account
from bo_tui.text import counted

COLUMNS = (
    Column("Date"),
    Column("Code"),
    Column("Description"),
    Column("Amount", right=True),
    Column("Balance", right=True),
    Column("Responsible"),
)
BALANCE = "BALANCE"
INDENT = "  "

Row = tuple[str, ...]


def activity(office: Office, practice: int, account: str, *, date_of_service: int | None = None) -> Document:
    """The activity of an account (by number), or of its lines with one date of service, as the ledger has it now.

    Raises NotFound, field `account`.
    """
    with office.reading():
        owner = the_account(practice, account)
        lines = lines_of(owner.id, date_of_service)
        rows = list(_rows(lines))
        return Document(
            title=f"Activity of account {owner.number}, {owner.guarantor}",
            facts=heading.facts(owner, office.business_date),
            sections=(Section(_title(date_of_service), COLUMNS, rows, _total(lines)),),
            printed=heading.printed(office),
        )


def lines_of(account: int, date_of_service: int | None = None) -> list[ServiceLine]:
    """The lines of an account (its id) in order of date of service, within a transaction."""
    mine: Any = ServiceLine.account == account
    if date_of_service is not None:
        mine &= ServiceLine.date_of_service == date_of_service
    return list(ServiceLine.select().where(mine).order_by(ServiceLine.date_of_service, ServiceLine.id))


def entries_of(lines: Sequence[ServiceLine]) -> dict[int, list[Entry]]:
    """The entries of lines by line, in the order they were written, within a transaction."""
    found: dict[int, list[Entry]] = defaultdict(list)
    for chunk in lookups.chunks([line.id for line in lines]):
        for entry in Entry.select().where(Entry.line.in_(chunk)).order_by(Entry.id):
            found[entry.line].append(entry)
    return found


def described(line: ServiceLine) -> str:
    """A line in words: its number, what was done, for whom."""
    patient = " ".join(part for part in (line.patient_first, line.patient_last) if part)
    return ", ".join(part for part in (line.number, line.description or line.procedure, patient) if part)


def said(entry: Entry) -> str:
    """An entry in words: its transaction code, its check's number, its note; else what its code means."""
    number = f"No. {entry.number}" if entry.number else None
    parts = [part for part in (entry.transaction_code, number, entry.note) if part]
    return ", ".join(parts) or ACTIVITY[entry.code].meaning


def _title(date_of_service: int | None) -> str:
    return "Active AR" if date_of_service is None else f"Active AR, date of service {dates.iso(date_of_service)}"


def _total(lines: Sequence[ServiceLine]) -> str:
    count = counted(len(lines), "service fee line")
    return f"{count}, balance in active AR {money.shown(sum(line.ar for line in lines))}"


def _rows(lines: Sequence[ServiceLine]) -> Iterator[Row]:
    entries, elsewhere = entries_of(lines), _elsewhere(lines)
    for line in lines:
        mine = entries.get(line.id, [])
        yield (dates.iso(line.date_of_service), SVCFE, described(line), money.shown(line.fee), "", line.responsibility)
        yield from _below(mine)
        last = max((entry.posted for entry in mine), default=line.posted)
        yield (dates.iso(last), INDENT + BALANCE, elsewhere.get(line.id, ""), "", money.shown(line.ar), "")


def _below(entries: Sequence[Entry]) -> Iterator[Row]:
    """What stands under a service fee: entries of active AR, each followed by what reverses or details it."""
    shown: dict[int | None, list[Entry]] = defaultdict(list)
    known: set[int] = set()
    for entry in entries:
        if entry.code == SVCFE:
            continue
        over = entry.parent if entry.parent in known else None
        if over is None and signed(AR, entry.debit, entry.credit, entry.amount) is None:
            continue  # it stands in a placement's tree, or in no tree
        known.add(entry.id)
        shown[over].append(entry)
    yield from _branch(shown, None, 1)


def _branch(shown: dict[int | None, list[Entry]], over: int | None, depth: int) -> Iterator[Row]:
    for entry in shown.get(over, ()):
        amount = signed(AR, entry.debit, entry.credit, entry.amount)
        figure = money.shown(entry.amount if amount is None else amount)
        yield (dates.iso(entry.posted), INDENT * depth + entry.code, said(entry), figure, "", "")
        yield from _branch(shown, entry.id, depth + 1)


def _elsewhere(lines: Sequence[ServiceLine]) -> dict[int, str]:
    """Where the debt of a line is or waits to go, in words."""
    found: dict[int, str] = {}
    for chunk in lookups.chunks([line.id for line in lines]):
        waits: Any = Pending.select(Pending.line, Agency.name).join(Agency, on=(Agency.id == Pending.agency))
        waiting = waits.where(Pending.line.in_(chunk) & Pending.outcome.is_null()).tuples()
        found.update((line, f"pending for {name}") for line, name in waiting)
        open_ones = Placement.line.in_(chunk) & Placement.closed.is_null()
        for row in Placement.select().where(open_ones):
            found[row.line] = f"with {row.agency_name}: {money.shown(row.balance)}"
    return found
