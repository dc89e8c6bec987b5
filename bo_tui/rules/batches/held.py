"""Money that no line has yet, after its payment was posted: on account, in suspense, in miscellaneous income, refunded.

Money on account is an account's, as one sum; money in suspense or miscellaneous income is a payment's (back_office_rest.md 2.7).
None of them ever goes below nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import JOIN, SQL, Case, fn

from bo_tui import money
from bo_tui.db.tables import Account, Agency, Entry, Payment, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, payments, roles
from bo_tui.rules.batches import guarantor, rows, takebacks
from bo_tui.rules.batches.model import AGENCY, INSURANCE, INVOICE, Held, LineShare, Moved
from bo_tui.rules.codes import (
    AR,
    EPYMT,
    EXT,
    GPYMT,
    GSUSP,
    IPYMT,
    MISC_INCOME,
    ON_ACCOUNT,
    ONACCT,
    REFND,
    REFUND,
    RVCOL,
    RVMIS,
    SMISC,
    SUSPENSE,
    SVCFE,
)
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account

DESTINATIONS = ("line", "on_account", "misc")


def on_account(office: Office, practice: int, account: str) -> int:
    """Cents that an account (by number) holds on account; NotFound."""
    roles.require(office, "look")
    with office.reading():
        return on_account_of(the_account(practice, account).id)


def on_account_of(account: int) -> int:
    """As `on_account`, of an account's id, within a transaction."""
    moved = Case(None, [(Entry.credit == ON_ACCOUNT, Entry.amount), (Entry.debit == ON_ACCOUNT, 0 - Entry.amount)], 0)
    return Entry.select(fn.COALESCE(fn.SUM(moved), 0)).where(Entry.account == account).scalar()


def apply_on_account(
    office: Office,
    practice: int,
    account: str,
    lines: Sequence[LineShare] | None = None,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    note: str | None = None,
) -> Moved:
    """Apply money on account to the account's own lines: as given (`lines`), or so much (default: all) oldest first; GPYMT.

    Raises RuleRefusal, field `amount` (more than there is), `line` (placed, another account's) or `note`.
    """
    roles.require(office, "payment")
    note = rows.text(note, "note")
    with office.act("apply_on_account", practice) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, draft.business_date)
        owner = the_account(practice, account).id
        there = on_account_of(owner)
        given = lines if lines is not None else guarantor.shares_of(owner, there if amount is None else amount)
        cents = sum(rows.cents(share.amount, "amount") for share in given)
        if cents > there or (amount is not None and amount > there):
            raise RuleRefusal(f"Account {account} holds {money.shown(there)} on account.", field="amount")
        if not given:
            raise RuleRefusal("No line of the account takes the money.", field="amount")
        fees = _own_lines(owner, account, [share.line for share in given])
        made = tuple(
            ledger.write(
                draft, GPYMT, (ON_ACCOUNT, AR), share.amount, account=owner, line=fees[share.line][0],
                parent=fees[share.line][1], accounting_date=booked, note=note,
            )
            for share in given
        )  # fmt: skip
        ledger.settle(draft)
        ledger.seal(draft)
    return Moved(draft.id, made, cents)


def _own_lines(account: int, number: str, lines: Sequence[str]) -> dict[str, tuple[int, int | None]]:
    """(id, SVCFE) of lines of an account by number; refused when one is not the account's, named twice, or placed."""
    if len(set(lines)) != len(lines):
        raise RuleRefusal("A line is named twice.", field="line")
    found: dict[str, tuple[int, int | None]] = {}
    for chunk in lookups.chunks(lines):
        fee = Entry.select(fn.MIN(Entry.id)).where((Entry.line == ServiceLine.id) & (Entry.code == SVCFE))
        query: Any = ServiceLine.select(ServiceLine.number, ServiceLine.id, fee)
        mine = (ServiceLine.account == account) & ServiceLine.number.in_(chunk)
        found.update((row[0], row[1:]) for row in query.where(mine).tuples())
    for line in lines:
        if line not in found:
            raise NotFound(f"Account {number} has no service fee line {line}.", field="line")
        lookups.refuse_if_placed(found[line][0])
    return found


def on_account_to_suspense(
    office: Office, practice: int, account: str, amount: int, payment: int, accounting_date: int | None = None,
    *, note: str | None = None,
) -> Moved:  # fmt: skip
    """Move money that an account holds on account to suspense, as money of the posted payment that brought it (GSUSP).

    Raises RuleRefusal, field `amount`, and NotFound, field `payment`.
    """
    roles.require(office, "payment")
    rows.cents(amount, "amount")
    with office.act("to_suspense", practice) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, draft.business_date)
        owner, row = the_account(practice, account).id, _posted(payment, practice)
        refuse_above(on_account_of(owner), amount, f"Account {account} holds {{}} on account.")
        made = ledger.write(
            draft, GSUSP, (ON_ACCOUNT, SUSPENSE), amount, account=owner, payment=row.id, number=row.number,
            accounting_date=booked, note=rows.text(note, "note"),
        )  # fmt: skip
        ledger.seal(draft)
    return Moved(draft.id, (made,), amount)


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
        mine = (Entry.practice == practice) & ((Entry.credit == book) | (Entry.debit == book))
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


def from_suspense(
    office: Office,
    payment: int,
    to: str,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    line: str | None = None,
    account: str | None = None,
    note: str | None = None,
    practice: int | None = None,
) -> Moved:
    """Move money of a payment (default: all it has there) from suspense `to` a `line`, `on_account` of an account, or `misc`.

    A guarantor's or agency's money pays a line as GPYMT, an insurer's as IPYMT (a placed debt comes back first), an agency's on a
    placed line as EPYMT. Raises RuleRefusal and NotFound, field `to`, `amount`, `line`, `account` or `payment`.
    """
    roles.require(office, "payment")
    if to not in DESTINATIONS:
        raise RuleRefusal(f"Money in suspense goes to {', '.join(DESTINATIONS)}.", field="to")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("from_suspense", owner) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, draft.business_date)
        row = _posted(payment, owner)
        cents = _of_held(row, SUSPENSE, amount)
        about: dict[str, Any] = {"payment": row.id, "number": row.number, "accounting_date": booked}
        about["note"] = rows.text(note, "note")
        if to == "misc":
            made = ledger.write(draft, SMISC, (SUSPENSE, MISC_INCOME), cents, **about)
        elif to == "on_account":
            if not account:
                raise RuleRefusal("Name the account.", field="account")
            holder = the_account(owner, account).id
            made = ledger.write(draft, ONACCT, (SUSPENSE, ON_ACCOUNT), cents, account=holder, **about)
        else:
            made = _to_line(draft, row, line or "", cents, about)
        ledger.seal(draft)
    return Moved(draft.id, (made,), cents)


def _to_line(draft: Draft, row: Payment, number: str, cents: int, about: dict[str, Any]) -> int:
    line: Any = ServiceLine.get_or_none((ServiceLine.practice == row.practice) & (ServiceLine.number == number))
    if line is None:
        raise NotFound(f"There is no service fee line {number} in this practice.", field="line")
    placed = lookups.open_placement_of(line.id)
    if placed is not None and row.kind == AGENCY:
        refuse_above(placed.balance, cents, f"{lookups.called(placed)} has a balance of {{}}.")
        made = ledger.write(
            draft, EPYMT, (SUSPENSE, EXT), cents, line=line.id, placement=placed.id, parent=placed.id, **about
        )
        ledger.settle(draft)
        return made
    if placed is not None and row.kind != INSURANCE:
        lookups.refuse_if_placed(line.id)
    back = placed if placed is not None and placed.balance > 0 else None
    if back is not None:
        ledger.write(
            draft, RVCOL, (AR, EXT), back.balance, line=line.id, placement=back.id, parent=back.id,
            **about | {"note": payments.RECALL},
        )  # fmt: skip
    code = IPYMT if row.kind == INSURANCE else GPYMT
    made = ledger.write(draft, code, (SUSPENSE, AR), cents, line=line.id, parent=payments.service_fee(line.id), **about)
    ledger.settle(draft)
    if back is not None:
        payments.recall_debt(draft, line, back, ServiceLine.get_by_id(line.id).ar)
    return made


def from_misc(
    office: Office,
    payment: int,
    amount: int | None = None,
    accounting_date: int | None = None,
    *,
    note: str | None = None,
    practice: int | None = None,
) -> Moved:
    """Move money of a payment (default: all it has there) from miscellaneous income back to suspense (RVMIS)."""
    roles.require(office, "payment")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("from_misc", owner) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, draft.business_date)
        row = _posted(payment, owner)
        cents = _of_held(row, MISC_INCOME, amount)
        made = ledger.write(
            draft, RVMIS, (MISC_INCOME, SUSPENSE), cents, payment=row.id, number=row.number, accounting_date=booked,
            note=rows.text(note, "note"),
        )  # fmt: skip
        ledger.seal(draft)
    return Moved(draft.id, (made,), cents)


def refund(
    office: Office,
    practice: int,
    amount: int,
    recipient: str,
    accounting_date: int | None = None,
    *,
    account: str | None = None,
    line: str | None = None,
    payment: int | None = None,
    book: str = SUSPENSE,
) -> Moved:
    """Refund money on account (`account`), a line's credit (`line`), or a payment's in `book`, to the recipient named (REFND).

    Exactly one source is named. Raises RuleRefusal, field `amount` (more than there is), `recipient` or `source`.
    """
    roles.require(office, "payment")
    rows.cents(amount, "amount")
    note = lookups.required(recipient, "recipient", "The recipient")
    if sum(source is not None for source in (account, line, payment)) != 1:
        raise RuleRefusal("Refund from an account, from a line's credit, or from a payment's money.", field="source")
    with office.act("refund", practice, note) as draft:
        booked = accounting.resolve(lookups.the_practice(practice), accounting_date, draft.business_date)
        about: dict[str, Any] = {"accounting_date": booked, "note": note}
        if account is not None:
            source, there = ON_ACCOUNT, on_account_of(owner := the_account(practice, account).id)
            about["account"] = owner
        elif line is not None:
            row: Any = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == line))
            if row is None:
                raise NotFound(f"There is no service fee line {line} in this practice.", field="line")
            source, there = AR, max(0 - row.ar, 0)
            about |= {"line": row.id, "parent": payments.service_fee(row.id)}
        else:
            if book not in (SUSPENSE, MISC_INCOME):
                raise RuleRefusal(f"Money is held in {SUSPENSE} or {MISC_INCOME}.", field="book")
            source, there = book, takebacks.held_of(_posted(payment or 0, practice).id, book)
            about["payment"] = payment
        refuse_above(there, amount, "There is {} to refund.")
        made = ledger.write(draft, REFND, (source, REFUND), amount, **about)
        ledger.settle(draft)
        ledger.seal(draft)
    return Moved(draft.id, (made,), amount)


def refuse_above(there: int, amount: int, sentence: str) -> None:
    """RuleRefusal, field `amount`, when more is asked for than there is; the sentence says how much with `{}`."""
    if amount > there:
        raise RuleRefusal(f"{money.shown(amount)} is too much: {sentence.format(money.shown(there))}", field="amount")


def _posted(payment: int, practice: int) -> Payment:
    row: Any = Payment.get_or_none((Payment.id == payment) & (Payment.practice == practice))
    if row is None or row.posted is None or row.kind == INVOICE:
        raise NotFound(f"There is no posted payment {payment}.", field="payment")
    return row


def _of_held(row: Payment, book: str, amount: int | None) -> int:
    there = takebacks.held_of(row.id, book)
    if there <= 0:
        raise RuleRefusal(f"{rows.named(row)} has nothing in {book.lower().replace('_', ' ')}.", field="amount")
    cents = there if amount is None else rows.cents(amount, "amount")
    refuse_above(there, cents, f"{rows.named(row)} has {{}} there.")
    return cents
