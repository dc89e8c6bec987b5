"""What files to agencies and to TSI say of an account and of a line's patient: the columns read, and the fields made of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bo_tui.db.tables import Account, ServiceLine

COLUMNS: tuple[Any, ...] = (
    Account.number, Account.last, Account.first, Account.middle, Account.organization, Account.address1, Account.address2,
    Account.city, Account.state, Account.zip, Account.phone, Account.phone2, Account.email, Account.date_of_birth, Account.ssn,
    ServiceLine.patient_last, ServiceLine.patient_first, ServiceLine.patient_date_of_birth, ServiceLine.relationship,
    ServiceLine.date_of_service, ServiceLine.responsible_since,
)  # fmt: skip
_NAMES = (
    "account", "last", "first", "middle", "organization", "address1", "address2", "city", "state", "zip", "phone", "phone2",
    "email", "date_of_birth", "ssn", "patient_last", "patient_first", "patient_date_of_birth", "relationship",
    "date_of_service", "responsible_since",
)  # fmt: skip
_DAYS = frozenset(("date_of_birth", "patient_date_of_birth", "date_of_service", "responsible_since"))


def fields(values: Sequence[Any], ssn: str) -> dict[str, Any]:
    """Fields of a `PlacementRow` from a row of COLUMNS; days stay None where unknown, texts become empty.

    `ssn`: none, last4 or full, as the recipient's setting says; with none it is not given on at all.
    """
    found = {name: value if name in _DAYS else value or "" for name, value in zip(_NAMES, values, strict=True)}
    if ssn == "none":
        found["ssn"] = ""
    return found | {"ssn_setting": ssn}
