"""Money of a payment in suspense, to a line, on account or to miscellaneous income, and back from there."""

from __future__ import annotations

from typing import Any

from bo_tui.db.tables import Payment, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import accounting, ledger, payments, roles
from bo_tui.rules.batches import rows
from bo_tui.rules.batches.holding import left_in, payment_unchanged, refuse_above, the_posted
from bo_tui.rules.batches.model import AGENCY, INSURANCE, Moved
from bo_tui.rules.codes import (
    AR,
    EPYMT,
    EXT,
    GPYMT,
    IPYMT,
    MISC_INCOME,
    ON_ACCOUNT,
    ONACCT,
    RVCOL,
    RVMIS,
    SMISC,
    SUSPENSE,
)
from bo_tui.rules.external import lookups
from bo_tui.rules.holds import the_account

DESTINATIONS = ("line", "on_account", "misc")


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
    seen: int | None = None,
) -> Moved:
    """Move money of a payment (default: all it has there) from suspense `to` a `line`, `on_account` of an account, or `misc`.

    A guarantor's or agency's money pays a line as GPYMT, an insurer's as IPYMT (a placed debt comes back first), an agency's on a
    placed line as EPYMT. `seen` is the last act that moved what the payment has in suspense. Raises RuleRefusal and NotFound,
    field `to`, `amount`, `line`, `account` or `payment`, and Conflict.
    """
    roles.require(office, "payment")
    if to not in DESTINATIONS:
        raise RuleRefusal(f"Money in suspense goes to {', '.join(DESTINATIONS)}.", field="to")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("from_suspense", owner) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, draft.business_date)
        row = the_posted(payment, owner)
        payment_unchanged(row, SUSPENSE, seen)
        cents = left_in(row, SUSPENSE, amount)
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
    seen: int | None = None,
) -> Moved:
    """Move money of a payment (default: all it has there) from miscellaneous income back to suspense (RVMIS); `seen` as above."""
    roles.require(office, "payment")
    owner = lookups.practice_of(office, Payment, payment, "payment", "payment", practice)
    with office.act("from_misc", owner) as draft:
        booked = accounting.resolve(lookups.the_practice(owner), accounting_date, draft.business_date)
        row = the_posted(payment, owner)
        payment_unchanged(row, MISC_INCOME, seen)
        cents = left_in(row, MISC_INCOME, amount)
        made = ledger.write(
            draft, RVMIS, (MISC_INCOME, SUSPENSE), cents, payment=row.id, number=row.number, accounting_date=booked,
            note=rows.text(note, "note"),
        )  # fmt: skip
        ledger.seal(draft)
    return Moved(draft.id, (made,), cents)
