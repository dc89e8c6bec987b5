"""Writing a Start down, from the temporary table `Starting`: messages, stays, tasks, accounts and history, a statement each."""

from __future__ import annotations

from typing import Any

from peewee import JOIN, SQL, Case, Value, fn

from bo_tui.db.sqltext import as_text
from bo_tui.db.tables import PrecollectAccount, Precollection, PrecollectMessage, PrecollectTask
from bo_tui.db.tables.scratchprecollect import Starting
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.precollect.selection import FIELD

Query = Any  # a peewee query; its stubs type rows, not what we compose


def write(draft: Draft, file_id: int | None) -> None:
    """Write what starts within an act: an account's PL is in the file, its DB or RI waits for a Stop file."""
    _messages(draft, file_id)
    _stays(draft)
    _tasks(draft)
    _accounts(draft)
    _history(draft)


def _mine(draft: Draft) -> Any:
    return PrecollectMessage.made_act == draft.id


def _messages(draft: Draft, file_id: int | None) -> None:
    """One message per account: the sum of its starting lines."""
    message, known = PrecollectMessage, PrecollectAccount
    owed = fn.SUM(Starting.amount)
    before = Case(None, [(Starting.route == "DB", known.told)], 0)
    query: Query = Starting.select(
        Value(draft.practice), Starting.account, Starting.route, Value(draft.business_date), owed, fn.MAX(before + owed, 0),
        Value(0), Case(None, [(Starting.route == "PL", Value(file_id))], None), Value(draft.id), Value(draft.id),
    ).join(known, JOIN.LEFT_OUTER, on=(known.account == Starting.account))  # fmt: skip
    fields = [
        message.practice, message.account, message.type, message.date, message.amount, message.balance, message.left_out,
        message.file, message.made_act, message.act,
    ]  # fmt: skip
    message.insert_from(query.group_by(Starting.account).order_by(Starting.account), fields).execute()


def _stays(draft: Draft) -> None:
    stay, message = Precollection, PrecollectMessage
    query: Query = Starting.select(
        Value(draft.practice), Starting.account, Starting.line, Value(draft.business_date), Starting.amount,
        Starting.amount, Value(draft.first_entry - 1), Value(0), message.id, Value(draft.id),
    ).join(message, on=((message.account == Starting.account) & _mine(draft)))  # fmt: skip
    fields = [
        stay.practice, stay.account, stay.line, stay.started, stay.amount, stay.told, stay.watermark, stay.insured,
        stay.message, stay.act,
    ]  # fmt: skip
    stay.insert_from(query.order_by(Starting.account, Starting.line), fields).execute()


def _tasks(draft: Draft) -> None:
    started = {"outcome": "started", "resolved": draft.business_date, "act": draft.id}
    waiting = PrecollectTask.outcome.is_null() & PrecollectTask.line.in_(Starting.select(Starting.line))
    PrecollectTask.update(started).where(waiting).execute()


def _accounts(draft: Draft) -> None:
    """What TSI believes from now on; an account that is with it keeps the day it began."""
    known, message = PrecollectAccount, PrecollectMessage
    with_them = known.state == SQL("'with'")
    query: Query = message.select(
        message.practice, message.account, Value("with"),
        Case(None, [(with_them, known.began)], Value(draft.business_date)),
        message.amount + Case(None, [(with_them, known.told)], 0), SQL("NULL"), Value(draft.id),
    ).join(known, JOIN.LEFT_OUTER, on=(known.account == message.account))  # fmt: skip
    fields = [known.practice, known.account, known.state, known.began, known.told, known.suspended_on, known.act]
    known.insert_from(query.where(_mine(draft)).order_by(message.account), fields).on_conflict(
        conflict_target=[known.account], preserve=[known.state, known.began, known.told, known.suspended_on, known.act]
    ).execute()


def _history(draft: Draft) -> None:
    message, stay = PrecollectMessage, Precollection
    words = _joined(
        message.type, Value(" "), as_text(message.date, message.date), Value(" "), as_text(message.amount, message.amount),
        Value(", left "), as_text(message.balance, message.balance),
    )  # fmt: skip
    accounts: Query = message.select(
        Value(draft.id), Value("account"), message.account, Value(FIELD), SQL("NULL"), words
    )
    ledger.change_from(draft, accounts.where(_mine(draft)).order_by(message.id))
    said = _joined(Value("started: "), message.type, Value(" "), as_text(stay.amount, stay.amount))
    lines: Query = stay.select(Value(draft.id), Value("service_line"), stay.line, Value(FIELD), SQL("NULL"), said)
    lines = lines.join(message, on=(message.id == stay.message)).where(_mine(draft))
    ledger.change_from(draft, lines.order_by(stay.id))


def _joined(first: Any, *parts: Any) -> Any:
    for part in parts:
        first = first.concat(part)
    return first
