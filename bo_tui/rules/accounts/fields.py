"""An account as its form shows it, and what each field must be (CONTRACT `accounts.csv`; back_office_rest.md 2.2).

The criteria of a row are those of the office CSV file; what is stricter here are the forms of state, zip, phone, SSN and email.
Only what differs from what is kept is looked at, so that an imported account with an odd phone can still be given a new street.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from bo_tui.db.tables import Account
from bo_tui.errors import RuleRefusal
from bo_tui.formats import contact
from bo_tui.formats.office import rowrules
from bo_tui.rules.settings import changing, zips

LABELS = {
    "number": "Account",
    "last": "Last name",
    "first": "First name",
    "middle": "Middle name",
    "organization": "Organization",
    "date_of_birth": "Date of birth",
    "ssn": "SSN",
    "address1": "Address line 1",
    "address2": "Address line 2",
    "city": "City",
    "state": "State",
    "zip": "Zip code",
    "phone": "Phone (day)",
    "phone2": "Phone (evening)",
    "email": "Email",
    "returned_mail": "Returned mail",
    "hold_statements": "Hold statements",
    "suspend_precollection": "Suspend pre-collection",
}
NAME = ("last", "first", "middle", "organization")
FLAGS = ("returned_mail", "hold_statements", "suspend_precollection")
LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Address:
    """Where a guarantor lives, as a form or an address service says; an empty text is not given."""

    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None


@dataclass(frozen=True, slots=True)
class AccountFields:
    """An account as its form shows it; `date_of_birth` is a day number. None or an empty text is not given.

    `number` empty: the next free one. `ssn` as `fields_of` gives it (masked) means the SSN that is kept.
    """

    number: str | None = None
    last: str | None = None
    first: str | None = None
    middle: str | None = None
    organization: str | None = None
    date_of_birth: int | None = None
    ssn: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    phone: str | None = None
    phone2: str | None = None
    email: str | None = None
    returned_mail: bool = False
    hold_statements: bool = False
    suspend_precollection: bool = False


NAMES = tuple(field.name for field in fields(AccountFields))


def fields_of(row: Account) -> AccountFields:
    """What is kept of an account, its SSN masked: what a form begins with, and what `update` takes back."""
    values = {name: getattr(row, name) for name in NAMES}
    values |= {name: bool(values[name]) for name in FLAGS} | {"ssn": contact.masked_ssn(row.ssn)}
    return AccountFields(**values)


def checked(wanted: AccountFields, business_date: int, kept: Account | None = None) -> dict[str, Any]:
    """Table columns and values of an account as they are kept, `guarantor` (the name that lists show) among them.

    `kept` is the account that they change. RuleRefusal, field by name, for the first that cannot be kept.
    """
    values = asdict(wanted)
    for name, value in values.items():
        if isinstance(value, str):
            values[name] = changing.trimmed(value)
    values = {name: (value if value != "" else None) for name, value in values.items()}
    if kept is not None:
        values["number"] = values["number"] or kept.number
        if values["ssn"] == contact.masked_ssn(kept.ssn):
            values["ssn"] = kept.ssn
    before = {name: None if kept is None else getattr(kept, name) for name in NAMES}
    changed = {name for name in NAMES if values[name] != before[name]}
    changing.limits(Account, {name: values[name] for name in changed if name not in FLAGS}, LABELS)
    _number(values["number"])
    values["guarantor"] = _guarantor(values) if kept is None or changed & set(NAME) else kept.guarantor
    _birth(values, business_date)
    return values | formed({name: values[name] for name in FORMS if name in changed})


def checked_address(wanted: Address) -> dict[str, Any]:
    """Table columns and values of an address as they are kept; RuleRefusal names the field."""
    values = {name: changing.trimmed(value) for name, value in asdict(wanted).items()}
    changing.limits(Account, values, LABELS)
    return values | formed({name: values[name] for name in ("state", "zip")})


def formed(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Texts of fields that have a form, as they are kept; RuleRefusal names the field that has not."""
    found: dict[str, str | None] = dict(values)
    for name, text in values.items():
        if text is None:
            continue
        try:
            found[name] = FORMS[name](text)
        except ValueError as error:
            raise RuleRefusal(f"{LABELS[name]} {error}.", field=name) from None
    return found


def _state(text: str) -> str:
    found = zips.known_state(text)
    if found is None:
        raise ValueError("is not one of the two-letter codes, such as WI")
    return found


FORMS: dict[str, Callable[[str], str]] = {
    "ssn": contact.ssn,
    "state": _state,
    "zip": contact.zip_code,
    "phone": contact.phone,
    "phone2": contact.phone,
    "email": contact.email,
}


def _number(number: str | None) -> None:
    if number is not None and len(number) > LONGEST_NUMBER:
        raise RuleRefusal(f"An account number has at most {LONGEST_NUMBER} characters.", field="number")


def _guarantor(values: dict[str, Any]) -> str:
    """The name that lists show and sort by, as the office CSV file's own rule makes it."""
    for column, reason in rowrules.account(values):
        raise RuleRefusal(f"{reason[0].upper()}{reason[1:]}.", field=column)
    if values["organization"] and any(values[name] for name in NAME[:3]):
        raise RuleRefusal(
            "An account is a person's or an organization's; give one of the two names.", field="organization"
        )
    return str(values["guarantor"])


def _birth(values: Mapping[str, Any], business_date: int) -> None:
    born = values["date_of_birth"]
    if born is not None and born > business_date:
        raise RuleRefusal("The date of birth is after today.", field="date_of_birth")
