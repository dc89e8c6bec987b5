"""What must hold within one row of an office CSV file, whatever else is loaded (CONTRACT, Office CSV; DESIGN section 3).

Each rule yields (column, reason) for what is wrong, and fills in what follows from the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bo_tui.text import clip

Row = dict[str, Any]
Wrong = Iterator[tuple[str, str]]

PAYMENT_CODES = ("IPYMT", "GPYMT")
ADJUSTMENT_CODES = ("MADJN", "MADJP")
LATER_CODES = ("EPYMT", "RVPAY", "RVFEE")


def assignment(row: Row) -> Wrong:
    """Both thresholds or neither; an age alone stores balance 0.00; auto flags need thresholds."""
    if row["age_greater_than"] is None:
        if row["balance_greater_than"] is not None:
            yield "age_greater_than", "is required when balance_greater_than is given"
        else:
            for name in ("auto_approve", "auto_create_file"):
                if row[name]:
                    yield name, "needs thresholds: balance_greater_than and age_greater_than are not given"
    elif row["balance_greater_than"] is None:
        row["balance_greater_than"] = 0


def payment_bar(row: Row) -> Wrong:
    """A payment exclusion needs days and a minimum or a percentage, above zero; all empty is no exclusion."""
    days = row["payment_within_days"]
    if days is None:
        for name in ("payment_minimum", "payment_percent"):
            if row[name]:
                yield "payment_within_days", f"is required when {name} is given"
                return
    elif days == 0:
        yield "payment_within_days", "is not above zero"
    elif not row["payment_minimum"] and not row["payment_percent"]:
        yield "payment_minimum", "payment_minimum or payment_percent above zero is required when days are given"


def account(row: Row) -> Wrong:
    """A person or an organization; `guarantor` is the name that lists show: "Smith, Ana M", or the organization."""
    if row["organization"]:
        row["guarantor"] = row["organization"]
    elif row["last"]:
        given = " ".join(part for part in (row["first"], row["middle"]) if part)
        row["guarantor"] = f"{row['last']}, {given}" if given else row["last"]
    else:
        yield "last", "a person (last) or an organization is required"


def service_line(row: Row) -> Wrong:
    """The guarantor's line says since when; an insurer's has no such date."""
    if row["responsibility"] == "insurance":
        row["responsible_since"] = None
    elif row["responsible_since"] is None:
        yield "responsible_since", "is required when the guarantor is responsible"


def transaction(row: Row) -> Wrong:
    """A code that can be loaded, with a transaction code exactly when it is an adjustment."""
    code = row["code"]
    if code in LATER_CODES:
        yield "code", f"{code} cannot be loaded yet, only {', '.join(PAYMENT_CODES + ADJUSTMENT_CODES)}"
    elif code in ADJUSTMENT_CODES:
        if row["transaction_code"] is None:
            yield "transaction_code", f"is required for {code}"
    elif code not in PAYMENT_CODES:
        yield "code", f"{clip(code)} is none of {', '.join(PAYMENT_CODES + ADJUSTMENT_CODES)}"
    elif row["transaction_code"] is not None:
        yield "transaction_code", f"belongs to MADJN and MADJP, not to {clip(code)}"


def hold(row: Row) -> Wrong:
    """A hold does not end before it begins; on the same day it holds nothing and is allowed."""
    if row["until"] is not None and row["until"] < row["since"]:
        yield "until", "is before since"
