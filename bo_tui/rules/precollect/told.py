"""Looking at accounts with TSI and writing down what it must be told; the messages wait for a Stop file (DESIGN section 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Case

from bo_tui import dates, money
from bo_tui.db.bulk import insert_rows
from bo_tui.db.tables import Change, PrecollectAccount, Precollection, PrecollectMessage
from bo_tui.db.tables.scratch import emptied
from bo_tui.db.tables.scratchprecollect import AccountNow, StayNow
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.precollect import looking, telling
from bo_tui.rules.precollect.looking import Which
from bo_tui.rules.precollect.selection import FIELD
from bo_tui.rules.precollect.telling import Manner, Message, Stay, Told
from bo_tui.rules.precollect.terms import Terms

MESSAGE: list[Any] = [
    PrecollectMessage.practice, PrecollectMessage.account, PrecollectMessage.type, PrecollectMessage.date,
    PrecollectMessage.amount, PrecollectMessage.balance, PrecollectMessage.line, PrecollectMessage.reason,
    PrecollectMessage.left_out, PrecollectMessage.made_act, PrecollectMessage.act,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look found to say: messages that wait, and their cents; `ended` has how each ended stay (by id) ended."""

    count: int
    amount: int
    ended: dict[int, str]


def look(draft: Draft, terms: Terms, which: Which, stopped: frozenset[int] = frozenset()) -> Looked:
    """Look at the accounts with TSI that `which` chooses and write what it must be told of them, within the caller's act.

    `stopped` are stays that the office takes back now. The caller seals; nothing to tell leaves no change behind.
    """
    manner = Manner(terms.day, bool(terms.rules.thank_you), bool(terms.rules.exclude_excol))
    now = looking.accounts(terms.practice.id, which, terms.day, stopped)
    found = [(it, telling.tell(it.told, it.stays, it.moves, manner, held=it.held)) for it in now]
    _keep_stays(draft, found)
    told = [(it, said) for it, said in found if said.messages]
    _keep_accounts(draft, told)
    _keep_messages(draft, told)
    _keep_history(draft, found)
    waiting = [message for _, said in told for message in said.messages if not message.left_out]
    ended = {stay: how for _, said in found for stay, how in said.ended.items()}
    return Looked(len(waiting), sum(message.amount for message in waiting), ended)


Found = Sequence[tuple[looking.AccountNow, Told]]


def _keep_stays(draft: Draft, found: Found) -> None:
    """Bring the stays up to date; one of which nothing is said only remembers how far it was looked at."""
    newest = draft.first_entry - 1
    rows = []
    for account, said in found:
        seen = {move.stay for move in account.moves}
        for stay in account.stays:
            how = said.ended.get(stay.id)
            if how is None and stay.id not in seen and stay.told == stay.now and stay.insured_then == stay.insured_now:
                continue
            silent = how is None and not said.messages
            ended = None if how is None else draft.business_date
            rows.append((stay.id, stay.now, newest, int(stay.insured_now), ended, how, int(silent)))
    if not rows:
        return
    new = emptied(StayNow)
    fields: list[Any] = [
        StayNow.stay, StayNow.told, StayNow.watermark, StayNow.insured, StayNow.ended, StayNow.ended_as, StayNow.silent,
    ]  # fmt: skip
    insert_rows(draft.writing.store.db, fields, rows)
    values = {
        Precollection.told: new.told,
        Precollection.watermark: new.watermark,
        Precollection.insured: new.insured,
        Precollection.ended: new.ended,
        Precollection.ended_as: new.ended_as,
        Precollection.act: Case(None, [(new.silent == 1, Precollection.act)], draft.id),
    }
    Precollection.update(values).from_(new).where(Precollection.id == new.stay).execute()


def _keep_accounts(draft: Draft, told: Found) -> None:
    if not told:
        return
    new = emptied(AccountNow)
    fields: list[Any] = [AccountNow.account, AccountNow.state, AccountNow.told, AccountNow.suspended_on]
    rows = [
        (it.account, said.state, said.told, draft.business_date if said.state == telling.SUSPENDED else None)
        for it, said in told
    ]
    insert_rows(draft.writing.store.db, fields, rows)
    values = {
        PrecollectAccount.state: new.state,
        PrecollectAccount.told: new.told,
        PrecollectAccount.suspended_on: new.suspended_on,
        PrecollectAccount.act: draft.id,
    }
    PrecollectAccount.update(values).from_(new).where(PrecollectAccount.account == new.account).execute()


def _keep_messages(draft: Draft, told: Found) -> None:
    rows = [
        (
            draft.practice, it.account, message.type, message.date, message.amount, message.balance, message.line,
            message.reason, int(message.left_out), draft.id, draft.id,
        )
        for it, said in told
        for message in said.messages
    ]  # fmt: skip
    insert_rows(draft.writing.store.db, MESSAGE, rows)


def _keep_history(draft: Draft, found: Found) -> None:
    ledger.change_many(draft, _changes(found))


def _changes(found: Found) -> Iterator[tuple[str, int, str, str | None, str | None]]:
    for it, said in found:
        before = money.plain(it.told)
        for message in said.messages:
            yield "account", it.account, FIELD, before, words(message)
            before = before if message.left_out else money.plain(message.balance)
        lines: dict[int, Stay] = {stay.id: stay for stay in it.stays}
        for stay, how in said.ended.items():
            yield "service_line", lines[stay].line, FIELD, "started", how


def words(message: Message) -> str:
    """A message as the history keeps it: `PP 2026-11-20 100.00, left 380.00`."""
    said = (
        f"{message.type} {dates.iso(message.date)} {money.plain(message.amount)}, left {money.plain(message.balance)}"
    )
    return f"not told: {said}" if message.left_out else said


def said_anything(draft: Draft) -> bool:
    """Whether an act has any change to stand for; without one it is not worth an act."""
    return Change.select(Change.id).where(Change.id >= draft.first_change).limit(1).scalar() is not None


__all__ = ["MESSAGE", "Looked", "look", "said_anything", "words"]
