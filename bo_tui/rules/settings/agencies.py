"""The enterprise's external collection agencies: all fields, created, updated, and deleted while nothing refers to them.

external_collections.md 5.1. An agency belongs to no practice; it is used by one only once it is assigned to it. An agency
that was ever used stays, so that what it held can always say with whom it was.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from peewee import fn

from bo_tui.db.tables import Account, Agency, AgencyFile, Assignment, Change, Pending, Placement, Practice
from bo_tui.db.tables.files import SequenceFloor
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.settings import changing, zips

LABELS = {
    "name": "Name",
    "address1": "Address line 1",
    "address2": "Address line 2",
    "zip": "Zip Code",
    "city": "City",
    "state": "State",
    "contact": "Contact Name",
    "phone": "Phone Number",
    "phone_ext": "Phone Ext.",
    "fax": "Fax Number",
    "fax_ext": "Fax Ext.",
    "email": "Email",
    "file_type": "File Type",
    "ssn": "SSN in files",
    "remits": "Agency remits",
    "baa_date": "Business-associate agreement",
    "client_number": "Client number",
}
CHOICES = {
    "file_type": {"csv": "CSV", "fixed": "fixed width", "tsi": "TSI, pipe-delimited"},
    "ssn": {"none": "none", "last4": "last four digits", "full": "full"},
    "remits": {"net": "net, commission kept", "gross": "gross, commission billed"},
}
_REQUIRED = ("name", "address1", "zip", "file_type")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"[0-9 ().+-]+")
_EXTENSION = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class AgencyFields:
    """An agency as its form shows it; `baa_date` is a day number. None or an empty text is not given."""

    name: str
    address1: str = ""
    address2: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str = ""
    contact: str | None = None
    phone: str | None = None
    phone_ext: str | None = None
    fax: str | None = None
    fax_ext: str | None = None
    email: str | None = None
    file_type: str | None = None
    ssn: str = "none"
    remits: str = "net"
    baa_date: int | None = None
    client_number: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An agency as an act left it."""

    act: int
    agency: int
    name: str


def checked(wanted: AgencyFields) -> AgencyFields:
    """The fields as they are kept, without blanks around them, the state in capitals; RuleRefusal names the field."""
    values: dict[str, Any] = {
        name: changing.trimmed(value) if name != "baa_date" else value for name, value in asdict(wanted).items()
    }
    for name in _REQUIRED:
        if not values[name]:
            raise RuleRefusal(f"{LABELS[name]} is needed.", field=name)
    changing.limits(Agency, values, LABELS)
    for name, choices in CHOICES.items():
        if values[name] not in choices:
            raise RuleRefusal(f"{LABELS[name]} is none of {', '.join(choices)}.", field=name)
    if values["state"]:
        values["state"] = values["state"].upper()
    _forms(values)
    return AgencyFields(**values)


def create(office: Office, wanted: AgencyFields) -> Kept:
    """A new agency; its name must be nobody else's, whatever its capitals."""
    roles.require(office, changing.ACTION)
    values = asdict(checked(wanted))
    with office.act("agency_add") as draft:
        _refuse_taken(values["name"], None)
        agency = changing.insert(draft, Agency, values, keys={"id": _next_id()})
        ledger.seal(draft)
    return Kept(draft.id, agency, values["name"])


def update(office: Office, agency: int, wanted: AgencyFields, *, seen: int | None = None) -> Kept:
    """Change an agency; `seen` is its act, Conflict names who changed or deleted it. A new name reaches its placements too."""
    roles.require(office, changing.ACTION)
    values = asdict(checked(wanted))
    with office.act("agency_update") as draft:
        row = _unchanged(agency, seen)
        _refuse_taken(values["name"], agency)
        if "name" in changing.update(draft, Agency, row, values):
            _rename_placements(draft, agency, values["name"])
        ledger.seal(draft)
    return Kept(draft.id, agency, values["name"])


def delete(office: Office, agency: int, *, seen: int | None = None) -> Kept:
    """Really delete an agency that nothing refers to; RuleRefusal says what does. What it was stays in the act's changes."""
    roles.require(office, changing.ACTION)
    with office.act("agency_delete") as draft:
        row = _unchanged(agency, seen)
        why = in_use(row)
        if why is not None:
            raise RuleRefusal(why)
        changing.forget(draft, Agency, row, LABELS)
        ledger.seal(draft)
    return Kept(draft.id, agency, row.name)


def why_not_delete(office: Office, agency: int) -> str | None:
    """Why an agency cannot be deleted, as a sentence; None when it can be, or is gone."""
    with office.reading():
        row = Agency.get_or_none(Agency.id == agency)
        return None if row is None else in_use(row)


def in_use(row: Agency) -> str | None:
    """What refers to an agency, as a sentence that says why it stays; None when nothing does. Call in a transaction."""
    assigned: Any = Assignment.select(Practice.name, Assignment.removed).join(
        Practice, on=(Practice.id == Assignment.practice)
    )
    found = assigned.where(Assignment.agency == row.id).order_by(Assignment.removed, Practice.name).tuples().first()
    if found is not None and not found[1]:
        return f"{row.name} is assigned to {found[0]}; an agency in use is not deleted. Remove the assignment to end its work."
    for table, what in ((Placement, "debts were placed with it"), (Pending, "lines wait or waited for it")):
        if _any(table, row.id):
            return f"{row.name} is not deleted: {what}, and they go on naming it."
    if _any(AgencyFile, row.id) or _any(SequenceFloor, row.id):
        return f"{row.name} is not deleted: files were made for it, and they go on naming it."
    if found is not None:
        return f"{row.name} is not deleted: it was assigned to {found[0]} once, and the history goes on naming it."
    return None


def place_of(office: Office, zip_code: str) -> tuple[str | None, str | None]:
    """City and state of a ZIP code, None each where not known: what most accounts of this office with it say, else its prefix.

    Reads every account once; call in a worker.
    """
    five = zip_code.strip()[:5]
    if not zips.is_zip(five):
        return None, None
    here: Any = Account.select(Account.city, fn.UPPER(Account.state)).where(
        (fn.SUBSTR(Account.zip, 1, 5) == five) & Account.city.is_null(False)
    )
    with office.reading():
        common = here.group_by(Account.city, fn.UPPER(Account.state)).order_by(
            fn.COUNT(Account.id).desc(), Account.city
        )
        city, state = common.tuples().first() or (None, None)
    return city, zips.known_state(state) or zips.state_of(five)


# --- inside ------------------------------------------------------------------------------------------------------------


def _forms(values: dict[str, Any]) -> None:
    """What a zip, a state, phones and an address for mail look like."""
    if not zips.is_zip(values["zip"]):
        raise RuleRefusal("Zip Code is five digits, or nine as in 54007-1234.", field="zip")
    if values["state"] and zips.known_state(values["state"]) is None:
        raise RuleRefusal("State is not one of the two-letter codes, such as WI.", field="state")
    for name in ("phone", "fax"):
        number, extension = values[name], values[f"{name}_ext"]
        if number and not _is_phone(number):
            words = "is not a phone number of 7 or 10 digits, such as 715-555-0100"
            raise RuleRefusal(f"{LABELS[name]} {words}.", field=name)
        if extension and not number:
            raise RuleRefusal(f"{LABELS[name + '_ext']} needs a {LABELS[name]}.", field=f"{name}_ext")
        if extension and not _EXTENSION.fullmatch(extension):
            raise RuleRefusal(f"{LABELS[name + '_ext']} is at most six digits.", field=f"{name}_ext")
    if values["email"] and not _EMAIL.fullmatch(values["email"]):
        raise RuleRefusal("Email is not an address such as office@example.com.", field="email")


def _is_phone(number: str) -> bool:
    digits = [one for one in number if one.isdigit()]
    long_enough = len(digits) in (7, 10) or (len(digits) == 11 and digits[0] == "1")
    return _PHONE.fullmatch(number) is not None and long_enough


def _refuse_taken(name: str, agency: int | None) -> None:
    """Names differ by more than capitals: files on disk are named after agencies."""
    rows: Any = Agency.select(Agency.id, Agency.name)  # a handful; SQLite's LOWER knows only ASCII
    for other, taken in rows.tuples():
        if other != agency and taken.casefold() == name.casefold():
            raise RuleRefusal(f"There is an agency {taken} already.", field="name")


def _next_id() -> int:
    """An id that no agency ever had, so that a deleted one's history is not taken for the new one's."""
    highest = Agency.select(fn.MAX(Agency.id)).scalar() or 0
    told = Change.select(fn.MAX(Change.subject_id)).where(Change.subject == "agency").scalar() or 0
    return max(highest, told) + 1


def _unchanged(agency: int, seen: int | None) -> Agency:
    row = Agency.get_or_none(Agency.id == agency)
    if row is None:
        raise changing.gone(Agency, agency, "agency", seen)
    lookups.unchanged(seen, row.act, row.name, f"is now at {row.address1 or 'no address'}, file type {row.file_type}")
    return row


def _rename_placements(draft: Draft, agency: int, name: str) -> None:
    """Placements repeat the name that their grid sorts by (DESIGN section 6)."""
    Placement.update(agency_name=name, act=draft.id).where(Placement.agency == agency).execute()


def _any(table: Any, agency: int) -> bool:
    return bool(table.select().where(table.agency == agency).exists())
