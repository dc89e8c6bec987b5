"""What payments and accounts hold that no line has, read within rules: as sums of entries, never kept anywhere else.

Money on account is an account's, as one sum; money in suspense or miscellaneous income is a payment's (back_office_rest.md 2.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import JOIN, SQL, Case, fn

from bo_tui import money
from bo_tui.db.heldterms import held_in
from bo_tui.db.tables import Account, Agency, Entry, Payment
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.batches import rows, takebacks
from bo_tui.rules.batches.model import INVOICE, Held
from bo_tui.rules.codes import MISC_INCOME, ON_ACCOUNT, RSCND, SUSPENSE
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account


def on_account(office: Office, practice: int, account: str) -> int:
    """Cents that an account (by number) holds on account; NotFound."""
    roles.require(office, "look")
    with office.reading():
        return on_account_of(the_account(practice, account).id)


def on_account_of(account: int) -> int:
    """As `on_account`, of an account's id, within a transaction."""
    moved = Case(None, [(Entry.credit == ON_ACCOUNT, Entry.amount), (Entry.debit == ON_ACCOUNT, 0 - Entry.amount)], 0)
    return Entry.select(fn.COALESCE(fn.SUM(moved), 0)).where(Entry.account == account).scalar()


def held(office: Office, practice: int, book: str = SUSPENSE) -> list[Held]:
    """What payments of a practice still have in SUSPENSE or MISC_INCOME, oldest first; a few queries, however many."""
    roles.require(office, "look")
    if book not in (SUSPENSE, MISC_INCOME):
        raise RuleRefusal(f"Money is held in {SUSPENSE} or {MISC_INCOME}.", field="book")
    with office.reading():
        source = Entry.alias("source")
        whose = Case(Entry.code, [("RSCND", source.payment)], Entry.payment)
        into = Case(None, [(Entry.credit == book, Entry.amount)], 0)
        out = Case(None, [(Entry.debit == book, Entry.amount)], 0)
        sums: Any = Entry.select(whose.alias("whose"), fn.MIN(Entry.posted), fn.SUM(into), fn.SUM(into) - fn.SUM(out))
        sums = sums.join(source, JOIN.LEFT_OUTER, on=(source.id == Entry.parent))
        mine = (Entry.practice == practice) & held_in(book)
        query = sums.where(mine).group_by(SQL("whose")).having(fn.SUM(into) > fn.SUM(out))
        found = {payment: rest for payment, *rest in query.order_by(fn.MIN(Entry.posted), SQL("whose")).tuples()}
        payers = _payers(list(found))
    return [Held(payment, book, *payers[payment], *rest) for payment, rest in found.items()]


def _payers(found: Sequence[int]) -> dict[int, tuple[str, str, str]]:
    """Kind, payer's name and number of payments."""
    by: dict[int, tuple[str, str, str]] = {}
    name = fn.COALESCE(Agency.name, Payment.payer, Account.guarantor, "")
    for chunk in lookups.chunks(found):
        query: Any = Payment.select(Payment.id, Payment.kind, name, Payment.number)
        query = query.join(Agency, JOIN.LEFT_OUTER, on=(Agency.id == Payment.agency))
        query = query.join(Account, JOIN.LEFT_OUTER, on=(Account.id == Payment.account))
        by.update(
            (row, (kind, payer, number)) for row, kind, payer, number in query.where(Payment.id.in_(chunk)).tuples()
        )
    return by


def account_unchanged(account: Account, seen: int | None) -> None:
    """Conflict when what an account holds on account moved since the act `seen`: by whom, and what is there now."""
    if seen is not None:
        mine = (Entry.account == account.id) & ((Entry.credit == ON_ACCOUNT) | (Entry.debit == ON_ACCOUNT))
        current = Entry.select(fn.MAX(Entry.act)).where(mine).scalar() or seen
        stands = f"is {money.shown(on_account_of(account.id))} now"
        lookups.unchanged(seen, current, f"Money on account of account {account.number}", stands)


def payment_unchanged(row: Payment, book: str, seen: int | None) -> None:
    """As `account_unchanged`, of what a payment has in SUSPENSE or MISC_INCOME; what another payment took of it counts."""
    if seen is not None:
        source = Entry.alias("source")
        here = (Entry.credit == book) | (Entry.debit == book)
        own = Entry.select(fn.MAX(Entry.act)).where((Entry.payment == row.id) & (Entry.code != RSCND) & here).scalar()
        gone: Any = Entry.select(fn.MAX(Entry.act)).join(source, on=(source.id == Entry.parent))
        taken = gone.where((source.payment == row.id) & (Entry.code == RSCND) & here).scalar()
        what = f"What {rows.named(row)} has in {book.lower().replace('_', ' ')}"
        stands = f"is {money.shown(takebacks.held_of(row.id, book))} now"
        lookups.unchanged(seen, max(own or seen, taken or 0), what, stands)


def the_posted(payment: int, practice: int) -> Payment:
    """A posted payment of a practice, no agency's invoice; NotFound, field `payment`."""
    row: Any = Payment.get_or_none((Payment.id == payment) & (Payment.practice == practice))
    if row is None or row.posted is None or row.kind == INVOICE:
        raise NotFound(f"There is no posted payment {payment}.", field="payment")
    return row


def left_in(row: Payment, book: str, amount: int | None) -> int:
    """The cents to take of what a payment has in a book: so many, or all; RuleRefusal, field `amount`, when it has less."""
    there = takebacks.held_of(row.id, book)
    if there <= 0:
        raise RuleRefusal(f"{rows.named(row)} has nothing in {book.lower().replace('_', ' ')}.", field="amount")
    cents = there if amount is None else rows.cents(amount, "amount")
    refuse_above(there, cents, f"{rows.named(row)} has {{}} there.")
    return cents


def refuse_above(there: int, amount: int, sentence: str) -> None:
    """RuleRefusal, field `amount`, when more is asked for than there is; the sentence says how much with `{}`."""
    if amount > there:
        raise RuleRefusal(f"{money.shown(amount)} is too much: {sentence.format(money.shown(there))}", field="amount")
