"""Entering, changing and removing the payments of a batch: one check, cash, card or transfer each (back_office_rest.md 3.5).

The same payer, number, amount and date within a practice is the same check, whatever the capitals, spaces, hyphens and leading
zeros (FB-5001, fb5001 and 0FB 5001 are one): it is refused, naming the one that is there, unless a supervisor says it is
another one.
"""

from __future__ import annotations

from typing import Any

from peewee import Value, fn

from bo_tui import dates, money
from bo_tui.db.tables import Agency, Assignment, Distribution, Payment, PaymentBatch, Placement
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, roles
from bo_tui.rules.batches import rows, shares
from bo_tui.rules.batches.model import (
    AGENCY,
    GROSS,
    GUARANTOR,
    INSURANCE,
    INVOICE,
    KINDS,
    PARTLY,
    PLACEMENT,
    REMOVED,
    TYPES,
    UNPOSTED,
    Header,
    Payer,
    PaymentDone,
    PaymentStanding,
)
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account

_IDENTITY = ("number", "payer", "date", "amount", "kind", "agency", "account")  # of a check
DAYS_BACK = 400  # a check older than this is a slip of the keyboard


def create(office: Office, batch: int, header: Header, *, practice: int | None = None) -> PaymentDone:
    """Enter a payment in a batch; nothing of it is distributed yet.

    Raises RuleRefusal, field `kind`, `type`, `number`, `amount`, `date`, `payer`, `account`, `agency`, `accounting_date`, `note` or
    `another_check`; the second check of the same payer, number, amount and date names the first.
    """
    roles.require(office, "another_check" if header.another_check else "payment")
    owner = lookups.practice_of(office, PaymentBatch, batch, "batch", "payment batch", practice)
    with office.act("payment_enter", owner) as draft:
        done = create_within(office, draft, rows.the_batch(batch, None), header)
        ledger.seal(draft)
    return done


def create_within(office: Office, draft: Draft, batch: PaymentBatch, header: Header) -> PaymentDone:
    """As `create`, within an act that the caller seals."""
    values = _values(office, draft, batch.practice, header)
    row: int = Payment.insert(
        practice=batch.practice, batch=batch.id, made_by=draft.actor, act=draft.id, **values
    ).execute()
    rows.keep(draft, Payment, row, None, {"batch": batch.id, "state": UNPOSTED, **values})
    return PaymentDone(draft.id, row, values["amount"])


def update(
    office: Office, payment: int, header: Header, *, seen: int | None = None, practice: int | None = None
) -> PaymentDone:
    """Change the header of a payment of which nothing is posted; its kind stays. Distributions stay too, so that money may remain.

    Of one partly posted the accounting date alone may change, for what is left of it: the one it has may be closed meanwhile.
    Raises RuleRefusal as `create`, also when nothing would change, and Conflict.
    """
    roles.require(office, "payment")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("payment_update", owner) as draft:
        row: Any = rows.the_payment(payment, seen)
        if row.state != PARTLY:
            refuse_posted(row)
        if header.kind != row.kind:
            raise RuleRefusal("A payment's kind cannot be changed; remove it and enter it anew.", field="kind")
        values = _values(office, draft, owner, header, row)
        before = {name: getattr(row, name) for name in values}
        if before == values:
            raise RuleRefusal(f"{rows.named(row)} is like that already.", field="number")
        if row.posted is not None and before | {"accounting_date": values["accounting_date"]} != values:
            raise RuleRefusal(
                f"{rows.named(row)} is posted in part; its accounting date alone may change, for what is left.",
                field="payment",
            )
        Payment.update(**values, act=draft.id).where(Payment.id == payment).execute()
        rows.keep(draft, Payment, payment, before, values)
        if values["remits"] != row.remits:
            _count_anew(draft, payment, values["remits"])
        left = values["amount"] - rows.distributed(payment)
        ledger.seal(draft)
    return PaymentDone(draft.id, payment, left)


def remove(office: Office, payment: int, *, seen: int | None = None, practice: int | None = None) -> PaymentDone:
    """Take a payment of which nothing is posted out of its batch, with its distributions (RuleRefusal, field `payment`)."""
    roles.require(office, "payment")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("payment_remove", owner) as draft:
        row = refuse_posted(rows.the_payment(payment, seen))
        mine = (Distribution.payment == payment) & (Distribution.state == UNPOSTED)
        Distribution.update(state=REMOVED, act=draft.id).where(mine).execute()
        Payment.update(state=REMOVED, act=draft.id).where(Payment.id == payment).execute()
        rows.keep(draft, Payment, payment, {"state": row.state}, {"state": REMOVED})
        ledger.seal(draft)
    return PaymentDone(draft.id, payment, 0)


def standing(office: Office, payment: int) -> PaymentStanding:
    """A payment as it stands now, with what remains to be distributed; NotFound."""
    roles.require(office, "look")
    return rows.payment_standing(office, payment)


def payers(office: Office, practice: int) -> list[Payer]:
    """The agencies that a payment may be of: those assigned to the practice now or before, in the order of names."""
    with office.reading():
        mine: Any = Assignment.select(Assignment.agency, fn.MIN(Assignment.removed).alias("former"))
        of = mine.where(Assignment.practice == practice).group_by(Assignment.agency).alias("of")
        debts = Placement.select(Value(1)).where((Placement.practice == practice) & (Placement.agency == Agency.id))
        query: Any = Agency.select(Agency.name, Agency.remits, of.c.former, fn.EXISTS(debts))
        query = query.join(of, on=(of.c.agency == Agency.id)).order_by(Agency.name)
        return [Payer(name, remits, bool(former), bool(had)) for name, remits, former, had in query.tuples()]


def paying_agency(practice: int, name: str) -> Agency:
    """An agency (by name) that works or worked for a practice; NotFound and RuleRefusal, field `agency`; within a transaction."""
    agency = lookups.the_agency(name)
    ever = (Assignment.practice == practice) & (Assignment.agency == agency.id)
    if not Assignment.select().where(ever).exists():
        raise RuleRefusal(f"{name} never worked for this practice.", field="agency")
    return agency


def refuse_posted(row: Payment) -> Payment:
    """RuleRefusal, field `payment`, when something of it was posted: posted money is reversed, not edited."""
    if row.posted is not None:
        raise RuleRefusal(
            f"{rows.named(row)} was posted on {dates.iso(row.posted)}; reverse it instead.", field="payment"
        )
    return row


def _count_anew(draft: Draft, payment: int, remits: str) -> None:
    """A check counts its placements' lines by net or by gross, as its agency remits; a takeback as what it takes back did."""
    of = Distribution.gross if remits == GROSS else Distribution.net
    mine: Any = (Distribution.payment == payment) & (Distribution.kind == PLACEMENT)
    mine &= (Distribution.state == UNPOSTED) & (Distribution.gross > 0)
    before = {row.id: shares.words(row) for row in Distribution.select().where(mine & (Distribution.amount != of))}
    Distribution.update({Distribution.amount: of, Distribution.act: draft.id}).where(mine).execute()
    after = {row.id: shares.words(row) for row in Distribution.select().where(mine)}
    ledger.change_many(draft, [("distribution", row, "distributed", said, after[row]) for row, said in before.items()])


def _values(office: Office, draft: Draft, practice: int, header: Header, row: Payment | None = None) -> dict[str, Any]:
    if header.kind not in KINDS:
        raise RuleRefusal("A payment is an insurer's, a guarantor's or an agency's.", field="kind")
    if header.type not in TYPES:
        raise RuleRefusal(f"The type is one of {', '.join(TYPES)}.", field="type")
    number = rows.text(header.number, "number")
    if number is None:
        raise RuleRefusal("The number is compulsory: the check's, or CASH, or the card's kind.", field="number")
    rows.cents(header.amount, "amount", least=1 if header.kind == GUARANTOR else 0)
    _refuse_date(header.date, draft.business_date)
    the_practice = lookups.the_practice(practice)
    booked = accounting.resolve(the_practice, header.accounting_date, draft.business_date)
    values = {
        "kind": header.kind, "type": header.type, "number": number, "amount": header.amount, "date": header.date,
        **_payer(the_practice.id, header, row), "accounting_date": booked, "note": rows.text(header.note, "note"),
        "another_check": bool(header.another_check),
    }  # fmt: skip
    _refuse_twice(office, practice, values, row)
    return values


def invoice_values(
    draft: Draft,
    practice: int,
    agency: int,
    amount: int,
    number: str,
    date: int,
    type: str,
    note: str | None,
    booked: int | None,
) -> dict[str, Any]:
    """The fields of a payment that the office makes to an agency; refused as a payment of a batch would be."""
    rows.cents(amount, "amount")
    if type not in TYPES:
        raise RuleRefusal(f"The type is one of {', '.join(TYPES)}.", field="type")
    said = rows.text(number, "number")
    if said is None:
        raise RuleRefusal("The number is compulsory: the check's or the transfer's.", field="number")
    _refuse_date(date, draft.business_date)
    values = {
        "kind": INVOICE, "type": type, "number": said, "amount": amount, "date": date, "agency": agency,
        "accounting_date": booked, "note": rows.text(note, "note"),
    }  # fmt: skip
    if _first_alike(practice, values) is not None:
        raise RuleRefusal(f"{said} was paid to this agency on that day already.", field="number")
    return values


def _refuse_date(day: int, today: int) -> None:
    if day > today:
        raise RuleRefusal("The date is after today; a check is not entered before its date.", field="date")
    if day < today - DAYS_BACK:
        raise RuleRefusal(f"The date {dates.iso(day)} is more than {DAYS_BACK} days ago.", field="date")


def _payer(practice: int, header: Header, row: Payment | None) -> dict[str, Any]:
    """Who pays, and how an agency's check counts: by net or gross; what the patient paid the practice is gross.

    A check (`row`) keeps how it counts, whatever the agency's setting is now, while neither of the two changes.
    """
    found: dict[str, Any] = dict.fromkeys(("payer", "plan", "account", "agency", "remits"))
    found["received_from_patient"] = header.received_from_patient and header.kind == AGENCY
    if header.kind == AGENCY:
        if not header.agency:
            raise RuleRefusal("The agency is compulsory.", field="agency")
        agency: Any = paying_agency(practice, header.agency)
        remits = GROSS if found["received_from_patient"] else agency.remits
        whose = (agency.id, found["received_from_patient"])
        if row is not None and row.remits is not None and whose == (row.agency, bool(row.received_from_patient)):
            remits = row.remits
        return found | {"agency": agency.id, "remits": remits}
    payer = rows.text(header.payer, "payer")
    if header.kind == INSURANCE:
        if payer is None:
            raise RuleRefusal("The payer is compulsory.", field="payer")
        return found | {"payer": payer, "plan": rows.text(header.plan, "plan")}
    if not header.account and payer is None:
        raise RuleRefusal("Name the remitting guarantor's account, or who paid.", field="account")
    account = the_account(practice, header.account).id if header.account else None
    return found | {"account": account, "payer": payer}


def _refuse_twice(office: Office, practice: int, values: dict[str, Any], row: Payment | None) -> None:
    """RuleRefusal, field `number`, for the same check; what was said of one to be another holds until it is made a third."""
    if values["another_check"]:
        if row is None or not row.another_check or any(getattr(row, name) != values[name] for name in _IDENTITY):
            roles.require(office, "another_check")
        return
    first = _first_alike(practice, values, None if row is None else row.id)
    if first is not None:
        amount, day = money.shown(first.amount), dates.iso(first.date)
        batch = PaymentBatch.select(PaymentBatch.number).where(PaymentBatch.id == first.batch).scalar()
        raise RuleRefusal(
            f"{rows.named(first)}, {amount} of {day}, is in batch {batch} already; a supervisor may say that this is "
            "another check.",
            field="number",
        )


def _first_alike(practice: int, values: dict[str, Any], besides: int | None = None) -> Any:
    """The first payment of the same kind, payer, number, amount and date, or None.

    Numbers and payers are compared here, because SQLite's LOWER leaves letters such as É alone.
    """
    same: Any = (Payment.practice == practice) & (Payment.state != REMOVED) & (Payment.id != (besides or 0))
    for name in _IDENTITY[2:]:  # the first two are compared below
        field, value = getattr(Payment, name), values.get(name)
        same &= field.is_null() if value is None else field == value
    wanted = (_number(values["number"]), rows.folded(values.get("payer")))
    query: Any = Payment.select(Payment.id, Payment.number, Payment.payer).where(same).order_by(Payment.id)
    for row, number, payer in query.tuples():
        if (_number(number), rows.folded(payer)) == wanted:
            return Payment.get_by_id(row)
    return None


def _number(text: str) -> str:
    """A check's number by its letters and digits alone, whatever their capitals and the zeros before them.

    Numbers are compared among the payments of one practice, kind, payer, amount and date alone, of which there are few.
    """
    folded = text.casefold()
    return "".join(one for one in folded if one.isalnum()).lstrip("0") or folded.strip()
