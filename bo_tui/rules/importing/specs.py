"""How each staged file meets its table: which row has the same key, which columns may change, which never do.

`match` is a correlated subquery: the id of the store's row for a staged row. Entries, placements and pre-collections are not
changed by a file; they are in `checks` and `loadledger`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import Field, fn

from bo_tui.db.sqltext import same
from bo_tui.db.tables import (
    Account,
    Agency,
    Assignment,
    ExternalRule,
    Hold,
    Practice,
    Precollection,
    PrecollectionRule,
    ServiceLine,
    TransactionCode,
)
from bo_tui.rules.importing.stage import STAGED


@dataclass(frozen=True)
class Spec:
    """One staged file and its table. `fields`: staged column -> field that an update may change; `refs`: ids to look up."""

    name: str
    model: Any
    key_column: str  # the column that a refusal about the key names
    match: Callable[[Any], Any]
    fields: dict[str, Field]
    keys: dict[str, Field]  # staged column -> field that only a new row gets
    refs: tuple[str, ...] = ()
    lenient: bool = False  # an identical row of the store is passed over even without --update

    @property
    def staged(self) -> Any:
        """The staged table's model."""
        return STAGED[self.name]

    @property
    def subject(self) -> str:
        """The table's name, as change rows call it."""
        return str(self.model._meta.table_name)


def _fields(model: Any, *names: str) -> dict[str, Field]:
    return {name: getattr(model, name) for name in names}


def account_of(staged: Any) -> Any:
    """The id of the account that a staged row names."""
    return Account.select(Account.id).where((Account.practice == staged.practice) & (Account.number == staged.account))


def line_of(staged: Any) -> Any:
    """The id of the line that a staged row names."""
    mine = (ServiceLine.practice == staged.practice) & (ServiceLine.number == staged.line)
    return ServiceLine.select(ServiceLine.id).where(mine)


def agency_of(staged: Any) -> Any:
    """The id of the agency that a staged row names."""
    return Agency.select(Agency.id).where(Agency.name == staged.agency)


def _assignment(staged: Any) -> Any:
    mine = (Assignment.practice == staged.practice) & (Assignment.removed == 0)
    return Assignment.select(Assignment.id).where(mine & (Assignment.agency == agency_of(staged)))


def _code(staged: Any) -> Any:
    mine = fn.COALESCE(TransactionCode.practice, 0) == fn.COALESCE(staged.practice, 0)
    return TransactionCode.select(TransactionCode.id).where(mine & (TransactionCode.code == staged.code))


def _hold(staged: Any) -> Any:
    line = staged.line.is_null() & Hold.line.is_null() | (Hold.line == line_of(staged))
    mine = (Hold.account == account_of(staged)) & (Hold.kind == staged.kind) & (Hold.since == staged.since) & line
    return Hold.select(fn.MAX(Hold.id)).where(mine)


def _rule(model: Any) -> Callable[[Any], Any]:
    return lambda staged: model.select(model.practice).where(same(model.practice, staged.practice))


_PAYMENT_BAR = ("payment_within_days", "payment_minimum", "payment_percent")

SPECS = {
    spec.name: spec
    for spec in (
        Spec(
            "practices", Practice, "practice", lambda staged: Practice.select(Practice.id).where(Practice.id == staged.practice),
            _fields(
                Practice, "name", "uses_accounting_dates", "closed_through", "four_eyes_limit", "precollections_enrolled",
                "tsi_client_number", "tsi_ssn",
            ),
            {}, lenient=True,
        ),
        Spec(
            "agencies", Agency, "agency", agency_of,
            _fields(
                Agency, "address1", "address2", "city", "state", "zip", "contact", "phone", "phone_ext", "fax", "fax_ext",
                "email", "file_type", "ssn", "remits", "baa_date", "client_number",
            ),
            {"agency": Agency.name}, lenient=True,
        ),
        Spec(
            "assignments", Assignment, "agency", _assignment,
            _fields(
                Assignment, "balance_greater_than", "age_greater_than", "auto_approve", "auto_create_file", "max_lines",
                "max_amount", "client_number",
            ),
            {}, refs=("agency",),
        ),
        Spec(
            "external_rules", ExternalRule, "practice", _rule(ExternalRule),
            _fields(
                ExternalRule, *_PAYMENT_BAR, "account_level", "roll_returned_mail", "auto_reassign", "re_age_if_denied",
                "move_all_by_dos",
            ),
            {},
        ),
        Spec(
            "precollection_rules", PrecollectionRule, "practice", _rule(PrecollectionRule),
            _fields(
                PrecollectionRule, "balance_greater_than", "days_past_due", *_PAYMENT_BAR, "thank_you", "exclude_excol",
                "exclude_statement_hold", "auto_create_start", "auto_create_stop",
            ),
            {},
        ),
        Spec(
            "transaction_codes", TransactionCode, "code", _code,
            _fields(TransactionCode, "description", "direction", "active"), {"code": TransactionCode.code}, lenient=True,
        ),
        Spec(
            "accounts", Account, "account", account_of,
            _fields(
                Account, "last", "first", "middle", "organization", "guarantor", "date_of_birth", "ssn", "address1",
                "address2", "city", "state", "zip", "phone", "phone2", "email", "returned_mail", "hold_statements",
                "suspend_precollection",
            ),
            {"account": Account.number},
        ),
        Spec(
            "service_lines", ServiceLine, "line", line_of,
            _fields(
                ServiceLine, "case", "patient_last", "patient_first", "patient_date_of_birth", "relationship",
                "date_of_service", "procedure", "description", "responsibility", "responsible_since",
            ),
            {"line": ServiceLine.number, "fee": ServiceLine.fee, "accounting_date": ServiceLine.accounting_date},
            refs=("account",),
        ),
        Spec(
            "holds", Hold, "kind", _hold, _fields(Hold, "until", "reason"),
            {"kind": Hold.kind, "since": Hold.since}, refs=("account", "line"),
        ),
        Spec(
            "precollections", Precollection, "line",
            lambda staged: Precollection.select(fn.MAX(Precollection.id)).where(Precollection.line == line_of(staged)),
            {}, {
                "started": Precollection.started, "amount": Precollection.amount,
                "pre_collection_id": Precollection.pre_collection_id,
            },
            refs=("line",),
        ),
    )
}  # fmt: skip
