"""Home: what waits in a practice, as figures; and its last night."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui import money
from bo_tui.db.tables import (
    Account,
    Act,
    Agency,
    AgencyFile,
    CollectionTask,
    Payment,
    Pending,
    Placement,
    PrecollectFile,
    Proposal,
    Run,
    RunStep,
    ServiceLine,
)
from bo_tui.office import NIGHT, Office


@dataclass(frozen=True, slots=True)
class Night:
    """A practice's last night: its business date (a day number), its status, and what it said when it failed."""

    run: int
    business_date: int
    status: str  # started, done, failed, superseded
    message: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """What waits in a practice; amounts in cents. `returned_mail` are accounts, the files are files.

    `tasks_due` are open collection tasks with a follow-up date not after the business date; `batches` have payments that are not
    posted in full, with `batches_amount` together.
    """

    pending: int
    pending_amount: int
    placed: int
    placed_amount: int
    not_sent: int
    not_acknowledged: int
    returned_mail: int
    night: Night | None
    proposed: int
    proposed_amount: int
    tasks_due: int
    batches: int
    batches_amount: int


def figures(office: Office, practice: int) -> Figures:
    """Count and add up, from one snapshot; a hundred thousand placements take a tenth of a second, so call it in a worker."""
    waits = (Pending.practice == practice) & Pending.outcome.is_null()
    placed = (Placement.practice == practice) & (Placement.has_balance == 1)
    flagged = (Account.practice == practice) & (Account.returned_mail == 1)
    with office.reading():
        lines: Any = Pending.select(fn.COUNT(Pending.id), fn.COALESCE(fn.SUM(ServiceLine.ar), 0))
        lines = lines.join(ServiceLine, on=(ServiceLine.id == Pending.line)).where(waits)
        waiting: tuple[int, int] = lines.tuples()[0]  # what the lines owe now, as on the page
        standing = _sum(Placement, Placement.balance, placed)
        states: Any = AgencyFile.select(AgencyFile.state, fn.COUNT(AgencyFile.id))
        mine = (AgencyFile.practice == practice) & (AgencyFile.kind != "earlier")
        files = dict(states.where(mine).group_by(AgencyFile.state).tuples())
        returned = Account.select(fn.COUNT(Account.id)).where(flagged).scalar()
        night = _last_night(practice)
        second = _sum(Proposal, Proposal.amount, (Proposal.practice == practice) & (Proposal.state == "open"))
        due = (CollectionTask.practice == practice) & (CollectionTask.state == "open")
        due &= CollectionTask.follow_up <= office.business_date
        tasks = CollectionTask.select(fn.COUNT(CollectionTask.id)).where(due).scalar()
        open_ones: Any = Payment.select(
            fn.COUNT(Payment.batch.distinct()), fn.COALESCE(fn.SUM(Payment.amount), 0)
        ).where(
            (Payment.practice == practice) & Payment.state.in_(("unposted", "partly")) & Payment.batch.is_null(False)
        )
        unposted = open_ones.tuples()[0]
    sent = files.get("created", 0), files.get("sent", 0)
    return Figures(*waiting, *standing, *sent, returned, night, *second, tasks, *unposted)


def _sum(table: Any, amount: Any, where: Any) -> tuple[int, int]:
    found: tuple[int, int] = table.select(fn.COUNT(table.id), fn.COALESCE(fn.SUM(amount), 0)).where(where).tuples()[0]
    return found


def _last_night(practice: int) -> Night | None:
    query: Any = Run.select(Run.id, Run.business_date, Run.status, Run.message).where(Run.practice == practice)
    values = query.order_by(Run.business_date.desc(), Run.id.desc()).tuples().first()
    return None if values is None else Night(*values)


def steps(office: Office, run: int) -> list[tuple[str, bool, int, int]]:
    """A night's steps so far: name, whether it is done, count, cents."""
    query: Any = RunStep.select(RunStep.step, RunStep.done, RunStep.count, RunStep.amount).where(RunStep.run == run)
    with office.reading():
        return [(step, bool(done), count, amount) for step, done, count, amount in query.tuples()]


def remarks(office: Office, run: int) -> list[str]:
    """What a night's report says besides its sums, a line each: agencies without a file, accounts that lack something, files."""
    with office.reading():
        night = Run.get_by_id(run)
        details = RunStep.select(RunStep.step, RunStep.detail).where(
            (RunStep.run == run) & RunStep.detail.is_null(False)
        )
        kept = {step: json.loads(detail) for step, detail in details.tuples()}
        names = dict(Agency.select(Agency.id, Agency.name).tuples())
        own, told = _files(AgencyFile, night), _files(PrecollectFile, night)
    sums, start = kept.get("files", {}), kept.get("precollect_start", {})
    said = [
        f"{names.get(one, '')}: no file, no business-associate agreement in force" for one in sums.get("unsigned", [])
    ]
    said += [
        f"{names.get(one, '')}, account {number}: {', '.join(lacks)}" for one, number, lacks in sums.get("lacking", [])
    ]
    said += [f"TSI, account {number}: {', '.join(lacks)}" for number, lacks in start.get("lacking", [])]
    for file in (*own, *told):
        agency = names.get(file.agency, "") if isinstance(file, AgencyFile) else "TSI"
        said.append(
            f"{agency}: {file.path}, {file.count:,} {'row' if file.count == 1 else 'rows'}, {money.shown(file.total)}"
        )
    return said


def _files(table: Any, night: Run) -> list[Any]:
    """The files that a night made, in order."""
    query: Any = table.select().join(Act, on=(Act.id == table.made_act))
    mine = (table.practice == night.practice) & (table.business_date == night.business_date) & (Act.actor == NIGHT)
    return list(query.where(mine).order_by(table.id))


def control(office: Office, run: int) -> dict[str, list[int]]:
    """A finished night's control identity: lines and cents by name; empty as long as there is none."""
    with office.reading():
        kept = Run.select(Run.control).where(Run.id == run).scalar()
    return json.loads(kept) if kept else {}
