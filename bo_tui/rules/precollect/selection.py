"""Who is queued for a Start file, and which queued lines come out again, a range of accounts at a time (DESIGN sections 4, 5)."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Case, Value, fn

from bo_tui.db.tables import PrecollectTask, ServiceLine
from bo_tui.db.tables.scratch import emptied
from bo_tui.db.tables.scratchprecollect import StartDecision, TaskWithdrawal
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.external import criteria as external
from bo_tui.rules.external import selection as externally
from bo_tui.rules.precollect import criteria
from bo_tui.rules.precollect.terms import Terms

Range = tuple[int, int]  # accounts above the first, up to and including the second
Sums = tuple[int, int]  # count and cents
QUEUED = "queued"
FIELD = "precollections"  # in the history of a line or an account
WORDS = {
    "not_active": "the line is pending for an agency or with one",
    "not_guarantor": "the line is no longer the guarantor's responsibility",
    "no_balance": "the line has no balance any more",
    "on_hold": "the line or its account is on hold",
    "statement_hold": "statements are held",
    "suspended": "pre-collections are suspended for the account",
    "already_started": "the line is in pre-collections already",
    "no_thresholds": "the practice has no thresholds",
    "below_balance": "the account's balance no longer exceeds the threshold",
    "too_young": "the age no longer exceeds the threshold",
    "recent_payment": "a recent payment reaches the bar",
}


def accounts_up_to(terms: Terms, after: int, candidates: int) -> int | None:
    """The last account of the next chunk: so many guarantor balances beyond account `after`; None when there are none."""
    return externally.accounts_up_to(terms.payments, after, candidates)


def tasks_up_to(practice: int, after: int, rows: int) -> int | None:
    """The last account of the next chunk: so many queued lines beyond account `after`; None when there are none."""
    query = PrecollectTask.select(PrecollectTask.account).where(_open(practice) & (PrecollectTask.account > after))
    found = query.order_by(PrecollectTask.account).limit(1).offset(rows - 1).scalar()
    return found if found is not None else query.order_by(PrecollectTask.account.desc()).limit(1).scalar()


def _open(practice: int) -> Any:
    return (PrecollectTask.practice == practice) & PrecollectTask.outcome.is_null()


# --- taking out ----------------------------------------------------------------------------------------------------


def find_withdrawals(terms: Terms, accounts: Range) -> Sums:
    """Fill the temporary table with the queued lines of the accounts that may not start any more; count and queued cents."""
    emptied(TaskWithdrawal)
    because = criteria.first_failed(terms)
    inside = (PrecollectTask.account > accounts[0]) & (PrecollectTask.account <= accounts[1])
    rows = PrecollectTask.select(PrecollectTask.id, PrecollectTask.line, because.alias("because"))
    rows = rows.join(ServiceLine, on=(ServiceLine.id == PrecollectTask.line))
    rows = rows.where(_open(terms.practice.id) & inside & because.is_null(False))
    fields = [TaskWithdrawal.task, TaskWithdrawal.line, TaskWithdrawal.because]
    TaskWithdrawal.insert_from(rows.order_by(PrecollectTask.id), fields).execute()
    sums: Any = PrecollectTask.select(fn.COUNT(PrecollectTask.id), fn.COALESCE(fn.SUM(PrecollectTask.amount), 0))
    count, amount = sums.where(PrecollectTask.id.in_(TaskWithdrawal.select(TaskWithdrawal.task))).tuples()[0]
    return count, amount


def withdraw(draft: Draft) -> None:
    """Take out what stands in the temporary table, each with its reason in words."""
    words = Case(TaskWithdrawal.because, list(WORDS.items()), TaskWithdrawal.because)
    reason = TaskWithdrawal.select(words).where(TaskWithdrawal.task == PrecollectTask.id)
    ended = {"outcome": "withdrawn", "resolved": draft.business_date, "reason": reason, "act": draft.id}
    taken = PrecollectTask.id.in_(TaskWithdrawal.select(TaskWithdrawal.task))
    PrecollectTask.update(ended).where(taken).execute()
    changes = TaskWithdrawal.select(
        Value(draft.id), Value("service_line"), TaskWithdrawal.line, Value(FIELD), Value(QUEUED),
        Value("withdrawn: ").concat(TaskWithdrawal.because),
    )  # fmt: skip
    ledger.change_from(draft, changes.order_by(TaskWithdrawal.task))


# --- queueing ------------------------------------------------------------------------------------------------------


def decide(terms: Terms, accounts: Range) -> None:
    """Fill the temporary table with every candidate of the accounts: excluded under one criterion, or queued."""
    emptied(StartDecision)
    line = ServiceLine
    rows = line.select(
        line.id, line.account, line.ar, terms.day - line.aging_date, criteria.excluded(terms)
    ).where(_within(terms, accounts) & criteria.candidate())  # fmt: skip
    fields = [
        StartDecision.line, StartDecision.account, StartDecision.balance, StartDecision.age, StartDecision.excluded,
    ]  # fmt: skip
    StartDecision.insert_from(rows, fields).execute()


def _within(terms: Terms, accounts: Range) -> Any:
    mine = ServiceLine.practice == terms.practice.id
    return mine & (ServiceLine.account > accounts[0]) & (ServiceLine.account <= accounts[1])


def counted(terms: Terms, accounts: Range) -> Sums:
    """Count and cents of the candidates, asked another way than by the decisions: what is owed and active, less what is queued."""
    count, amount = externally.counted(terms.payments, accounts)
    owed = (ServiceLine.responsibility == SQL("'guarantor'")) & (ServiceLine.ar > SQL("0"))
    inside = (PrecollectTask.account > accounts[0]) & (PrecollectTask.account <= accounts[1])
    query: Any = PrecollectTask.select(fn.COUNT(ServiceLine.id), fn.COALESCE(fn.SUM(ServiceLine.ar), 0))
    query = query.join(ServiceLine, on=(ServiceLine.id == PrecollectTask.line))
    less = query.where(_open(terms.practice.id) & inside & owed & external.active()).tuples()[0]
    return count - less[0], amount - less[1]


def totals() -> dict[str, Sums]:
    """Count and cents of the decisions: under `queued` and under each criterion that excluded any."""
    name = fn.COALESCE(StartDecision.excluded, QUEUED)
    rows: Any = StartDecision.select(name, fn.COUNT(StartDecision.line), fn.SUM(StartDecision.balance)).group_by(name)
    return {key: (count, amount) for key, count, amount in rows.tuples()}


def queue(draft: Draft, terms: Terms) -> None:
    """Write a task, and a change of its line, for every decision that no criterion excluded."""
    chosen = StartDecision.excluded.is_null()
    task = PrecollectTask
    fields = [task.practice, task.account, task.line, task.amount, task.age, task.queued, task.queued_act, task.act]
    rows = StartDecision.select(
        Value(terms.practice.id), StartDecision.account, StartDecision.line, StartDecision.balance, StartDecision.age,
        Value(terms.day), Value(draft.id), Value(draft.id),
    )  # fmt: skip
    task.insert_from(rows.where(chosen).order_by(StartDecision.line), fields).execute()
    changes = StartDecision.select(
        Value(draft.id), Value("service_line"), StartDecision.line, Value(FIELD), SQL("NULL"), Value(QUEUED)
    )
    ledger.change_from(draft, changes.where(chosen).order_by(StartDecision.line))
