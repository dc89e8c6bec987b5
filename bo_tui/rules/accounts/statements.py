"""Which lines go on no statement: one line, or all of the account with its date of service (back_office_rest.md 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import Case

from bo_tui import dates, money
from bo_tui.db.tables import ServiceLine, StatementHold
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups

ACTION = "statement"


@dataclass(frozen=True, slots=True)
class StatementHeld:
    """Lines (by number) whose statements an act held or sent again."""

    act: int
    held: bool
    lines: tuple[str, ...]


def hold_statement(
    office: Office, practice: int, line: str, held: bool, *, all_of_dos: bool = False, seen: int | None = None
) -> StatementHeld:
    """Hold the statements of a line (by number), or of all the account's lines with its date of service, or send them again.

    Lines that are so already are left alone. `seen` is the line's act. Raises RuleRefusal, field `line`, when nothing would change.
    """
    roles.require(office, ACTION)
    with office.act("statement_hold" if held else "statement_send", practice) as draft:
        row: Any = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == line))
        if row is None:
            raise NotFound(f"There is no service fee line {line} in this practice.", field="line")
        lookups.unchanged(seen, row.act, f"Line {line}", f"has a balance of {money.shown(row.ar)} in active AR")
        changed = _differing(row, held, all_of_dos)
        if not changed:
            which = f"The lines of {dates.iso(row.date_of_service)}" if all_of_dos else f"Line {line}"
            are = "are" if all_of_dos else "is"
            state = "on hold for statements already" if held else "not on hold for statements"
            raise RuleRefusal(f"{which} {are} {state}; there is nothing to change.", field="line")
        _hold(draft, row, [one for one, _ in changed]) if held else _send(draft, [one for one, _ in changed])
        before, after = ("no", "yes") if held else ("yes", "no")
        ledger.change_many(draft, [("service_line", one, "statement_hold", before, after) for one, _ in changed])
        ledger.seal(draft)
    return StatementHeld(draft.id, held, tuple(number for _, number in changed))


def held_lines(account: int) -> Any:
    """A query of the ids of an account's lines that go on no statement now; for a query around it, within a transaction."""
    return StatementHold.select(StatementHold.line).where(
        (StatementHold.account == account) & StatementHold.lifted.is_null()
    )


def _differing(row: ServiceLine, held: bool, all_of_dos: bool) -> list[tuple[int, str]]:
    """(id, number) of the lines that are not as asked for."""
    mine: Any = ServiceLine.account == row.account
    which = (ServiceLine.date_of_service == row.date_of_service) if all_of_dos else (ServiceLine.id == row.id)
    now = held_lines(row.account)
    other = ServiceLine.id.not_in(now) if held else ServiceLine.id.in_(now)
    query: Any = ServiceLine.select(ServiceLine.id, ServiceLine.number).where(mine & which & other)
    return list(query.order_by(ServiceLine.id).tuples())


def _hold(draft: Draft, row: ServiceLine, lines: list[int]) -> None:
    common = {"practice": row.practice, "account": row.account, "since": draft.business_date, "act": draft.id}
    for chunk in lookups.chunks(lines):
        StatementHold.insert_many([common | {"line": line} for line in chunk]).execute()


def _send(draft: Draft, lines: list[int]) -> None:
    today, since = draft.business_date, StatementHold.since
    lifted = {StatementHold.lifted: Case(None, [(since > today, since)], today), StatementHold.act: draft.id}
    for chunk in lookups.chunks(lines):
        open_ones = StatementHold.line.in_(chunk) & StatementHold.lifted.is_null()
        StatementHold.update(lifted).where(open_ones).execute()
