"""Which tables' rows stand in the history field by field, and how a change row writes each field's value.

A change row's `field` is the model's name of the field; the value is text: ISO dates, decimal amounts, yes and no, an SSN's
last four digits. What a rule writes otherwise (an operator's role that is gone, a hold's owner) is said here as SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bo_tui.db import sqltext, tables
from bo_tui.db.fields import CentsField, DayField, FlagField, SsnField

_PERSONAL = frozenset(
    "last first middle organization guarantor date_of_birth ssn address1 address2 city state zip phone phone2 email"
    " patient_last patient_first patient_date_of_birth relationship case procedure description".split()
)
_WRITTEN = frozenset({"note", "text", "asked", "reason"})


@dataclass(frozen=True, slots=True)
class Kept:
    """One table: how history says each field (SQL over the row `t` and the change `c`), and what else can be asked of it.

    `made`: the field whose change from nothing says that all of the row stands in history, so that what was never said is as
    the table's definition leaves it. `born`: no row without any change.
    """

    table: str
    said: Mapping[str, str]
    columns: Mapping[str, str]
    made: str = ""
    born: bool = False
    key: str = "id"
    private: frozenset[str] = field(default=frozenset())


def _said(kind: Any) -> str:
    """How a change row writes a column of the row `t`."""
    value = f"t.{kind.column_name}"
    if isinstance(kind, DayField):
        return f"date({value} * 86400, 'unixepoch')"
    if isinstance(kind, CentsField):
        return sqltext.plain(value)
    if isinstance(kind, FlagField):
        return f"CASE {value} WHEN 1 THEN 'yes' WHEN 0 THEN 'no' END"
    if isinstance(kind, SsnField):
        hidden = f"CASE WHEN length({value}) >= 9 THEN '***-**-' || substr({value}, -4) ELSE '***-**-' END"
        return f"CASE WHEN {value} IS NOT NULL THEN {hidden} END"
    return f"CAST({value} AS TEXT)"


def _kept(model: Any, *names: str, made: str = "", born: bool = False, **otherwise: str) -> Kept:
    fields = {name: getattr(model, name) for name in names}
    said = {name: _said(kind) for name, kind in fields.items()} | otherwise
    columns = {name: kind.column_name for name, kind in fields.items()}
    table, key = model._meta.table_name, model._meta.primary_key.column_name
    private = _PERSONAL if table in ("account", "service_line") else _WRITTEN
    return Kept(table, said, columns, made, born, key, private & set(said))


def _share() -> str:
    """How a change row writes a distribution that waits: its fields that hold something, in words. One that was posted is the
    ledger's; one that was taken away may have gone with its payment."""
    amounts = ("amount", "gross", "net", "commission")
    words = []
    for name in (
        "kind", "account", "line", "placement", "of_entry", *amounts, "roll", "claim", "control_number", "rank", "reasons", "note",
    ):  # fmt: skip
        value = f"t.{name}"
        if name in amounts:
            value = sqltext.plain(value)
        words.append(f"CASE WHEN t.{name} IS NULL THEN '' ELSE ', {name} ' || {value} END")
    waits = f"substr({' || '.join(words)}, 3)"
    return f"CASE t.state WHEN 'unposted' THEN {waits} ELSE c.after END"


_PAYMENTS = ("payment_within_days", "payment_minimum", "payment_percent")
_HOLD_OF = (
    "CASE WHEN c.after IN (t.kind, t.kind || ' of ' || CASE WHEN t.line IS NULL"
    " THEN 'account ' || (SELECT number FROM account WHERE id = t.account)"
    " ELSE 'line ' || (SELECT number FROM service_line WHERE id = t.line) END) THEN c.after ELSE t.kind END"
)
# Names that an agency has, or had when a change row named it.
NAMES = (
    "SELECT name FROM agency WHERE id = t.agency"
    " UNION ALL SELECT n.before FROM change n WHERE n.subject = 'agency' AND n.subject_id = t.agency AND n.field = 'name'"
)

KEPT = (
    _kept(tables.Operator, "user", born=True, role="CASE WHEN t.removed THEN NULL ELSE t.role END"),
    _kept(
        tables.Practice, "code", "name", "uses_accounting_dates", "closed_through", "four_eyes_limit",
        "precollections_enrolled", "tsi_client_number", "tsi_ssn", "automatic_addresses", made="name", born=True,
    ),
    _kept(
        tables.Agency, "name", "address1", "address2", "city", "state", "zip", "contact", "phone", "phone_ext", "fax",
        "fax_ext", "email", "file_type", "ssn", "remits", "baa_date", "client_number", made="file_type", born=True,
    ),
    _kept(
        tables.Assignment, "agency", "balance_greater_than", "age_greater_than", "auto_approve", "auto_create_file",
        "max_lines", "max_amount", "client_number", "removed", made="auto_approve", born=True,
    ),
    _kept(
        tables.ExternalRule, *_PAYMENTS, "account_level", "roll_returned_mail", "auto_reassign", "re_age_if_denied",
        "move_all_by_dos", made="account_level", born=True,
    ),
    _kept(
        tables.PrecollectionRule, "balance_greater_than", "days_past_due", *_PAYMENTS, "thank_you", "exclude_excol",
        "exclude_statement_hold", "auto_create_start", "auto_create_stop", made="thank_you", born=True,
    ),
    _kept(tables.TransactionCode, "code", "description", "direction", "active", born=True),
    _kept(tables.Hold, "since", "until", "reason", kind=_HOLD_OF, made="kind", born=True),
    _kept(tables.Note, "account", "line", "kind", "text", made="kind", born=True),
    _kept(
        tables.PaymentPlan, "amount", "first_due", "balance", "note", "cancelled", made="amount", born=True,
        every="CASE WHEN t.every_days IS NULL THEN 'month' ELSE t.every_days || ' days' END",
    ),
    _kept(
        tables.Account, "number", "guarantor", "last", "first", "middle", "organization", "date_of_birth", "ssn", "address1",
        "address2", "city", "state", "zip", "phone", "phone2", "email", "returned_mail", "hold_statements",
        "suspend_precollection",
    ),
    _kept(
        tables.ServiceLine, "number", "case", "patient_last", "patient_first", "patient_date_of_birth", "relationship",
        "date_of_service", "procedure", "description", "responsibility", "responsible_since", "aging_date", "brought_back",
    ),
    _kept(tables.Pending, agency=f"CASE WHEN c.after IN ({NAMES}) THEN c.after ELSE CAST(t.agency AS TEXT) END"),
    _kept(tables.Placement, agency=f"CASE WHEN c.after IN ({NAMES}) THEN c.after ELSE CAST(t.agency AS TEXT) END"),
    _kept(
        tables.AgencyFile, "state",  # days and cents of a file's states are written as bare numbers
        sent="CAST(t.sent AS TEXT)", acknowledged="CAST(t.acknowledged AS TEXT)",
        acknowledged_accounts="CAST(t.acknowledged_accounts AS TEXT)",
        acknowledged_amount="CAST(t.acknowledged_amount AS TEXT)",
    ),
    _kept(tables.Precollection, "started", "amount", "pre_collection_id"),  # of those that an import made
    _kept(
        tables.PrecollectFile, "state",
        sent="CAST(t.sent AS TEXT)", acknowledged="CAST(t.acknowledged AS TEXT)",
        acknowledged_accounts="CAST(t.acknowledged_accounts AS TEXT)",
        acknowledged_amount="CAST(t.acknowledged_amount AS TEXT)",
    ),
    _kept(tables.Proposal, "state", "kind", "subject", "amount", "asked", born=True),
    _kept(
        tables.PaymentBatch, "number", "expected_count", "expected_total", "accounting_date", "description", "source",
        "deleted", made="number", born=True,
    ),
    _kept(
        tables.Payment, "batch", "kind", "type", "number", "amount", "date", "payer", "plan", "account", "agency", "remits",
        "received_from_patient", "accounting_date", "another_check", "note", "state", made="number", born=True,
    ),
    _kept(tables.Distribution, distributed=_share()),
    _kept(tables.PaymentException, "state", "note", born=True),
    _kept(tables.CollectionTask, "state", "note", "follow_up", "assigned_to", made="state", born=True),
)  # fmt: skip
