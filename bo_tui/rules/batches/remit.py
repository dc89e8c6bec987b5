"""An agency's remittance fills a batch: one payment, a distribution for each row that matches a placement of the agency.

What matches nothing, or does not fit, is kept with the batch as an exception for the operator; its money remains to be distributed,
so that the batch cannot be posted over it (external_collections.md section 7).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bo_tui import dates, money
from bo_tui.db import attachments
from bo_tui.db.bulk import insert_rows
from bo_tui.db.tables import LoadedFile, Payment, PaymentBatch, PaymentException
from bo_tui.errors import NotFound, Problem, RuleRefusal
from bo_tui.formats import remit as formats
from bo_tui.formats.remit import RemitRow
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.batches import batches, distributions, matching, payments, rows
from bo_tui.rules.batches.model import AGENCY, NET, OPEN, PLACEMENT, SETTLED, Header, Imported, Share
from bo_tui.rules.external import lookups
from bo_tui.rules.importing.problems import Problems


@dataclass(frozen=True, slots=True)
class RemitException:
    """A row of a remittance that waits for the operator: what it said (cents below zero for what bounced), and why."""

    id: int
    row: int
    account: str | None
    placement: str | None
    client_reference: str | None
    date: int | None
    type: str
    gross: int
    net: int
    commission: int
    reference: str | None
    reason: str
    state: str
    note: str | None


def import_remit(
    office: Office,
    practice: int,
    agency: str,
    path: Path,
    number: str | None = None,
    date: int | None = None,
    amount: int | None = None,
    *,
    type: str = "check",
    accounting_date: int | None = None,
    another_check: bool = False,
) -> Imported:
    """Make a batch with one payment of an agency (by name) from its remittance file; nothing of it is posted yet.

    `number` (default: the file's name), `date` (default: the business date) and `amount` (default: what the rows say) are the
    check's. Raises RuleRefusal, field `agency`, for one that never worked for the practice, BadInput (65) naming each row that
    cannot be read or is of a day after the business date, RuleRefusal for a file that was loaded before (field `file`) or as
    `payments.create`, NoInput (66).
    """
    roles.require(office, "payment")
    with office.reading():
        payments.paying_agency(practice, agency)
    content = attachments.take(path)
    name = lookups.required(path.name, "file", "The file's name")
    problems = Problems()
    found = list(formats.read(content, name, problems.add))
    for row in found:
        if row.date > office.business_date:
            problems.add(Problem(name, row.row, "date", f"{dates.iso(row.date)} is after today"))
    problems.raise_any()
    if not found:
        raise RuleRefusal(f"{name} has no rows; nothing was loaded.", field="file")
    key = f"{hashlib.sha256(content).hexdigest()}:remit:{practice}"
    with office.act("remit", practice, name) as draft:
        _mark_loaded(draft, key, name)
        header = Header(
            AGENCY, number or path.stem[: rows.LONGEST], _total(found, agency) if amount is None else amount,
            draft.business_date if date is None else date, type, agency=agency, accounting_date=accounting_date,
            another_check=another_check,
        )  # fmt: skip
        done = _fill(office, draft, practice, header, name, found)
        ledger.seal(draft)
    return done


def _mark_loaded(draft: Draft, key: str, name: str) -> None:
    """RuleRefusal, field `file`, for bytes that were loaded before, unless the batch that they made was deleted."""
    loaded: Any = LoadedFile.get_or_none(LoadedFile.sha256 == key)
    if loaded is None:
        LoadedFile.insert(sha256=key, name=name, act=draft.id).execute()
        return
    made = (PaymentBatch.created_act == loaded.act) & (PaymentBatch.deleted == False)  # noqa: E712
    if PaymentBatch.select().where(made).exists():
        raise RuleRefusal(f"{name} was loaded before; its bytes are the same.", field="file")
    LoadedFile.update(name=name, act=draft.id).where(LoadedFile.id == loaded.id).execute()


def _total(found: Sequence[RemitRow], agency: str) -> int:
    at = 1 if lookups.the_agency(agency).remits == NET else 0
    total = sum(row.signed[at] for row in found)
    if total < 0:
        raise RuleRefusal(
            f"The rows take back {money.shown(-total)} more than they pay; there is no check to enter.", field="amount"
        )
    return total


def _fill(
    office: Office, draft: Draft, practice: int, header: Header, name: str, found: Sequence[RemitRow]
) -> Imported:
    description = name[: rows.LONGEST]
    batch = batches.create_within(draft, practice, 1, header.amount, header.accounting_date, description, "remit")
    made = payments.create_within(office, draft, PaymentBatch.get_by_id(batch.batch), header)
    payment: Any = Payment.get_by_id(made.payment)
    matched = matching.match(payment, found)
    shares = [
        Share(PLACEMENT, placement=one.placement, gross=gross, net=net, commission=kept, of_entry=one.of_entry,
              note=one.row.reference)
        for one in matched if not one.reason
        for gross, net, kept in (one.row.signed,)
    ]  # fmt: skip
    if shares:
        distributions.add_within(draft, payment, shares)
    wrong = [(one.row, one.reason) for one in matched if one.reason]
    _keep(draft, payment, wrong)
    left = rows.remaining(payment)
    return Imported(
        draft.id, batch.batch, batch.number, payment.id, len(shares), len(wrong), payment.amount, left
    )  # fmt: skip


def _keep(draft: Draft, payment: Payment, wrong: Sequence[tuple[RemitRow, str]]) -> None:
    last = PaymentException.select(PaymentException.id).order_by(PaymentException.id.desc()).limit(1).scalar() or 0
    names = (
        "id", "practice", "batch", "payment", "row", "account", "placement", "client_reference", "date", "type", "gross", "net",
        "commission", "reference", "reason", "act",
    )  # fmt: skip
    given = [
        (
            place, payment.practice, payment.batch, payment.id, row.row, row.account,
            None if row.placement is None else str(row.placement), row.client_reference, row.date, row.type, *row.signed,
            row.reference, reason, draft.id,
        )
        for place, (row, reason) in enumerate(wrong, start=last + 1)
    ]  # fmt: skip
    if given:
        insert_rows(draft.writing.store.db, [getattr(PaymentException, name) for name in names], given)
        ledger.change_many(draft, [("payment_exception", row[0], "state", None, OPEN) for row in given])


def exceptions(office: Office, batch: int) -> list[RemitException]:
    """What of a batch's remittance waits for the operator or was settled, in the file's order."""
    roles.require(office, "look")
    with office.reading():
        return list(_exceptions(batch))


def _exceptions(batch: int) -> Iterator[RemitException]:
    names = RemitException.__slots__
    query: Any = PaymentException.select(*(getattr(PaymentException, name) for name in names))
    for values in query.where(PaymentException.batch == batch).order_by(PaymentException.row).tuples():
        yield RemitException(*values)


def settle_exception(
    office: Office, exception: int, note: str, *, seen: int | None = None, practice: int | None = None
) -> int:
    """Say how an exception was dealt with (its money distributed by hand, put in suspense, sent back); the act."""
    roles.require(office, "payment")
    owner = lookups.practice_of(office, PaymentException, exception, "exception", "exception", practice)
    note = lookups.required(note, "note", "A note")
    with office.act("remit_exception", owner, note) as draft:
        row: Any = PaymentException.get_or_none(PaymentException.id == exception)
        if row is None:
            raise NotFound(f"There is no exception {exception}.", field="exception")
        lookups.unchanged(seen, row.act, f"Row {row.row}", f"is {row.state}")
        if row.state != OPEN:
            raise RuleRefusal(f"Row {row.row} was settled already: {row.note}.", field="exception")
        settled = {PaymentException.state: SETTLED, PaymentException.note: note, PaymentException.act: draft.id}
        PaymentException.update(settled).where(PaymentException.id == exception).execute()
        rows.keep(draft, PaymentException, exception, {"state": OPEN, "note": None}, {"state": SETTLED, "note": note})
        ledger.seal(draft)
    return draft.id
