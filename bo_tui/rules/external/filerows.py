"""Which placements go into an agency's next file, and what the file says of them: a handful of joins, none of them per line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Case, fn

from bo_tui.db.bulk import rows_of
from bo_tui.db.tables import Account, Agency, Assignment, Entry, Placement, Practice, ServiceLine
from bo_tui.errors import NotFound
from bo_tui.formats.agency import TSI_REFERENCE, PlacementRow
from bo_tui.rules.codes import MADJN, MADJP, PAYMENTS, RVFEE, RVPAY
from bo_tui.rules.external import filecolumns
from bo_tui.rules.external.holds import in_force

Query = Any  # a peewee query; its stubs type rows, not what we compose


@dataclass(frozen=True, slots=True)
class Recipient:
    """A practice and an agency as a file needs them: who gets it, in what layout, and under which client number."""

    practice: int
    practice_code: str
    agency: int
    agency_name: str
    file_type: str
    ssn: str
    baa_date: int | None
    client_number: str


def recipient(practice_id: int, agency_id: int) -> Recipient:
    """What is known of a practice and an agency; NotFound when there is no such one.

    The client number is the assignment's, else the agency's, else for a TSI file the practice's TSI client number.
    """
    practice = Practice.get_or_none(Practice.id == practice_id)
    agency = Agency.get_or_none(Agency.id == agency_id)
    if practice is None:
        raise NotFound("There is no such practice.", field="practice")
    if agency is None:
        raise NotFound("There is no such agency.", field="agency")
    assigned = (Assignment.practice == practice_id) & (Assignment.agency == agency_id) & (Assignment.removed == False)  # noqa: E712
    numbers = [Assignment.select(Assignment.client_number).where(assigned).scalar(), agency.client_number]
    if agency.file_type == "tsi":
        numbers.append(practice.tsi_client_number)
    return Recipient(
        practice=practice.id,
        practice_code=practice.code,
        agency=agency.id,
        agency_name=agency.name,
        file_type=agency.file_type,
        ssn=agency.ssn,
        baa_date=agency.baa_date,
        client_number=next((number for number in numbers if number), ""),
    )


def waiting(to: Recipient, day: int) -> Any:
    """The condition on placements that wait for a file: open, in no file yet, with a balance, and not held on the day.

    A TSI file takes no account whose number is longer than its reference: cut, it could be another account's.
    """
    found = _unfiled(to, day)
    return found & (fn.LENGTH(Placement.account_number) <= TSI_REFERENCE) if to.file_type == "tsi" else found


def held(to: Recipient, day: int) -> Any:
    """The condition on placements that would wait for a file if no hold were in force over them on the day."""
    return _open(to) & in_force(Placement.account, Placement.line, day)


def _unfiled(to: Recipient, day: int) -> Any:
    return _open(to) & ~in_force(Placement.account, Placement.line, day)


def _open(to: Recipient) -> Any:
    mine = (Placement.practice == to.practice) & (Placement.agency == to.agency)
    unfiled = Placement.file.is_null() & Placement.closed.is_null()  # the very terms of index placement_unfiled
    return mine & unfiled & (Placement.balance > 0)


def rows(to: Recipient, day: int, limit: int | None, after: int = 0, *, left_out: bool = False) -> list[PlacementRow]:
    """At most `limit` placements (None: all) that wait for a file to this agency, in id order from above `after`.

    Two queries: placement, line and account joined, and the sums of the lines' entries. With `left_out` also those that the
    layout cannot take.
    """
    where = _unfiled(to, day) if left_out else waiting(to, day)
    chosen: Query = Placement.select(Placement.id, Placement.line).where(where)
    if after:  # `+ 0` keeps SQLite on the small index of unfiled placements, away from all ids above this one
        chosen = chosen.where(Placement.id + 0 > after)
    chosen = chosen.order_by(Placement.id).limit(limit)
    sums = {line: rest for line, *rest in rows_of(_sums(chosen))}
    return [_row(to, values, sums.get(values[1], _NOTHING)) for values in rows_of(_details(chosen))]


_NOTHING: Sequence[Any] = (0, 0, None)


def _details(chosen: Query) -> Query:
    these = chosen.alias("chosen")
    columns = (Placement.id, Placement.line, *filecolumns.COLUMNS, ServiceLine.fee, Placement.balance)
    return (
        Placement.select(*columns)
        .join(these, on=(these.c.id == Placement.id))
        .join(ServiceLine, on=(ServiceLine.id == Placement.line))
        .join(Account, on=(Account.id == Placement.account))
        .order_by(Placement.id)
    )


def _sums(chosen: Query) -> Query:
    """Per line: payments net of their reversals, adjustments net downward (a reversed fee is one), last payment still standing."""
    these = chosen.alias("chosen")
    reversal = Entry.alias("reversal")
    taken_back: Query = reversal.select(fn.COALESCE(fn.SUM(reversal.amount), 0))
    taken_back = taken_back.where((reversal.parent == Entry.id) & (reversal.code == RVPAY))
    paid = Case(None, [(Entry.code.in_(PAYMENTS), Entry.amount), (Entry.code == RVPAY, 0 - Entry.amount)], 0)
    down = Case(None, [(Entry.code.in_((MADJN, RVFEE)), Entry.amount), (Entry.code == MADJP, 0 - Entry.amount)], 0)
    stands = Case(None, [(Entry.code.in_(PAYMENTS) & (Entry.amount > taken_back), Entry.posted)])
    return (
        Entry.select(Entry.line, fn.SUM(paid), fn.SUM(down), fn.MAX(stands))
        .join(these, on=(these.c.line == Entry.line))
        .group_by(Entry.line)
    )


def _row(to: Recipient, values: Sequence[Any], sums: Sequence[Any]) -> PlacementRow:
    placement, _line, *described, fee, balance = values
    payments, adjustments, last_payment = sums
    known = filecolumns.fields(described, to.ssn)
    return PlacementRow(
        **known,
        client_number=to.client_number,
        placement=placement,
        original_amount=fee,
        payments=payments,
        adjustments=adjustments,
        balance=balance,
        last_payment_date=last_payment,
        itemization_date=known["date_of_service"],  # Regulation F's transaction date, and the amount of that day
        itemization_amount=fee,
    )
