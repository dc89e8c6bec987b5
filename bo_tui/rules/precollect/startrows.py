"""What a Start file says of the lines in the temporary table `Starting`, and what accounts lack for it (docs/formats.md)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import fn

from bo_tui.db.bulk import rows_of
from bo_tui.db.tables import Account, Entry, Practice, ServiceLine
from bo_tui.db.tables.scratchprecollect import Starting
from bo_tui.formats import agency as formats
from bo_tui.formats.agency.row import PlacementRow
from bo_tui.rules.codes import GPYMT, IPYMT, RVPAY
from bo_tui.rules.external import filecolumns

Query = Any  # a peewee query; its stubs type rows, not what we compose
PLACEMENT = "PL"
NO_CLIENT_NUMBER = "the practice has no TSI client number"
_LACKS_NUMBER = "no client number at the agency"


def rows(practice: Practice, *, payments: bool = True) -> list[PlacementRow]:
    """The starting lines whose accounts are new to TSI, by account and line; two queries, one without their last payments."""
    paid = dict(rows_of(_last_payments())) if payments else {}
    return [_row(practice, values, paid.get(values[0])) for values in rows_of(_details())]


def _details() -> Query:
    columns = (Starting.line, *filecolumns.COLUMNS, Starting.amount)
    query: Query = Starting.select(*columns).join(ServiceLine, on=(ServiceLine.id == Starting.line))
    query = query.join(Account, on=(Account.id == Starting.account)).where(Starting.route == PLACEMENT)
    return query.order_by(Starting.account, Starting.line)


def _last_payments() -> Query:
    """Per line the latest payment that was not wholly reversed; from the lines to their entries, never through the whole ledger."""
    reversal = Entry.alias("reversal")
    back: Query = reversal.select(fn.COALESCE(fn.SUM(reversal.amount), 0))
    back = back.where((reversal.parent == Entry.id) & (reversal.code == RVPAY))
    last: Query = Entry.select(fn.MAX(Entry.posted)).where(
        (Entry.line == Starting.line) & Entry.code.in_((GPYMT, IPYMT)) & (Entry.amount > back)
    )
    return Starting.select(Starting.line, last).where(Starting.route == PLACEMENT)


def _row(practice: Practice, values: Sequence[Any], last_payment: int | None) -> PlacementRow:
    line, *described, amount = values
    known = filecolumns.fields(described, practice.tsi_ssn) | {"email": ""}  # TSI's layout has none
    return PlacementRow(
        **known,
        client_number=practice.tsi_client_number or "",
        placement=line,
        original_amount=amount,
        payments=0,
        adjustments=0,
        balance=amount,
        last_payment_date=last_payment,
        itemization_date=known["date_of_service"],
        itemization_amount=amount,
    )


def lacking(practice: Practice, found: Sequence[PlacementRow]) -> list[tuple[str, list[str]]]:
    """(account number, words) of what the accounts of a Start file lack; ("", words) of what the practice lacks, first."""
    by_account: dict[str, list[str]] = {}
    for row in found:
        words = by_account.setdefault(row.account, [])
        words += [lack for lack in formats.lacking(row, "tsi") if lack != _LACKS_NUMBER and lack not in words]
    listed = [(account, words) for account, words in by_account.items() if words]
    if found and not (practice.tsi_client_number or "").strip():
        listed.insert(0, ("", [NO_CLIENT_NUMBER]))
    return listed
