"""Writing the staged money: fees, transactions and debt already placed, each by one INSERT..SELECT, line by line."""

from __future__ import annotations

from typing import Any

from peewee import Case, Field, Value, fn

from bo_tui.db.tables import Account, Agency, AgencyFile, Entry, Placement, ServiceLine
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.codes import ADJUSTMENT, AR, CASH, EXCOL, EXT, MADJN, MADJP, REVENUE, SVCFE
from bo_tui.rules.importing.stage import NEW, STAGED, Stage

EARLIER = "earlier"


def load(draft: Draft, stage: Stage, practice: int) -> None:
    """Write a practice's entries and placements; its lines are in the store by now."""
    for name, one in (("service_lines", _fees), ("transactions", _transactions), ("placements", _placements)):
        if name in stage.given:
            staged = STAGED[name]
            one(draft, staged, (staged.practice == practice) & (staged.fate == NEW), stage)


def _line(staged: Any, draft: Draft) -> Any:
    return (ServiceLine.practice == draft.practice) & (ServiceLine.number == staged.line)


def _number(draft: Draft, staged: Any, mine: Any) -> Any:
    """Ids for so many entries, line by line and in the order of the file's rows.

    By line, because what an index keeps together is then written together: half the time for a file in any order.
    """
    first = draft.take_entry_ids(staged.select().where(mine).count())
    return fn.ROW_NUMBER().over(order_by=[ServiceLine.id, staged.row]) + (first - 1)


def _write(draft: Draft, staged: Any, values: dict[Field, Any], query: Any) -> None:
    """One INSERT..SELECT of entries; `values` says what goes where, the rest is the practice's and the line's."""
    common: dict[Field, Any] = {
        Entry.act: Value(draft.id),
        Entry.practice: Value(draft.practice),
        Entry.account: ServiceLine.account,
        Entry.line: ServiceLine.id,
    }
    everything = values | common
    rows = query(staged.select(*everything.values())).order_by(ServiceLine.id, staged.row)
    ledger.write_many(draft, rows, list(everything))


def _fees(draft: Draft, staged: Any, mine: Any, stage: Stage) -> None:
    """SVCFE of every new line whose fee is above zero; a fee of 0.00 has a line and no entry (DESIGN section 2)."""
    stage.tell("loading fees")
    mine &= staged.fee > 0
    values: dict[Field, Any] = {
        Entry.id: _number(draft, staged, mine),
        Entry.code: Value(SVCFE),
        Entry.debit: Value(AR),
        Entry.credit: Value(REVENUE),
        Entry.amount: staged.fee,
        Entry.posted: ServiceLine.posted,
        Entry.accounting_date: staged.accounting_date,
    }
    _write(draft, staged, values, lambda query: query.join(ServiceLine, on=_line(staged, draft)).where(mine))


def _transactions(draft: Draft, staged: Any, mine: Any, stage: Stage) -> None:
    """Payments and adjustments under their line's SVCFE; the code gives the direction."""
    stage.tell("loading transactions")
    root = Entry.alias()
    down = staged.code == MADJN
    up = staged.code == MADJP
    values: dict[Field, Any] = {
        Entry.id: _number(draft, staged, mine),
        Entry.parent: root.select(fn.MIN(root.id)).where((root.line == ServiceLine.id) & (root.code == SVCFE)),
        Entry.code: staged.code,
        Entry.transaction_code: staged.transaction_code,
        Entry.debit: Case(None, [(down, ADJUSTMENT), (up, AR)], CASH),
        Entry.credit: Case(None, [(up, ADJUSTMENT)], AR),
        Entry.amount: staged.amount,
        Entry.posted: staged.posted,
        Entry.accounting_date: staged.accounting_date,
        Entry.number: staged.number,
        Entry.reference: staged.id,
        Entry.note: staged.note,
    }
    _write(draft, staged, values, lambda query: query.join(ServiceLine, on=_line(staged, draft)).where(mine))


def _placements(draft: Draft, staged: Any, mine: Any, stage: Stage) -> None:
    """EXCOL and placement of debt that an agency has already; what the agency knows lies in its file of kind `earlier`."""
    first = draft.next_entry
    values: dict[Field, Any] = {
        Entry.id: (number := _number(draft, staged, mine)),
        Entry.placement: number,
        Entry.code: Value(EXCOL),
        Entry.debit: Value(EXT),
        Entry.credit: Value(AR),
        Entry.amount: staged.amount,
        Entry.posted: staged.placed,
    }
    _write(draft, staged, values, lambda query: query.join(ServiceLine, on=_line(staged, draft)).where(mine))
    if draft.next_entry == first:
        return
    in_file = (staged.in_file == 1) & mine
    _earlier_files(draft, staged, in_file)
    known = AgencyFile.select(AgencyFile.id).where(
        (AgencyFile.practice == draft.practice) & (AgencyFile.agency == Agency.id) & (AgencyFile.kind == EARLIER)
    )
    rows: dict[Field, Any] = {
        Placement.id: Entry.id,
        Placement.practice: Value(draft.practice),
        Placement.account: ServiceLine.account,
        Placement.line: ServiceLine.id,
        Placement.agency: Agency.id,
        Placement.amount: staged.amount,
        Placement.balance: staged.amount,
        Placement.placed: staged.placed,
        Placement.file: Case(None, [(staged.in_file == 1, known)]),
        Placement.pinned: Value(0),
        Placement.client_reference: staged.client_reference,
        Placement.guarantor: Account.guarantor,
        Placement.account_number: Account.number,
        Placement.agency_name: Agency.name,
        Placement.description: fn.COALESCE(ServiceLine.description, ServiceLine.procedure, ""),
        Placement.date_of_service: ServiceLine.date_of_service,
        Placement.act: Value(draft.id),
    }
    query = staged.select(*rows.values()).join(ServiceLine, on=_line(staged, draft))
    made = (Entry.line == ServiceLine.id) & (Entry.id >= first) & (Entry.code == EXCOL)
    query = query.join(Entry, on=made).join(Account, on=Account.id == ServiceLine.account)
    query = query.join(Agency, on=Agency.name == staged.agency).where(mine).order_by(staged.row)
    Placement.insert_from(query, list(rows)).execute()
    _count_files(draft)


def _earlier_files(draft: Draft, staged: Any, in_file: Any) -> None:
    """A file of kind `earlier`, sequence 0, without bytes, for each agency that knows debt of this practice."""
    there = AgencyFile.select(AgencyFile.agency).where(
        (AgencyFile.practice == draft.practice) & (AgencyFile.kind == EARLIER)
    )
    named = staged.select(staged.agency).where(in_file)
    today = Value(draft.business_date)
    rows: dict[Field, Any] = {
        AgencyFile.practice: Value(draft.practice),
        AgencyFile.agency: Agency.id,
        AgencyFile.kind: Value(EARLIER),
        AgencyFile.sequence: Value(0),
        AgencyFile.file_type: Agency.file_type,
        AgencyFile.business_date: today,
        AgencyFile.count: Value(0),
        AgencyFile.accounts: Value(0),
        AgencyFile.total: Value(0),
        AgencyFile.made_act: Value(draft.id),
        AgencyFile.state: Value("sent"),
        AgencyFile.sent: today,
        AgencyFile.act: Value(draft.id),
    }
    query = Agency.select(*rows.values()).where(Agency.name.in_(named) & Agency.id.not_in(there)).order_by(Agency.id)
    AgencyFile.insert_from(query, list(rows)).execute()


def _count_files(draft: Draft) -> None:
    """Let each `earlier` file say how many placements, accounts and cents it stands for."""
    mine = (AgencyFile.practice == draft.practice) & (AgencyFile.kind == EARLIER)
    sums: Any = (
        Placement.select(
            Placement.file.alias("file"),
            fn.COUNT(Placement.id).alias("placements"),
            fn.COUNT(Placement.account.distinct()).alias("accounts"),
            fn.SUM(Placement.amount).alias("total"),
        )
        .where(Placement.file.in_(AgencyFile.select(AgencyFile.id).where(mine)))
        .group_by(Placement.file)
        .alias("sums")
    )
    values = {
        AgencyFile.count: sums.c.placements,
        AgencyFile.accounts: sums.c.accounts,
        AgencyFile.total: sums.c.total,
        AgencyFile.act: Value(draft.id),
    }
    AgencyFile.update(values).from_(sums).where(mine & (AgencyFile.id == sums.c.file)).execute()
