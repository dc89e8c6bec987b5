"""The files of an office's folder, each declared once: columns, key, what must hold within a row (CONTRACT, Office CSV)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bo_tui.formats.office import rowrules
from bo_tui.formats.office.columns import (
    Column,
    amount,
    amount_above_zero,
    choice,
    day,
    flag,
    percent,
    state,
    text,
    whole,
)
from bo_tui.formats.office.rowrules import Row


@dataclass(frozen=True)
class Layout:
    """One file: its name without `.csv`, columns, key, and the rule of a row.

    `rule` yields (column, reason) of what is wrong within a row, and fills in what follows from it, the `derived` columns.
    `together`: columns of which either all or none count as given when a file updates rows.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rule: Callable[[Row], Iterable[tuple[str, str]]] | None = None
    derived: tuple[Column, ...] = ()
    together: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The file's name in the folder."""
        return f"{self.name}.csv"


def _practice() -> Column:
    return text("practice", required=True)


_PAYMENT_BAR = ("payment_within_days", "payment_minimum", "payment_percent")

LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            "practices",
            (
                _practice(), text("name", required=True), flag("uses_accounting_dates"), day("closed_through"),
                amount("four_eyes_limit"), flag("precollections_enrolled"), text("tsi_client_number"),
                choice("tsi_ssn", "none", "full", default="none"),
            ),
            ("practice",),
        ),
        Layout(
            "agencies",
            (
                text("agency", required=True), text("address1", required=True), text("address2"), text("city"),
                state("state"), text("zip", required=True), text("contact"), text("phone"), text("phone_ext"), text("fax"),
                text("fax_ext"), text("email"), choice("file_type", "csv", "fixed", "tsi", required=True),
                choice("ssn", "none", "last4", "full", default="none"), choice("remits", "net", "gross", default="net"),
                day("baa_date"), text("client_number"),
            ),
            ("agency",),
        ),
        Layout(
            "assignments",
            (
                _practice(), text("agency", required=True), amount("balance_greater_than"), whole("age_greater_than"),
                flag("auto_approve"), flag("auto_create_file"), whole("max_lines"), amount("max_amount"),
                text("client_number"),
            ),
            ("practice", "agency"),
            rowrules.assignment,
            together=("balance_greater_than", "age_greater_than", "auto_approve", "auto_create_file"),
        ),
        Layout(
            "external_rules",
            (
                _practice(), whole("payment_within_days"), amount("payment_minimum"), percent("payment_percent"),
                flag("account_level"), flag("roll_returned_mail"), flag("auto_reassign"), flag("re_age_if_denied"),
                flag("move_all_by_dos"),
            ),
            ("practice",),
            rowrules.payment_bar,
            together=_PAYMENT_BAR,
        ),
        Layout(
            "precollection_rules",
            (
                _practice(), amount("balance_greater_than"), whole("days_past_due"), amount("payment_minimum"),
                percent("payment_percent"), whole("payment_within_days"), flag("thank_you"), flag("exclude_excol"),
                flag("exclude_statement_hold"), flag("auto_create_start"), flag("auto_create_stop"),
            ),
            ("practice",),
            rowrules.payment_bar,
            together=_PAYMENT_BAR,
        ),
        Layout(
            "transaction_codes",
            (
                text("practice"), text("code", required=True), text("description", required=True),
                choice("direction", "down", "up", required=True), flag("active", default=True),
            ),
            ("practice", "code"),
        ),
        Layout(
            "accounts",
            (
                _practice(), text("account", required=True), text("last"), text("first"), text("middle"),
                text("organization"), day("date_of_birth"), text("ssn"), text("address1"), text("address2"), text("city"),
                state("state"), text("zip"), text("phone"), text("phone2"), text("email"), flag("returned_mail"),
                flag("hold_statements"), flag("suspend_precollection"),
            ),
            ("practice", "account"),
            rowrules.account,
            derived=(text("guarantor"),),
            together=("last", "first", "middle", "organization"),
        ),
        Layout(
            "service_lines",
            (
                _practice(), text("account", required=True), text("line", required=True), text("case"),
                text("patient_last"), text("patient_first"), day("patient_date_of_birth"), text("relationship"),
                day("date_of_service", required=True), text("procedure"), text("description"),
                amount("fee", required=True), choice("responsibility", "guarantor", "insurance", required=True),
                day("responsible_since"), day("posted"), day("accounting_date"),
            ),
            ("practice", "line"),
            rowrules.service_line,
            together=("responsibility", "responsible_since"),
        ),
        Layout(
            "transactions",
            (
                text("id"), _practice(), text("line", required=True), text("code", required=True),
                text("transaction_code"), amount_above_zero("amount"), day("posted", required=True),
                day("accounting_date"), text("number"), text("note"),
            ),
            ("practice", "id"),
            rowrules.transaction,
        ),
        Layout(
            "holds",
            (
                _practice(), text("account", required=True), text("line"),
                choice(
                    "kind", "manual", "payment_plan", "dispute", "bankruptcy", "deceased", "do_not_collect", required=True
                ),
                day("since", required=True), day("until"), text("reason", required=True),
            ),
            ("practice", "account", "line", "kind", "since"),
            rowrules.hold,
        ),
        Layout(
            "placements",
            (
                _practice(), text("line", required=True), text("agency", required=True), day("placed", required=True),
                amount_above_zero("amount"), text("client_reference"), flag("in_file"),
            ),
            ("practice", "line"),
        ),
        Layout(
            "precollections",
            (
                _practice(), text("line", required=True), day("started", required=True), amount_above_zero("amount"),
                text("pre_collection_id"),
            ),
            ("practice", "line"),
        ),
    )
}  # fmt: skip
