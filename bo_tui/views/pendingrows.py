"""What one pending row says: where it came from, in a sentence, and what changed since it was queued, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bo_tui import dates, money
from bo_tui.db.tables import (
    Account,
    Act,
    Agency,
    Assignment,
    Change,
    Entry,
    Hold,
    Pending,
    Proposal,
    ServiceLine,
)
from bo_tui.office import Office

GROUNDS = {"dos": "DOS", "returned_mail": "returned mail", "operator": "added", "threshold": "balance and age"}
SOURCES = GROUNDS | {"threshold": "night"}  # the Source column: the night's own ground needs no more words
_MOVED = {
    "IPYMT": "insurer paid {}",
    "GPYMT": "paid {}",
    "RVPAY": "payment of {} reversed",
    "MADJN": "adjusted -{}",
    "MADJP": "adjusted +{}",
    "RVFEE": "fee of {} reversed",
}


@dataclass(frozen=True, slots=True)
class PendingRow:
    """One open pending row; `amount` is its balance when queued, `balance` its line's now, both cents; dates day numbers.

    `act` is the row's last act, for the comparison when it is acted on. `changes` are words, the gravest first;
    `stops` says why it cannot be posted now, or is empty; an agency no longer `assigned` can still be changed;
    `verdicts` are the night's conditions for posting it (rules/external/conditions.py), where the page asked for them.
    """

    id: int
    act: int
    line_id: int
    line: str
    account: str
    guarantor: str
    agency: str
    date_of_service: int
    description: str
    amount: int
    balance: int
    source: str
    queued: int
    reason: str
    changes: tuple[str, ...]
    stops: str
    assigned: bool
    verdicts: tuple[Any, ...] = ()

    @property
    def kept(self) -> list[str]:
        """What keeps the night from posting the row, in words; empty when it would."""
        own = [verdict.otherwise for verdict in self.verdicts if not verdict.passed and not verdict.stops]
        return ([self.stops] if self.stops else []) + own

    @property
    def sentence(self) -> str:
        """What keeps the row here, then why it was queued and what else changed since, in a sentence."""
        kept = ", ".join(self.kept) or ("the next night posts it" if self.verdicts else "")
        stops = self.stops.split(", ") if self.stops else []
        changes = [words for words in self.changes if words not in stops]
        since = f"; since then {', '.join(changes)}" if changes else ""
        return f"Line {self.line}: {kept and f'{kept}; '}{self.reason}{since}"


def read(office: Office, row_ids: Sequence[int]) -> dict[int, PendingRow]:
    """The pending rows of at most some hundred ids, in their order; call inside a transaction. One query a matter, not a row."""
    if not row_ids:
        return {}
    found = {values["id"]: values for values in _query().where(Pending.id.in_(row_ids)).dicts()}
    moves, holds, rerouted = _moves(row_ids), _holds(office, found), _rerouted(row_ids)
    proposed = _proposed(row_ids)
    result = {}
    for row_id in row_ids:
        values = found[row_id]
        held = holds[values["account_id"], None] + holds[values["account_id"], values["line_id"]]
        changes, stops = _changes(values, moves[row_id], proposed.get(row_id, []) + held, rerouted.get(row_id))
        result[row_id] = PendingRow(
            id=row_id,
            act=values["act"],
            line_id=values["line_id"],
            line=values["line"],
            account=values["account"],
            guarantor=values["guarantor"],
            agency=values["agency"],
            date_of_service=values["date_of_service"],
            description=values["description"],
            amount=values["amount"],
            balance=values["ar"],
            source=_source(values),
            queued=values["queued"],
            reason=_reason(values, rerouted.get(row_id)),
            changes=changes,
            stops=stops,
            assigned=values["assignment"] is not None,
        )
    return result


def _query() -> Any:
    ground, open_one = ServiceLine.alias("ground_line"), Assignment.removed == False  # noqa: E712
    query: Any = Pending.select(
        Pending.id, Pending.act,
        Pending.line.alias("line_id"), Pending.account.alias("account_id"), Pending.amount,
        Pending.age, Pending.source, Pending.because, Pending.queued, Pending.queued_act,
        ServiceLine.number.alias("line"), ServiceLine.date_of_service, ServiceLine.ar, ServiceLine.responsibility,
        ServiceLine.aging_date, fn.COALESCE(ServiceLine.description, ServiceLine.procedure, "").alias("description"),
        Account.number.alias("account"), Account.guarantor, Agency.name.alias("agency"), Act.actor,
        ground.number.alias("ground_number"), Assignment.id.alias("assignment"), Assignment.act.alias("assignment_act"),
        Assignment.balance_greater_than, Assignment.age_greater_than,
    )  # fmt: skip
    return (
        query.join(ServiceLine, on=(ServiceLine.id == Pending.line))
        .join_from(Pending, Account, on=(Account.id == Pending.account))
        .join_from(Pending, Agency, on=(Agency.id == Pending.agency))
        .join_from(Pending, Act, on=(Act.id == Pending.queued_act))
        .join_from(Pending, ground, JOIN.LEFT_OUTER, on=(ground.id == Pending.ground))
        .join_from(
            Pending,
            Assignment,
            JOIN.LEFT_OUTER,
            on=((Assignment.practice == Pending.practice) & (Assignment.agency == Pending.agency) & open_one),
        )
    )


def _moves(row_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """What moved on the lines since their rows were queued: (code, cents) by pending row."""
    query: Any = Pending.select(Pending.id, Entry.code, fn.SUM(Entry.amount)).join(
        Entry, on=(Entry.line == Pending.line)
    )
    query = query.where(Pending.id.in_(row_ids) & (Entry.act > Pending.queued_act) & Entry.code.in_(list(_MOVED)))
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for row_id, code, amount in query.group_by(Pending.id, Entry.code).tuples():
        found[row_id].append((code, amount))
    return found


def _holds(office: Office, rows: dict[int, dict[str, Any]]) -> dict[tuple[int, int | None], list[str]]:
    """The holds in force on the business date, in words, by account and line (None: the whole account)."""
    day = office.business_date
    accounts = {values["account_id"] for values in rows.values()}
    in_force = (Hold.since <= day) & (Hold.until.is_null() | (Hold.until > day))  # rules.external.holds says the same
    query: Any = Hold.select(Hold.account, Hold.line, Hold.kind, Hold.since).where(
        Hold.account.in_(accounts) & in_force
    )
    found: dict[tuple[int, int | None], list[str]] = defaultdict(list)
    for account, line, kind, since in query.order_by(Hold.id).tuples():
        found[account, line].append(f"on hold ({kind.replace('_', ' ')} since {dates.iso(since)})")
    return found


def _proposed(row_ids: Sequence[int]) -> dict[int, list[str]]:
    """The rows whose posting waits for a second person, in words."""
    mine = (Proposal.kind == "post") & Proposal.subject.in_(row_ids) & (Proposal.state == "open")
    query: Any = Proposal.select(Proposal.subject, Proposal.id, Proposal.proposed_by).where(mine)
    return {
        row_id: [f"waits for a second person (proposal {number} by {who})"] for row_id, number, who in query.tuples()
    }


def _rerouted(row_ids: Sequence[int]) -> dict[int, str]:
    """The agency that a row was first queued for, where an operator changed it."""
    mine = (Change.subject == "pending") & Change.subject_id.in_(row_ids) & (Change.field == "agency")
    query: Any = Change.select(Change.subject_id, Change.before).where(mine).order_by(Change.id.desc())
    return dict(query.tuples())  # the earliest one is the last to be kept


def _changes(
    row: dict[str, Any], moves: list[tuple[str, int]], barred: list[str], first: str | None
) -> tuple[tuple[str, ...], str]:
    """What changed since queueing, in words, the gravest first; and what of it stops posting."""
    stops: list[str] = list(barred)
    if row["responsibility"] != "guarantor":
        stops.append("insurer's now")
    if row["ar"] == 0:
        stops.append("no balance")
    elif row["ar"] < 0:
        stops.append("in credit")
    words = [*stops]
    if row["assignment"] is None:
        words.append("agency no longer assigned")
    words += [_MOVED[code].format(money.shown(amount)) for code, amount in moves]
    if row["aging_date"] is not None and row["aging_date"] != row["queued"] - row["age"]:
        words.append("aged anew")
    if first is not None and first != row["agency"]:
        words.append(f"agency was {first}")
    return tuple(words), ", ".join(stops)


def _source(row: dict[str, Any]) -> str:
    return {"task": "task", "active_ar": "AR"}.get(row["source"]) or SOURCES.get(row["because"], row["because"])


def _reason(row: dict[str, Any], first: str | None) -> str:
    queued = f"queued {dates.iso(row['queued'])}"
    if row["because"] == "dos":
        return f"{queued} by the night with {row['ground_number']} (same DOS and case)"
    if row["because"] == "returned_mail":
        return f"{queued} by the night: returned mail on {row['account']}"
    if row["because"] == "threshold":
        return f"{queued} by the night ({_figures(row, first)})"
    if row["because"] == "recall":
        return f"{queued} after an insurer's payment recalled it"
    task = " from a collection task" if row["source"] == "task" else ""
    return f"added {dates.iso(row['queued'])} by {row['actor']}{task} (age {row['age']}, {money.shown(row['amount'])})"


def _figures(row: dict[str, Any], first: str | None) -> str:
    """Age and balance against the thresholds, as long as they are still those of that night."""
    age, amount = row["age"], money.shown(row["amount"])
    same = row["age_greater_than"] is not None and row["assignment_act"] < row["queued_act"] and first is None
    if not same:
        return f"age {age}, {amount}; the thresholds were others then"
    return f"age {age} > {row['age_greater_than']}, {amount} > {money.shown(row['balance_greater_than'])}"
